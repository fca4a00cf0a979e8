//! Orders that are drawn, by a seed of the shop's own that is revealed afterwards.

use earnest_core::surprise::{draw, is_drawn};
use earnest_vectors::benefits::surprise::Drawing;
use earnest_vectors::benefits::{Case, Vectors};
use earnest_vectors::{ANY_DAY, published};
use serde_json::{Value, json};

use super::{Otherwise, cart_of, check, joined};
use crate::shop::{Member, Shop};

const OTHERWISE: &[Otherwise] = &[
    Otherwise {
        case: "another-seed-is-not-the-published-one",
        answer: Some("null"),
        why: "an order is drawn with the seed that the program is committed to, or not at all",
    },
    Otherwise {
        case: "the-budget-is-spent",
        answer: None,
        why: "what was given comes from gifts of 50, which never add up to 951",
    },
];

#[test]
fn surprises_are_given_at_the_edge_as_another_implementation_draws() {
    // What was not given is not told of, and so not why.
    let told = |case: &Case<Drawing>| {
        let answer = &case.expect["answer"];
        let was_given = answer["refused"].is_null();
        if was_given {
            answer.clone()
        } else {
            Value::Null
        }
    };
    check("surprise", OTHERWISE, told, ask);
}

fn ask(shop: &'static Shop, vectors: &Vectors<Drawing>, case: &Case<Drawing>) -> Value {
    let Drawing {
        seed,
        order,
        currency,
        counted_minor,
        given,
        at,
    } = &case.question;
    let at = at.as_deref().unwrap_or(ANY_DAY);
    let hex: String = seed.bytes().map(|byte| format!("{byte:02x}")).collect();
    let made = shop.post("/v1/seeds", &json!({ "seed": hex })).send();
    let commitment = made.expect(201)["commitment"].clone();

    let program = published(&case.program, &vectors.programs[&case.program]);
    let [surprise] = program.surprises() else {
        panic!("one surprise")
    };
    let (member, _) = joined(shop, at, &json!({}));
    let bought = |id: &str, currency: &str, minor: i64| {
        let told = buy(shop, &member, id, (currency, minor), at);
        told["surprises"][0].clone()
    };
    let ids = (0..).map(|nth| format!("earlier-{nth}"));
    let mut winners =
        ids.filter(|id| is_drawn(draw(seed.as_bytes(), &surprise.id, id), surprise.one_in));
    let mut sum = 0;
    while sum < *given {
        let gift = bought(&winners.next().expect("another one"), "EUR", 2_000);
        assert!(gift.is_object(), "{gift}");
        sum += surprise.costs.get();
    }
    assert_eq!(sum, *given, "what was given before");

    let gift = bought(order, currency, *counted_minor);
    let commitment = commitment
        .as_str()
        .expect("a commitment")
        .replace(':', "%3A");
    let reveal = format!("/v1/seeds/{commitment}/reveal");
    let revealed = shop.post(&reveal, &json!({})).send().expect(200);
    assert_eq!(revealed["seed"], hex, "whoever is told it can draw again");
    match (&gift["points"], &gift["reward"]) {
        (Value::Null, Value::Null) => Value::Null,
        (points, Value::Null) => json!({ "points": points }),
        (_, reward) => json!({ "reward": reward }),
    }
}

fn buy(shop: &Shop, member: &Member, id: &str, (currency, minor): (&str, i64), at: &str) -> Value {
    let customer = json!({ "member_id": member.id });
    let order = shop.order(id, &customer, &cart_of(currency, minor));
    order.at(at).send().expect(201)
}
