//! Rewards that members ask for: what they cost and take off, or why they are refused. An offer is asked for by taking
//! it, for the most points that it is said to take, and then, by somebody else, for the fewest.

use earnest_vectors::ANY_DAY;
use earnest_vectors::benefits::Case;
use earnest_vectors::benefits::rewards::Asking;
use serde_json::{Value, json};

use super::{cart_of, check, joined};
use crate::edge::Answer;
use crate::shop::{Member, Shop, fresh, points};

/// Points that are enough for every reward of the file.
const ENOUGH: i64 = 9_999;

#[test]
fn rewards_cost_and_take_off_at_the_edge_what_was_worked_out_by_hand() {
    // What is missing is told in words.
    let told = |case: &Case<Asking>| {
        let mut told = case.expect.clone();
        if let Some(fields) = told.as_object_mut() {
            fields.remove("missing");
        }
        told
    };
    check("rewards", &[], told, |shop, _, case| ask(shop, case));
}

fn ask(shop: &'static Shop, case: &Case<Asking>) -> Value {
    let asking = &case.question;
    for (reward, count) in &asking.gone {
        for _ in 0..*count {
            let other = somebody(shop, asking);
            have_points(&other, asking, ENOUGH);
            have(&other, asking, &fresh("gone"), reward);
        }
    }
    let Some(offered) = &asking.offer else {
        let wishes = asking.take.iter().map(|(id, count)| (id.as_str(), *count));
        let wishes: Vec<_> = wishes.collect();
        let answer = take(&taker(shop, asking), asking, "taken", &wishes);
        return taken(&answer, asking.cart.is_some());
    };
    let expected = &case.expect;
    let has_choice = expected["least"] != expected["most"];
    // Only where there is a choice does she say how many.
    let chosen = |name: &str| expected[name].as_i64().filter(|_| has_choice);
    let answer = take(
        &taker(shop, asking),
        asking,
        "most",
        &[(offered, chosen("most"))],
    );
    if answer.status >= 400 {
        let told = refused(&answer);
        return json!({ "refused": told["refused"] });
    }
    let most = answer.expect(201);
    let mut least = most["points"].clone();
    if has_choice {
        let answer = take(
            &taker(shop, asking),
            asking,
            "least",
            &[(offered, chosen("least"))],
        );
        least = answer.expect(201)["points"].clone();
    }
    json!({ "least": least, "most": most["points"], "off": most["rewards"][0]["discount"] })
}

/// Somebody as the case has her.
fn taker(shop: &'static Shop, asking: &Asking) -> Member {
    let member = somebody(shop, asking);
    for (reward, count) in &asking.had {
        for _ in 0..*count {
            have_points(&member, asking, ENOUGH);
            have(&member, asking, &fresh("had"), reward);
        }
    }
    have_points(&member, asking, asking.points);
    member
}

/// Somebody of the tier of the case.
fn somebody(shop: &'static Shop, asking: &Asking) -> Member {
    let (member, _) = joined(shop, at(asking), &json!({}));
    let earned_minor = match asking.tier.as_deref() {
        None => return member,
        Some("silver") => 10_000,
        Some("gold") => 100_000,
        Some(tier) => panic!("what lifts to {tier}?"),
    };
    let order = member.order_request(&fresh("order"), &cart_of("EUR", earned_minor));
    order.at(at(asking)).send().expect(201);
    assert_eq!(member.document()["tier"].as_str(), asking.tier.as_deref());
    member
}

/// Gives or takes points until she has so many.
fn have_points(member: &Member, asking: &Asking, wanted: i64) {
    let more = wanted - points(&member.document()["available_points"]);
    if more != 0 {
        let body = json!({ "points": more, "reason": "as the case says" });
        let adjusting = member
            .adjustment(&body)
            .with("idempotency-key", fresh("key"));
        adjusting.at(at(asking)).send().expect(201);
    }
}

/// She has taken a reward before.
fn have(member: &Member, asking: &Asking, id: &str, reward: &str) {
    let path = "/v1/redemptions";
    let body = json!({ "id": id, "customer": { "member_id": member.id }, "commit": true,
        "rewards": [{ "id": reward }] });
    member
        .shop()
        .post(path, &body)
        .at(at(asking))
        .send()
        .expect(201);
}

/// She asks for rewards, for the cart of the case.
fn take(member: &Member, asking: &Asking, id: &str, wishes: &[(&str, Option<i64>)]) -> Answer {
    let wishes = wishes.iter().map(|(id, points)| match points {
        Some(points) => json!({ "id": id, "points": points }),
        None => json!({ "id": id }),
    });
    let wishes: Vec<Value> = wishes.collect();
    let mut body = json!({ "id": id, "customer": { "member_id": member.id }, "rewards": wishes });
    if let Some(cart) = &asking.cart {
        body["cart"] = json!(cart);
    }
    let asked = member.shop().post("/v1/redemptions", &body);
    asked.at(at(asking)).send()
}

fn at(asking: &Asking) -> &str {
    asking.at.as_deref().unwrap_or(ANY_DAY)
}

/// What she was told of what she took, as a case tells it. Without a cart nothing is taken off.
fn taken(answer: &Answer, has_cart: bool) -> Value {
    if answer.status >= 400 {
        return refused(answer);
    }
    let told = answer.expect(201);
    if !has_cart {
        assert_eq!(told["cart"], Value::Null, "{answer}");
        return json!({ "points": told["points"], "lines": [], "shipping": "0.00", "rewards": [] });
    }
    let discounts = |list: &Value| {
        let list = list.as_array().expect("a list").iter();
        list.map(|it| it["discount"].clone()).collect::<Vec<_>>()
    };
    json!({
        "points": told["points"],
        "lines": discounts(&told["cart"]["lines"]),
        "shipping": told["cart"]["shipping_discount"],
        "rewards": discounts(&told["rewards"]),
    })
}

/// Why she was refused, and which of her wishes.
fn refused(answer: &Answer) -> Value {
    let problem = answer.json();
    let code = problem["code"].as_str().expect("a code");
    answer.expect_problem(422, code);
    let pointer = problem["pointer"].as_str().expect("a pointer");
    let nth = pointer.strip_prefix("/rewards/").expect("a wish");
    let nth: usize = nth.parse().expect("a number");
    json!({ "refused": code, "wish": nth })
}
