//! The books: what is deferred for points, its journal, and points day by day.

use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};

use crate::edge::Answer;
use crate::shop::{Shop, fresh, shop};

/// Today where the bindery is, and in so many days.
fn date(days: i64) -> String {
    let today = Zoned::now().in_tz("Asia/Tokyo").expect("a time zone");
    let date = today.date().checked_add(days.days()).expect("a date");
    date.to_string()
}

fn report(shop: &Shop, name: &str, from: &str, to: &str) -> Answer {
    shop.get(&format!("/v1/reports/{name}?from={from}&to={to}"))
        .send()
}

/// A cart of one line in yen.
fn cart(price: &str) -> Value {
    json!({ "currency": "JPY", "lines": [
        { "id": "l1", "product": "paper", "quantity": 1, "unit_price": price }
    ]})
}

/// The lines of the journal, each with its fields.
fn lines(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, 200, "{answer}");
    let kind = answer.header("content-type");
    assert_eq!(kind, "text/csv; charset=utf-8; header=present", "{answer}");
    let mut lines = answer.body.split_terminator("\r\n");
    let header = lines.next().expect("a header");
    assert_eq!(header, "date,account,debit,credit,currency,reference");
    let fields = |line: &str| line.split(',').map(str::to_owned).collect();
    lines.map(fields).collect()
}

/// The sum of a column of whole amounts.
fn sum(lines: &[Vec<String>], account: &str, column: usize) -> i64 {
    let of_account = lines
        .iter()
        .filter(|line| account.is_empty() || line[1] == account);
    let amounts = of_account
        .map(|line| &line[column])
        .filter(|amount| !amount.is_empty());
    amounts
        .map(|amount| amount.parse::<i64>().expect("yen"))
        .sum()
}

#[test]
fn the_books_have_the_figures_of_the_standard_and_tie_to_every_entry() {
    let bindery = shop("bindery");
    let (from, to) = (date(-1), date(1));
    let none = report(bindery, "liability", &from, &to).expect(200);
    assert_eq!(none["currencies"], json!([]), "who else orders here?");
    let (ada, bea) = (bindery.enrol(), bindery.enrol());
    let orders = [(&ada, "60000"), (&bea, "40000"), (&bea, "9")];
    for (member, price) in orders {
        member.order(&fresh("order"), &cart(price)).expect(201);
    }
    let books = report(bindery, "liability", &from, &to).expect(200);
    let yen = &books["currencies"][0];
    for (key, amount) in [
        ("currency", "JPY"),
        ("opening", "0"),
        ("deferred", "8676"),
        ("clawed_back", "0"),
        ("recognised", "0"),
        ("breakage", "0"),
        ("closing", "8676"),
    ] {
        assert_eq!(yen[key], amount, "{key} of {books}");
    }
    let points =
        json!({ "issued": 10_000, "redeemed": 0, "expected": 9_500, "outstanding": 10_000 });
    assert_eq!(yen["points"], points);
    assert_eq!(yen["overtaken"], false);
    // 100 points for joining, at 1 yen, 95 of which come back.
    let granted = json!({ "outstanding": 100, "worth": { "amount": "95", "currency": "JPY" } });
    assert_eq!(books["granted"], granted);

    let told = report(bindery, "points", &from, &to).expect(200);
    let held = ada.balance() + bea.balance();
    assert_eq!(told["opening"], 0);
    assert_eq!(told["closing"], held);
    assert_eq!(told["issued"], held);
    let days = told["days"].as_array().expect("days");
    let issued = days
        .iter()
        .map(|day| day["issued"].as_i64().expect("points"));
    assert_eq!(issued.sum::<i64>(), held);

    let journal = lines(&report(bindery, "journal", &from, &to));
    assert_eq!(sum(&journal, "", 2), sum(&journal, "", 3));
    assert_eq!(sum(&journal, "sales", 2), 8_676);
    assert_eq!(sum(&journal, "points-liability", 3), 8_676);
    let reference = format!("points-{}-JPY-deferred", journal[0][0]);
    assert_eq!(journal[0][5], reference);
    assert_eq!(journal[1][5], reference);

    // A report is two reads, of as many rows however many members there are.
    for _ in 0..3 {
        let member = bindery.enrol();
        member
            .adjust(&fresh("key"), -50, "they go again")
            .expect(201);
    }
    let first = report(bindery, "liability", &from, &to);
    bindery
        .enrol()
        .adjust(&fresh("key"), -50, "they go again")
        .expect(201);
    let second = report(bindery, "liability", &from, &to);
    let cost = first.header("earnest-cost");
    assert!(cost.starts_with("reads=2 writes=0 "), "{cost}");
    assert_eq!(cost, second.header("earnest-cost"));
    assert_eq!(second.expect(200), books);

    // What is over is what later periods open with.
    let later = report(bindery, "liability", &date(2), &date(3)).expect(200);
    assert_eq!(later["currencies"][0]["opening"], "8676");
    assert_eq!(later["currencies"][0]["closing"], "8676");
    let later = report(bindery, "points", &date(2), &date(3)).expect(200);
    assert_eq!(
        (&later["opening"], &later["closing"]),
        (&json!(held), &json!(held))
    );
    assert_eq!(later["days"], json!([]));
    assert!(lines(&report(bindery, "journal", &date(2), &date(3))).is_empty());
    // Points that are taken take their share along, those of no order nothing.
    ada.adjust(&fresh("key"), -1_000, "a mistake").expect(201);
    let corrected = report(bindery, "liability", &from, &to).expect(200);
    let yen = &corrected["currencies"][0];
    let granted = corrected["granted"]["outstanding"]
        .as_i64()
        .expect("points");
    let left = held - 1_000 - granted;
    assert_eq!(yen["points"]["issued"], left);
    let closing = (8_676 * left + 5_000) / 10_000;
    assert_eq!(yen["closing"], closing.to_string(), "{corrected}");
    assert_eq!(
        yen["clawed_back"],
        (8_676 - closing).to_string(),
        "{corrected}"
    );
    let journal = lines(&report(bindery, "journal", &from, &to));
    assert_eq!(sum(&journal, "points-liability", 2), 8_676 - closing);
    assert_eq!(sum(&journal, "", 2), sum(&journal, "", 3));
    // And nothing was there before.
    let before = report(bindery, "points", &date(-9), &date(-1)).expect(200);
    assert_eq!(
        (&before["closing"], &before["days"]),
        (&json!(0), &json!([]))
    );
}

#[test]
fn a_period_that_cannot_be_told_is_refused_by_its_parameter() {
    for name in ["liability", "journal", "points", "partners"] {
        for (query, parameter) in [
            ("", "from"),
            ("?to=2026-01-31", "from"),
            ("?from=2026-01-01", "to"),
            ("?from=2026-01-01&to=", "to"),
            ("?from=2026-02-30&to=2026-03-01", "from"),
            ("?from=yesterday&to=2026-03-01", "from"),
            ("?from=2026-03-02&to=2026-03-01", "to"),
            ("?from=2025-01-01&to=2026-02-05", "to"),
        ] {
            let answer = shop("bakery")
                .get(&format!("/v1/reports/{name}{query}"))
                .send();
            let problem = answer.expect_problem(400, "parameter_invalid");
            assert_eq!(problem["parameter"], parameter, "{name}{query}");
        }
    }
}

#[test]
fn books_are_for_the_shops_server_alone() {
    let bakery = shop("bakery");
    let query = "?from=2026-01-01&to=2026-01-31";
    for name in ["liability", "journal", "points", "partners"] {
        let path = format!("/v1/reports/{name}{query}");
        let publishable = format!("Bearer {}", bakery.publishable_key);
        let answer = bakery.get(&path).with("authorization", publishable).send();
        answer.expect_problem(403, "secret_key_needed");
        let answer = bakery.get(&path).without("authorization").send();
        answer.expect_problem(401, "key_missing");
        // A stranger is not told what is wrong with her question.
        let stranger = bakery.get(&format!("/v1/reports/{name}"));
        let stranger = stranger.with("authorization", format!("{}x", bakery.secret_key));
        let status = stranger.send().status;
        assert_eq!(status, 401);
    }
}
