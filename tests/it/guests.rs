//! Guests who join: what they ordered before is credited, once, and no page learns of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::edge::at_once;
use crate::settling::round;
use crate::shop::{Member, Shop, cart, fresh, fresh_email, points, shop};

fn market() -> &'static Shop {
    shop("market")
}

/// An order of somebody who is no member; its id.
fn ordered(email: &str, price: &str) -> String {
    let id = fresh("order");
    let order = market().order(&id, &json!({ "email": email }), &cart(price));
    assert_eq!(order.send().expect(201)["status"], "guest");
    id
}

fn joins(email: &str) -> Value {
    json!({ "email": email, "consent": { "terms": true } })
}

/// Runs the cron until a member has this balance: another scenario's round may be crediting her at the same moment.
fn settle_until(email: &str, balance_points: i64) -> Value {
    let mut known = Value::Null;
    for _ in 0..10 {
        round().expect(200);
        known = market()
            .post("/v1/members", &joins(email))
            .send()
            .expect(200);
        if known["balance_points"] == balance_points {
            break;
        }
    }
    assert_eq!(points(&known["balance_points"]), balance_points);
    known
}

fn sources(member: &Member) -> Vec<String> {
    let entries = member.sound_entries();
    let source = |entry: &Value| entry["source"].as_str().expect("a source").to_owned();
    entries.iter().rev().skip(1).map(source).collect()
}

#[test]
fn who_joins_is_credited_her_orders_as_a_guest_and_one_of_them_is_her_first() {
    let email = fresh_email();
    // Each was told as a first order, 20 + 7 and 30 + 7; but one is.
    let (one, other) = (ordered(&email, "20.00"), ordered(&email, "30.00"));
    let member = market().enrol_as(email.clone(), &json!({}));
    let document = member.document();
    assert_eq!(document["balance_points"], 100 + 27 + 30);
    assert_eq!(document["earned_points"], 27 + 30);
    assert_eq!(document["orders"], 2);
    assert_eq!(document["tier"], "crate");
    assert_eq!(sources(&member), [one.clone(), other]);
    // The order is what it was, and her next one is no first one.
    let again = market().order(&one, &json!({ "email": email }), &cart("20.00"));
    assert_eq!(again.send().expect(200)["status"], "guest");
    let next = member.order(&fresh("order"), &cart("10.00")).expect(201);
    assert_eq!(next["points"], 10);
    round().expect(200);
    assert_eq!(member.balance(), 167);
}

#[test]
fn who_joins_at_a_page_is_credited_by_the_cron_and_the_page_is_told_the_same() {
    let (guest, stranger) = (fresh_email(), fresh_email());
    ordered(&guest, "20.00");
    let page = |email: &str| market().page_post("/v1/members", &joins(email)).send();
    let (one, other) = (page(&guest), page(&stranger));
    assert_eq!((one.status, &one.body), (202, &other.body));
    settle_until(&guest, 127);
}

#[test]
fn however_many_enrol_her_at_once_each_order_is_credited_once() {
    let email = fresh_email();
    for _ in 0..3 {
        ordered(&email, "20.00");
    }
    let answers = at_once(0..10, |nth| match nth % 3 {
        0 => market().page_post("/v1/members", &joins(&email)).deliver(),
        1 => round(),
        _ => market().post("/v1/members", &joins(&email)).deliver(),
    });
    for answer in answers {
        assert!(answer.status < 300, "{answer:?}");
    }
    assert_eq!(settle_until(&email, 100 + 27 + 20 + 20)["orders"], 3);
}

#[test]
fn what_came_back_of_an_order_before_she_joined_is_taken_off() {
    let email = fresh_email();
    let (kept, gone) = (ordered(&email, "20.00"), ordered(&email, "30.00"));
    let refund = json!({ "id": fresh("refund"), "order_id": gone });
    let told = market().post("/v1/refunds", &refund).send().expect(201);
    assert_eq!(told["status"], "guest");
    let member = market().enrol_as(email, &json!({}));
    assert_eq!(member.balance(), 127);
    assert_eq!(member.document()["orders"], 1);
    // What comes back later is taken from her.
    let refund = json!({ "id": fresh("refund"), "order_id": kept });
    let told = market().post("/v1/refunds", &refund).send().expect(201);
    assert_eq!(
        (&told["status"], &told["member_id"]),
        (&json!("booked"), &json!(member.id))
    );
    assert_eq!(member.balance(), 100);
    member.sound_entries();
}

#[test]
fn an_order_of_too_long_ago_is_not_credited() {
    let email = fresh_email();
    // The market remembers ten days.
    for (days, price) in [(9, "20.00"), (11, "30.00")] {
        let placed_at = Timestamp::now() - SignedDuration::from_hours(24 * days);
        let order = json!({
            "id": fresh("order"), "customer": { "email": email }, "cart": cart(price),
            "placed_at": placed_at.to_string(),
        });
        market().post("/v1/orders", &order).send().expect(201);
    }
    assert_eq!(market().enrol_as(email, &json!({})).balance(), 127);
}

#[test]
fn a_merge_brings_the_orders_of_a_guest_along() {
    let (email, other) = (fresh_email(), market().enrol());
    ordered(&email, "20.00");
    let accepted = market().page_post("/v1/members", &joins(&email)).send();
    accepted.expect(202);
    let known = market()
        .post("/v1/members", &joins(&email))
        .send()
        .expect(200);
    let merge = format!(
        "/v1/members/{}/merges",
        known["id"].as_str().expect("an id")
    );
    let into = json!({ "into": other.id });
    market().post(&merge, &into).deliver().expect(201);
    settle_until(&other.email, 227);
}
