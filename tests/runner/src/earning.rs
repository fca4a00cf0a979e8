//! What carts and activities earn.
//!
//! Program and cart come in as documents and the earning goes out as one, as at the shells.

use std::collections::BTreeMap;

use earnest_core::presets::PRESETS;
use earnest_core::wire::{CartDocument, EarningDocument, SnapshotDocument};
use earnest_core::{Activity, Cart, Program, Snapshot, evaluate, evaluate_activity};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{ANY_DAY, Outcome, all_published, document_difference, instant, parsed, published};

/// A file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    /// Absent of a preset.
    #[serde(default)]
    programs: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    /// Absent of a preset.
    #[serde(default)]
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
    #[serde(default = "once")]
    quantity: u32,
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

fn any_day() -> String {
    ANY_DAY.to_owned()
}

fn once() -> u32 {
    1
}

/// Runs the cases of a file that has its programs.
pub(crate) fn run(text: &str) -> Outcome {
    let Vectors { programs, cases } = parsed(text);
    let programs = all_published(&programs);
    let mut outcome = Outcome::default();
    for case in &cases {
        run_case(&programs[case.program.as_str()], case, &mut outcome);
    }
    outcome
}

/// Runs the cases of a preset.
pub(crate) fn run_preset(name: &str, text: &str) -> Outcome {
    let Vectors { programs, cases } = parsed(text);
    assert!(programs.is_empty(), "the program is the preset");
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    let preset = preset.unwrap_or_else(|| panic!("there is no preset {name}"));
    let program = published(name, preset.source);
    let mut outcome = Outcome::default();
    for case in &cases {
        run_case(&program, case, &mut outcome);
    }
    outcome
}

/// Carts that are refused, each by its name and place.
pub(crate) fn run_refused(text: &str) -> Outcome {
    let RefusedCarts { cases } = parsed(text);
    let mut outcome = Outcome::default();
    for RefusedCart { name, cart, error } in cases {
        let found = match Cart::try_from(cart) {
            Ok(_) => Value::Null,
            Err(refused) => json!({ "code": refused.kind.code(), "pointer": refused.pointer }),
        };
        outcome.add(
            &name,
            "it breaks a rule",
            document_difference(&error, &found),
        );
    }
    outcome
}

fn run_case(program: &Program, case: &Case, outcome: &mut Outcome) {
    let differs = document_difference(&case.expect, &found(program, case));
    outcome.add(&case.name, &case.why, differs);
}

/// What the core says, in the shape of `expect`.
fn found(program: &Program, case: &Case) -> Value {
    let member = case.member.clone().map_or_else(
        || program.newcomer(),
        |member| Snapshot::try_from(member).expect("a snapshot of the vectors"),
    );
    let now = instant(&case.placed_at);
    let mut told = match (&case.cart, &case.activity) {
        (Some(cart), None) => {
            let cart = Cart::try_from(cart.clone()).expect("a cart of the vectors");
            let earning = evaluate(program, &member, &cart, now).expect("points within the limit");
            json!(EarningDocument::new(program, &cart, &earning))
        }
        (None, Some(done)) => {
            let (id, kind, tags) = (done.id.clone(), done.kind.clone(), done.tags.clone());
            let activity = Activity::new(id, kind, tags, done.quantity);
            let activity = activity.expect("an activity of the vectors");
            let earning = evaluate_activity(program, &member, &activity, now);
            let earning = earning.expect("points within the limit");
            json!(EarningDocument::of_activity(program, &activity, &earning))
        }
        _ => panic!("{}: a case has a cart or an activity", case.name),
    };
    let lines = told["lines"].as_array().expect("lines").iter();
    let lines: Map<String, Value> = lines
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
