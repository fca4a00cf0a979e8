//! Vectors of the life of a point: stories of one member, step by step, each answer worked out by hand.
//!
//! The clock of a running edge cannot be moved, so they are run natively, by the same `plan` that the edge stores.
//! Its invariants besides: lots and what is held sum to the balance, pools to each entry. The format is told in
//! `tests/vectors/README.md`.

use std::collections::BTreeMap;

use earnest_core::refund::{
    BookedOrder, Refund, RefundedLine, SentBack, Surprised, credits_of, take_back,
};
use earnest_core::reward::{Had, Taker, Wish, take};
use earnest_core::wire::CartDocument;
use earnest_core::{
    Cart, Command, Lot, Money, Plan, Points, Program, Redeeming, Refusal, Snapshot, Timestamp,
    evaluate, plan,
};
use serde::Deserialize;

use crate::vectors::{published, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    programs: BTreeMap<String, String>,
    stories: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    name: String,
    why: String,
    program: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    at: String,
    #[serde(flatten)]
    act: Act,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Order(Box<OrderAct>),
    Refund(RefundAct),
    Redeem(RedeemAct),
    Commit(String),
    Release(String),
    Adjust { key: String, points: i64 },
    Settle(()),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderAct {
    id: String,
    cart: CartDocument,
    placed_at: Option<String>,
    #[serde(default)]
    redemptions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundAct {
    id: String,
    order: String,
    lines: Option<Vec<LineAct>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineAct {
    id: String,
    #[serde(default)]
    quantity: u32,
    amount: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RedeemAct {
    id: String,
    rewards: Vec<WishAct>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WishAct {
    id: String,
    points: Option<i64>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    /// The code of the refusal; then nothing else is said.
    refused: Option<String>,
    entries: Vec<String>,
    events: Vec<String>,
    free: i64,
    pending: i64,
    held: i64,
    owed: i64,
    tier: Option<String>,
    /// What is on the balance of money, where the story is about one.
    credit: Option<i64>,
}

/// An order of the story, as a ledger keeps it.
struct Kept {
    cart: Cart,
    member: Snapshot,
    placed_at: Timestamp,
    points: Points,
    credits: Vec<(String, i64)>,
    spent: Vec<Lot>,
    /// What had come back after each refund.
    back: Vec<SentBack>,
}

/// One member, and what she has done so far.
struct Life<'a> {
    program: &'a Program,
    member: Snapshot,
    orders: BTreeMap<String, Kept>,
    /// Points and rewards of each redemption.
    redemptions: BTreeMap<String, (i64, Vec<String>)>,
}

fn check(file: &str) {
    let Vectors { programs, stories } = read::<Vectors>(&format!("life/{file}"));
    assert!(stories.len() >= 3, "{file} has hardly any stories");
    let programs: BTreeMap<_, _> = programs
        .iter()
        .map(|(name, source)| (name.as_str(), published(name, source)))
        .collect();
    let mut differing = String::new();
    for story in stories {
        let program = &programs[story.program.as_str()];
        let (name, why) = (&story.name, &story.why);
        let mut life = Life::new(program, &story.steps[0].at);
        for (nth, step) in story.steps.iter().enumerate() {
            let found = life.step(step);
            if found != step.expect {
                let expected = &step.expect;
                differing += &format!(
                    "{name}\n  by hand: {why}\n  step {nth} at {}\n  expected {expected:?}\n  found    {found:?}\n",
                    step.at
                );
                break;
            }
        }
    }
    assert!(differing.is_empty(), "{file}:\n{differing}");
}

fn instant(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().expect("an instant of the vectors");
    Timestamp::from_millis(at.as_millisecond())
}

impl<'a> Life<'a> {
    /// Somebody who joined a moment before the story begins.
    fn new(program: &'a Program, at: &str) -> Self {
        let before = Timestamp::from_millis(instant(at).as_millis() - 1);
        let join = Command::Enrol { member_id: "ada" };
        let joined = plan(program, None, join, before).expect("she joins");
        Self {
            program,
            member: joined.snapshot,
            orders: BTreeMap::new(),
            redemptions: BTreeMap::new(),
        }
    }

    fn step(&mut self, step: &Step) -> Expected {
        let now = instant(&step.at);
        let planned = match self.plan(&step.act, now) {
            Ok(planned) => planned,
            Err(code) => {
                return Expected {
                    refused: Some(code.to_owned()),
                    ..Expected::default()
                };
            }
        };
        for entry in &planned.entries {
            let sum: i64 = entry.pools.iter().map(|pool| pool.points).sum();
            assert_eq!(sum, entry.points.get(), "{entry:?}");
        }
        let told = planned.entries.iter();
        let entries = told.map(|entry| format!("{} {}", entry.kind.name(), entry.points));
        let events = planned.events.iter().map(|event| event.kind.name());
        let holdings = &planned.snapshot.holdings;
        assert_eq!(holdings.points(), planned.snapshot.balance.get());
        let tier = self.program.tier_at(&planned.snapshot, now);
        let credit = planned.snapshot.credits.first().map(|(_, minor)| *minor);
        let found = Expected {
            refused: None,
            entries: entries.collect(),
            events: events.map(str::to_owned).collect(),
            free: holdings.available(now),
            pending: holdings.pending(now),
            held: holdings.reserved(),
            owed: holdings.owed,
            tier: tier.map(|(_, tier)| tier.id.clone()),
            credit: step.expect.credit.map(|_| credit.unwrap_or(0)),
        };
        self.member = planned.snapshot;
        found
    }

    fn plan(&mut self, act: &Act, now: Timestamp) -> Result<Plan, &'static str> {
        match act {
            Act::Order(order) => self.order(order, now),
            Act::Refund(refund) => self.refund(refund, now),
            Act::Redeem(asked) => self.redeem(asked, now),
            Act::Commit(redemption_id) => self.book(Command::Commit { redemption_id }, now),
            Act::Release(redemption_id) => self.book(Command::Release { redemption_id }, now),
            Act::Settle(()) => self.book(Command::Settle, now),
            Act::Adjust { key, points } => {
                let command = Command::Adjust {
                    key,
                    points: *points,
                    reason: "as the story says",
                };
                self.book(command, now)
            }
        }
    }

    fn book(&self, command: Command<'_>, now: Timestamp) -> Result<Plan, &'static str> {
        plan(self.program, Some(&self.member), command, now).map_err(Refusal::code)
    }

    fn order(&mut self, order: &OrderAct, now: Timestamp) -> Result<Plan, &'static str> {
        let cart = Cart::try_from(order.cart.clone()).expect("a cart of the vectors");
        let placed_at = order.placed_at.as_deref().map_or(now, instant);
        let earning = evaluate(self.program, &self.member, &cart, placed_at).expect("few points");
        let redemptions = order.redemptions.iter().map(|id| {
            let (points, rewards) = &self.redemptions[id];
            Redeeming {
                id,
                points: *points,
                rewards,
                is_gift: false,
            }
        });
        let redemptions: Vec<_> = redemptions.collect();
        let command = Command::Earn {
            order_id: &order.id,
            cart: &cart,
            placed_at,
            earning: &earning,
            redemptions: &redemptions,
            draws: &[],
        };
        let planned = self.book(command, now)?;
        let kept = Kept {
            member: self.member.clone(),
            placed_at,
            points: earning.points,
            credits: credits_of(self.program, &earning),
            spent: planned.drawn.clone(),
            back: vec![SentBack::default()],
            cart,
        };
        self.orders.insert(order.id.clone(), kept);
        Ok(planned)
    }

    fn refund(&mut self, refund: &RefundAct, now: Timestamp) -> Result<Plan, &'static str> {
        let order = self.orders.get_mut(&refund.order);
        let order = order.expect("an order of the story");
        let currency = order.cart.currency();
        let lines = refund.lines.as_ref().map(|lines| {
            let of = |line: &LineAct| RefundedLine {
                id: line.id.clone(),
                quantity: line.quantity,
                amount_minor: line.amount.as_deref().map_or(0, |text| {
                    Money::parse(text, currency).expect("an amount").minor()
                }),
            };
            Refund::Lines(lines.iter().map(of).collect())
        });
        let before = order.back.last().expect("nothing at first");
        let after = before.with(&order.cart, &lines.unwrap_or(Refund::Rest));
        let after = after.expect("a refund of the order");
        let booked = BookedOrder {
            cart: &order.cart,
            member: &order.member,
            evaluated_at: order.placed_at,
            placed_at: order.placed_at,
            points: order.points,
            credits: &order.credits,
            spent: &order.spent,
            surprises: &Surprised::default(),
        };
        let taken_back = take_back(Some(self.program), &booked, &order.back, &after);
        let taken_back = taken_back.expect("few points");
        order.back.push(after);
        let command = Command::Refund {
            refund_id: &refund.id,
            taken_back: &taken_back,
        };
        self.book(command, now)
    }

    fn redeem(&mut self, asked: &RedeemAct, now: Timestamp) -> Result<Plan, &'static str> {
        let rewards = self.program.rewards();
        let had = Had::of(rewards, &self.member);
        let taker = Taker::new(self.program, &self.member, &had, now);
        let wishes = asked.rewards.iter().map(|wish| Wish {
            reward: &wish.id,
            points: wish.points.and_then(|points| Points::new(points).ok()),
        });
        let wishes: Vec<_> = wishes.collect();
        let chosen = take(rewards, &taker, None, &wishes, now);
        let chosen = chosen.map_err(|refused| refused.refusal.code())?;
        let command = Command::Reserve {
            redemption_id: &asked.id,
            taken: &chosen,
        };
        let planned = self.book(command, now)?;
        let ids = chosen.chosen.iter().map(|it| it.reward.id.clone());
        let of_it = (chosen.points.get(), ids.collect());
        self.redemptions.insert(asked.id.clone(), of_it);
        Ok(planned)
    }
}

#[test]
fn every_file_of_lives_is_run_here() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/life");
    let entries = std::fs::read_dir(folder).expect("the folder of the vectors");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("an entry of the folder").file_name())
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "expiry.json",
            "pending.json",
            "redemptions.json",
            "refunds.json",
            "tiers.json"
        ]
    );
}

#[test]
fn points_wait_for_the_return_window() {
    check("pending");
}

#[test]
fn points_expire_when_their_time_is_up() {
    check("expiry");
}

#[test]
fn refunds_take_back_what_their_lines_earned() {
    check("refunds");
}

#[test]
fn redemptions_hold_and_spend_points() {
    check("redemptions");
}

#[test]
fn tiers_fall_at_their_second() {
    check("tiers");
}
