//! The demo store's own server: it prices from its catalogue and orders as any shop would.

use serde_json::{Value, json};

use crate::edge::{Answer, Request};
use crate::shop::{fresh_email, points, shop};

fn post(path: &str, body: &Value) -> Answer {
    Request::new("POST", path).json(body).send()
}

/// Two bags of Kenya AA and a dripper: 64.88, which travels free.
fn form(email: &str) -> Value {
    json!({
        "items": [{ "sku": "kenya-aa", "quantity": 2 }, { "sku": "dripper", "quantity": 1 }],
        "coupon": null, "delivery": "standard", "email": email, "name": "Ada", "customer": null,
        "expected_total": "64.88"
    })
}

fn with(mut form: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} is no list of fields")
    };
    for (name, value) in fields {
        form[name] = value;
    }
    form
}

#[test]
fn an_order_is_priced_from_the_catalogue_and_booked_as_it_was_sent() {
    let member = shop("demo").enrol();
    let taken = post("/demo/order", &form(&member.email)).expect(201);
    let total = json!({ "subtotal": "64.88", "discount": "0.00", "shipping": "0.00", "tax": "6.60", "total": "64.88" });
    assert_eq!(taken["totals"], total);
    let (sent, booked) = (&taken["sent"], &taken["booked"]);
    assert_eq!(sent["id"], taken["order_id"]);
    assert_eq!(sent["customer"]["email"], member.email);
    assert_eq!(sent["cart"]["lines"][0]["unit_price"], "19.99");
    assert_eq!(sent["cart"]["lines"][1]["categories"], json!(["brewing"]));
    // 39.98 twice over and 24.90 once: 104.86.
    assert_eq!(
        (&booked["status"], &booked["points"]),
        (&json!("booked"), &json!(104))
    );
    assert_eq!(member.balance(), 204);

    // The shop sends it again, as shops do: it is booked already.
    let again = shop("demo").post("/v1/orders", sent).send();
    assert_eq!(again.expect(200), *booked);
    // And the page's preview of what was sent is what was booked.
    let newcomer = json!({ "tier": null, "balance_points": 100, "earned_points": 0 });
    let preview = json!({ "cart": sent["cart"], "member": newcomer });
    let preview = shop("demo").page_post("/v1/preview", &preview).send();
    assert_eq!(preview.expect(200), booked["earning"]);
}

#[test]
fn coupon_and_delivery_are_the_shops_own_sums() {
    for (more, totals) in [
        (
            json!({ "coupon": "harbour10", "expected_total": "63.29" }),
            json!({ "subtotal": "64.88", "discount": "6.49", "shipping": "4.90", "tax": "6.71", "total": "63.29" }),
        ),
        (
            json!({ "delivery": "express", "expected_total": "74.78" }),
            json!({ "subtotal": "64.88", "discount": "0.00", "shipping": "9.90", "tax": "8.18", "total": "74.78" }),
        ),
    ] {
        let taken = post("/demo/order", &with(form(&fresh_email()), more)).expect(201);
        assert_eq!(taken["totals"], totals);
        assert_eq!(taken["booked"]["status"], "guest");
        assert_eq!(taken["sent"]["cart"]["discount"], totals["discount"]);
        assert_eq!(taken["sent"]["cart"]["shipping"], totals["shipping"]);
    }
}

#[test]
fn an_order_that_the_shop_cannot_take_is_refused_and_nothing_is_booked() {
    let member = shop("demo").enrol();
    let item = |sku: &str, quantity: i64| json!([{ "sku": sku, "quantity": quantity }]);
    for (more, status, code, pointer) in [
        (
            json!({ "expected_total": "64.87" }),
            409,
            "total_differs",
            "/expected_total",
        ),
        (
            json!({ "expected_total": "0.01" }),
            409,
            "total_differs",
            "/expected_total",
        ),
        (json!({ "items": [] }), 422, "items_missing", "/items"),
        (
            json!({ "items": item("unicorn", 1) }),
            422,
            "item_unusable",
            "/items/0/sku",
        ),
        (
            json!({ "items": item("dripper", 0) }),
            422,
            "item_unusable",
            "/items/0/quantity",
        ),
        (
            json!({ "items": item("dripper", -1) }),
            422,
            "field_invalid",
            "/items/0/quantity",
        ),
        (
            json!({ "items": item("dripper", 100_000) }),
            422,
            "item_unusable",
            "/items/0/quantity",
        ),
        (
            json!({ "coupon": "FREE" }),
            422,
            "coupon_unknown",
            "/coupon",
        ),
        (
            json!({ "delivery": "drone" }),
            422,
            "field_invalid",
            "/delivery",
        ),
        (
            json!({ "customer": "eve" }),
            422,
            "customer_unknown",
            "/customer",
        ),
        (json!({ "email": "nobody" }), 422, "email_invalid", "/email"),
        (json!({ "points": 1000 }), 422, "field_unknown", "/points"),
    ] {
        let refused = post("/demo/order", &with(form(&member.email), more));
        refused.expect_problem_at(status, code, pointer);
    }
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn maya_signs_in_and_her_order_adds_to_her_ledger() {
    let signed_in = post("/demo/sign-in", &json!({ "customer": "maya" })).expect(200);
    assert_eq!(signed_in["customer"], "maya");
    assert_eq!(signed_in["name"], "Maya");
    let before = &signed_in["member"];
    let fields = before.as_object().expect("a snapshot");
    assert_eq!(
        fields.keys().collect::<Vec<_>>(),
        [
            "balance_points",
            "challenges",
            "earned_points",
            "joined_at",
            "last_order_at",
            "orders",
            "outlook",
            "tier"
        ]
    );

    let email = signed_in["email"].as_str().expect("an e-mail");
    let order = with(form(email), json!({ "customer": "maya" }));
    let taken = post("/demo/order", &order).expect(201);
    let booked = &taken["booked"];
    let (order_id, earned) = (
        taken["order_id"].as_str().expect("an id"),
        points(&booked["points"]),
    );
    // Silver or better, so faster than the 104 of somebody new.
    assert!(earned > 104, "{booked}");

    let ledger = Request::new("GET", format!("/demo/ledger?order={order_id}"))
        .send()
        .expect(200);
    let entries = ledger["entries"].as_array().expect("entries");
    let entry = entries
        .iter()
        .find(|entry| entry["source"] == order_id)
        .expect("her order");
    assert_eq!(entry["points"], earned);
    assert_eq!(entry["balance_points"], booked["balance_points"]);
    assert_eq!(ledger["member"]["customer_id"], "maya");
    assert!(
        points(&ledger["member"]["balance_points"]) >= points(&before["balance_points"]) + earned
    );
}

#[test]
fn nobody_else_signs_in() {
    let refused = post("/demo/sign-in", &json!({ "customer": "eve" }));
    refused.expect_problem_at(422, "customer_unknown", "/customer");
    post("/demo/sign-in", &json!({})).expect_problem_at(422, "field_missing", "/customer");
}

#[test]
fn the_ledger_of_a_guests_order_is_empty_and_of_no_order_there_is_none() {
    let taken = post("/demo/order", &form(&fresh_email())).expect(201);
    let order_id = taken["order_id"].as_str().expect("an id");
    let ledger = |id: &str| Request::new("GET", format!("/demo/ledger?order={id}")).send();
    assert_eq!(
        ledger(order_id).expect(200),
        json!({ "member": null, "entries": [] })
    );
    ledger("nothing").expect_problem(404, "order_not_found");
}

#[test]
fn pages_carry_the_publishable_key_and_never_the_secret_one() {
    let demo = shop("demo");
    for path in ["/", "/demo/checkout", "/demo/order"] {
        let page = Request::new("GET", path).send();
        assert_eq!(page.status, 200, "{path}");
        let kind = page.header("content-type");
        assert!(kind.starts_with("text/html"), "{path}: {kind}");
        assert!(!page.body.contains("{{"), "{path}");
        assert!(!page.body.contains(&demo.secret_key), "{path}");
    }
    let checkout = Request::new("GET", "/demo/checkout").send();
    assert!(checkout.body.contains(&demo.publishable_key));
}
