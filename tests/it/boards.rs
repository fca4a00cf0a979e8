//! Competitions: a board of those who want to be on it, and prizes when it is over.

use serde_json::{Value, json};

use crate::edge::{Answer, Request};
use crate::settling::round;
use crate::shop::{Member, Shop, cart, fresh, shop};

fn garden() -> &'static Shop {
    shop("garden")
}

fn shown_as(member: &Member, name: &Value) -> Answer {
    let body = json!({ "display_name": name });
    garden().post(&member.path("/profile"), &body).send()
}

/// The board as a page asks for it.
fn board(competition: &str) -> Answer {
    let shop = garden();
    let path = format!("/v1/competitions/{competition}/board");
    Request::new("GET", path)
        .with("authorization", format!("Bearer {}", shop.publishable_key))
        .with("origin", &shop.origins[0])
        .send()
}

fn places(competition: &str) -> Vec<Value> {
    let document = board(competition).expect(200);
    document["places"].as_array().expect("places").clone()
}

#[test]
fn a_board_shows_who_wants_to_be_shown_and_what_she_has() {
    let [ada, bo, cy] = [(); 3].map(|()| garden().enrol());
    // More than any other scenario of this shop earns.
    ada.order(&fresh("order"), &cart("90000.00")).expect(201);
    bo.order(&fresh("order"), &cart("80000.00")).expect(201);
    let id = fresh("order");
    bo.order(&id, &cart("70000.00")).expect(201);
    cy.order(&fresh("order"), &cart("99000.00")).expect(201);
    let names = |places: &[Value]| {
        let names = places
            .iter()
            .map(|it| format!("{} {} {}", it["place"], it["name"], it["total"]));
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&places("bloom")), [""; 0]);
    let told = shown_as(&ada, &json!("  Ada\u{202e}  L. ")).expect(200);
    assert_eq!(told["profile"]["display_name"], "Ada L.");
    shown_as(&bo, &json!("Bo")).expect(200);
    assert_eq!(
        names(&places("bloom")),
        ["1 \"Bo\" 150000", "2 \"Ada L.\" 90000"]
    );
    let refund = json!({ "id": fresh("refund"), "order_id": id });
    garden().post("/v1/refunds", &refund).send().expect(201);
    assert_eq!(
        names(&places("bloom")),
        ["1 \"Ada L.\" 90000", "2 \"Bo\" 80000"]
    );
    let answer = board("bloom");
    let document = answer.expect(200);
    assert!(answer.header("cache-control").contains("max-age"));
    assert_eq!(
        (&document["status"], &document["by"]),
        (&json!("running"), &json!("points"))
    );
    for member in [&ada, &bo, &cy] {
        assert!(!answer.body.contains(&member.id) && !answer.body.contains(&member.email));
    }
    for member in [&ada, &bo] {
        let told = shown_as(member, &Value::Null).expect(200);
        assert_eq!(told["profile"]["display_name"], Value::Null);
    }
    assert_eq!(names(&places("bloom")), [""; 0]);
    board("thaw").expect_problem(404, "competition_not_found");
    for name in [json!("ada@example.com"), json!(" \u{200b} ")] {
        let refused = shown_as(&ada, &name);
        refused.expect_problem_at(422, "display_name_unusable", "/display_name");
    }
}

#[test]
fn a_competition_that_is_over_gives_its_prizes_once() {
    let ada = garden().enrol();
    shown_as(&ada, &json!("Ada")).expect(200);
    let order = json!({
        "id": fresh("order"), "customer": { "member_id": ada.id }, "cart": cart("20.00"),
        "placed_at": "2020-06-01T12:00:00Z",
    });
    garden().post("/v1/orders", &order).send().expect(201);
    for _ in 0..10 {
        round().expect(200);
        if ada.balance() == 100 + 20 + 70 {
            break;
        }
    }
    round().expect(200);
    let entries = ada.sound_entries();
    assert_eq!(ada.balance(), 100 + 20 + 70, "{entries:?}");
    assert_eq!(entries[0]["kind"], "competition");
    let document = board("frost").expect(200);
    assert_eq!(document["status"], "over");
    assert_eq!(
        document["places"],
        json!([{ "place": 1, "name": "Ada", "total": "20.00", "prize_points": 70 }])
    );
}
