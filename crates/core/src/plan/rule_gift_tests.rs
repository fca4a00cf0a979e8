//! What rules give besides points, planned on whole programs.

use crate::compile::compile;
use crate::wire::CartDocument;
use crate::{
    Activity, Cart, Command, Plan, Present, Program, Snapshot, Timestamp, evaluate,
    evaluate_activity, plan,
};

const CLUB: &str = r#"
    version = 1
    name = "Club"
    points = { one = "star", other = "stars" }
    earn = { per_unit = { EUR = 1 }, minimum_order = { EUR = 5 } }
    balances = [{ id = "credit", name = "Credit", currency = "EUR" }]
    [[exclusions]]
    id = "cards"
    label = "No stars on gift cards"
    when = { categories = ["cards"] }
    [[rules]]
    id = "tea-coffee"
    label = "A coffee with your tea"
    when = { categories = ["tea"], order_amount = { EUR = { at_least = 20 } } }
    grant = { reward = "coffee" }
    limits = { per_day = 1, budget = 3 }
    [[rules]]
    id = "double"
    label = "2x"
    when = { coupons = ["X"] }
    grant = { multiply = 2 }
    [[rules]]
    id = "birthday"
    label = "A cake for your birthday"
    on = "birthday"
    when = { birthday = "month" }
    grant = { reward = "cake" }
    limits = { per_year = 1 }
    [[rules]]
    id = "hello"
    label = "2.00 for a start"
    on = "account-created"
    grant = { reward = "two" }
    [[rewards]]
    id = "coffee"
    name = "A coffee"
    gives = { category = "coffee" }
    valid_days = 30
    [[rewards]]
    id = "cake"
    name = "A cake"
    gives = { product = "cake" }
    stock = 2
    [[rewards]]
    id = "two"
    name = "2.00"
    gives = { store_credit = 2, balance = "credit" }
"#;

fn at(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().expect("a time of the test");
    Timestamp::from_millis(at.as_millisecond())
}

fn club() -> Program {
    compile(CLUB).expect("a valid program").program
}

/// The givers and their gifts.
fn gifts(plan: &Plan) -> Vec<String> {
    let gifts = plan.gifts.iter().map(|it| match &it.what {
        Present::Reward { id, .. } => format!("{} {} {id}", it.kind.name(), it.giver),
        Present::Money { amount, .. } => {
            format!("{} {} {amount}", it.kind.name(), it.giver)
        }
        Present::Points(points) => format!("{} {} {points}", it.kind.name(), it.giver),
    });
    gifts.collect()
}

fn order(member: &Snapshot, id: &str, category: &str, price: &str, now: Timestamp) -> Plan {
    let document = serde_json::json!({ "currency": "EUR", "lines": [{
        "id": "l1", "product": "p", "quantity": 1, "unit_price": price, "categories": [category],
    }]});
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    let cart = Cart::try_from(document).expect("a valid cart");
    let club = club();
    let earning = evaluate(&club, member, &cart, now).expect("few points");
    let command = Command::Earn {
        order_id: id,
        cart: &cart,
        placed_at: now,
        earning: &earning,
        redemptions: &[],
        draws: &[],
    };
    plan(&club, Some(member), command, now).expect("no refusal")
}

#[test]
fn an_order_is_given_a_reward_where_the_rule_fits_and_its_limits_leave_one() {
    let day = at("2026-03-02T12:00:00Z");
    let nobody = Snapshot::default();
    let check = |member: &Snapshot, category, price, given: &[&str]| {
        assert_eq!(gifts(&order(member, "o", category, price, day)), given);
    };
    let coffee = ["earn tea-coffee coffee"];
    check(&nobody, "tea", "20.00", &coffee);
    check(&nobody, "tea", "19.99", &[]);
    check(&nobody, "soap", "20.00", &[]);
    // What earns nothing is given nothing.
    check(&nobody, "cards", "50.00", &[]);
    let first = order(&nobody, "o1", "tea", "20.00", day);
    let entries = first.entries.iter();
    let entries = entries.map(|it| format!("{} {}", it.kind.name(), it.points));
    assert_eq!(
        entries.collect::<Vec<_>>(),
        ["earn 20"],
        "points are not touched"
    );
    let taken = first
        .budgets
        .iter()
        .map(|it| (&*it.holder, it.points, it.budget));
    assert_eq!(taken.collect::<Vec<_>>(), [("tea-coffee", 1, 3)]);
    // Once a day; on the next there is another, while the budget lasts.
    check(&first.snapshot, "tea", "20.00", &[]);
    let next = at("2026-03-03T12:00:00Z");
    let second = order(&first.snapshot, "o2", "tea", "20.00", next);
    assert_eq!(gifts(&second), coffee);
    let spent = Snapshot {
        budgets: vec![("tea-coffee".into(), 3)],
        ..Snapshot::default()
    };
    check(&spent, "tea", "20.00", &[]);
}

#[test]
fn an_activity_is_given_a_reward_once_a_year_and_none_that_is_gone() {
    let club = club();
    let report = |member: &Snapshot, now: &str| {
        let activity = Activity::new(now.into(), "birthday".into(), Vec::new(), 1);
        let (activity, now) = (activity.expect("an activity"), at(now));
        let earning = evaluate_activity(&club, member, &activity, now).expect("few points");
        let command = Command::Act {
            activity: &activity,
            occurred_at: now,
            earning: &earning,
        };
        plan(&club, Some(member), command, now).expect("no refusal")
    };
    let ada = Snapshot {
        birthday: Some((5, 14)),
        ..Snapshot::default()
    };
    assert!(gifts(&report(&ada, "2026-04-30T12:00:00Z")).is_empty());
    let cake = ["activity birthday cake"];
    let first = report(&ada, "2026-05-01T12:00:00Z");
    assert_eq!(gifts(&first), cake);
    assert!(gifts(&report(&first.snapshot, "2026-05-31T12:00:00Z")).is_empty());
    assert_eq!(
        gifts(&report(&first.snapshot, "2027-05-01T12:00:00Z")),
        cake
    );
    // Where none is left nothing is counted, so that she gets hers when there is one again.
    let gone = Snapshot {
        budgets: vec![("reward:cake".into(), 2)],
        ..ada
    };
    let none = report(&gone, "2026-05-01T12:00:00Z");
    assert!(gifts(&none).is_empty());
    assert!(none.snapshot.usage.is_empty());
}

#[test]
fn who_joins_is_given_what_a_rule_for_that_gives() {
    let joins = Command::Enrol { member_id: "m1" };
    let joined = plan(&club(), None, joins, at("2026-03-02T12:00:00Z")).expect("no refusal");
    assert_eq!(gifts(&joined), ["activity hello 2.00 EUR"]);
    assert_eq!(joined.snapshot.credits, [("credit".to_owned(), 200)]);
}

#[test]
fn of_one_order_and_one_activity_each_balance_has_one_entry_of_a_kind() {
    let more = r#"
    [[rules]]
    id = "back"
    label = "Cash back"
    balance = "credit"
    grant = { percent = 10 }
    [[rules]]
    id = "thanks"
    label = "2.00 for an order"
    grant = { reward = "two" }
    [[rules]]
    id = "reader"
    label = "1.00 for reading"
    on = "reading"
    balance = "credit"
    grant = { bonus = 1 }
    [[rules]]
    id = "book"
    label = "2.00 for reading"
    on = "reading"
    grant = { reward = "two" }
    [[challenges]]
    id = "first"
    label = "Your first order"
    count = "orders"
    steps = [{ at = 1, reward = "two" }]
    [[challenges]]
    id = "reads"
    label = "Your first book"
    count = "activities"
    activity = "reading"
    steps = [{ at = 1, reward = "two" }]
    "#;
    let club = compile(&format!("{CLUB}{more}")).expect("a valid program");
    let club = club.program;
    let (nobody, now) = (Snapshot::default(), at("2026-03-02T12:00:00Z"));
    let check = |planned: &Plan, expected: &[(&str, i64)]| {
        let told = planned.credits.iter().map(|it| (it.kind.name(), it.minor));
        assert_eq!(told.collect::<Vec<_>>(), expected);
    };
    let document = serde_json::json!({ "currency": "EUR", "lines": [
        { "id": "l1", "product": "p", "quantity": 1, "unit_price": "20.00" }
    ]});
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    let cart = Cart::try_from(document).expect("a valid cart");
    let command = Command::Earn {
        order_id: "o",
        cart: &cart,
        placed_at: now,
        earning: &evaluate(&club, &nobody, &cart, now).expect("few points"),
        redemptions: &[],
        draws: &[],
    };
    let planned = plan(&club, Some(&nobody), command, now).expect("no refusal");
    check(&planned, &[("earn", 400), ("order-challenge", 200)]);
    let activity = Activity::new("a".into(), "reading".into(), Vec::new(), 1);
    let activity = activity.expect("an activity");
    let command = Command::Act {
        activity: &activity,
        occurred_at: now,
        earning: &evaluate_activity(&club, &nobody, &activity, now).expect("few points"),
    };
    let planned = plan(&club, Some(&nobody), command, now).expect("no refusal");
    check(&planned, &[("activity", 300), ("activity-challenge", 200)]);
}
