//! Orders: whose they are, what they book, and what their answer says.

use serde_json::{Value, json};

use crate::edge::Request;
use crate::shop::{cart, fresh, fresh_email, shop};

#[test]
fn a_member_is_found_by_her_id_by_the_shops_or_by_her_e_mail() {
    let customer = fresh("customer");
    let member = shop("bakery").enrol_as(fresh_email(), &json!({ "customer_id": customer }));
    let traces = [
        json!({ "member_id": member.id }),
        json!({ "id": customer }),
        json!({ "email": member.email }),
        json!({ "email": member.email.to_uppercase() }),
        json!({ "id": "nobody", "email": member.email }),
        json!({ "member_id": member.id, "id": customer, "email": member.email }),
    ];
    for (nth, trace) in (1..).zip(&traces) {
        let answer = shop("bakery")
            .order(&fresh("order"), trace, &cart("10.00"))
            .send()
            .expect(201);
        assert_eq!(answer["member_id"], member.id, "{trace}");
        assert_eq!(answer["balance_points"], 100 + 10 * nth, "{trace}");
    }
    assert_eq!(member.sound_entries().len(), 1 + traces.len());
}

#[test]
fn her_id_tells_more_surely_than_the_shops_and_that_more_surely_than_an_e_mail() {
    let customer = fresh("customer");
    let (ada, cleo) = (shop("bakery").enrol(), shop("bakery").enrol());
    let bea = shop("bakery").enrol_as(fresh_email(), &json!({ "customer_id": customer }));
    for (trace, found) in [
        (
            json!({ "member_id": ada.id, "id": customer, "email": cleo.email }),
            &ada,
        ),
        (json!({ "id": customer, "email": cleo.email }), &bea),
    ] {
        let answer = shop("bakery")
            .order(&fresh("order"), &trace, &cart("10.00"))
            .send();
        assert_eq!(answer.expect(201)["member_id"], found.id, "{trace}");
    }
    assert_eq!(cleo.sound_entries().len(), 1);
}

#[test]
fn the_answer_says_what_was_booked_and_by_which_rules() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    let answer = member.order(&id, &cart("20.50"));
    let document = answer.expect(201);
    assert_eq!(document["order_id"], id);
    assert_eq!(document["status"], "booked");
    assert_eq!(document["member_id"], member.id);
    assert_eq!(
        (&document["points"], &document["balance_points"]),
        (&json!(20), &json!(120))
    );
    let booked_at = document["booked_at"].as_str().expect("an instant");
    booked_at
        .parse::<jiff::Timestamp>()
        .expect("an instant in RFC 3339");

    let published = Request::new("GET", "/v1/program?shop=bakery")
        .send()
        .expect(200);
    let program = json!({ "version": 3, "digest": published["digest"] });
    let earning = &document["earning"];
    assert_eq!(earning["program"], program);
    assert!(earning["engine"].is_string(), "{earning}");
    assert_eq!(
        (&earning["points"], &earning["counted"]),
        (&json!(20), &json!("20.50"))
    );

    let entry = &member.sound_entries()[0];
    assert_eq!(entry["program"], program);
    assert_eq!(
        (&entry["kind"], &entry["source"]),
        (&json!("earn"), &json!(id))
    );
    assert_eq!(entry["booked_at"], document["booked_at"]);
    let after = member.document();
    assert_eq!(
        (&after["balance_points"], &after["earned_points"]),
        (&json!(120), &json!(20))
    );
}

#[test]
fn a_guests_order_is_kept_and_answered_the_same_later() {
    let bakery = shop("bakery");
    let (id, email) = (fresh("order"), fresh_email());
    for customer in [json!({}), json!({ "id": fresh("customer") })] {
        let answer = bakery
            .order(&fresh("order"), &customer, &cart("20.00"))
            .send()
            .expect(201);
        assert_eq!(
            (&answer["status"], &answer["points"]),
            (&json!("guest"), &json!(20))
        );
    }
    let customer = json!({ "email": email });
    let first = bakery.order(&id, &customer, &cart("20.00")).send();
    let answer = first.expect(201);
    assert_eq!(answer["status"], "guest");
    assert_eq!(
        (&answer["member_id"], &answer["balance_points"]),
        (&Value::Null, &Value::Null)
    );
    // She joins, and is credited; what the shop was answered stays.
    let member = bakery.enrol_as(email, &json!({}));
    let again = bakery.order(&id, &customer, &cart("20.00")).send();
    assert_eq!((again.status, again.body), (200, first.body));
    assert_eq!(member.sound_entries().len(), 2);
}

#[test]
fn the_order_that_reaches_a_tier_earns_as_before_and_the_next_one_faster() {
    let member = shop("bakery").enrol();
    let rate = |price| member.order(&fresh("order"), &cart(price)).expect(201)["points"].clone();
    assert_eq!(rate("299.00"), 299);
    assert_eq!(member.document()["tier"], Value::Null);
    assert_eq!(rate("10.00"), 10);
    assert_eq!(member.document()["tier"], "regular");
    assert_eq!(rate("10.00"), 15);
    // The tier follows what orders earned: taking points does not lose it.
    member
        .adjust(&fresh("key"), -400, "a correction")
        .expect(201);
    assert_eq!(rate("10.00"), 15);
    assert_eq!(member.document()["earned_points"], 299 + 10 + 15 + 15);
    member.sound_entries();
}

#[test]
fn neither_a_welcome_nor_a_gift_counts_towards_a_tier() {
    let member = shop("bakery").enrol();
    member.adjust(&fresh("key"), 1000, "a gift").expect(201);
    let after = member.document();
    assert_eq!(
        (&after["earned_points"], &after["tier"]),
        (&json!(0), &Value::Null)
    );
}

#[test]
fn an_order_that_earns_nothing_is_kept_without_an_entry() {
    let member = shop("bakery").enrol();
    let deposit = json!({ "currency": "EUR", "lines": [
        { "id": "l1", "product": "jar", "categories": ["deposits"], "quantity": 1, "unit_price": "3.00" }
    ]});
    let mut foreign = cart("20.00");
    foreign["currency"] = json!("USD");
    for (cart, code) in [
        (cart("1.99"), "below_minimum"),
        (deposit, "excluded"),
        (foreign, "currency_not_covered"),
    ] {
        let id = fresh("order");
        let first = member.order(&id, &cart);
        let answer = first.expect(201);
        assert_eq!(
            (&answer["status"], &answer["points"]),
            (&json!("booked"), &json!(0))
        );
        assert_eq!(answer["balance_points"], 100);
        let reasons = answer["earning"]["reasons"].as_array().expect("reasons");
        assert!(
            reasons.iter().any(|reason| reason["code"] == code),
            "{reasons:?}"
        );
        assert_eq!(member.order(&id, &cart).body, first.body);
    }
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn an_order_of_the_future_is_refused_and_one_of_long_ago_is_not() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    let order = |placed_at: &str| {
        let customer = json!({ "member_id": member.id });
        let order = json!({ "id": id, "placed_at": placed_at, "customer": customer, "cart": cart("20.00") });
        shop("bakery").post("/v1/orders", &order).send()
    };
    order("2999-01-01T00:00:00Z").expect_problem_at(422, "placed_in_future", "/placed_at");
    order("0001-01-01T00:00:00Z").expect_problem_at(422, "placed_too_long_ago", "/placed_at");
    order("9999-12-30T22:00:00Z").expect_problem_at(422, "placed_in_future", "/placed_at");
    assert_eq!(member.sound_entries().len(), 1);
    order("2019-01-01T00:00:00+01:00").expect(201);
}

#[test]
fn points_beyond_what_json_carries_are_refused_and_nothing_is_written() {
    let member = shop("bakery").enrol();
    let most = 9_007_199_254_740_991;
    member
        .adjust(&fresh("key"), most - 100 - 19, "a test of the limit")
        .expect(201);
    let id = fresh("order");
    let refused = member.order(&id, &cart("20.00"));
    refused.expect_problem_at(422, "points_beyond_limit", "/cart");
    assert_eq!(
        member.order(&id, &cart("19.00")).expect(201)["balance_points"],
        most
    );
    assert_eq!(member.sound_entries().len(), 3);
}
