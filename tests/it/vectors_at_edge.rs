//! The shared vectors through the Worker: previewed, ordered by a guest, ordered by somebody who has just
//! joined; and what she does.
//!
//! `vectors.rs` runs the same cases natively, so its invariant is that native core and edge agree: to the
//! point, to the reason. The format is told in `tests/vectors/README.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::edge::at_once;
use crate::shop::{Shop, fresh, shop};

/// Requests in flight; wrangler's proxy gains nothing from more.
const THREADS: usize = 4;

/// A case of a file, and the shop that runs its program.
struct Case {
    shop: &'static Shop,
    case: Value,
}

#[test]
fn every_vector_is_previewed_as_worked_out_by_hand() {
    check(&cases(), |Case { shop, case }| {
        let earning = preview(shop, case);
        assert_eq!(told(&earning), case["expect"], "by hand: {}", case["why"]);
    });
}

#[test]
fn every_vector_is_booked_for_a_guest_as_it_was_previewed() {
    check(&orders(), |Case { shop, case }| {
        let answer = shop
            .post("/v1/orders", &order(case, &json!({})))
            .send()
            .expect(201);
        assert_eq!(answer["status"], "guest");
        assert_eq!(answer["balance_points"], Value::Null);
        assert_eq!(answer["points"], case["expect"]["points"]);
        assert_eq!(answer["earning"], preview(shop, case));
    });
}

#[test]
fn every_vector_is_booked_for_a_new_member_as_it_was_previewed() {
    check(&orders(), |Case { shop, case }| {
        let member = shop.enrol();
        // By her id: what was placed before a guest's window is nobody's where an e-mail alone names the buyer.
        let customer = json!({ "member_id": member.id });
        let order = order(case, &customer);
        let answer = shop.post("/v1/orders", &order).send().expect(201);
        assert_eq!(answer["status"], "booked");
        assert_eq!(answer["member_id"], member.id);
        assert_eq!(answer["earning"], preview(shop, case));
        let points = &case["expect"]["points"];
        let entries = member.sound_entries();
        let earned: Vec<_> = entries
            .iter()
            .filter(|entry| entry["kind"] == "earn")
            .map(|entry| (&entry["points"], &entry["source"], &entry["balance_points"]))
            .collect();
        if *points == 0 {
            assert_eq!(earned, []);
        } else {
            assert_eq!(earned, [(points, &order["id"], &answer["balance_points"])]);
        }
    });
}

#[test]
fn every_activity_of_a_new_member_earns_what_was_worked_out_by_hand() {
    let mut cases = all_cases();
    cases.retain(|Case { case, .. }| case["member"].is_null() && !case["activity"].is_null());
    check(&cases, |Case { shop, case }| {
        let member = shop.enrol();
        let mut activity = case["activity"].clone();
        activity["id"] = fresh("vector").into();
        activity["customer"] = json!({ "member_id": member.id });
        activity["occurred_at"] = case["occurred_at"].clone();
        let answer = shop.post("/v1/activities", &activity).send();
        let mut expected = case["expect"].clone();
        if expected["reasons"] == json!([]) {
            // No rule answers to it: a shop is told so, in case it is misspelt.
            answer.expect_problem_at(422, "activity_kind_unknown", "/kind");
            assert_eq!(member.sound_entries(), [] as [Value; 0]);
            return;
        }
        let answer = answer.expect(201);
        let id = activity["id"].as_str().expect("an id");
        expected["lines"] = json!({ id: expected["points"] });
        assert_eq!(
            told(&answer["earning"]),
            expected,
            "by hand: {}",
            case["why"]
        );
        assert_eq!(answer["balance_points"], case["expect"]["points"]);
    });
}

#[test]
fn every_refused_cart_is_refused_by_name_and_place_and_nothing_is_kept() {
    let vectors = read(&folder().join("refused-carts.json"));
    let cases = vectors["cases"].as_array().expect("cases").iter();
    let bakery = shop("bakery");
    let cases: Vec<Case> = cases
        .map(|case| Case {
            shop: bakery,
            case: case.clone(),
        })
        .collect();
    check(&cases, |Case { shop, case }| {
        let (cart, error) = (&case["cart"], &case["error"]);
        let code = error["code"].as_str().expect("a code");
        let pointer = format!("/cart{}", error["pointer"].as_str().expect("a pointer"));
        let preview = shop.post("/v1/preview", &json!({ "cart": cart })).send();
        preview.expect_problem_at(422, code, &pointer);
        let id = fresh("refused");
        let refused = shop.order(&id, &json!({}), cart).send();
        if cart["lines"] == json!([]) {
            refused.expect_problem_at(422, "cart_without_lines", "/cart/lines");
        } else {
            refused.expect_problem_at(422, code, &pointer);
        }
        // The id is still free: a refused order was not kept.
        shop.order(&id, &json!({}), &crate::shop::cart("10.00"))
            .send()
            .expect(201);
    });
}

/// Runs all cases, a few at a time, and names each that did not hold.
fn check(cases: &[Case], holds: impl Fn(&Case) + Sync) {
    assert!(!cases.is_empty(), "no cases");
    let share = cases.len().div_ceil(THREADS);
    let failed = at_once(cases.chunks(share), |share| {
        let fails = |case: &&Case| {
            let run = std::panic::AssertUnwindSafe(|| holds(case));
            std::panic::catch_unwind(run).is_err()
        };
        let failed = share.iter().filter(fails);
        failed
            .map(|case| format!("{}: {}", case.shop.id, case.case["name"]))
            .collect::<Vec<_>>()
    });
    let failed = failed.concat();
    assert!(
        failed.is_empty(),
        "{} of {}:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}

/// The carts of all files.
fn cases() -> Vec<Case> {
    let mut cases = all_cases();
    cases.retain(|Case { case, .. }| !case["cart"].is_null());
    cases
}

/// The cases of all files: carts and activities.
fn all_cases() -> Vec<Case> {
    let entries = fs::read_dir(folder()).expect("the folder of the vectors");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    paths.iter().flat_map(cases_of).collect()
}

/// The cases of one file; none of a file of refused carts, which has no programs.
fn cases_of(path: &PathBuf) -> Vec<Case> {
    let file = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .expect("a name");
    let vectors = read(path);
    if vectors["programs"].is_null() {
        return Vec::new();
    }
    let cases = vectors["cases"].as_array().expect("cases").iter();
    let found: Vec<Case> = cases
        .map(|case| {
            let program = case["program"].as_str().expect("a program");
            Case {
                shop: shop(&format!("v-{file}-{program}")),
                case: case.clone(),
            }
        })
        .collect();
    assert!(!found.is_empty(), "{file} has no cases");
    found
}

/// The cases that can be orders of somebody without a history: something was bought, and already.
fn orders() -> Vec<Case> {
    let now = jiff::Timestamp::now();
    let past = |case: &Value| {
        case["placed_at"].as_str().is_none_or(|text| {
            text.parse::<jiff::Timestamp>()
                .expect("a time of the vectors")
                < now
        })
    };
    let mut cases = cases();
    cases.retain(|Case { case, .. }| {
        case["member"].is_null() && case["cart"]["lines"] != json!([]) && past(case)
    });
    cases
}

fn preview(shop: &Shop, case: &Value) -> Value {
    let mut body = json!({ "cart": case["cart"] });
    for name in ["member", "placed_at"] {
        if let Some(value) = case.get(name) {
            body[name] = value.clone();
        }
    }
    shop.post("/v1/preview", &body).send().expect(200)
}

fn order(case: &Value, customer: &Value) -> Value {
    let mut order = json!({ "id": fresh("vector"), "customer": customer, "cart": case["cart"] });
    if let Some(placed_at) = case.get("placed_at") {
        order["placed_at"] = placed_at.clone();
    }
    order
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
    let mut told: BTreeMap<_, _> = ["points", "counted", "reasons"]
        .map(|name| (name, earning[name].clone()))
        .into();
    told.insert("lines", lines.into());
    if let Some(credits) = earning.get("credits") {
        told.insert("credits", credits.clone());
    }
    json!(told)
}

fn read(path: &PathBuf) -> Value {
    let text = fs::read_to_string(path).expect("a file of vectors");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}
