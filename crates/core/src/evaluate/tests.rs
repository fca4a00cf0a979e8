//! What vectors do not show: the reasons of each line, which reason comes first, and the limits.
//!
//! The points of whole carts are in `tests/vectors`, which browser and Worker run too.
#![expect(
    clippy::needless_raw_string_hashes,
    clippy::indexing_slicing,
    reason = "expect-test writes its snapshots so, and a test may panic"
)]

use expect_test::expect;
use serde_json::{Value, json};

use crate::limits::MAX_LINES;
use crate::wire::{CartDocument, EarningDocument};
use crate::{Cart, Cause, EvaluateError, Program, Snapshot, Timestamp, compile, evaluate};

const CLUB: &str = r#"
version = 1
name = "Club"
points = { one = "bean", other = "beans" }
starts_at = 1970-01-01T00:00:01Z
earn = { per_unit = { EUR = 1, JPY = 1000, CLF = 999.9999 }, minimum_order = { EUR = 5 } }

[[tiers]]
id = "gold"
name = "Gold"
from_points = 300
multiplier = 1.5

[[tiers]]
id = "platinum"
name = "Platinum"
from_points = 9000
multiplier = 89.99

[[exclusions]]
id = "gift-cards"
label = "Gift cards don't earn beans"
when = { categories = ["gift-cards"] }

[[exclusions]]
id = "stamps"
label = "Stamps don't earn beans"
when = { categories = ["stamps"] }

[[rules]]
id = "new"
label = "Something new"
when = { tags = ["new"] }
grant = { bonus = 7 }

[[rules]]
id = "coffee"
label = "2x on coffee"
when = { categories = ["coffee"] }
grant = { multiply = 2 }
"#;

fn club() -> Program {
    compile::compile(CLUB).expect("a valid program").program
}

fn member(tier: Option<&str>) -> Snapshot {
    Snapshot {
        tier: tier.map(str::to_owned),
        ..Snapshot::default()
    }
}

fn cart(document: Value) -> Cart {
    let document: CartDocument = serde_json::from_value(document).expect("a cart document");
    Cart::try_from(document).expect("a valid cart")
}

fn line(id: &str, unit_price: &str, label: &str) -> Value {
    let labels = [label];
    json!({
        "id": id, "product": "p", "quantity": 1, "unit_price": unit_price,
        "categories": labels, "tags": labels,
    })
}

/// Each line, then the order, as `id: points of what counts = reason exact points + …`.
fn told(member: &Snapshot, cart: &Cart, now: i64) -> String {
    let program = club();
    let now = Timestamp::from_millis(now);
    let earning = evaluate(&program, member, cart, now).expect("points within the limit");
    let document = json!(EarningDocument::new(&program, cart, &earning));
    let text = |of: &Value, field: &str| of[field].as_str().unwrap_or_default().to_owned();
    let row = |id: String, earned: &Value| {
        let reasons = earned["reasons"].as_array().expect("reasons").iter();
        let reasons = reasons.map(|it| text(it, "label") + " " + &text(it, "points_exact"));
        let reasons = reasons.collect::<Vec<_>>().join(" + ");
        format!(
            "{id}: {} of {} = {reasons}\n",
            earned["points"],
            text(earned, "counted")
        )
    };
    let lines = document["lines"].as_array().expect("lines").iter();
    let lines: String = lines.map(|line| row(text(line, "id"), line)).collect();
    lines + &row("order".into(), &document)
}

#[test]
fn every_line_tells_its_own_reasons() {
    let full = json!({ "currency": "EUR", "lines": [
        line("card", "50.00", "gift-cards"),
        line("roast", "10.10", "coffee"),
        line("filter", "4.95", "new"),
        line("mug", "8.90", "new"),
        line("stamp", "1.00", "stamps"),
    ]});
    expect![[r#"
        card: 0 of 0.00 = Gift cards don't earn beans 0
        roast: 25 of 10.10 = 1 bean per 1.00 EUR 10.1 + 2x on coffee 10.1 + Gold: 1.5x 5.05 + Rounded with the order -0.25
        filter: 11 of 4.95 = 1 bean per 1.00 EUR 4.95 + Gold: 1.5x 2.475 + Something new 3 + Rounded with the order 0.575
        mug: 17 of 8.90 = 1 bean per 1.00 EUR 8.9 + Gold: 1.5x 4.45 + Something new 4 + Rounded with the order -0.35
        stamp: 0 of 0.00 = Stamps don't earn beans 0
        order: 53 of 23.95 = 1 bean per 1.00 EUR 23.95 + 2x on coffee 10.1 + Gold: 1.5x 11.975 + Something new 7 + Rounded down -0.025 + Gift cards don't earn beans 0 + Stamps don't earn beans 0
    "#]].assert_eq(&told(&member(Some("gold")), &cart(full), 1_000));
}

#[test]
fn of_several_reasons_to_earn_nothing_the_first_declared_is_told() {
    let check = |currency: &str, now: i64, expected: &str| {
        let lines = [line("a", "4", "stamps"), line("b", "4", "tea")];
        let cart = cart(json!({ "currency": currency, "lines": lines }));
        let told = told(&member(None), &cart, now);
        assert_eq!(told.lines().last(), Some(expected));
    };
    let stamps = "Stamps don't earn beans 0";
    check(
        "GBP",
        0,
        &format!("order: 0 of 4.00 = Orders in GBP don't earn beans 0 + {stamps}"),
    );
    check(
        "EUR",
        999,
        &format!("order: 0 of 4.00 = You can't earn beans right now 0 + {stamps}"),
    );
    check(
        "EUR",
        1_000,
        &format!("order: 0 of 4.00 = Spend 1.00 EUR more to earn beans 0 + {stamps}"),
    );
}

#[test]
fn the_largest_spend_is_multiplied_without_rounding() {
    // 99999999999.9999 x 999.9999, and 88.99 times that for the tier, by hand with 60 digits.
    let cart = cart(json!({ "currency": "CLF", "lines": [line("a", "99999999999.9999", "x")] }));
    expect![[r#"
        a: 8998999100099991 of 99999999999.9999 = 999.9999 beans per 1.0000 CLF 99999989999999.90000001 + Platinum: 89.99x 8898999110099991.1010008899 + Rounded with the order -0.0010008999
        order: 8998999100099991 of 99999999999.9999 = 999.9999 beans per 1.0000 CLF 99999989999999.90000001 + Platinum: 89.99x 8898999110099991.1010008899 + Rounded down -0.0010008999
    "#]].assert_eq(&told(&member(Some("platinum")), &cart, 1_000));
}

#[test]
fn more_points_than_a_ledger_holds_are_an_error() {
    let rules: String = (0..200)
        .map(|nth| format!("[[rules]]\nid = 'r{nth}'\nlabel = '100x'\ngrant.multiply = 100\n"))
        .collect();
    let source = format!(
        "version = 1\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n\
         earn.per_unit = {{ JPY = 1000 }}\n{rules}"
    );
    let program = compile::compile(&source).expect("a valid program").program;
    let check = |unit_price: &str, expected: Result<i64, EvaluateError>| {
        let cart = cart(json!({ "currency": "JPY", "lines": [line("a", unit_price, "x")] }));
        let earning = evaluate(&program, &member(None), &cart, Timestamp::from_millis(0));
        assert_eq!(earning.map(|it| it.points.get()), expected);
    };
    let too_many = Err(EvaluateError::TooManyPoints(crate::PointsError));
    // 1 + 200 x 99 = 19,801 times 1,000 a yen; that goes 454886079 times into 2^53 - 1.
    check("1", Ok(19_801_000));
    check("454886079", Ok(9_007_199_250_279_000));
    check("454886080", too_many);
    check("1000000000000000", too_many);
}

#[test]
fn a_thousand_lines_share_ten_points_by_their_ids() {
    let lines: Vec<Value> = (0..MAX_LINES)
        .map(|nth| line(&nth.to_string(), "0.01", "x"))
        .collect();
    let cart = cart(json!({ "currency": "EUR", "lines": lines }));
    let earning = evaluate(&club(), &member(None), &cart, Timestamp::from_millis(1_000));
    let earning = earning.expect("few points");
    assert_eq!(earning.points.get(), 10);
    let with_a_point = cart
        .lines()
        .iter()
        .zip(&earning.lines)
        .filter(|(_, it)| it.points.get() == 1);
    let mut ids: Vec<&str> = with_a_point.map(|(line, _)| line.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "0", "1", "10", "100", "101", "102", "103", "104", "105", "106"
        ]
    );
    assert_eq!(earning.reasons.len(), 1, "a whole number is not rounded");
    let share = earning
        .lines
        .iter()
        .flat_map(|it| &it.reasons)
        .filter(|it| it.cause == Cause::RoundingShare);
    assert_eq!(share.count(), MAX_LINES);
}

#[test]
fn an_order_at_a_partner_earns_at_its_rate_and_at_nobody_elses() {
    let source = r#"
        version = 1
        name = "Three brands"
        points = { one = "star", other = "stars" }
        earn.per_unit = { EUR = 1, USD = 1 }
        partners = [{ id = "cinema", name = "Cinema", earn = { EUR = 0.5 }, spend = { EUR = 0.01 } }]
    "#;
    let program = compile::compile(source).expect("a valid program").program;
    let check = |currency: &str, partner: Option<&str>, points: i64, label: &str| {
        let document =
            json!({ "currency": currency, "partner": partner, "lines": [line("a", "10", "x")] });
        let earning = evaluate(
            &program,
            &member(None),
            &cart(document),
            Timestamp::from_millis(0),
        );
        let earning = earning.expect("few points");
        let told = crate::explain(earning.reasons[0].cause, &program, earning.currency);
        assert_eq!(
            (earning.points.get(), &*told),
            (points, label),
            "{currency} {partner:?}"
        );
    };
    check("EUR", None, 10, "1 star per 1.00 EUR");
    check("EUR", Some("cinema"), 5, "1 star per 2.00 EUR");
    check("USD", Some("cinema"), 0, "Orders in USD don't earn stars");
    check("EUR", Some("theatre"), 0, "Orders there don't earn stars");
}

/// The points of a cart of so many lines of one price, under a program with these parts.
fn points_of(parts: &str, lines: usize, unit_price: &str, member: &Snapshot) -> i64 {
    let source = format!("version = 1\nname = 'Club'\n{parts}");
    let program = compile::compile(&source).expect("a valid program").program;
    let lines: Vec<Value> = (0..lines)
        .map(|nth| line(&nth.to_string(), unit_price, "x"))
        .collect();
    let cart = cart(json!({ "currency": "EUR", "lines": lines }));
    let earning = evaluate(&program, member, &cart, Timestamp::from_millis(0));
    earning.expect("few points").points.get()
}

#[test]
fn rounding_each_line_lifts_no_rule_above_its_limit() {
    let earn = "earn = { per_unit = { EUR = 1 }, rounding = 'half-up', round_per = 'line' }\n";
    let rule = |limit: i64| {
        format!(
            "{earn}rules = [{{ id = 'a', label = 'A', grant.multiply = 1.5, limits.per_order = {limit} }}]"
        )
    };
    assert_eq!(points_of(&rule(50), 100, "1.00", &Snapshot::default()), 150);
    assert_eq!(points_of(&rule(40), 100, "1.00", &Snapshot::default()), 140);
    let cents = "earn = { rounding = 'ceil', round_per = 'line' }\nrules = [{ id = 'a', label = 'A', \
                 grant.per_unit = { EUR = 1 }, limits.per_order = 10 }]";
    assert_eq!(points_of(cents, 1_000, "0.01", &Snapshot::default()), 10);
}

#[test]
fn factors_multiply_what_a_limit_has_left_of_fixed_points() {
    let parts = "earn.per_unit = { EUR = 1 }\ntiers = [{ id = 'gold', name = 'Gold', from_points = 0, multiplier = 2 }]\n\
                 rules = [{ id = 'a', label = 'A', grant.fixed = 500, limits.per_order = 100 }]";
    assert_eq!(points_of(parts, 1, "9.00", &member(Some("gold"))), 200);
}

#[test]
fn at_a_partner_where_points_are_only_spent_none_are_earned() {
    let parts = "earn.per_unit = { EUR = 1 }\npartners = [{ id = 'cafe', name = 'Cafe', spend = { EUR = 0.01 } }]";
    let source = format!("version = 1\nname = 'Club'\n{parts}");
    let program = compile::compile(&source).expect("a valid program").program;
    for (partner, points) in [("cafe", 0), ("caffe", 0)] {
        let cart =
            cart(json!({ "currency": "EUR", "partner": partner, "lines": [line("a", "50", "x")] }));
        let earning = evaluate(&program, &member(None), &cart, Timestamp::from_millis(0));
        assert_eq!(earning.map(|it| it.points.get()), Ok(points), "{partner}");
    }
}
