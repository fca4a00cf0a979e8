//! Merges: two members turn out to be one person, and nothing of either is lost or doubled.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{Member, Shop, cart, fresh, fresh_email, shop};

fn merge(shop: &Shop, member: &Member, into: &str) -> Answer {
    let body = json!({ "into": into });
    shop.post(&member.path("/merges"), &body).deliver()
}

/// A cart that earns store credit as well.
fn paid_by_card(price: &str) -> Value {
    let mut cart = cart(price);
    cart["payment_method"] = json!("market-card");
    cart
}

#[test]
fn a_merge_loses_nothing_and_doubles_nothing() {
    let market = shop("market");
    let customer = json!({ "customer_id": fresh("customer") });
    let (ada, bea) = (
        market.enrol_as(fresh_email(), &customer),
        market.enrol_as(fresh_email(), &json!({ "customer_id": fresh("customer") })),
    );
    // 80 + 7 for the first order, and 90 + 7: each is in the first tier, and together they reach the second.
    ada.order(&fresh("order"), &paid_by_card("80.00"))
        .expect(201);
    bea.order(&fresh("order"), &paid_by_card("90.00"))
        .expect(201);
    let profile = json!({ "segments": ["vip"], "birthday": "05-14" });
    market
        .post(&ada.path("/profile"), &profile)
        .send()
        .expect(200);
    let (one, other) = (ada.document(), bea.document());
    assert_eq!(
        (&one["tier"], &other["tier"]),
        (&json!("crate"), &json!("crate"))
    );

    let answer = merge(market, &ada, &bea.id).expect(201);
    assert_eq!(answer["member_id"], ada.id);
    assert_eq!(answer["merged_into"], bea.id);

    let (gone, stays) = (ada.document(), bea.document());
    assert_eq!(gone["merged_into"], bea.id);
    assert_eq!(gone["balance_points"], 0);
    assert_eq!(
        (&gone["orders"], &gone["earned_points"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(gone["tier"], Value::Null);
    assert_eq!(stays.get("merged_into"), None);
    assert_eq!(stays["balance_points"], 187 + 197);
    assert_eq!(stays["earned_points"], 87 + 97);
    assert_eq!(stays["orders"], 2);
    assert_eq!(stays["tier"], "cart");
    assert_eq!(stays["profile"]["segments"], json!(["vip"]));
    assert_eq!(stays["profile"]["birthday"], "05-14");
    assert_eq!(stays["enrolled_at"], one["enrolled_at"]);
    assert_eq!(bea.snapshot()["credits"], json!([["credit", 400 + 450]]));
    assert_eq!(ada.sound_entries()[0]["points"], -187);
    let came = &bea.sound_entries()[0];
    assert_eq!(
        (&came["kind"], &came["points"]),
        (&json!("merge-in"), &json!(187))
    );

    // Whatever named her finds the other, and so does an order.
    for named in [
        json!({ "email": ada.email }),
        json!({ "id": customer["customer_id"] }),
        json!({ "member_id": ada.id }),
    ] {
        let order = market.order(&fresh("order"), &named, &cart("10.00")).send();
        assert_eq!(order.expect(201)["member_id"], bea.id, "{named}");
    }
    assert_eq!(bea.balance(), 187 + 197 + 30);
    // A page that was handed her snapshot under the old id shows what is booked.
    assert_eq!(ada.snapshot(), bea.snapshot());
    // So does who enrols her again, by either name.
    for body in [
        json!({ "email": ada.email }),
        json!({ "email": ada.email, "customer_id": customer["customer_id"] }),
        json!({ "email": bea.email, "customer_id": customer["customer_id"] }),
    ] {
        let mut body = body;
        body["consent"] = json!({ "terms": true });
        let found = market.post("/v1/members", &body).send().expect(200);
        assert_eq!(found["id"], bea.id, "{body}");
    }
}

#[test]
fn the_same_merge_again_has_the_first_answer_and_another_one_is_refused() {
    let market = shop("market");
    let (ada, bea, cleo) = (market.enrol(), market.enrol(), market.enrol());
    let answers = at_once(0..8, |_| merge(market, &ada, &bea.id));
    for answer in &answers {
        answer.expect(answer.status.clamp(200, 201));
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(bea.balance(), 200);
    merge(market, &ada, &cleo.id).expect_problem_at(409, "transfer_differs", "/into");
    // Nobody is merged into somebody who is another one now.
    merge(market, &bea, &ada.id).expect_problem_at(409, "member_merged", "/into");
    merge(market, &cleo, &ada.id).expect_problem_at(409, "member_merged", "/into");
    merge(market, &bea, &bea.id).expect_problem_at(422, "same_member", "/into");
    merge(market, &bea, "nobody").expect_problem_at(422, "member_unknown", "/into");
    assert_eq!((bea.balance(), cleo.balance()), (200, 100));
}

#[test]
fn who_was_merged_is_not_written_to_any_more() {
    let market = shop("market");
    let (ada, bea) = (market.enrol(), market.enrol());
    let key = fresh("key");
    let first = ada.adjust(&key, 5, "a gift").expect(201);
    merge(market, &ada, &bea.id).expect(201);
    // What was booked before is answered as it was.
    assert_eq!(ada.adjust(&key, 5, "a gift").expect(200), first);
    ada.adjust(&fresh("key"), 5, "a gift")
        .expect_problem(409, "member_merged");
    let profile = market.post(&ada.path("/profile"), &json!({ "tags": ["press"] }));
    profile.send().expect_problem(409, "member_merged");
    let give = |from: &Member, to: &Member| {
        let body = json!({ "id": fresh("transfer"), "to": to.id, "points": 1 });
        market.post(&from.path("/transfers"), &body).send()
    };
    give(&ada, &bea).expect_problem(409, "member_merged");
    give(&bea, &ada).expect_problem_at(409, "member_merged", "/to");
    assert_eq!((ada.balance(), bea.balance()), (0, 205));
}

#[test]
fn who_was_merged_before_follows() {
    let market = shop("market");
    let (ada, bea, cleo) = (market.enrol(), market.enrol(), market.enrol());
    merge(market, &ada, &bea.id).expect(201);
    merge(market, &bea, &cleo.id).expect(201);
    assert_eq!(cleo.balance(), 300);
    assert_eq!(ada.document()["merged_into"], cleo.id);
    let named = json!({ "email": ada.email });
    let order = market.order(&fresh("order"), &named, &cart("10.00")).send();
    assert_eq!(order.expect(201)["member_id"], cleo.id);
    // The answer is of the merge as it was.
    assert_eq!(
        merge(market, &ada, &bea.id).expect(200)["merged_into"],
        bea.id
    );
}
