//! The presets, each run by its own vectors, and each shown to work from end to end.
//!
//! A preset's vectors are `tests/vectors/presets/<name>.json`; the format is told in
//! `tests/vectors/README.md`. Its invariant: a preset without vectors, and vectors without a preset, are a
//! failure.

mod at_edge;
mod belonging;
mod doing;
mod spending;
mod story;

use std::path::PathBuf;

use earnest_core::presets::PRESETS;
use earnest_core::wire::{CartDocument, EarningDocument, ProgramDocument, SnapshotDocument};
use earnest_core::{
    Activity, Cart, Program, Snapshot, Timestamp, compile, evaluate, evaluate_activity,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Fewer say too little about a program.
const FEWEST_CASES: usize = 5;

/// Bytes of a shop's name at most.
const LONGEST_SHOP: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    member: Option<SnapshotDocument>,
    #[serde(default = "any_day", alias = "occurred_at")]
    placed_at: String,
    cart: Option<CartDocument>,
    activity: Option<Did>,
    expect: Value,
}

/// An activity, in the place of a cart.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Did {
    id: String,
    kind: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default = "once")]
    quantity: u32,
}

fn any_day() -> String {
    "2026-06-15T12:00:00Z".into()
}

fn once() -> u32 {
    1
}

#[test]
fn every_preset_earns_as_worked_out_by_hand() {
    let differing: Vec<String> = PRESETS
        .iter()
        .flat_map(|preset| {
            let cases = cases_of(preset.name);
            assert!(cases.len() >= FEWEST_CASES, "{} has few cases", preset.name);
            let program = program(preset.name);
            let differing = cases.into_iter().filter_map(move |case| {
                let found = found(&program, &case);
                (found != case.expect).then(|| {
                    format!(
                        "{}: {}\n  by hand: {}\n  expected {}\n  found    {found}",
                        preset.name, case.name, case.why, case.expect
                    )
                })
            });
            differing.collect::<Vec<_>>()
        })
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_file_of_vectors_is_of_a_preset() {
    let entries = std::fs::read_dir(folder()).expect("the folder of the presets' vectors");
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_listed = PRESETS.iter().any(|preset| Some(preset.name) == name);
        assert!(is_listed, "{} is of no preset", path.display());
    }
}

#[test]
fn every_preset_says_what_it_is_modelled_after_and_what_is_assumed() {
    for preset in PRESETS {
        for said in ["Modelled after", "as of 2026", "assumption"] {
            assert!(preset.source.contains(said), "{}: {said}", preset.name);
        }
    }
}

#[test]
fn the_shop_of_every_preset_has_a_name_that_a_shop_can_have() {
    for preset in PRESETS {
        let shop = format!("preset-{}", preset.name);
        assert!(shop.len() <= LONGEST_SHOP, "{shop}");
    }
}

/// A preset as a shell has it: compiled once, then read from the published document.
fn program(name: &str) -> Program {
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    let preset = preset.unwrap_or_else(|| panic!("there is no preset {name}"));
    let compiled =
        compile::compile(preset.source).unwrap_or_else(|problems| panic!("{name}:\n{problems}"));
    assert_eq!(compiled.warnings, [], "{name}");
    let document: ProgramDocument =
        serde_json::from_str(&compiled.document).expect("a published document");
    Program::try_from(document).expect("a published program")
}

/// What the core says, in the shape of `expect`.
fn found(program: &Program, case: &Case) -> Value {
    let member = case.member.clone().map_or_else(
        || program.newcomer(),
        |member| Snapshot::try_from(member).expect("a snapshot of the vectors"),
    );
    let now = instant(&case.placed_at);
    match (&case.cart, &case.activity) {
        (Some(cart), None) => {
            let cart = Cart::try_from(cart.clone()).expect("a cart of the vectors");
            let earning = evaluate(program, &member, &cart, now).expect("points within the limit");
            told(&EarningDocument::new(program, &cart, &earning))
        }
        (
            None,
            Some(Did {
                id,
                kind,
                tags,
                quantity,
            }),
        ) => {
            let activity = Activity::new(id.clone(), kind.clone(), tags.clone(), *quantity);
            let activity = activity.expect("an activity of the vectors");
            let earning = evaluate_activity(program, &member, &activity, now);
            let earning = earning.expect("points within the limit");
            told(&EarningDocument::of_activity(program, &activity, &earning))
        }
        _ => panic!("{}: write a cart or an activity", case.name),
    }
}

fn told(earning: &EarningDocument<'_>) -> Value {
    let lines: Map<String, Value> = earning
        .lines
        .iter()
        .map(|line| (line.id.to_owned(), line.points.into()))
        .collect();
    let mut told = json!({
        "points": earning.points,
        "counted": earning.counted.to_string(),
        "lines": lines,
        "reasons": earning.reasons,
    });
    if !earning.credits.is_empty() {
        told["credits"] = json!(earning.credits);
    }
    told
}

fn instant(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().expect("a time of the vectors");
    Timestamp::from_millis(instant.as_millisecond())
}

fn cases_of(name: &str) -> Vec<Case> {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{name} has no vectors: {}: {error}", path.display()));
    let Vectors { cases } =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    cases
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/presets")
}
