//! Two shops on one edge do not see each other, whatever names they share.

use serde_json::{Value, json};

use crate::edge::Request;
use crate::shop::{cart, fresh, fresh_email, shop};

#[test]
fn one_e_mail_and_one_customer_id_are_two_members_in_two_shops() {
    let (email, customer) = (fresh_email(), json!({ "customer_id": fresh("customer") }));
    let here = shop("bakery").enrol_as(email.clone(), &customer);
    let there = shop("bookshop").enrol_as(email, &customer);
    assert_ne!(here.id, there.id);
    assert_eq!((here.balance(), there.balance()), (100, 0));
}

#[test]
fn one_order_id_is_two_orders_in_two_shops() {
    let id = fresh("order");
    let customer = json!({ "email": fresh_email() });
    for (name, points) in [("bakery", 20), ("bookshop", 60)] {
        let answer = shop(name)
            .order(&id, &customer, &cart("20.00"))
            .send()
            .expect(201);
        assert_eq!(answer["points"], points, "{name}");
        let published = Request::new("GET", format!("/v1/program?shop={name}")).send();
        let digest = &published.expect(200)["digest"];
        assert_eq!(answer["earning"]["program"]["digest"], *digest, "{name}");
    }
}

#[test]
fn one_idempotency_key_is_two_adjustments_in_two_shops() {
    let key = fresh("key");
    for name in ["bakery", "bookshop"] {
        let member = shop(name).enrol();
        member.adjust(&key, 7, "a gift").expect(201);
    }
}

#[test]
fn a_member_of_another_shop_is_not_there() {
    let member = shop("bakery").enrol();
    let bookshop = shop("bookshop");
    for rest in ["", "/snapshot", "/entries", "/entries?limit=1"] {
        let answer = bookshop.get(&member.path(rest)).send();
        let foreign = answer.expect_problem(404, "member_not_found");
        // Nothing tells her from a member that nobody has.
        let nobodys = bookshop.get(&format!("/v1/members/nobody{rest}")).send();
        assert_eq!(foreign, nobodys.expect_problem(404, "member_not_found"));
    }
    let adjustment = json!({ "points": 5, "reason": "a gift" });
    bookshop
        .post(&member.path("/adjustments"), &adjustment)
        .with("idempotency-key", fresh("key"))
        .send()
        .expect_problem(404, "member_not_found");
    let profile = bookshop.post(&member.path("/profile"), &json!({ "birthday": "05-14" }));
    profile.send().expect_problem(404, "member_not_found");
    assert_eq!(member.document()["profile"]["birthday"], Value::Null);
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn an_order_finds_no_member_of_another_shop() {
    let customer_id = fresh("customer");
    let member = shop("bakery").enrol_as(fresh_email(), &json!({ "customer_id": customer_id }));
    let named = json!({ "member_id": member.id });
    let order = shop("bookshop").order(&fresh("order"), &named, &cart("20.00"));
    order.send().expect_problem(422, "member_unknown");
    for customer in [
        json!({ "id": customer_id }),
        json!({ "email": member.email }),
    ] {
        let order = shop("bookshop").order(&fresh("order"), &customer, &cart("20.00"));
        let answer = order.send().expect(201);
        assert_eq!(answer["status"], "guest", "{customer}");
        assert_eq!(answer["member_id"], Value::Null, "{customer}");
    }
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn a_key_opens_its_own_shop_and_no_other() {
    let (bakery, bookshop) = (shop("bakery"), shop("bookshop"));
    let member = bakery.enrol();
    // The bookshop's randomness under the bakery's name, and the other way round.
    let random = |key: &str| key.rsplit('_').next().expect("a random part").to_owned();
    for key in [
        format!("sk_bakery_{}", random(&bookshop.secret_key)),
        format!("sk_bookshop_{}", random(&bakery.secret_key)),
        format!("sk_bakery_{}", random(&bakery.publishable_key)),
    ] {
        Request::new("GET", member.path(""))
            .with("authorization", format!("Bearer {key}"))
            .send()
            .expect_problem(401, "key_unknown");
    }
}

#[test]
fn a_page_of_one_shop_uses_no_key_of_another() {
    let demo = shop("demo");
    let body = json!({ "cart": cart("20.00") });
    // The demo store's origins are localhost's; the bakery's has one that the demo has not.
    let foreign = shop("bakery")
        .origins
        .iter()
        .find(|origin| !demo.origins.contains(origin))
        .expect("an origin of the bakery alone");
    demo.page_post("/v1/preview", &body).send().expect(200);
    demo.page_post("/v1/preview", &body)
        .with("origin", foreign)
        .send()
        .expect_problem(403, "origin_not_allowed");
}
