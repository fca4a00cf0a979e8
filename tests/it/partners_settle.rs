//! Settling with partners: what each brand owes is worked out from the entries that carry it, to the last point.

use std::collections::BTreeMap;

use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};

use crate::edge::Answer;
use crate::shop::{Member, fresh, shop};

/// Today where the mall is, and in so many days.
fn date(days: i64) -> String {
    let today = Zoned::now().in_tz("Asia/Tokyo").expect("a time zone");
    let date = today.date().checked_add(days.days()).expect("a date");
    date.to_string()
}

fn report(from: &str, to: &str) -> Answer {
    let path = format!("/v1/reports/partners?from={from}&to={to}");
    shop("mall").get(&path).send()
}

/// A cart of two things of this price; a partner's where one is named.
fn cart(partner: Option<&str>, currency: &str, price: &str) -> Value {
    let mut cart = json!({ "currency": currency, "lines": [
        { "id": "l1", "product": "bread", "quantity": 2, "unit_price": price }
    ]});
    if let Some(partner) = partner {
        cart["partner"] = json!(partner);
    }
    cart
}

/// Asks for 100 tokens off a cart.
fn redeem(member: &Member, cart: &Value, commit: bool) -> (String, Answer) {
    let id = fresh("red");
    let ask = json!({
        "id": id, "customer": { "member_id": member.id }, "cart": cart, "commit": commit,
        "rewards": [{ "id": "tokens-off", "points": 100 }],
    });
    (id, shop("mall").post("/v1/redemptions", &ask).send())
}

fn pay(member: &Member, cart: &Value, redemption: &str) -> (String, Answer) {
    let id = fresh("order");
    let order = json!({
        "id": id, "customer": { "member_id": member.id }, "cart": cart, "redemptions": [redemption],
    });
    (id, shop("mall").post("/v1/orders", &order).send())
}

fn refund(order_id: &str, lines: &Value) -> Value {
    let mut refund = json!({ "id": fresh("refund"), "order_id": order_id });
    if lines.is_array() {
        refund["lines"] = lines.clone();
    }
    shop("mall").post("/v1/refunds", &refund).send().expect(201)
}

/// Points earned and spent at each partner, by the entries that carry it.
fn by_entries(members: &[&Member]) -> BTreeMap<String, (i64, i64)> {
    let mut sums = BTreeMap::new();
    for entry in members.iter().flat_map(|member| member.sound_entries()) {
        let Some(partner) = entry["partner"].as_str() else {
            continue;
        };
        let points = entry["points"].as_i64().expect("points");
        let sum: &mut (i64, i64) = sums.entry(partner.to_owned()).or_default();
        match entry["kind"].as_str() {
            Some("redeem" | "return") => sum.1 -= points,
            _ => sum.0 += points,
        }
    }
    sums
}

#[test]
fn brands_settle_by_the_entries_that_carry_them() {
    let mall = shop("mall");
    let (from, to) = (date(-1), date(1));
    let none = report(&from, &to).expect(200);
    assert_eq!(none, json!({ "from": from, "to": to, "partners": [] }));
    let (ada, bea) = (mall.enrol(), mall.enrol());
    let bakery = cart(Some("bakery"), "EUR", "40.25");
    let cinema = cart(Some("cinema"), "EUR", "16.00");
    ada.order(&fresh("order"), &bakery).expect(201);
    let (of_bakery, of_cinema) = (fresh("order"), fresh("order"));
    bea.order(&of_bakery, &bakery).expect(201);
    ada.order(&fresh("order"), &cart(None, "EUR", "9.00"))
        .expect(201);
    let yen = cart(Some("cinema"), "JPY", "2500");
    // The third order of hers: what the challenge gives is not the cinema's.
    ada.order(&of_cinema, &yen).expect(201);
    // 161 tokens each, of which one is worth 0.0125; 50 for 5000 yen, at 2.
    let told = report(&from, &to).expect(200);
    let rows = told["partners"].as_array().expect("partners");
    let row = |nth: usize, keys: [&str; 6]| keys.map(|key| rows[nth][key].clone());
    let keys = [
        "partner",
        "name",
        "currency",
        "earned_points",
        "partner_owes",
        "net_minor",
    ];
    let of_yen = ["cinema", "Roxy Cinema", "JPY"].map(|it| json!(it));
    assert_eq!(row(0, keys)[3..], [json!(322), json!("4.02"), json!(402)]);
    assert_eq!(row(1, keys)[..3], of_yen);
    assert_eq!(row(1, keys)[3..], [json!(50), json!("100"), json!(100)]);
    assert_eq!(rows.len(), 2);

    // Spent at the cinema, once with an order of which a half comes back, once without one.
    let (held, answer) = redeem(&ada, &cinema, false);
    answer.expect(201);
    let (_, elsewhere) = pay(&ada, &bakery, &held);
    let pointer = "/redemptions/0";
    elsewhere.expect_problem_at(422, "redemption_of_other_partner", pointer);
    let (_, elsewhere) = pay(&ada, &cart(None, "EUR", "40.25"), &held);
    elsewhere.expect_problem_at(422, "redemption_of_other_partner", pointer);
    let (paid, answer) = pay(&ada, &cinema, &held);
    answer.expect(201);
    refund(&paid, &json!([{ "id": "l1", "quantity": 1 }]));
    redeem(&bea, &cinema, true).1.expect(201);
    refund(&of_bakery, &Value::Null);

    let told = report(&from, &to).expect(200);
    let rows = told["partners"].as_array().expect("partners");
    let of_euros = json!({
        "partner": "cinema", "name": "Roxy Cinema", "currency": "EUR",
        // 16 of the order, of which a half is left; 100, and a half of 100.
        "earned_points": 8, "spent_points": 150,
        "partner_owes": "0.12", "partner_owes_minor": 12,
        "shop_owes": "2.25", "shop_owes_minor": 225,
        "net": "-2.13", "net_minor": -213,
        "unsettled": { "earned_points": 0, "spent_points": 0 },
        "versions": [{
            "program_version": 1, "earned_points": 8, "spent_points": 150,
            "partner_owes": "0.12", "partner_owes_minor": 12,
            "shop_owes": "2.25", "shop_owes_minor": 225,
            "net": "-2.13", "net_minor": -213,
        }],
    });
    assert_eq!(rows[1], of_euros);
    let mut points = BTreeMap::<String, (i64, i64)>::new();
    for row in rows {
        let partner = row["partner"].as_str().expect("an id").to_owned();
        let sum = points.entry(partner).or_default();
        sum.0 += row["earned_points"].as_i64().expect("points");
        sum.1 += row["spent_points"].as_i64().expect("points");
    }
    assert_eq!(points, by_entries(&[&ada, &bea]));

    // One read, of as many rows however many orders there are.
    let first = report(&from, &to);
    ada.order(&fresh("order"), &bakery).expect(201);
    let second = report(&from, &to);
    let cost = first.header("earnest-cost");
    assert!(cost.starts_with("reads=1 writes=0 "), "{cost}");
    assert_eq!(cost, second.header("earnest-cost"));
    // Nothing was booked on other days.
    for (from, to) in [(date(-9), date(-2)), (date(2), date(3))] {
        assert_eq!(report(&from, &to).expect(200)["partners"], json!([]));
    }
}
