//! Merges of who stands somewhere: nobody loses what she had reached, or was on the way to, by being one with another.
//!
//! Each is held against one member who did all of it.

use crate::wire::CartDocument;
use crate::{Cart, Command, Program, Snapshot, Timestamp, compile, evaluate, plan};

const CLUB: &str = r#"
    version = 1
    name = "Club"
    time_zone = "Europe/Berlin"
    points = { one = "star", other = "stars" }
    earn.per_unit = { EUR = 1 }
    [[exclusions]]
    id = "cards"
    label = "Gift cards earn nothing"
    when = { categories = ["gift-cards"] }
"#;

const BY_ANNIVERSARY: &str = r#"
    tiers_by = { what = "spend", currency = "EUR", period = "anniversary" }
    tiers = [{ id = "gold", name = "Gold", from_spend = 1000 }]
"#;

const BY_ORDERS: &str = r#"
    tiers_by = { what = "orders", period = "calendar-year" }
    tiers = [{ id = "gold", name = "Gold", from_orders = 5 }]
"#;

const BY_SPEND: &str = r#"
    tiers_by = { what = "spend", currency = "EUR", period = "calendar-year" }
    tiers = [{ id = "gold", name = "Gold", from_spend = 1000 }]
"#;

fn program(tiers: &str) -> Program {
    // What belongs to no table stands before the first.
    let (head, tables) = CLUB.split_once("[[").expect("a table");
    let source = format!("{head}{tiers}[[{tables}");
    compile::compile(&source).expect("a program").program
}

fn at(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().expect("an instant");
    Timestamp::from_millis(at.as_millisecond())
}

fn noon(day: &str) -> Timestamp {
    at(&format!("{day}T12:00:00Z"))
}

fn joined(program: &Program, id: &str, day: &str) -> Snapshot {
    let join = Command::Enrol { member_id: id };
    plan(program, None, join, noon(day))
        .expect("she joins")
        .snapshot
}

fn book(program: &Program, member: &mut Snapshot, command: Command<'_>, now: Timestamp) {
    *member = plan(program, Some(member), command, now)
        .expect("a plan")
        .snapshot;
}

/// She buys for so much, of goods or of gift cards.
fn buy(program: &Program, member: &mut Snapshot, (day, euros): (&str, i64), category: &str) {
    let document = serde_json::json!({ "currency": "EUR", "lines": [{ "id": "a", "product": "a", "quantity": 1,
        "categories": [category], "unit_price": euros.to_string() }] });
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    let cart = Cart::try_from(document).expect("a cart of the test");
    let earning = evaluate(program, member, &cart, noon(day)).expect("points");
    let order_id = format!("{}-{}", member.member_id, member.seq);
    let command = Command::Earn {
        order_id: &order_id,
        cart: &cart,
        placed_at: noon(day),
        earning: &earning,
        redemptions: &[],
        draws: &[],
    };
    book(program, member, command, noon(day));
}

fn merge(program: &Program, other: &Snapshot, into: &mut Snapshot, day: &str) {
    let command = Command::MergeIn {
        member_id: &other.member_id,
        other,
    };
    book(program, into, command, noon(day));
}

fn is_gold(program: &Program, member: &Snapshot, now: &str) -> bool {
    program.tier_at(member, at(now)).is_some()
}

#[test]
fn years_that_begin_on_different_days_are_summed_where_they_meet() {
    let program = program(BY_ANNIVERSARY);
    let mut ada = joined(&program, "ada", "2027-02-10");
    let mut bea = joined(&program, "bea", "2027-12-01");
    buy(&program, &mut bea, ("2028-02-20", 900), "tea");
    buy(&program, &mut ada, ("2028-02-21", 200), "tea");
    merge(&program, &bea, &mut ada, "2028-02-22");
    assert!(is_gold(&program, &ada, "2028-02-22T12:00:00Z"));
}

#[test]
fn a_tier_is_held_as_long_as_who_reached_it_would_have() {
    let program = program(BY_ANNIVERSARY);
    for merged_on in ["2028-01-05", "2028-02-22", "2029-03-01"] {
        let idle = joined(&program, "ada", "2027-02-10");
        let mut bea = joined(&program, "bea", "2027-12-01");
        buy(&program, &mut bea, ("2027-12-05", 1_000), "tea");
        // Hers until the end of her second year.
        assert!(is_gold(&program, &bea, "2029-11-30T22:59:59Z"));
        assert!(!is_gold(&program, &bea, "2029-11-30T23:00:00Z"));
        merge(&program, &idle, &mut bea, merged_on);
        assert_eq!(bea.joined_at, Some(noon("2027-02-10")));
        assert!(
            is_gold(&program, &bea, "2029-11-30T22:59:59Z"),
            "{merged_on}"
        );
        assert!(
            !is_gold(&program, &bea, "2030-11-30T23:00:00Z"),
            "{merged_on}"
        );
    }
}

#[test]
fn what_rules_that_are_gone_had_settled_hides_nothing() {
    let (before, program) = (program(BY_SPEND), program(BY_ORDERS));
    let mut ada = joined(&before, "ada", "2027-01-10");
    buy(&before, &mut ada, ("2027-01-11", 10), "tea");
    let mut bea = joined(&program, "bea", "2027-01-10");
    for day in ["2027-02-01", "2027-02-02", "2027-02-03", "2027-02-04"] {
        buy(&program, &mut bea, (day, 10), "tea");
    }
    merge(&program, &bea, &mut ada, "2027-02-05");
    buy(&program, &mut ada, ("2027-02-06", 10), "tea");
    assert!(is_gold(&program, &ada, "2027-02-06T12:00:00Z"));
}

#[test]
fn orders_of_which_nothing_counts_lift_nobody_over_a_lifetime_either() {
    let program = program(&BY_ORDERS.replace(", period = \"calendar-year\"", ""));
    let mut ada = joined(&program, "ada", "2027-01-10");
    for day in ["2027-02-01", "2027-02-02", "2027-02-03"] {
        buy(&program, &mut ada, (day, 10), "gift-cards");
        buy(&program, &mut ada, (day, 10), "tea");
    }
    assert_eq!(ada.orders, 6);
    assert!(!is_gold(&program, &ada, "2027-02-03T12:00:00Z"));
    let mut bea = joined(&program, "bea", "2027-01-10");
    buy(&program, &mut bea, ("2027-02-01", 10), "gift-cards");
    buy(&program, &mut bea, ("2027-02-02", 10), "tea");
    merge(&program, &bea, &mut ada, "2027-02-05");
    assert!(!is_gold(&program, &ada, "2027-02-05T12:00:00Z"));
    buy(&program, &mut ada, ("2027-02-06", 10), "tea");
    assert!(is_gold(&program, &ada, "2027-02-06T12:00:00Z"));
}
