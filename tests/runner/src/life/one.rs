//! One member of a story: what she has done, and what her next step comes to.
//!
//! Her invariants: lots and what is held sum to the balance, pools to each entry.

use std::collections::BTreeMap;

use earnest_core::refund::{
    BookedOrder, Refund, RefundedLine, SentBack, Surprised, credits_of, take_back,
};
use earnest_core::reward::{Had, Taker, Wish, take};
use earnest_core::{
    Activity, Bargain, Cart, Command, Given, Lot, Money, Plan, Points, Present, Program, Redeeming,
    Refusal, Snapshot, Timestamp, evaluate_activity, plan, plan_under,
};
use earnest_ledger::{Bought, Credited, Earned, GuestOrder};

use super::counter::told as told_quote;
use super::guests::Waiting;
use super::quoted::{Brought, SHOP};
use super::{Act, ActivityAct, Expected, LineAct, OrderAct, RedeemAct, RefundAct, cart};

/// An order of the story, as a ledger keeps it.
pub(super) struct Kept {
    cart: Cart,
    /// The program that decided it.
    program: Program,
    /// Her as she was evaluated, and for when.
    member: Snapshot,
    evaluated_at: Timestamp,
    placed_at: Timestamp,
    points: Points,
    credits: Vec<(String, i64)>,
    spent: Vec<Lot>,
    /// What had come back after each refund.
    back: Vec<SentBack>,
}

/// What comes of an order.
pub(super) struct Ordered {
    pub(super) plan: Plan,
    /// Whether the quote that it brought decided it.
    pub(super) is_quoted: bool,
    /// What became of that, as a story tells it.
    pub(super) quote: Option<String>,
}

pub(super) type Orders = BTreeMap<String, Kept>;

/// One member, and what she has done so far.
pub(super) struct Life<'a> {
    pub(super) program: &'a Program,
    name: String,
    pub(super) member: Snapshot,
    /// The household that she lives in.
    pub(super) home: Option<String>,
    orders: Orders,
    /// Points and rewards of each redemption.
    redemptions: BTreeMap<String, (i64, Vec<String>)>,
}

impl<'a> Life<'a> {
    /// Somebody who joins at an instant, when others have had so much of budgets; and what she is welcomed with.
    pub(super) fn joined(
        program: &'a Program,
        name: &str,
        at: Timestamp,
        budgets: &[(String, i64)],
    ) -> (Self, Plan) {
        let nobody_yet = Snapshot {
            budgets: budgets.to_vec(),
            ..Snapshot::default()
        };
        let join = Command::Enrol { member_id: name };
        let joined = plan(program, Some(&nobody_yet), join, at).expect("she joins");
        let life = Self {
            program,
            name: name.to_owned(),
            member: joined.snapshot.clone(),
            home: None,
            orders: BTreeMap::new(),
            redemptions: BTreeMap::new(),
        };
        (life, joined)
    }

    /// She is told what all members have had of budgets.
    pub(super) fn know_budgets(&mut self, budgets: &[(String, i64)]) {
        budgets.clone_into(&mut self.member.budgets);
    }

    /// What somebody who is another one from now on leaves behind beside her points.
    pub(super) fn leave(&mut self) -> (Orders, Option<String>) {
        (std::mem::take(&mut self.orders), self.home.take())
    }

    /// What was somebody's is hers.
    pub(super) fn take_over(&mut self, (orders, home): (Orders, Option<String>)) {
        self.orders.extend(orders);
        self.home = self.home.take().or(home);
    }

    /// What she may spend, with what time has done by now.
    pub(super) fn free(&self, now: Timestamp) -> i64 {
        let settled = self.book(Command::Settle, now).expect("time passes");
        settled.snapshot.holdings.available(now)
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
        self.member = planned.snapshot;
        Expected {
            entries: entries.collect(),
            events: events.map(str::to_owned).collect(),
            gifts: planned.gifts.iter().map(told).collect(),
            ..self.tell(now, expect)
        }
    }

    /// What she has.
    pub(super) fn tell(&self, now: Timestamp, expect: &Expected) -> Expected {
        let holdings = &self.member.holdings;
        assert_eq!(holdings.points(), self.member.balance.get());
        let tier = self.program.tier_at(&self.member, now);
        let credit = self.member.credits.first().map(|(_, minor)| *minor);
        Expected {
            free: holdings.available(now),
            pending: holdings.pending(now),
            held: holdings.reserved(),
            owed: holdings.owed,
            tier: tier.map(|(_, tier)| tier.id.clone()),
            credit: expect.credit.map(|_| credit.unwrap_or(0)),
            ..Expected::default()
        }
    }

    /// What one member does alone.
    pub(super) fn plan(&mut self, act: &Act, now: Timestamp) -> Result<Plan, &'static str> {
        match act {
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
            Act::Trial(()) => self.book(Command::StartTrial, now),
            Act::Adjust { key, points } => {
                let command = Command::Adjust {
                    key,
                    points: *points,
                    reason: "as the story says",
                    by: None,
                };
                self.book(command, now)
            }
            _ => panic!("it is not hers alone"),
        }
    }

    /// What the core plans for her, or the code of its refusal.
    pub(super) fn book(&self, command: Command<'_>, now: Timestamp) -> Result<Plan, &'static str> {
        plan(self.program, Some(&self.member), command, now).map_err(Refusal::code)
    }

    /// What an order of hers is given, by the quote that it brings or by the program in force.
    fn order(
        &mut self,
        order: &OrderAct,
        brought: &Brought<'_>,
        now: Timestamp,
    ) -> Result<Ordered, &'static str> {
        let (cart, placed_at) = (cart(&order.cart), order.placed_at(now));
        let asked = Bought {
            shop: SHOP,
            cart: &cart,
            placed_at,
            member: Some((&self.name, &self.member)),
            budgets: &self.member.budgets,
            quoted: &brought.known,
        };
        let earned = Earned::new(&asked, brought.presented(), self.program).expect("few points");
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
            earning: &earned.earning,
            redemptions: &redemptions,
            draws: &[],
        };
        let planned = plan_under(
            self.program,
            earned.program,
            Some(&self.member),
            command,
            now,
        );
        let planned = planned.map_err(Refusal::code)?;
        let kept = Kept {
            program: earned.program.clone(),
            member: earned.member,
            evaluated_at: earned.at,
            placed_at,
            points: earned.earning.points,
            credits: credits_of(earned.program, &earned.earning),
            spent: planned.drawn.clone(),
            back: vec![SentBack::default()],
            cart,
        };
        self.orders.insert(order.id.clone(), kept);
        Ok(Ordered {
            plan: planned,
            is_quoted: earned.given.is_some(),
            quote: told_quote(earned.quote),
        })
    }

    /// Whether an order is hers.
    pub(super) fn has(&self, order: &str) -> bool {
        self.orders.contains_key(order)
    }

    /// What an order of hers is given, less what had come back of it before it came.
    pub(super) fn late_order(
        &mut self,
        order: &OrderAct,
        brought: &Brought<'_>,
        early: &[RefundAct],
        now: Timestamp,
    ) -> Result<Ordered, &'static str> {
        let mut booked = self.order(order, brought, now)?;
        for refund in early {
            self.member = booked.plan.snapshot.clone();
            let taken = self.refund(refund, now)?;
            booked.plan = booked.plan.then(taken);
        }
        Ok(booked)
    }

    /// What an order gives her that she had placed as a guest.
    pub(super) fn credit(&mut self, id: &str, waiting: &Waiting, now: Timestamp) -> Plan {
        let guest = GuestOrder {
            order_id: id,
            order: &waiting.order,
            refunds: &waiting.refunds,
            seeds: &[],
        };
        let credited = guest.credit(self.program, &self.member, now);
        let Credited { order, plan, .. } = credited.expect("an order that she may have");
        let back = order.sent_back(&waiting.refunds).expect("refunds of it");
        let kept = Kept {
            program: order.program.expect("the one that decided"),
            member: order.member,
            evaluated_at: order.evaluated_at,
            placed_at: order.placed_at,
            points: order.points,
            credits: order.credits,
            spent: order.spent,
            back: [vec![SentBack::default()], back].concat(),
            cart: order.cart,
        };
        self.orders.insert(id.to_owned(), kept);
        self.member = plan.snapshot.clone();
        plan
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
            evaluated_at: order.evaluated_at,
            placed_at: order.placed_at,
            points: order.points,
            credits: &order.credits,
            spent: &order.spent,
            tendered: &[],
            surprises: &Surprised::default(),
        };
        let taken_back = take_back(Some(&order.program), &booked, &order.back, &after);
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
