//! Stories of a member, or of several, step by step: the life of points, and what she is given.
//!
//! Run here by the same `plan` that the edge stores; `tests/it/life_at_edge.rs` asks a running edge for each step. Its
//! invariants besides: lots and what is held sum to the balance, pools to each entry.

use std::collections::BTreeMap;

use earnest_core::refund::{
    BookedOrder, Refund, RefundedLine, SentBack, Surprised, credits_of, take_back,
};
use earnest_core::reward::{Had, Taker, Wish, take};
use earnest_core::wire::CartDocument;
use earnest_core::{
    Activity, Bargain, BudgetUse, Cart, Command, Given, Lot, Money, Plan, Points, Present, Program,
    Redeeming, Refusal, Snapshot, Timestamp, evaluate, evaluate_activity, plan,
};
use serde::Deserialize;

use crate::{Outcome, all_published, difference, instant, parsed};

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// Program files by name.
    pub programs: BTreeMap<String, String>,
    /// What happens to members of theirs.
    pub stories: Vec<Story>,
}

/// What happens to members, who all joined a moment before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it shows.
    pub name: String,
    /// How its answers are worked out by hand.
    pub why: String,
    /// The program of her shop.
    pub program: String,
    /// One after another.
    pub steps: Vec<Step>,
}

/// What is done, and what is so then.
#[derive(Debug, Deserialize)]
pub struct Step {
    /// When.
    pub at: String,
    /// Who does it: `ada` where it does not say.
    #[serde(default = "first")]
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub act: Act,
    /// What comes of it.
    pub expect: Expected,
}

/// What is done.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// She has paid an order.
    Order(Box<OrderAct>),
    /// She has done something else.
    Activity(ActivityAct),
    /// She sends something back.
    Refund(RefundAct),
    /// She asks for rewards.
    Redeem(RedeemAct),
    /// What a redemption holds is spent.
    Commit(String),
    /// What a redemption holds is free again.
    Release(String),
    /// Somebody gives or takes points.
    Adjust {
        /// Names it.
        key: String,
        /// How many.
        points: i64,
    },
    /// She gives points to another member.
    Transfer(TransferAct),
    /// She turns out to be another member as well.
    Merge {
        /// Who she is from now on.
        into: String,
    },
    /// Nothing: time has passed.
    Settle(()),
}

/// Points that go to another member.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferAct {
    /// Names it.
    pub id: String,
    /// Who gets them.
    pub to: String,
    /// How many.
    pub points: i64,
    /// Whether the two are of one household.
    #[serde(default)]
    pub household: bool,
}

fn first() -> String {
    "ada".to_owned()
}

/// An order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderAct {
    /// Its id.
    pub id: String,
    /// What was bought.
    pub cart: CartDocument,
    /// When; the step's time where it does not say.
    pub placed_at: Option<String>,
    /// What it was paid with.
    #[serde(default)]
    pub redemptions: Vec<String>,
}

/// An activity.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityAct {
    /// Its id.
    pub id: String,
    /// What it was.
    pub kind: String,
    /// How many.
    #[serde(default = "once")]
    pub quantity: u32,
}

fn once() -> u32 {
    1
}

/// What comes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundAct {
    /// The refund's id.
    pub id: String,
    /// The order's.
    pub order: String,
    /// All that is left, where it does not say.
    pub lines: Option<Vec<LineAct>>,
}

/// A line that comes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineAct {
    /// Its id.
    pub id: String,
    /// Units of it.
    #[serde(default)]
    pub quantity: u32,
    /// Or an amount.
    pub amount: Option<String>,
}

/// Rewards that she asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemAct {
    /// The redemption's id.
    pub id: String,
    /// The rewards.
    pub rewards: Vec<WishAct>,
}

/// A reward that she asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishAct {
    /// Its id.
    pub id: String,
    /// Points, where she may say how many.
    pub points: Option<i64>,
}

/// What comes of a step; 0, none, or nothing, where it does not say.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Expected {
    /// The code of the refusal; then nothing else is said.
    pub refused: Option<String>,
    /// Entries, each by its kind and points.
    pub entries: Vec<String>,
    /// Events, each by its type.
    pub events: Vec<String>,
    /// What she was given besides what the order or activity earned, each by its giver and what it is.
    pub gifts: Vec<String>,
    /// Points that she may spend.
    pub free: i64,
    /// Points that wait.
    pub pending: i64,
    /// Points that are held.
    pub held: i64,
    /// Points that she owes.
    pub owed: i64,
    /// Her tier.
    pub tier: Option<String>,
    /// What is on the balance of money, where the story is about one.
    pub credit: Option<i64>,
    /// What comes of it for the other member, where there is one.
    pub other: Option<Box<Expected>>,
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

/// The members of a story by name.
struct Lives<'a> {
    program: &'a Program,
    begin_at: Timestamp,
    by_name: BTreeMap<String, Life<'a>>,
}

/// One member, and what she has done so far.
struct Life<'a> {
    program: &'a Program,
    member: Snapshot,
    orders: BTreeMap<String, Kept>,
    /// Points and rewards of each redemption.
    redemptions: BTreeMap<String, (i64, Vec<String>)>,
}

/// Runs a file; a story is over with the first step that differs.
pub(crate) fn run(text: &str) -> Outcome {
    let Vectors { programs, stories } = parsed(text);
    let programs = all_published(&programs);
    let mut outcome = Outcome::default();
    for story in &stories {
        let program = &programs[story.program.as_str()];
        let mut lives = Lives {
            program,
            begin_at: instant(&story.steps[0].at),
            by_name: BTreeMap::new(),
        };
        let mut steps = story.steps.iter().enumerate();
        let differs = steps.find_map(|(nth, step)| {
            let found = lives.step(step);
            let differs = difference(&step.expect, &found, |it| format!("{it:?}"))?;
            Some(format!("step {nth} at {}\n  {differs}", step.at))
        });
        outcome.add(&story.name, &story.why, differs);
    }
    outcome
}

/// A gift, as a story tells it.
fn told(given: &Given) -> String {
    match &given.what {
        Present::Points(points) => format!("{} {points}", given.giver),
        Present::Money { amount, .. } => format!("{} {amount}", given.giver),
        Present::Reward { id, .. } => format!("{} {id}", given.giver),
    }
}

impl Expected {
    fn refused(code: &str) -> Self {
        Self {
            refused: Some(code.to_owned()),
            ..Self::default()
        }
    }
}

impl<'a> Lives<'a> {
    fn of(&mut self, name: &str) -> &mut Life<'a> {
        let life = self.by_name.entry(name.to_owned());
        life.or_insert_with(|| Life::new(self.program, name, self.begin_at))
    }

    fn step(&mut self, step: &Step) -> Expected {
        let now = instant(&step.at);
        self.try_step(step, now).unwrap_or_else(Expected::refused)
    }

    fn try_step(&mut self, step: &Step, now: Timestamp) -> Result<Expected, &'static str> {
        let (who, expect) = (step.who.as_str(), &step.expect);
        let (hers, other, theirs) = match &step.act {
            Act::Transfer(it) => {
                let giving = Command::TransferOut {
                    transfer_id: &it.id,
                    points: it.points,
                    is_of_household: it.household,
                };
                let given = self.of(who).book(giving, now)?;
                let taking = Command::TransferIn {
                    transfer_id: &it.id,
                    lots: &given.drawn,
                };
                let taken = self.of(&it.to).book(taking, now)?;
                (given, &it.to, taken)
            }
            Act::Merge { into } => {
                let was = self.of(who).book(Command::Settle, now)?.snapshot;
                let emptying = Command::MergeOut { member_id: into };
                let emptied = self.of(who).book(emptying, now)?;
                let uniting = Command::MergeIn {
                    member_id: who,
                    other: &was,
                };
                let united = self.of(into).book(uniting, now)?;
                (emptied, into, united)
            }
            act => {
                let life = self.of(who);
                let planned = life.plan(act, now)?;
                return Ok(life.keep(planned, now, expect));
            }
        };
        let told = self.of(who).keep(hers, now, expect);
        let beside = expect.other.as_deref().cloned().unwrap_or_default();
        let theirs = self.of(other).keep(theirs, now, &beside);
        Ok(Expected {
            other: Some(Box::new(theirs)),
            ..told
        })
    }
}

impl<'a> Life<'a> {
    /// Somebody who joined a moment before the story begins.
    fn new(program: &'a Program, name: &str, at: Timestamp) -> Self {
        let before = Timestamp::from_millis(at.as_millis().saturating_sub(1));
        let join = Command::Enrol { member_id: name };
        let joined = plan(program, None, join, before).expect("she joins");
        let mut life = Self {
            program,
            member: joined.snapshot,
            orders: BTreeMap::new(),
            redemptions: BTreeMap::new(),
        };
        life.take(joined.budgets);
        life
    }

    /// Stores what was planned, and tells of it what a story does.
    fn keep(&mut self, planned: Plan, now: Timestamp, expect: &Expected) -> Expected {
        for entry in &planned.entries {
            let sum: i64 = entry.pools.iter().map(|pool| pool.points).sum();
            assert_eq!(sum, entry.points.get(), "{entry:?}");
        }
        let entries = planned.entries.iter();
        let entries = entries.map(|entry| format!("{} {}", entry.kind.name(), entry.points));
        let events = planned.events.iter().map(|event| event.kind.name());
        let holdings = &planned.snapshot.holdings;
        assert_eq!(holdings.points(), planned.snapshot.balance.get());
        let tier = self.program.tier_at(&planned.snapshot, now);
        let credit = planned.snapshot.credits.first().map(|(_, minor)| *minor);
        let found = Expected {
            refused: None,
            entries: entries.collect(),
            events: events.map(str::to_owned).collect(),
            gifts: planned.gifts.iter().map(told).collect(),
            free: holdings.available(now),
            pending: holdings.pending(now),
            held: holdings.reserved(),
            owed: holdings.owed,
            tier: tier.map(|(_, tier)| tier.id.clone()),
            credit: expect.credit.map(|_| credit.unwrap_or(0)),
            other: None,
        };
        self.member = planned.snapshot;
        self.take(planned.budgets);
        found
    }

    /// Adds to what all members have had of budgets: there is only her.
    fn take(&mut self, taken: Vec<BudgetUse>) {
        let budgets = &mut self.member.budgets;
        for BudgetUse { holder, points, .. } in taken {
            match budgets.iter_mut().find(|(known, _)| *known == holder) {
                Some((_, used)) => *used = used.saturating_add(points),
                None => budgets.push((holder, points)),
            }
        }
    }

    fn plan(&mut self, act: &Act, now: Timestamp) -> Result<Plan, &'static str> {
        match act {
            Act::Order(order) => self.order(order, now),
            Act::Activity(done) => self.activity(done, now),
            Act::Refund(refund) => self.refund(refund, now),
            Act::Redeem(asked) => self.redeem(asked, now),
            Act::Commit(redemption_id) => self.book(Command::Commit { redemption_id }, now),
            Act::Release(redemption_id) => self.book(Command::Release { redemption_id }, now),
            Act::Settle(()) => self.book(Command::Settle, now),
            Act::Transfer(_) | Act::Merge { .. } => panic!("it takes two"),
            Act::Adjust { key, points } => {
                let command = Command::Adjust {
                    key,
                    points: *points,
                    reason: "as the story says",
                    by: None,
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
        let nothing = Bargain::default();
        let redemptions = order.redemptions.iter().map(|id| {
            let (points, rewards) = &self.redemptions[id];
            Redeeming {
                id,
                points: *points,
                rewards,
                bargain: &nothing,
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

    fn activity(&self, done: &ActivityAct, now: Timestamp) -> Result<Plan, &'static str> {
        let ActivityAct { id, kind, quantity } = done;
        let activity = Activity::new(id.clone(), kind.clone(), Vec::new(), *quantity);
        let activity = activity.expect("an activity of the vectors");
        let earning = evaluate_activity(self.program, &self.member, &activity, now);
        let command = Command::Act {
            activity: &activity,
            occurred_at: now,
            earning: &earning.expect("few points"),
        };
        self.book(command, now)
    }

    fn refund(&mut self, refund: &RefundAct, now: Timestamp) -> Result<Plan, &'static str> {
        let order = self.orders.get_mut(&refund.order);
        let order = order.expect("an order of the story");
        let currency = order.cart.currency();
        let lines = refund.lines.as_ref().map(|lines| {
            let of = |line: &LineAct| RefundedLine {
                id: line.id.clone(),
                quantity: line.quantity,
                amount_minor: line
                    .amount
                    .as_deref()
                    .map(|text| Money::parse(text, currency).expect("an amount").minor()),
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
            tendered: &[],
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
            tenders: &[],
        };
        let planned = self.book(command, now)?;
        let ids = chosen.chosen.iter().map(|it| it.reward.id.clone());
        let of_it = (chosen.points.get(), ids.collect());
        self.redemptions.insert(asked.id.clone(), of_it);
        Ok(planned)
    }
}
