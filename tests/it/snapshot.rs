//! Snapshots: what a shop hands to its page. With one, a page previews what the order will earn.

use serde_json::{Value, json};

use crate::shop::{cart, fresh, fresh_email, shop};

#[test]
fn a_snapshot_has_what_evaluation_needs_and_no_personal_data() {
    let more = json!({ "customer_id": fresh("customer") });
    let member = shop("bakery").enrol_as(fresh_email(), &more);
    let mut new = member.snapshot();
    let joined_at = new["joined_at"].take();
    let outlook = new["outlook"].take();
    assert_eq!(
        outlook,
        json!({
            "tier": null, "next": { "tier": "regular", "amount": 0 },
            "available": 100, "pending": null, "expiring": null
        })
    );
    let enrolled_at = member.document()["enrolled_at"].clone();
    let enrolled_at: jiff::Timestamp = enrolled_at
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("an instant");
    assert_eq!(joined_at, enrolled_at.as_millisecond());
    assert_eq!(
        new,
        json!({ "tier": null, "balance_points": 100, "earned_points": 0, "joined_at": null, "outlook": null })
    );
    member.order(&fresh("order"), &cart("310.00")).expect(201);
    member.adjust(&fresh("key"), -60, "a cake").expect(201);
    let regular = member.snapshot();
    for (field, value) in [
        ("tier", json!("regular")),
        ("balance_points", json!(350)),
        ("earned_points", json!(310)),
        ("orders", json!(1)),
        ("joined_at", joined_at),
    ] {
        assert_eq!(regular[field], value, "{field}");
    }
}

#[test]
fn what_a_page_previews_with_a_snapshot_is_what_the_order_earns() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let mixed = json!({ "currency": "EUR", "discount": "3.33", "shipping": "4.90", "lines": [
        { "id": "a", "product": "rye", "tags": ["sourdough"], "quantity": 3, "unit_price": "4.85", "tax": "0.85" },
        { "id": "b", "product": "jar", "categories": ["deposits"], "quantity": 3, "unit_price": "0.15" },
        { "id": "c", "product": "cake", "quantity": 1, "unit_price": "29.90", "discount": "2.00" }
    ]});
    // Before the tier, on the way to it, and in it.
    for cart in [mixed.clone(), cart("280.00"), cart("9.99"), mixed] {
        let body = json!({ "cart": cart, "member": member.snapshot() });
        let preview = bakery.page_post("/v1/preview", &body).send().expect(200);
        let booked = member.order(&fresh("order"), &cart).expect(201);
        assert_eq!(booked["earning"], preview);
        assert_eq!(booked["points"], preview["points"]);
    }
    assert_eq!(member.snapshot()["tier"], "regular");
    member.sound_entries();
}

#[test]
fn a_preview_without_a_snapshot_is_what_a_guest_and_somebody_new_would_earn() {
    let bakery = shop("bakery");
    let body = |member: Value| json!({ "cart": cart("20.00"), "member": member });
    let preview = |member| {
        bakery
            .page_post("/v1/preview", &body(member))
            .send()
            .expect(200)
    };
    let guest = bakery
        .order(&fresh("order"), &json!({}), &cart("20.00"))
        .send()
        .expect(201);
    let newcomer = preview(bakery.enrol().snapshot());
    assert_eq!(preview(Value::Null), newcomer);
    assert_eq!(guest["earning"], newcomer);
    // A tier that the programme does not have is none.
    let stranger = json!({ "tier": "platinum", "balance_points": 0, "earned_points": 0 });
    assert_eq!(preview(stranger), newcomer);
}

#[test]
fn a_preview_writes_nothing() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let before = (member.document(), member.entries());
    let body = json!({ "cart": cart("20.00"), "member": member.snapshot() });
    bakery.page_post("/v1/preview", &body).send().expect(200);
    bakery.post("/v1/preview", &body).send().expect(200);
    assert_eq!((member.document(), member.entries()), before);
}

#[test]
fn an_empty_cart_previews_as_nothing() {
    let body = json!({ "cart": { "currency": "EUR", "lines": [] } });
    let earning = shop("bakery")
        .page_post("/v1/preview", &body)
        .send()
        .expect(200);
    assert_eq!(
        (&earning["points"], &earning["lines"]),
        (&json!(0), &json!([]))
    );
}

#[test]
fn a_preview_may_be_of_another_day() {
    let at = |placed_at| {
        let body = json!({ "cart": cart("20.00"), "placed_at": placed_at });
        shop("bakery").post("/v1/preview", &body).send()
    };
    assert_eq!(at("2019-01-01T00:00:00Z").expect(200)["points"], 20);
    assert_eq!(at("2999-01-01T00:00:00Z").expect(200)["points"], 20);
    at("tomorrow").expect_problem_at(422, "instant_malformed", "/placed_at");
}
