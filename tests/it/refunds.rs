//! Refunds: what an order earned goes back with it, once, in whatever order things arrive.

use serde_json::{Value, json};

use crate::edge::{Answer, Request, at_once};
use crate::shop::{Member, Shop, cart, fresh, points, shop};

fn tavern() -> &'static Shop {
    shop("tavern")
}

/// Two of 10.00, and one of 5.00: 25 points.
fn two_lines() -> Value {
    json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "stew", "quantity": 2, "unit_price": "10.00" },
        { "id": "b", "product": "bread", "quantity": 1, "unit_price": "5.00" }
    ]})
}

fn refund(id: &str, order_id: &str, lines: Option<Value>) -> Request {
    let mut document = json!({ "id": id, "order_id": order_id });
    if let Some(lines) = lines {
        document["lines"] = lines;
    }
    tavern().post("/v1/refunds", &document)
}

fn booked(member: &Member, cart: &Value) -> String {
    let id = fresh("order");
    member.order(&id, cart).expect(201);
    id
}

/// Points taken, owed and returned, and the balance.
fn told(answer: &Answer) -> (i64, i64, i64, i64) {
    let told = answer.expect(201);
    let of = |field: &str| points(&told[field]);
    (
        of("taken_points"),
        of("owed_points"),
        of("returned_points"),
        of("balance_points"),
    )
}

#[test]
fn a_partial_refund_takes_back_what_its_lines_earned_and_the_rest_the_rest() {
    let member = tavern().enrol();
    let order = booked(&member, &two_lines());
    let one = Some(json!([{ "id": "a", "quantity": 1 }]));
    assert_eq!(
        told(&refund(&fresh("r"), &order, one).send()),
        (10, 0, 0, 115)
    );
    let scratch = Some(json!([{ "id": "b", "amount": "2.00" }]));
    assert_eq!(
        told(&refund(&fresh("r"), &order, scratch).send()),
        (2, 0, 0, 113)
    );
    assert_eq!(
        told(&refund(&fresh("r"), &order, None).send()),
        (13, 0, 0, 100)
    );
    let document = member.document();
    assert_eq!(
        (&document["earned_points"], &document["orders"]),
        (&json!(0), &json!(0))
    );
    member.sound_entries();
    refund(&fresh("r"), &order, None)
        .send()
        .expect_problem_at(422, "refund_of_nothing", "/lines");
}

#[test]
fn a_refund_books_once_and_another_one_under_its_id_is_refused() {
    let member = tavern().enrol();
    let (order, other) = (booked(&member, &two_lines()), booked(&member, &two_lines()));
    let id = fresh("r");
    let one = || Some(json!([{ "id": "a", "quantity": 1 }]));
    let first = refund(&id, &order, one()).send();
    let again = refund(&id, &order, one()).send();
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    let problem = refund(&id, &order, None)
        .send()
        .expect_problem(409, "refund_differs");
    assert_eq!(problem["differs"], json!(["/lines"]), "{problem}");
    refund(&id, &other, one())
        .send()
        .expect_problem_at(409, "refund_differs", "/order_id");
    assert_eq!(member.balance(), 100 + 25 + 25 - 10);
}

#[test]
fn what_does_not_fit_the_order_is_refused_with_its_name_and_place() {
    let member = tavern().enrol();
    let order = booked(&member, &two_lines());
    let cases = [
        (
            json!([{ "id": "b", "quantity": 1 }, { "id": "a", "quantity": 3 }]),
            "refund_exceeds_order",
            "/lines/1",
        ),
        (
            json!([{ "id": "b", "amount": "5.01" }]),
            "refund_exceeds_order",
            "/lines/0",
        ),
        (
            json!([{ "id": "c", "quantity": 1 }]),
            "refund_line_unknown",
            "/lines/0/id",
        ),
        (json!([{ "id": "a" }]), "refund_of_nothing", "/lines/0"),
        (json!([]), "refund_of_nothing", "/lines"),
        (
            json!([{ "id": "b", "amount": "2.001" }]),
            "field_invalid",
            "/lines/0/amount",
        ),
        (
            json!([{ "id": "b", "amount": "-2" }]),
            "field_invalid",
            "/lines/0/amount",
        ),
    ];
    for (lines, code, pointer) in cases {
        let answer = refund(&fresh("r"), &order, Some(lines)).send();
        answer.expect_problem_at(422, code, pointer);
    }
    assert_eq!(member.balance(), 125);
}

#[test]
fn spent_points_are_owed_and_earned_off_first() {
    let member = tavern().enrol();
    let order = booked(&member, &cart("30.00"));
    member
        .adjust(&fresh("key"), -120, "spent elsewhere")
        .expect(201);
    assert_eq!(
        told(&refund(&fresh("r"), &order, None).send()),
        (10, 20, 0, 0)
    );
    let next = member.order(&fresh("order"), &cart("50.00")).expect(201);
    assert_eq!(
        (&next["points"], &next["balance_points"]),
        (&json!(50), &json!(30))
    );
    let kinds: Vec<_> = member
        .sound_entries()
        .iter()
        .map(|it| it["kind"].clone())
        .collect();
    assert_eq!(
        kinds,
        ["repay", "earn", "clawback", "adjust", "earn", "welcome"]
    );
}

#[test]
fn points_that_an_order_was_paid_with_come_back_with_it() {
    let member = tavern().enrol();
    let redemption = fresh("red");
    let customer = json!({ "member_id": member.id });
    let ask = json!({ "id": redemption, "customer": customer, "rewards": [{ "id": "five-off" }] });
    tavern().post("/v1/redemptions", &ask).send().expect(201);
    let order = fresh("order");
    let document = json!({ "id": order, "customer": customer, "cart": two_lines(), "redemptions": [redemption] });
    let paid = tavern().post("/v1/orders", &document).send().expect(201);
    assert_eq!(
        (&paid["redeemed_points"], &paid["balance_points"]),
        (&json!(50), &json!(75))
    );
    // 10.00 of 25.00: two fifths of 50.
    let one = Some(json!([{ "id": "a", "quantity": 1 }]));
    assert_eq!(
        told(&refund(&fresh("r"), &order, one).send()),
        (10, 0, 20, 85)
    );
    assert_eq!(
        told(&refund(&fresh("r"), &order, None).send()),
        (15, 0, 30, 100)
    );
    member.sound_entries();
}

#[test]
fn a_refund_may_come_before_its_order() {
    let member = tavern().enrol();
    let (order, refunds) = (fresh("order"), [fresh("r"), fresh("r")]);
    let one = || Some(json!([{ "id": "a", "quantity": 1 }]));
    let waits = refund(&refunds[0], &order, one()).send().expect(201);
    assert_eq!(
        (&waits["status"], &waits["points"]),
        (&json!("waiting"), &json!(0))
    );
    // One that does not fit is found out when the order comes, takes nothing, and is told.
    let odd = Some(json!([{ "id": "z", "quantity": 1 }]));
    refund(&refunds[1], &order, odd).send().expect(201);
    let booked = member.order(&order, &two_lines()).expect(201);
    assert_eq!(
        (&booked["points"], &booked["refunded_points"]),
        (&json!(25), &json!(10))
    );
    assert_eq!(member.balance(), 115);
    // From then on each is answered what became of it, as the order's answer says it.
    let again = refund(&refunds[0], &order, one()).send().expect(200);
    assert_eq!(
        (
            &again["status"],
            &again["taken_points"],
            &again["balance_points"]
        ),
        (&json!("booked"), &json!(10), &json!(115))
    );
    let odd = refund(
        &refunds[1],
        &order,
        Some(json!([{ "id": "z", "quantity": 1 }])),
    );
    let odd = odd.send().expect(200);
    assert_eq!(
        (&odd["status"], &odd["reason"]),
        (&json!("refused"), &json!("refund_line_unknown"))
    );
    assert_eq!(booked["refunds"], json!([again, odd]));
    assert_eq!(
        told(&refund(&fresh("r"), &order, None).send()),
        (15, 0, 0, 100)
    );
    member.sound_entries();
}

#[test]
fn a_refund_that_no_order_could_fit_is_refused_though_its_order_has_not_come() {
    let order = fresh("order");
    let cases = [
        (json!([]), "refund_of_nothing", "/lines"),
        (json!([{ "id": "a" }]), "refund_of_nothing", "/lines/0"),
        (
            json!([{ "id": "a", "quantity": 1 }, { "id": "b", "amount": "abc" }]),
            "field_invalid",
            "/lines/1/amount",
        ),
        (
            json!([{ "id": "a", "amount": "-5" }]),
            "field_invalid",
            "/lines/0/amount",
        ),
        (
            json!([{ "id": "a", "quantity": 1, "amount": "0.00" }]),
            "field_invalid",
            "/lines/0/amount",
        ),
    ];
    for (lines, code, pointer) in cases {
        let answer = refund(&fresh("r"), &order, Some(lines)).send();
        answer.expect_problem_at(422, code, pointer);
    }
}

#[test]
fn units_come_back_with_what_is_left_of_their_money() {
    let member = tavern().enrol();
    let cart = json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "stew", "quantity": 3, "unit_price": "10.00" }
    ]});
    let order = booked(&member, &cart);
    let back = |line: Value| told(&refund(&fresh("r"), &order, Some(json!([line]))).send());
    assert_eq!(
        back(json!({ "id": "a", "amount": "15.00" })),
        (15, 0, 0, 115)
    );
    let two = json!({ "id": "a", "quantity": 2, "amount": "10.00" });
    assert_eq!(back(two), (10, 0, 0, 105));
    assert_eq!(back(json!({ "id": "a", "quantity": 1 })), (5, 0, 0, 100));
    member.sound_entries();
}

#[test]
fn a_guests_refund_is_kept_and_takes_nobodys_points() {
    let id = fresh("order");
    let customer = json!({ "email": format!("{id}@example.com") });
    tavern()
        .order(&id, &customer, &two_lines())
        .send()
        .expect(201);
    let told = refund(&fresh("r"), &id, None).send().expect(201);
    assert_eq!(
        (&told["status"], &told["member_id"]),
        (&json!("guest"), &Value::Null)
    );
    refund(&fresh("r"), &id, None)
        .send()
        .expect_problem(422, "refund_of_nothing");
}

#[test]
fn refunds_of_all_lines_at_once_take_the_order_back_once() {
    let member = tavern().enrol();
    let order = booked(&member, &two_lines());
    let answers = at_once(0..8, |_| refund(&fresh("r"), &order, None).deliver());
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(done, 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.expect_problem(422, "refund_of_nothing");
    }
    assert_eq!(member.balance(), 100);
    member.sound_entries();
}

#[test]
fn twenty_deliveries_of_an_order_among_those_of_its_refund_end_as_one_of_each() {
    let member = tavern().enrol();
    let (order, back) = (fresh("order"), fresh("r"));
    at_once(0..40, |nth| {
        if nth % 2 == 0 {
            member.order_request(&order, &two_lines()).deliver()
        } else {
            let one = Some(json!([{ "id": "a", "quantity": 1 }]));
            refund(&back, &order, one).deliver()
        }
    });
    assert_eq!(member.balance(), 100 + 25 - 10);
    assert_eq!(member.sound_entries().len(), 3);
}
