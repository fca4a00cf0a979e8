//! Orders and activities over time, each at its own: what challenges gave is among her entries, how far she is in her
//! snapshot.

use earnest_core::Snapshot;
use earnest_core::wire::SnapshotDocument;
use earnest_vectors::benefits::challenges::{Deed, Doing, looked_at, standing};
use earnest_vectors::benefits::{Case, Vectors};
use earnest_vectors::published;
use serde_json::{Value, json};

use super::{check, joined};
use crate::edge::Answer;
use crate::shop::{Member, Shop, points};

/// Before anything is done.
const BEGINNING: &str = "2026-01-01T00:00:00Z";

/// An activity that no rule and no challenge asks for. The API says so, in case it is misspelt; for the core it gives
/// nothing.
const UNASKED: (&str, &str) = ("activities-count-by-quantity", "visit");

#[test]
fn challenges_give_at_the_edge_what_was_worked_out_by_hand() {
    check("challenges", &[], |case| case.expect.clone(), ask);
}

fn ask(shop: &'static Shop, vectors: &Vectors<Doing>, case: &Case<Doing>) -> Value {
    let (member, _) = joined(shop, BEGINNING, &json!({}));
    let (mut given, mut seen) = (Vec::new(), 0);
    for (nth, deed) in case.question.events.iter().enumerate() {
        let answer = tell(shop, &member, nth, deed);
        let kind = deed.activity.as_ref().map_or("", |(kind, _)| kind);
        if (case.name.as_str(), kind) == UNASKED {
            answer.expect_problem_at(422, "activity_kind_unknown", "/kind");
        } else {
            answer.expect(201);
        }
        let entries = member.entries();
        let new = entries.iter().rev().skip(seen);
        let of_challenges = new.filter(|it| {
            let kind = it["kind"].as_str().expect("a kind");
            kind.ends_with("-challenge")
        });
        given.push(of_challenges.map(|it| points(&it["points"])).sum::<i64>());
        seen = entries.len();
    }
    let now = looked_at(&case.question);
    let told_at = jiff::Timestamp::from_millisecond(now.as_millis()).expect("an instant");
    let snapshot = member.at(&told_at.to_string()).snapshot();
    let snapshot: SnapshotDocument = serde_json::from_value(snapshot).expect("a snapshot");
    let snapshot = Snapshot::try_from(snapshot).expect("a snapshot");
    let program = published(&case.program, &vectors.programs[&case.program]);
    let mut told = standing(&program, &snapshot, now);
    told["points"] = given.into();
    told
}

fn tell(shop: &Shop, member: &Member, nth: usize, deed: &Deed) -> Answer {
    let mut body = json!({ "id": format!("deed-{nth}"), "customer": { "member_id": member.id } });
    let path = if let Some((kind, quantity)) = &deed.activity {
        body["kind"] = json!(kind);
        body["quantity"] = json!(quantity);
        "/v1/activities"
    } else {
        body["cart"] = deed.cart();
        "/v1/orders"
    };
    shop.post(path, &body).at(&deed.at).deliver()
}
