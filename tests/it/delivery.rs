//! An order books once, however often and however many at a time it is delivered, and what comes under
//! its id as something else is refused.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{cart, fresh, points, shop};

#[test]
fn twenty_deliveries_of_an_order_at_once_book_it_once() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    let answers = at_once(0..20, |_| member.order(&id, &cart("20.00")));
    same_answer_once(&answers);
    let entries = member.sound_entries();
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert_eq!(entries[0]["source"], id);
    assert_eq!(member.balance(), 120);
}

#[test]
fn twenty_deliveries_of_a_guests_order_at_once_are_kept_once() {
    let id = fresh("order");
    let customer = json!({ "email": format!("{id}@example.com") });
    let answers = at_once(0..20, |_| {
        shop("bakery").order(&id, &customer, &cart("20.00")).send()
    });
    same_answer_once(&answers);
}

/// One is the first, and all say the same to the byte.
fn same_answer_once(answers: &[Answer]) {
    let first = answers.iter().filter(|answer| answer.status == 201).count();
    let again = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((first, again), (1, answers.len() - 1), "{answers:?}");
    for answer in answers {
        assert_eq!(answer.body, answers[0].body);
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[test]
fn twenty_orders_of_a_member_at_once_are_all_booked() {
    let member = shop("bakery").enrol();
    // 2 + 3 + … + 20 = 209 points: the next tier, which would earn faster, is not reached on the way.
    let answers = at_once(1..=20, |euros| {
        let cart = cart(&format!("{euros}.00"));
        member.order_request(&fresh("order"), &cart).deliver()
    });
    let balances: Vec<i64> = answers
        .iter()
        .map(|answer| points(&answer.expect(201)["balance_points"]))
        .collect();
    // 1.00 is below the bakery's minimum of 2.00.
    assert_eq!(member.balance(), 100 + (2..=20).sum::<i64>());
    let entries = member.sound_entries();
    assert_eq!(entries.len(), 1 + 19);
    // Each answer tells a balance that was true when it was booked.
    for entry in entries.iter().filter(|entry| entry["kind"] == "earn") {
        assert!(
            balances.contains(&points(&entry["balance_points"])),
            "{entry}"
        );
    }
}

#[test]
fn of_different_orders_under_one_id_at_once_one_is_booked() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    let answers = at_once(11..=20, |euros| {
        member.order(&id, &cart(&format!("{euros}.00")))
    });
    let (booked, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(booked.len(), 1, "{booked:?}");
    for answer in refused {
        answer.expect_problem(409, "order_differs");
    }
    let earned = points(&booked[0].expect(201)["points"]);
    assert_eq!(member.sound_entries().len(), 2);
    assert_eq!(member.balance(), 100 + earned);
}

#[test]
fn a_second_delivery_has_the_first_answer_to_the_byte() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    let first = member.order(&id, &cart("20.00"));
    // What happens in between does not change what was answered.
    member.order(&fresh("order"), &cart("500.00")).expect(201);
    member
        .adjust(&fresh("key"), -50, "a correction")
        .expect(201);
    let second = member.order(&id, &cart("20.00"));
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("content-type"), second.header("content-type"));
    assert_eq!(member.sound_entries().len(), 4);
}

#[test]
fn the_same_order_in_other_words_is_the_same_order() {
    let (order, member) = order();
    let first = shop("bakery").post("/v1/orders", &order).send();
    first.expect(201);
    let same: [(&str, Value); 6] = [
        ("/placed_at", json!("2026-04-20T11:30:00+02:00")),
        ("/customer/email", json!(member.to_uppercase())),
        ("/customer/id", Value::Null),
        ("/cart/prices_include_tax", json!(true)),
        ("/cart/shipping", json!("0")),
        ("/cart/lines/0/unit_price", json!("10")),
    ];
    for (pointer, value) in same {
        let said = with(&order, pointer, value);
        let again = shop("bakery").post("/v1/orders", &said).send();
        assert_eq!((again.status, &again.body), (200, &first.body), "{pointer}");
    }
    let mut turned = order.clone();
    let lines = turned["cart"]["lines"].as_array_mut().expect("lines");
    lines.reverse();
    let again = shop("bakery").post("/v1/orders", &turned).send();
    assert_eq!((again.status, &again.body), (200, &first.body));
}

#[test]
fn an_order_id_with_other_content_is_refused_and_told_what_differs() {
    let (order, _) = order();
    let bakery = shop("bakery");
    let first = bakery.post("/v1/orders", &order).send();
    first.expect(201);
    let others: [(&str, Value, &[&str]); 9] = [
        (
            "/cart/lines/0/quantity",
            json!(3),
            &["/cart/lines/0/quantity"],
        ),
        (
            "/cart/lines/1/unit_price",
            json!("4.99"),
            &["/cart/lines/1/unit_price"],
        ),
        (
            "/cart/lines/1/tags",
            json!(["sourdough"]),
            &["/cart/lines/1/tags"],
        ),
        ("/cart/currency", json!("USD"), &["/cart/currency"]),
        ("/cart/discount", json!("1.00"), &["/cart/discount"]),
        ("/cart/shipping", json!("4.90"), &["/cart/shipping"]),
        (
            "/cart/prices_include_tax",
            json!(false),
            &["/cart/prices_include_tax"],
        ),
        ("/placed_at", json!("2026-04-20T09:30:01Z"), &["/placed_at"]),
        (
            "/customer/email",
            json!("somebody@example.com"),
            &["/customer/email"],
        ),
    ];
    for (pointer, value, differs) in others {
        let other = with(&order, pointer, value);
        let problem = bakery
            .post("/v1/orders", &other)
            .send()
            .expect_problem(409, "order_differs");
        assert_eq!(problem["differs"], json!(differs), "{problem}");
        assert!(!problem.to_string().contains("example.com"), "{problem}");
    }
    let fewer = with(&order, "/cart/lines", json!([order["cart"]["lines"][0]]));
    let problem = bakery
        .post("/v1/orders", &fewer)
        .send()
        .expect_problem(409, "order_differs");
    assert_eq!(problem["differs"], json!(["/cart/lines/1"]), "{problem}");
    let again = bakery.post("/v1/orders", &order).send();
    assert_eq!((again.status, again.body), (200, first.body));
}

/// An order of two lines by a guest, and her e-mail.
fn order() -> (Value, String) {
    let id = fresh("order");
    let email = format!("{id}@example.com");
    let order = json!({
        "id": id,
        "placed_at": "2026-04-20T09:30:00Z",
        "customer": { "email": email },
        "cart": { "currency": "EUR", "lines": [
            { "id": "a", "product": "rye", "quantity": 2, "unit_price": "10.00" },
            { "id": "b", "product": "roll", "quantity": 1, "unit_price": "5.00" }
        ]}
    });
    (order, email)
}

/// The document with one field set.
fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = document.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    changed.pointer_mut(parent).expect("its parent")[name] = value;
    changed
}
