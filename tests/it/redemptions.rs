//! Redemptions: points are held for a cart, spent with its order, or free again; and no race mints any.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{Member, Shop, cart, fresh, shop};

fn tavern() -> &'static Shop {
    shop("tavern")
}

fn ask(member: &Member, id: &str, rewards: &Value, more: &Value) -> Answer {
    let mut document =
        json!({ "id": id, "customer": { "member_id": member.id }, "rewards": rewards });
    for (name, value) in more.as_object().expect("further fields") {
        document[name] = value.clone();
    }
    tavern().post("/v1/redemptions", &document).deliver()
}

fn end(id: &str, how: &str) -> Answer {
    tavern()
        .post(&format!("/v1/redemptions/{id}/{how}"), &json!({}))
        .deliver()
}

fn paid(member: &Member, id: &str, redemptions: &[&str]) -> Answer {
    let customer = json!({ "member_id": member.id });
    let order = json!({ "id": id, "customer": customer, "cart": cart("20.00"), "redemptions": redemptions });
    tavern().post("/v1/orders", &order).deliver()
}

#[test]
fn points_are_held_for_a_cart_and_spent_with_its_order() {
    let member = tavern().enrol();
    let id = fresh("red");
    let held = ask(&member, &id, &json!([{ "id": "five-off" }]), &json!({})).expect(201);
    assert_eq!(
        (&held["status"], &held["points"]),
        (&json!("held"), &json!(50))
    );
    assert_eq!(held["available_points"], 50);
    assert_eq!(member.balance(), 100, "they are hers until they are spent");
    let order = fresh("order");
    let first = paid(&member, &order, &[&id]);
    let told = first.expect(201);
    assert_eq!(
        (&told["redeemed_points"], &told["balance_points"]),
        (&json!(50), &json!(70))
    );
    let again = paid(&member, &order, &[&id]);
    assert_eq!((again.status, &again.body), (200, &first.body));
    paid(&member, &fresh("order"), &[&id]).expect_problem(409, "redemption_spent");
    end(&id, "release").expect_problem(409, "redemption_spent");
    assert_eq!(end(&id, "commit").expect(200)["status"], "spent");
    assert_eq!(member.sound_entries().len(), 3);
}

#[test]
fn what_is_released_is_free_again_and_may_be_spent_on_something_else() {
    let member = tavern().enrol();
    let id = fresh("red");
    ask(&member, &id, &json!([{ "id": "round" }]), &json!({})).expect(201);
    let two = json!([{ "id": "round" }]);
    let answer = ask(&member, &fresh("red"), &two, &json!({}));
    answer.expect_problem_at(422, "not_enough_points", "/rewards/0");
    for _ in 0..2 {
        assert_eq!(end(&id, "release").expect(200)["status"], "released");
    }
    end(&id, "commit").expect_problem(422, "redemption_not_held");
    let next = fresh("red");
    ask(&member, &next, &json!([{ "id": "round" }]), &json!({})).expect(201);
    assert_eq!(end(&next, "commit").expect(200)["points"], 60);
    assert_eq!(member.balance(), 40);
    // The discount was given: what was released meanwhile is taken anew.
    paid(&member, &fresh("order"), &[&id]).expect(201);
    assert_eq!(
        member.balance(),
        0,
        "40 of 60, and what was earned pays off the rest"
    );
    member.sound_entries();
}

#[test]
fn a_redemption_is_asked_for_once() {
    let member = tavern().enrol();
    let id = fresh("red");
    let five = || json!([{ "id": "five-off" }]);
    let first = ask(&member, &id, &five(), &json!({}));
    let again = ask(&member, &id, &five(), &json!({}));
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    let other = ask(&member, &id, &five(), &json!({ "commit": true }));
    let problem = other.expect_problem(409, "redemption_differs");
    assert_eq!(problem["differs"], json!(["/commit"]), "{problem}");
    let stranger = tavern().enrol();
    let answer = paid(&stranger, &fresh("order"), &[&id]);
    answer.expect_problem_at(422, "redemption_unknown", "/redemptions/0");
    end("nothing", "commit").expect_problem(404, "redemption_not_found");
}

#[test]
fn the_discount_is_split_over_lines_and_rates_of_tax_to_the_last_cent() {
    let member = tavern().enrol();
    let cart = json!({ "currency": "EUR", "prices_include_tax": true, "lines": [
        { "id": "stew", "product": "stew", "quantity": 1, "unit_price": "10.70", "tax": "0.70" },
        { "id": "wine", "product": "wine", "quantity": 1, "unit_price": "11.90", "tax": "1.90" }
    ]});
    let rates = json!({ "stew": "7", "wine": "19" });
    let more = json!({ "cart": cart, "tax_rates": rates });
    let told = ask(
        &member,
        &fresh("red"),
        &json!([{ "id": "five-off" }]),
        &more,
    )
    .expect(201);
    // 5.00 falls on 10.70 and 11.90 as 2.37 and 2.63; 8.33 has 0.54 of tax in it, and 9.27 has 1.48.
    assert_eq!(
        told["cart"],
        json!({
            "currency": "EUR", "discount": "5.00", "shipping_discount": "0.00", "to_pay": "17.60",
            "lines": [
                { "id": "stew", "discount": "2.37", "net": "7.79", "tax": "0.54" },
                { "id": "wine", "discount": "2.63", "net": "7.79", "tax": "1.48" }
            ],
            "tax_rates": [
                { "rate": "7", "discount": "2.37", "net": "7.79", "tax": "0.54" },
                { "rate": "19", "discount": "2.63", "net": "7.79", "tax": "1.48" }
            ]
        })
    );
    assert_eq!(told["rewards"][0]["discount"], "5.00");
}

#[test]
fn a_reward_that_is_taken_away_has_a_code_that_nobody_guesses() {
    let member = tavern().enrol();
    let id = fresh("red");
    let tasting = || json!([{ "id": "tasting" }]);
    let first = ask(&member, &id, &tasting(), &json!({ "commit": true }));
    let told = first.expect(201);
    assert_eq!(
        (&told["status"], &told["available_points"]),
        (&json!("spent"), &json!(20))
    );
    let code = told["code"].as_str().expect("a code");
    assert_eq!(code.len(), 20, "{code}");
    assert!(told["rewards"][0]["code_expires_at"].is_string(), "{told}");
    let again = ask(&member, &id, &tasting(), &json!({ "commit": true }));
    assert_eq!((again.status, &again.body), (200, &first.body));
    member.adjust(&fresh("key"), 100, "a gift").expect(201);
    let answer = ask(
        &member,
        &fresh("red"),
        &tasting(),
        &json!({ "commit": true }),
    );
    answer.expect_problem_at(422, "reward_limit_reached", "/rewards/0");
    member.sound_entries();
}

#[test]
fn what_costs_nothing_is_spent_once_as_well() {
    let member = tavern().enrol();
    let (id, other) = (fresh("red"), fresh("red"));
    let water = json!([{ "id": "water" }]);
    ask(&member, &id, &water, &json!({})).expect(201);
    paid(&member, &fresh("order"), &[&id]).expect(201);
    paid(&member, &fresh("order"), &[&id]).expect_problem(409, "redemption_spent");
    end(&id, "release").expect_problem(409, "redemption_spent");
    ask(&member, &other, &water, &json!({})).expect(201);
    for _ in 0..2 {
        assert_eq!(end(&other, "commit").expect(200)["status"], "spent");
    }
    let answer = ask(&member, &fresh("red"), &water, &json!({}));
    answer.expect_problem_at(422, "reward_limit_reached", "/rewards/0");
}

#[test]
fn what_cannot_be_asked_for_is_refused_with_its_name_and_place() {
    let member = tavern().enrol();
    let refused = |rewards: Value, more: Value, code: &str, pointer: &str| {
        let answer = ask(&member, &fresh("red"), &rewards, &more);
        answer.expect_problem_at(422, code, pointer);
    };
    let none = || json!({});
    refused(json!([]), none(), "field_invalid", "/rewards");
    refused(
        json!([{ "id": "moon" }]),
        none(),
        "reward_unknown",
        "/rewards/0",
    );
    refused(
        json!([{ "id": "change", "points": 0 }]),
        none(),
        "field_invalid",
        "/rewards/0/points",
    );
    refused(
        json!([{ "id": "change", "points": 15 }]),
        none(),
        "points_not_in_steps",
        "/rewards/0",
    );
    let both = json!([{ "id": "five-off" }, { "id": "change" }]);
    refused(both, none(), "reward_not_combinable", "/rewards/0");
    let twice = json!([{ "id": "change" }, { "id": "change" }]);
    refused(twice, none(), "reward_taken_twice", "/rewards/1");
    let rates = json!({ "tax_rates": { "nope": "19" } });
    let five_off = || json!([{ "id": "five-off" }]);
    refused(
        five_off(),
        rates,
        "tax_rate_line_unknown",
        "/tax_rates/nope",
    );
    let mut rates = json!({ "cart": cart("10.00") });
    rates["tax_rates"] = json!({ "a/b": "19" });
    refused(
        five_off(),
        rates,
        "tax_rate_line_unknown",
        "/tax_rates/a~1b",
    );
    let dollars = json!({ "cart": { "currency": "USD", "lines": [
        { "id": "a", "product": "stew", "quantity": 1, "unit_price": "10.00" }] } });
    refused(
        json!([{ "id": "five-off" }]),
        dollars,
        "currency_not_covered",
        "/rewards/0",
    );
    let rates = json!({ "tax_rates": { "a/b": "a lot" } });
    refused(
        json!([{ "id": "five-off" }]),
        rates,
        "field_invalid",
        "/tax_rates/a~1b",
    );
    assert_eq!(member.balance(), 100);
    let nobody = json!({ "id": fresh("red"), "customer": { "email": "nobody@example.com" },
        "rewards": [{ "id": "five-off" }] });
    let answer = tavern().post("/v1/redemptions", &nobody).send();
    answer.expect_problem_at(422, "member_unknown", "/customer");
}

#[test]
fn fifty_redemptions_of_60_from_100_at_once_grant_one() {
    let member = tavern().enrol();
    let answers = at_once(0..50, |nth| {
        let (id, commit) = (fresh("red"), json!({ "commit": nth % 2 == 0 }));
        ask(&member, &id, &json!([{ "id": "round" }]), &commit)
    });
    let granted = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(granted, 1, "{answers:?}");
    for answer in &answers {
        // Who found no turn among so many was granted nothing either.
        assert!([201, 422, 503].contains(&answer.status), "{answer}");
    }
    member.sound_entries();
}
