//! What is given besides an order's points, through the Worker: rewards, referrals, surprises and challenges.
//!
//! `vectors.rs` asks the core; here a shop's server makes each case come true, in a shop of its own, by requests and at
//! the times of the case, and reads the answer. Its invariant: what a case asks that the API cannot be asked, or
//! answers otherwise, is on its file's list with the reason, and the list names nothing else.

mod challenges;
mod referral;
mod rewards;
mod surprise;

use std::panic::{AssertUnwindSafe, catch_unwind};

use earnest_vectors::benefits::{Case, Vectors};
use earnest_vectors::parsed;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{Member, Shop, fresh_email, shop};
use crate::vectors::text;

/// Cases that are asked at the same time.
const THREADS: usize = 4;

/// What the API says of a case otherwise than the core.
struct Otherwise {
    case: &'static str,
    /// The JSON that it answers; nothing, where it cannot be asked.
    answer: Option<&'static str>,
    why: &'static str,
}

/// Asks every case of a file of its shop. `ask` answers in the shape of `expect`, or with as much of it as the API
/// tells, which `told` makes of what is expected.
fn check<Question: DeserializeOwned + Sync>(
    file: &str,
    otherwise: &[Otherwise],
    told: fn(&Case<Question>) -> Value,
    ask: fn(&'static Shop, &Vectors<Question>, &Case<Question>) -> Value,
) {
    let vectors: Vectors<Question> = parsed(&text(&format!("benefits/{file}")));
    for exception in otherwise {
        let is_there = vectors.cases.iter().any(|it| it.name == exception.case);
        assert!(is_there, "{file} has no case {}", exception.case);
    }
    let cases: Vec<_> = vectors.cases.iter().enumerate().collect();
    let failed = at_once(cases.chunks(cases.len().div_ceil(THREADS)), |cases| {
        let holds = |nth: usize, case: &Case<Question>| {
            let exception = otherwise.iter().find(|it| it.case == case.name);
            let mut expected = told(case);
            if let Some(Otherwise { answer, why, .. }) = exception {
                let Some(answer) = answer else { return };
                let answer: Value = serde_json::from_str(answer).expect("an answer");
                assert_ne!(answer, expected, "it is no exception: {why}");
                expected = answer;
            }
            let found = ask(shop(&format!("{file}-{nth}")), &vectors, case);
            let (name, why) = (&case.name, &case.why);
            assert_eq!(found, expected, "{name}\n  by hand: {why}");
        };
        let fails = |(nth, case): &&(usize, &Case<Question>)| {
            catch_unwind(AssertUnwindSafe(|| holds(*nth, case))).is_err()
        };
        let failed = cases.iter().filter(fails);
        failed
            .map(|(_, case)| case.name.clone())
            .collect::<Vec<_>>()
    });
    let failed = failed.concat();
    assert!(failed.is_empty(), "{file}:\n{}", failed.join("\n"));
}

/// Somebody who joins at an instant, and is read as of then; with what her shop was told.
fn joined(shop: &'static Shop, at: &str, more: &Value) -> (Member, Value) {
    let told = join(shop, at, more);
    // She may have been here before.
    let told = told.expect(told.status.clamp(200, 201));
    let member = shop.member(told["id"].as_str().expect("an id"));
    (member.at(at), told)
}

/// What the enrolment of somebody with these further fields is answered.
fn join(shop: &'static Shop, at: &str, more: &Value) -> Answer {
    let mut body = json!({ "email": fresh_email(), "consent": { "terms": true } });
    for (name, value) in more.as_object().expect("further fields") {
        body[name] = value.clone();
    }
    shop.post("/v1/members", &body).at(at).send()
}

/// A cart of one line that counts for so many minor units.
fn cart_of(currency: &str, minor: i64) -> Value {
    let price = match currency {
        "JPY" => minor.to_string(),
        _ => format!("{}.{:02}", minor / 100, minor % 100),
    };
    json!({ "currency": currency, "lines": [
        { "id": "a", "product": "p", "quantity": 1, "unit_price": price }
    ]})
}
