//! One member of a story: what she has done, and what her next step comes to.
//!
//! Her invariants: lots and what is held sum to the balance, pools to each entry.

use std::collections::BTreeMap;

use earnest_core::refund::{
    BookedOrder, Refund, RefundedLine, SentBack, Surprised, credits_of, take_back,
};
use earnest_core::reward::{Had, Taker, Wish, take};
use earnest_core::{
    Activity, Bargain, BudgetUse, Cart, Command, Given, Lot, Money, Plan, Points, Present, Program,
    Redeeming, Refusal, Snapshot, Timestamp, evaluate, evaluate_activity, plan,
};

use super::{Act, ActivityAct, Expected, LineAct, OrderAct, RedeemAct, RefundAct};
use crate::instant;

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
pub(super) struct Life<'a> {
    program: &'a Program,
    member: Snapshot,
    orders: BTreeMap<String, Kept>,
    /// Points and rewards of each redemption.
    redemptions: BTreeMap<String, (i64, Vec<String>)>,
}

impl<'a> Life<'a> {
    /// Somebody who joined a moment before the story begins.
    pub(super) fn new(program: &'a Program, name: &str, at: Timestamp) -> Self {
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
    pub(super) fn keep(&mut self, planned: Plan, now: Timestamp, expect: &Expected) -> Expected {
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

    /// What one member does alone.
    pub(super) fn plan(&mut self, act: &Act, now: Timestamp) -> Result<Plan, &'static str> {
        match act {
            Act::Order(order) => self.order(order, now),
            Act::Activity(done) => self.activity(done, now),
            Act::Refund(refund) => self.refund(refund, now),
            Act::Redeem(asked) => self.redeem(asked, now),
            Act::Commit(redemption_id) => {
                let commit = Command::Commit {
                    redemption_id,
                    partner: None,
                };
                self.book(commit, now)
            }
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

    /// What the core plans for her, or the code of its refusal.
    pub(super) fn book(&self, command: Command<'_>, now: Timestamp) -> Result<Plan, &'static str> {
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

/// A gift, as a story tells it.
fn told(given: &Given) -> String {
    match &given.what {
        Present::Points(points) => format!("{} {points}", given.giver),
        Present::Money { amount, .. } => format!("{} {amount}", given.giver),
        Present::Reward { id, .. } => format!("{} {id}", given.giver),
    }
}
