//! Fields that cannot be used: each is refused with the rule that it breaks and where it stands, and
//! nothing is written.

use serde_json::{Value, json};

use crate::shop::{cart, fresh, fresh_email, shop};

/// Spoils one field of an order in each way. What is refused is not kept: its id is free afterwards.
fn spoilt(cases: &[(&str, &str, Value)]) {
    for (code, pointer, value) in cases {
        let sound = json!({ "id": fresh("order"), "customer": {}, "cart": cart("20.00") });
        let mut order = sound.clone();
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let name = name.replace("~1", "/").replace("~0", "~");
        let parent = order.pointer_mut(parent).expect("its parent");
        match parent {
            Value::Array(items) => items[0] = value.clone(),
            Value::Object(fields) if *code == "field_missing" => drop(fields.remove(&name)),
            parent => parent[name] = value.clone(),
        }
        let bakery = shop("bakery");
        let refused = bakery.post("/v1/orders", &order).send();
        refused.expect_problem_at(422, code, pointer);
        bakery.post("/v1/orders", &sound).send().expect(201);
    }
}

#[test]
fn a_field_that_an_order_needs_is_missed() {
    spoilt(&[
        ("field_missing", "/id", Value::Null),
        ("field_missing", "/cart", Value::Null),
        ("field_missing", "/cart/currency", Value::Null),
        ("field_missing", "/cart/lines", Value::Null),
        ("field_missing", "/cart/lines/0/id", Value::Null),
        ("field_missing", "/cart/lines/0/product", Value::Null),
        ("field_missing", "/cart/lines/0/quantity", Value::Null),
        ("field_missing", "/cart/lines/0/unit_price", Value::Null),
        ("cart_without_lines", "/cart/lines", json!([])),
    ]);
}

#[test]
fn a_field_that_an_order_does_not_have_is_refused_and_not_passed_over() {
    spoilt(&[
        ("field_unknown", "/points", json!(1000)),
        ("field_unknown", "/note", json!("hello")),
        ("field_unknown", "/a~1b~0c", json!(1)),
        ("field_unknown", "/customer/name", json!("Maya")),
        ("field_unknown", "/cart/coupon", json!("HARBOUR10")),
        ("field_unknown", "/cart/lines/0/points", json!(7)),
    ]);
}

#[test]
fn a_field_of_another_type_is_refused() {
    spoilt(&[
        ("field_invalid", "/id", json!(1001)),
        ("field_invalid", "/placed_at", json!(1_776_677_400)),
        ("field_invalid", "/customer", json!("maya")),
        // A list with the fields in order is no object.
        ("field_invalid", "/customer", json!([])),
        (
            "field_invalid",
            "/cart",
            json!(["EUR", true, [], null, null, null]),
        ),
        (
            "field_invalid",
            "/cart/lines/0",
            json!(["l1", "rye", [], [], 1, "20.00", null, null]),
        ),
        ("field_invalid", "/customer/email", json!(["a@example.com"])),
        ("field_invalid", "/cart", Value::Null),
        ("field_invalid", "/cart/lines", json!({})),
        ("field_invalid", "/cart/discount", json!(1)),
        ("field_invalid", "/cart/prices_include_tax", json!("yes")),
        ("field_invalid", "/cart/lines/0", json!("rye")),
        ("field_invalid", "/cart/lines/0/unit_price", json!(20)),
        ("field_invalid", "/cart/lines/0/quantity", json!(1.5)),
        ("field_invalid", "/cart/lines/0/quantity", json!(-1)),
        ("field_invalid", "/cart/lines/0/quantity", json!("1")),
        (
            "field_invalid",
            "/cart/lines/0/quantity",
            json!(1_u64 << 32),
        ),
        ("field_invalid", "/cart/lines/0/categories", json!("bread")),
    ]);
}

#[test]
fn a_value_that_breaks_a_rule_is_refused_by_the_rules_name() {
    let long = json!("x".repeat(129));
    spoilt(&[
        ("text_empty", "/id", json!("")),
        ("text_too_long", "/id", long.clone()),
        ("text_has_control_character", "/id", json!("a\u{0}b")),
        ("text_empty", "/customer/id", json!("")),
        ("text_too_long", "/customer/id", long.clone()),
        ("text_too_long", "/customer/member_id", long),
        ("email_invalid", "/customer/email", json!("nobody")),
        ("instant_malformed", "/placed_at", json!("yesterday")),
        (
            "instant_malformed",
            "/placed_at",
            json!("2026-04-20T09:30:00"),
        ),
        (
            "instant_malformed",
            "/placed_at",
            json!("2026-04-20 09:30Z"),
        ),
        ("currency_unknown", "/cart/currency", json!("EURO")),
        ("text_empty", "/cart/channel", json!("")),
        ("text_too_long", "/cart/partner", json!("x".repeat(129))),
        ("text_empty", "/cart/lines/0/brand", json!("")),
        ("amount_malformed", "/cart/shipping", json!("4,90")),
        ("amount_negative", "/cart/discount", json!("-1.00")),
        ("amount_too_many_decimals", "/cart/discount", json!("1.001")),
        ("discount_exceeds_cart", "/cart/discount", json!("20.01")),
        ("amount_negative", "/cart/lines/0/unit_price", json!("-20")),
        (
            "amount_too_many_decimals",
            "/cart/lines/0/unit_price",
            json!("1.001"),
        ),
        (
            "discount_exceeds_line",
            "/cart/lines/0/discount",
            json!("20.01"),
        ),
        ("quantity_out_of_range", "/cart/lines/0/quantity", json!(0)),
    ]);
}

#[test]
fn a_preview_with_a_wrong_field_is_refused_at_the_field() {
    let of = |member: Value| json!({ "cart": cart("20.00"), "member": member });
    let beyond = 9_007_199_254_740_992_u64;
    refused(
        "/v1/preview",
        &[
            ("field_missing", "/cart", json!({})),
            (
                "field_unknown",
                "/now",
                json!({ "cart": cart("20.00"), "now": 1 }),
            ),
            (
                "amount_malformed",
                "/cart/lines/0/unit_price",
                json!({ "cart": cart("2e1") }),
            ),
            ("field_invalid", "/member", of(json!(7))),
            ("field_invalid", "/member", of(json!([null, 0, 0]))),
            (
                "field_unknown",
                "/member/points",
                of(json!({ "points": 5 })),
            ),
            ("field_invalid", "/member/tier", of(json!({ "tier": 3 }))),
            (
                "snapshot_invalid",
                "/member/balance_points",
                of(json!({ "balance_points": -1 })),
            ),
            (
                "snapshot_invalid",
                "/member/earned_points",
                of(json!({ "earned_points": beyond })),
            ),
        ],
    );
}

#[test]
fn an_enrolment_with_a_wrong_field_is_refused_at_the_field() {
    let with = |email: Value, consent: Value| json!({ "email": email, "consent": consent });
    let (email, consent) = (json!(fresh_email()), json!({ "terms": true }));
    let mut more = with(email.clone(), consent.clone());
    more["points"] = json!(1000);
    refused(
        "/v1/members",
        &[
            ("field_missing", "/email", json!({ "consent": consent })),
            ("field_missing", "/consent", json!({ "email": email })),
            (
                "field_missing",
                "/consent/terms",
                with(email.clone(), json!({})),
            ),
            (
                "field_invalid",
                "/consent/terms",
                with(email.clone(), json!({ "terms": "yes" })),
            ),
            ("field_invalid", "/email", with(json!(7), consent)),
            ("field_unknown", "/points", more),
        ],
    );
    let sound = with(email, json!({ "terms": true }));
    shop("bakery")
        .post("/v1/members", &sound)
        .send()
        .expect(201);
}

/// Sends each body as the shop's server and as its page, which may read what is wrong.
fn refused(path: &str, cases: &[(&str, &str, Value)]) {
    let bakery = shop("bakery");
    for (code, pointer, body) in cases {
        let to_server = bakery.post(path, body).send();
        let to_page = bakery.page_post(path, body).send();
        to_server.expect_problem_at(422, code, pointer);
        to_page.expect_problem_at(422, code, pointer);
        assert_eq!(
            to_page.header("access-control-allow-origin"),
            bakery.origins[0]
        );
    }
}
