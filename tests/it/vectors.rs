//! The shared vectors, run through the core as the shells run it: program and cart come in as documents,
//! the earning goes out as one.
//!
//! The browser and the Worker run the same files. Its invariant: a file that nobody runs, or that has no
//! cases, is a failure. The format is told in `tests/vectors/README.md`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use earnest_core::wire::{CartDocument, EarningDocument, ProgramDocument, SnapshotDocument};
use earnest_core::{
    Activity, Cart, Program, Snapshot, Timestamp, compile, evaluate, evaluate_activity,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    programs: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    program: String,
    member: Option<SnapshotDocument>,
    #[serde(default = "any_day", alias = "occurred_at")]
    placed_at: String,
    cart: Option<CartDocument>,
    activity: Option<ActivityCase>,
    expect: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityCase {
    id: String,
    kind: String,
    #[serde(default)]
    tags: Vec<String>,
    quantity: u32,
}

/// A case without a time has a program that does not ask for it.
fn any_day() -> String {
    "2026-06-15T12:00:00Z".into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedCarts {
    cases: Vec<RefusedCart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedCart {
    name: String,
    cart: CartDocument,
    error: Value,
}

/// Declares a test for each file, and knows their names.
macro_rules! files {
    ($($name:ident $file:literal,)+) => {
        $(#[test] fn $name() { check($file); })+

        const FILES: &[&str] = &[$($file),+];
    };
}

files! {
    rates "rates",
    rounding "rounding",
    discounts "discounts",
    tax_and_shipping "tax-shipping",
    exclusions_and_the_minimum "exclusions",
    multipliers "multipliers",
    bonuses "bonuses",
    tiers "tiers",
    tiers_over_periods "standing",
    time_windows "time-window",
    edge_cases "edge-cases",
    units_steps_and_bands "spend",
    fixed_points "fixed",
    money "credit",
    conditions_of_lines "lines",
    conditions_of_orders "order",
    conditions_of_members "member",
    birthdays "birthday",
    days_hours_and_dates "calendar",
    time_zones "zones",
    groups "groups",
    rounding_of_a_rule "rule-rounding",
    limits "limits",
    campaigns "campaigns",
    activities "activities",
}

#[test]
fn every_file_is_run_here() {
    let mut run = FILES.to_vec();
    run.push("refused-carts");
    run.sort_unstable();
    let entries = std::fs::read_dir(place("")).expect("the folder of the vectors");
    let files = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut found: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, run);
}

#[test]
fn refused_carts_are_refused_by_name_and_place() {
    let RefusedCarts { cases } = read("refused-carts");
    assert!(!cases.is_empty());
    for RefusedCart { name, cart, error } in cases {
        let refused = Cart::try_from(cart).expect_err(&name);
        let told = json!({ "code": refused.kind.code(), "pointer": refused.pointer });
        assert_eq!(told, error, "{name}");
    }
}

/// Runs every case of a file, and tells all that differ.
fn check(file: &str) {
    let Vectors { programs, cases } = read(file);
    assert!(!cases.is_empty(), "{file} has no cases");
    let programs: BTreeMap<_, _> = programs
        .iter()
        .map(|(name, source)| (name.as_str(), published(name, source)))
        .collect();
    let differing: Vec<String> = cases
        .into_iter()
        .filter_map(|case| {
            let program = &programs[case.program.as_str()];
            let (name, why) = (case.name.clone(), case.why.clone());
            let expected = case.expect.clone();
            let found = found(program, case);
            (found != expected).then(|| {
                format!("{name}\n  by hand: {why}\n  expected {expected}\n  found    {found}")
            })
        })
        .collect();
    assert!(differing.is_empty(), "{file}:\n{}", differing.join("\n"));
}

/// The program as a shell has it: compiled once, then read from the published document.
pub(crate) fn published(name: &str, source: &str) -> Program {
    let compiled =
        compile::compile(source).unwrap_or_else(|problems| panic!("{name}:\n{problems}"));
    let document: ProgramDocument =
        serde_json::from_str(&compiled.document).expect("a published document");
    Program::try_from(document).expect("a published program")
}

/// What the core says, in the shape of `expect`.
fn found(program: &Program, case: Case) -> Value {
    let member = case.member.map_or_else(
        || program.newcomer(),
        |member| Snapshot::try_from(member).expect("a snapshot of the vectors"),
    );
    let now: jiff::Timestamp = case.placed_at.parse().expect("a time of the vectors");
    let now = Timestamp::from_millis(now.as_millisecond());
    let mut told = match (case.cart, case.activity) {
        (Some(cart), None) => {
            let cart = Cart::try_from(cart).expect("a cart of the vectors");
            let earning = evaluate(program, &member, &cart, now).expect("points within the limit");
            json!(EarningDocument::new(program, &cart, &earning))
        }
        (
            None,
            Some(ActivityCase {
                id,
                kind,
                tags,
                quantity,
            }),
        ) => {
            let activity = Activity::new(id, kind, tags, quantity).expect("one of the vectors");
            let earning = evaluate_activity(program, &member, &activity, now);
            let earning = earning.expect("points within the limit");
            json!(EarningDocument::of_activity(program, &activity, &earning))
        }
        _ => panic!("{}: a case has a cart or an activity", case.name),
    };
    let lines: Map<String, Value> = told["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| {
            let id = line["id"].as_str().expect("an id").to_owned();
            (id, line["points"].clone())
        })
        .collect();
    let mut found = json!({
        "points": told["points"].take(),
        "counted": told["counted"].take(),
        "lines": lines,
        "reasons": told["reasons"].take(),
    });
    if let Some(credits) = told.get_mut("credits") {
        found["credits"] = credits.take();
    }
    found
}

pub(crate) fn read<T: DeserializeOwned>(file: &str) -> T {
    let path = place(&format!("{file}.json"));
    let text = std::fs::read_to_string(&path).expect("a file of vectors");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn place(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(file)
}
