//! Adjustments: a person gives or takes points, with a reason, once for each idempotency key.

use serde_json::{Value, json};

use crate::edge::at_once;
use crate::shop::{cart, fresh, shop};

#[test]
fn an_adjustment_is_an_entry_with_its_reason() {
    let member = shop("bakery").enrol();
    let key = fresh("key");
    let answer = member.adjust(&key, -20, "  a broken jar ").expect(201);
    let entry = &member.sound_entries()[0];
    assert_eq!(answer["entry"], *entry);
    assert_eq!(answer["balance_points"], 80);
    assert_eq!(
        (&entry["kind"], &entry["source"]),
        (&json!("adjust"), &json!(key))
    );
    assert_eq!(
        (&entry["points"], &entry["reason"]),
        (&json!(-20), &json!("a broken jar"))
    );
    assert_eq!(entry["program"]["version"], 3);
}

#[test]
fn the_same_adjustment_again_has_the_first_answer() {
    let member = shop("bakery").enrol();
    let key = fresh("key");
    let first = member.adjust(&key, 50, "a gift");
    member.order(&fresh("order"), &cart("20.00")).expect(201);
    let again = member.adjust(&key, 50, "a gift");
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(member.balance(), 170);
}

#[test]
fn another_adjustment_under_a_used_key_is_refused() {
    let (member, other) = (shop("bakery").enrol(), shop("bakery").enrol());
    let key = fresh("key");
    member.adjust(&key, 50, "a gift").expect(201);
    for refused in [
        member.adjust(&key, 51, "a gift"),
        member.adjust(&key, -50, "a gift"),
        member.adjust(&key, 50, "another gift"),
        other.adjust(&key, 50, "a gift"),
    ] {
        refused.expect_problem(422, "idempotency_key_reused");
    }
    assert_eq!((member.balance(), other.balance()), (150, 100));
}

#[test]
fn an_adjustment_needs_its_key() {
    let member = shop("bakery").enrol();
    let body = json!({ "points": 5, "reason": "a gift" });
    let without = member.adjustment(&body).send();
    without.expect_problem(400, "idempotency_key_missing");
    for key in ["", &"k".repeat(129)] {
        let unusable = member.adjustment(&body).with("idempotency-key", key).send();
        unusable.expect_problem(400, "idempotency_key_invalid");
    }
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn an_adjustment_that_cannot_be_is_refused_at_its_field_and_its_key_stays_free() {
    let member = shop("bakery").enrol();
    for (points, reason, code, pointer) in [
        (
            json!(-101),
            json!("too much"),
            "balance_below_zero",
            "/points",
        ),
        (json!(0), json!("nothing"), "adjustment_of_zero", "/points"),
        (
            json!(9_007_199_254_740_991_i64),
            json!("beyond"),
            "points_beyond_limit",
            "/points",
        ),
        (
            json!(i64::MAX),
            json!("beyond"),
            "points_beyond_limit",
            "/points",
        ),
        (
            json!(i64::MIN),
            json!("beyond"),
            "points_beyond_limit",
            "/points",
        ),
        (json!(u64::MAX), json!("beyond"), "field_invalid", "/points"),
        (json!(1.5), json!("a half"), "field_invalid", "/points"),
        (json!("5"), json!("a text"), "field_invalid", "/points"),
        (Value::Null, json!("nothing"), "field_invalid", "/points"),
        (json!(5), json!(""), "reason_unusable", "/reason"),
        (json!(5), json!(" \t"), "reason_unusable", "/reason"),
        (
            json!(5),
            json!("r".repeat(281)),
            "reason_unusable",
            "/reason",
        ),
        (json!(5), json!("\0"), "reason_unusable", "/reason"),
        (json!(5), Value::Null, "field_invalid", "/reason"),
    ] {
        let key = fresh("key");
        let body = json!({ "points": points, "reason": reason });
        let refused = member
            .adjustment(&body)
            .with("idempotency-key", &key)
            .send();
        refused.expect_problem_at(422, code, pointer);
        assert_eq!(member.balance(), 100, "{body}");
        member.adjust(&key, 1, "the key is free").expect(201);
        member.adjust(&fresh("key"), -1, "as it was").expect(201);
    }
    member.sound_entries();
}

#[test]
fn nobody_is_adjusted_who_is_no_member() {
    let body = json!({ "points": 5, "reason": "a gift" });
    shop("bakery")
        .post("/v1/members/nobody/adjustments", &body)
        .with("idempotency-key", fresh("key"))
        .send()
        .expect_problem(404, "member_not_found");
}

#[test]
fn of_ten_at_once_that_a_balance_covers_once_one_is_granted() {
    let member = shop("bakery").enrol();
    let answers = at_once(0..10, |_| member.adjust(&fresh("key"), -60, "a cake"));
    let (granted, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(granted.len(), 1, "{granted:?}");
    for answer in refused {
        answer.expect_problem_at(422, "balance_below_zero", "/points");
    }
    assert_eq!(member.balance(), 40);
    assert_eq!(member.sound_entries().len(), 2);
}

#[test]
fn twenty_deliveries_of_an_adjustment_at_once_book_it_once() {
    let member = shop("bakery").enrol();
    let key = fresh("key");
    let answers = at_once(0..20, |_| member.adjust(&key, -60, "a cake"));
    let first = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(first, 1, "{answers:?}");
    for answer in &answers {
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(member.balance(), 40);
}

#[test]
fn orders_and_adjustments_at_once_are_all_booked() {
    let member = shop("bakery").enrol();
    let roll = json!({ "points": -5, "reason": "a roll" });
    let answers = at_once(0..16, |nth| {
        let request = if nth % 2 == 0 {
            member.order_request(&fresh("order"), &cart("10.00"))
        } else {
            let key = fresh("key");
            member.adjustment(&roll).with("idempotency-key", key)
        };
        request.deliver()
    });
    for answer in answers {
        answer.expect(201);
    }
    assert_eq!(member.balance(), 100 + 8 * 10 - 8 * 5);
    assert_eq!(member.sound_entries().len(), 17);
}
