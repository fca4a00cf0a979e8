//! Transfers: a member gives points to another one, once, where the programme lets her; a household pools.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{Member, Shop, cart, fresh, shop};

fn transfer(shop: &Shop, from: &Member, id: &str, to: &str, points: i64) -> Answer {
    let body = json!({ "id": id, "to": to, "points": points });
    shop.post(&from.path("/transfers"), &body).deliver()
}

/// Sets the household of a member.
fn lives_in(shop: &Shop, member: &Member, household: &Value) {
    let body = json!({ "household": household });
    let told = shop
        .post(&member.path("/profile"), &body)
        .send()
        .expect(200);
    assert_eq!(told["profile"]["household"], *household);
}

#[test]
fn points_move_from_one_member_to_another_with_an_entry_each() {
    let market = shop("market");
    let (ada, bea) = (market.enrol(), market.enrol());
    let id = fresh("transfer");
    let answer = transfer(market, &ada, &id, &bea.id, 30).expect(201);
    assert_eq!(answer["transfer_id"], id);
    assert_eq!(answer["points"], 30);
    assert_eq!(
        answer["from"],
        json!({ "member_id": ada.id, "balance_points": 70 })
    );
    assert_eq!(
        answer["to"],
        json!({ "member_id": bea.id, "balance_points": 130 })
    );
    let (gave, got) = (ada.sound_entries(), bea.sound_entries());
    assert_eq!(
        (&gave[0]["kind"], &gave[0]["points"], &gave[0]["source"]),
        (&json!("transfer-out"), &json!(-30), &json!(id))
    );
    assert_eq!(
        (&got[0]["kind"], &got[0]["points"], &got[0]["source"]),
        (&json!("transfer-in"), &json!(30), &json!(id))
    );
    // They may be given on.
    transfer(market, &bea, &fresh("transfer"), &ada.id, 130).expect(201);
    assert_eq!((ada.balance(), bea.balance()), (200, 0));
}

#[test]
fn the_same_transfer_again_has_the_first_answer_and_another_one_is_refused() {
    let market = shop("market");
    let (ada, bea) = (market.enrol(), market.enrol());
    let id = fresh("transfer");
    let first = transfer(market, &ada, &id, &bea.id, 30);
    bea.adjust(&fresh("key"), 5, "a gift").expect(201);
    let again = transfer(market, &ada, &id, &bea.id, 30);
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    let other = transfer(market, &ada, &id, &bea.id, 31);
    other.expect_problem_at(409, "transfer_differs", "/points");
    let other = transfer(market, &bea, &id, &ada.id, 30);
    other.expect_problem_at(409, "transfer_differs", "/from");
    assert_eq!((ada.balance(), bea.balance()), (70, 135));
}

#[test]
fn twenty_deliveries_of_a_transfer_at_once_book_it_once() {
    let market = shop("market");
    let (ada, bea) = (market.enrol(), market.enrol());
    let id = fresh("transfer");
    let answers = at_once(0..20, |_| transfer(market, &ada, &id, &bea.id, 60));
    for answer in &answers {
        answer.expect(answer.status.clamp(200, 201));
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!((ada.balance(), bea.balance()), (40, 160));
    assert_eq!(ada.sound_entries().len() + bea.sound_entries().len(), 4);
}

#[test]
fn of_ten_transfers_at_once_that_a_balance_covers_once_one_is_made() {
    let market = shop("market");
    let (ada, bea) = (market.enrol(), market.enrol());
    let answers = at_once(0..10, |_| {
        transfer(market, &ada, &fresh("transfer"), &bea.id, 60)
    });
    let (made, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 1, "{made:?}");
    for answer in refused {
        answer.expect_problem_at(422, "not_enough_available", "/points");
    }
    assert_eq!((ada.balance(), bea.balance()), (40, 160));
}

#[test]
fn a_transfer_that_cannot_be_is_refused_at_its_field_and_its_id_stays_free() {
    let market = shop("market");
    let (ada, bea) = (market.enrol(), market.enrol());
    let stranger = shop("bakery").enrol();
    let id = fresh("transfer");
    for (to, points, status, code, pointer) in [
        (bea.id.as_str(), 101, 422, "not_enough_available", "/points"),
        (&bea.id, 0, 422, "transfer_of_nothing", "/points"),
        (&bea.id, -5, 422, "transfer_of_nothing", "/points"),
        (&ada.id, 5, 422, "same_member", "/to"),
        ("nobody", 5, 422, "member_unknown", "/to"),
        // A member of another shop is nobody here.
        (&stranger.id, 5, 422, "member_unknown", "/to"),
        ("", 5, 422, "text_empty", "/to"),
    ] {
        let refused = transfer(market, &ada, &id, to, points);
        refused.expect_problem_at(status, code, pointer);
    }
    let body = json!({ "id": id, "to": bea.id, "points": 5 });
    let nobody = market.post("/v1/members/nobody/transfers", &body).send();
    nobody.expect_problem(404, "member_not_found");
    transfer(market, &ada, &id, &bea.id, 100).expect(201);
    assert_eq!((ada.balance(), bea.balance()), (0, 200));
}

#[test]
fn a_programme_that_says_nothing_of_transfers_has_none() {
    let bakery = shop("bakery");
    let (ada, bea) = (bakery.enrol(), bakery.enrol());
    let refused = transfer(bakery, &ada, &fresh("transfer"), &bea.id, 5);
    refused.expect_problem_at(422, "transfers_not_allowed", "/to");
}

#[test]
fn a_household_gives_each_other_what_one_of_them_misses() {
    let farm = shop("farm");
    let (ada, bea, cleo) = (farm.enrol(), farm.enrol(), farm.enrol());
    let smith = fresh("smith");
    let give = |to: &Member| transfer(farm, &ada, &fresh("transfer"), &to.id, 10);
    // Nobody lives with anybody as long as nobody says so.
    give(&bea).expect_problem_at(422, "transfers_not_allowed", "/to");
    lives_in(farm, &ada, &json!(smith));
    give(&bea).expect_problem_at(422, "transfers_not_allowed", "/to");
    lives_in(farm, &bea, &json!(smith));
    lives_in(farm, &cleo, &json!(fresh("jones")));
    ada.order(&fresh("order"), &cart("20.00")).expect(201);
    give(&bea).expect(201);
    give(&cleo).expect_problem_at(422, "transfers_not_allowed", "/to");

    let told = bea.get("/household").expect(200);
    assert_eq!(told["household"], smith);
    let mut expected = [
        json!({ "member_id": ada.id, "customer_id": null, "balance_points": 110, "available_points": 110 }),
        json!({ "member_id": bea.id, "customer_id": null, "balance_points": 110, "available_points": 110 }),
    ];
    expected.sort_by_key(|member| member["member_id"].to_string());
    assert_eq!(told["members"], json!(expected));

    lives_in(farm, &bea, &Value::Null);
    give(&bea).expect_problem_at(422, "transfers_not_allowed", "/to");
    let told = bea.get("/household").expect(200);
    assert_eq!(told, json!({ "household": null, "members": [] }));
}
