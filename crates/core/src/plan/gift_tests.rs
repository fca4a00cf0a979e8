//! What an order is given by surprise, told by its plan.

use crate::refund::{BookedOrder, Refund, SentBack, Surprised, take_back};
use crate::surprise::Drawn;
use crate::wire::CartDocument;
use crate::{
    Bargain, Cart, Command, Plan, Points, Present, Program, Redeeming, Snapshot, Timestamp,
    compile, evaluate, plan,
};

fn now() -> Timestamp {
    Timestamp::from_millis(1_776_677_400_000)
}

const CLUB: &str = r#"
    version = 1
    name = "Club"
    points = { one = "star", other = "stars" }
    earn.per_unit = { EUR = 1 }
    pending.return_days = 14
    balances = [{ id = "credit", name = "Credit", currency = "EUR" }]
    [[rewards]]
    id = "mug"
    name = "A mug"
    gives = { product = "mug" }
    stock = 2
    valid_days = 30
    [[rewards]]
    id = "five"
    name = "5.00 of credit"
    gives = { store_credit = 5, balance = "credit" }
    [[surprises]]
    id = "extra"
    label = "A little extra"
    one_in = 1
    gives = { points = 50 }
    budget = 120
    commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
    [[surprises]]
    id = "mugs"
    label = "A mug"
    one_in = 1
    gives = { reward = "mug" }
    commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
    [[surprises]]
    id = "money"
    label = "Some money"
    one_in = 2
    gives = { reward = "five" }
    commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
    [[surprises]]
    id = "more"
    label = "More money"
    one_in = 2
    gives = { reward = "five" }
    commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
"#;

fn club() -> Program {
    compile::compile(CLUB).expect("a program").program
}

fn cart() -> Cart {
    let document = serde_json::json!({ "currency": "EUR", "lines": [
        { "id": "l1", "product": "p", "quantity": 1, "unit_price": "10" },
    ]});
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    Cart::try_from(document).expect("a valid cart")
}

/// An order for which these numbers were drawn, paid with these gifts.
fn order(member: &Snapshot, draws: &[(&str, u64)], paid: &[&str]) -> Plan {
    let (club, cart) = (club(), cart());
    let earning = evaluate(&club, member, &cart, now()).expect("few points");
    let draws = draws.iter();
    let draws = draws.map(|(surprise, number)| Drawn {
        surprise,
        number: *number,
    });
    let mug = ["mug".to_owned()];
    let nothing = Bargain::default();
    let redemptions = paid.iter().map(|id| Redeeming {
        id,
        points: 0,
        rewards: &mug,
        bargain: &nothing,
        is_gift: true,
    });
    let (draws, redemptions): (Vec<_>, Vec<_>) = (draws.collect(), redemptions.collect());
    let command = Command::Earn {
        order_id: "1001",
        cart: &cart,
        placed_at: now(),
        earning: &earning,
        redemptions: &redemptions,
        draws: &draws,
    };
    plan(&club, Some(member), command, now()).expect("a plan")
}

/// Each entry, each entry of money, each gift, and what is taken from budgets.
fn told(plan: &Plan) -> Vec<String> {
    let entries = plan.entries.iter();
    let entries = entries.map(|it| format!("{} {} {:?}", it.kind.name(), it.points, it.rules));
    let credits = plan.credits.iter();
    let credits = credits.map(|it| {
        format!(
            "{} {} of {} {:?}",
            it.kind.name(),
            it.minor,
            it.balance_minor,
            it.rules
        )
    });
    let gifts = plan.gifts.iter().map(|it| {
        let what = match &it.what {
            Present::Points(points) => points.to_string(),
            Present::Money { amount, .. } => amount.minor().to_string(),
            Present::Reward { id, ends_at } => {
                format!("{id} until {:?}", ends_at.map(Timestamp::as_millis))
            }
        };
        format!("{} gives {what}", it.giver)
    });
    let budgets = plan.budgets.iter();
    let budgets = budgets.map(|it| format!("{} {} of {}", it.holder, it.points, it.budget));
    entries.chain(credits).chain(gifts).chain(budgets).collect()
}

fn with_budgets(budgets: &[(&str, i64)]) -> Snapshot {
    let budgets = budgets.iter();
    Snapshot {
        budgets: budgets
            .map(|(holder, used)| ((*holder).to_owned(), *used))
            .collect(),
        ..Snapshot::default()
    }
}

#[test]
fn a_drawn_order_is_given_points_and_rewards_and_money() {
    let planned = order(
        &Snapshot::default(),
        &[("extra", 0), ("mugs", 0), ("money", 0), ("more", 0)],
        &[],
    );
    assert_eq!(
        told(&planned),
        [
            "earn 10 []",
            "surprise 50 [\"extra\"]",
            "surprise 1000 of 1000 [\"money\", \"more\"]",
            "extra gives 50",
            "mugs gives mug until Some(1779321600000)",
            "money gives 500",
            "more gives 500",
            "reward:mug 1 of 2",
            "surprise:extra 50 of 120",
        ]
    );
    assert_eq!(
        planned.snapshot.holdings.available(now()),
        0,
        "they wait for the return window"
    );
    assert_eq!(planned.snapshot.earned.get(), 10, "luck earns no tier");
}

#[test]
fn what_was_not_drawn_or_has_no_seed_gives_nothing() {
    assert_eq!(told(&order(&Snapshot::default(), &[], &[])), ["earn 10 []"]);
    let lost = order(
        &Snapshot::default(),
        &[("money", u64::MAX), ("unknown", 0)],
        &[],
    );
    assert_eq!(told(&lost), ["earn 10 []"]);
}

#[test]
fn neither_budget_nor_stock_is_overdrawn() {
    let left = with_budgets(&[("surprise:extra", 70), ("reward:mug", 1)]);
    assert_eq!(
        order(&left, &[("extra", 0), ("mugs", 0)], &[]).gifts.len(),
        2
    );
    let spent = with_budgets(&[("surprise:extra", 71), ("reward:mug", 2)]);
    assert_eq!(
        told(&order(&spent, &[("extra", 0), ("mugs", 0)], &[])),
        ["earn 10 []"]
    );
}

#[test]
fn a_gift_that_an_order_is_paid_with_is_not_counted_again() {
    let planned = order(&Snapshot::default(), &[], &["gift_1"]);
    assert_eq!(told(&planned), ["earn 10 []"]);
    assert!(
        planned.snapshot.usage.is_empty(),
        "what she may have herself is untouched"
    );
}

#[test]
fn what_is_sent_back_takes_the_surprise_with_it_and_luck_earns_no_tier() {
    let (club, cart) = (club(), cart());
    let bought = order(&Snapshot::default(), &[("extra", 0), ("money", 0)], &[]);
    let member = Snapshot::default();
    let order = BookedOrder {
        cart: &cart,
        member: &member,
        evaluated_at: now(),
        placed_at: now(),
        points: Points::new(10).expect("points"),
        credits: &[],
        spent: &[],
        tendered: &[],
        surprises: &Surprised::by(&bought),
    };
    let all = SentBack::default()
        .with(&cart, &Refund::Rest)
        .expect("a refund");
    let taken_back = take_back(Some(&club), &order, &[], &all).expect("few points");
    let command = Command::Refund {
        refund_id: "r1",
        taken_back: &taken_back,
    };
    let planned = plan(&club, Some(&bought.snapshot), command, now()).expect("a plan");
    assert_eq!(told(&planned), ["clawback -60 []", "clawback -500 of 0 []"]);
    assert_eq!(planned.snapshot.earned.get(), 0);
}
