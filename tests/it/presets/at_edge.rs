//! The presets through the Worker: each cart previewed, and booked for somebody who has just joined; each
//! activity that the preset knows reported for her.
//!
//! Its invariant: what the Worker answers is what was worked out by hand.

use std::path::Path;

use earnest_core::presets::PRESETS;
use earnest_core::{ON_ACCOUNT_CREATED, Program};
use serde_json::{Map, Value, json};

use super::{folder, program};
use crate::edge::at_once;
use crate::shop::{Shop, fresh, shop};

#[test]
fn every_cart_of_a_preset_is_previewed_as_worked_out_by_hand() {
    each(|shop, _, case| {
        if case["cart"].is_null() {
            return;
        }
        let mut body = json!({ "cart": case["cart"] });
        for name in ["member", "placed_at"] {
            if let Some(value) = case.get(name) {
                body[name] = value.clone();
            }
        }
        let earning = shop.post("/v1/preview", &body).send().expect(200);
        assert_eq!(told(&earning), case["expect"], "{}", case["why"]);
    });
}

#[test]
fn what_a_new_member_of_a_preset_orders_or_does_is_booked_as_worked_out_by_hand() {
    each(|shop, program, case| {
        let kind = case["activity"]["kind"].as_str();
        let is_reported = kind.is_some_and(|kind| is_known(program, kind));
        let is_order = !case["cart"].is_null();
        if !case["member"].is_null() || !is_past(case) || !(is_order || is_reported) {
            return;
        }
        let member = shop.enrol();
        let mut body = if is_order {
            json!({ "cart": case["cart"] })
        } else {
            case["activity"].clone()
        };
        body["id"] = json!(fresh("preset"));
        body["customer"] = json!({ "member_id": member.id });
        for name in ["placed_at", "occurred_at"] {
            if let Some(at) = case.get(name) {
                body[name] = at.clone();
            }
        }
        let path = if is_order {
            "/v1/orders"
        } else {
            "/v1/activities"
        };
        let answer = shop.post(path, &body).send().expect(201);
        let mut earning = answer["earning"].clone();
        if let Some(line) = earning.pointer_mut("/lines/0/id").filter(|_| !is_order) {
            *line = case["activity"]["id"].clone();
        }
        assert_eq!(told(&earning), case["expect"], "{}", case["why"]);
        assert_eq!(answer["points"], case["expect"]["points"]);
        member.sound_entries();
    });
}

/// Runs every case of every preset, the presets side by side, and names each that did not hold.
fn each(holds: impl Fn(&'static Shop, &Program, &Value) + Sync) {
    let failed = at_once(PRESETS, |preset| {
        let shop = shop(&format!("preset-{}", preset.name));
        let program = program(preset.name);
        let cases = cases_of(&folder().join(format!("{}.json", preset.name)));
        let fails = |case: &&Value| {
            let run = std::panic::AssertUnwindSafe(|| holds(shop, &program, case));
            std::panic::catch_unwind(run).is_err()
        };
        let failed = cases.iter().filter(fails);
        let failed = failed.map(|case| format!("{}: {}", preset.name, case["name"]));
        failed.collect::<Vec<_>>()
    });
    let failed = failed.concat();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Whether something counts this kind, and a shop reports it: that somebody joined is not reported.
fn is_known(program: &Program, kind: &str) -> bool {
    let by_rule = program
        .rules()
        .iter()
        .any(|rule| rule.activity.as_deref() == Some(kind));
    let mut challenges = program.challenges().iter();
    let by_challenge = challenges.any(|it| it.activity.as_deref() == Some(kind));
    (by_rule || by_challenge) && kind != ON_ACCOUNT_CREATED
}

fn cases_of(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("the vectors of a preset");
    let vectors: Value = serde_json::from_str(&text).expect("vectors");
    let cases = vectors["cases"].as_array().expect("cases").clone();
    assert!(!cases.is_empty(), "{} has no cases", path.display());
    cases
}

fn is_past(case: &Value) -> bool {
    let at = case.get("placed_at").or(case.get("occurred_at"));
    at.and_then(Value::as_str).is_none_or(|text| {
        let at: jiff::Timestamp = text.parse().expect("a time of the vectors");
        at < jiff::Timestamp::now()
    })
}

/// An earning in the shape of `expect`.
fn told(earning: &Value) -> Value {
    let lines = earning["lines"].as_array().expect("lines").iter();
    let lines: Map<String, Value> = lines
        .map(|line| {
            let id = line["id"].as_str().expect("an id").to_owned();
            (id, line["points"].clone())
        })
        .collect();
    let mut told = json!({
        "points": earning["points"],
        "counted": earning["counted"],
        "lines": lines,
        "reasons": earning["reasons"],
    });
    if let Some(credits) = earning.get("credits") {
        told["credits"] = credits.clone();
    }
    told
}
