//! A story: one member of a preset's programme over time, told as a table of what she does and what is booked.
//!
//! Its invariant: everything goes through `evaluate`, `evaluate_activity` and `plan`, as at the edge.

use earnest_core::reward::{Had, Offer, Taker, offers};
use earnest_core::wire::CartDocument;
use earnest_core::{Activity, Cart, Command, Plan, Program, Snapshot, Timestamp, plan};
use earnest_core::{evaluate, evaluate_activity};
use serde_json::{Value, json};

use super::{instant, program};

/// What she does.
pub(super) enum Does {
    /// She joins.
    Joins,
    /// She buys one thing of this price, in a category.
    Buys(&'static str, &'static str),
    /// She buys this.
    Orders(Value),
    /// Something of a kind, with tags, so much of it.
    Acts(&'static str, &'static [&'static str], u32),
    /// She takes points for a reward.
    Spends(i64),
}

/// When, what, which entries it makes, and her balance after it.
pub(super) type Row<'a> = (&'a str, Does, &'a [(&'a str, i64)], i64);

/// A member and her shop.
pub(super) struct Story {
    pub(super) program: Program,
    pub(super) member: Snapshot,
    currency: &'static str,
    has_joined: bool,
    told: usize,
}

impl Story {
    pub(super) fn of(preset: &str, currency: &'static str) -> Self {
        let program = program(preset);
        Self {
            member: program.newcomer(),
            program,
            currency,
            has_joined: false,
            told: 0,
        }
    }

    /// Tells each row, and holds what is booked against it.
    pub(super) fn tell(&mut self, rows: Vec<Row<'_>>) {
        for (at, does, entries, balance) in rows {
            let plan = self.book(at, does);
            let booked: Vec<_> = plan
                .entries
                .iter()
                .map(|entry| (entry.kind.name(), entry.points.get()))
                .collect();
            assert_eq!(booked, entries, "{at}");
            assert_eq!(self.member.balance.get(), balance, "{at}");
        }
    }

    /// Books what she does, and answers with all that was written.
    pub(super) fn book(&mut self, at: &str, does: Does) -> Plan {
        let now = instant(at);
        self.told += 1;
        let id = format!("s{}", self.told);
        let known = self.has_joined.then_some(&self.member);
        let program = &self.program;
        let planned = match does {
            Does::Joins => plan(program, known, Command::Enrol { member_id: "maya" }, now),
            Does::Buys(..) | Does::Orders(_) => {
                let cart = match does {
                    Does::Orders(cart) => cart_of(cart),
                    Does::Buys(price, category) => self.cart(price, category),
                    _ => unreachable!("an order"),
                };
                let earning = evaluate(program, &self.member, &cart, now).expect("few points");
                let command = Command::Earn {
                    order_id: &id,
                    cart: &cart,
                    placed_at: now,
                    earning: &earning,
                    redemptions: &[],
                    draws: &[],
                };
                plan(program, known, command, now)
            }
            Does::Acts(kind, tags, quantity) => {
                let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
                let activity = Activity::new(id, kind.to_owned(), tags, quantity);
                let activity = activity.expect("an activity of the story");
                let earning = evaluate_activity(program, &self.member, &activity, now);
                let earning = earning.expect("few points");
                let command = Command::Act {
                    activity: &activity,
                    occurred_at: now,
                    earning: &earning,
                };
                plan(program, known, command, now)
            }
            Does::Spends(points) => {
                let command = Command::Adjust {
                    key: &id,
                    points: -points,
                    reason: "A reward",
                    by: None,
                };
                plan(program, known, command, now)
            }
        };
        let planned = planned.unwrap_or_else(|refusal| panic!("{at}: {refusal}"));
        self.member = planned.snapshot.clone();
        self.has_joined = true;
        planned
    }

    /// A cart of one thing.
    pub(super) fn cart(&self, price: &str, category: &str) -> Cart {
        cart_of(json!({
            "currency": self.currency,
            "lines": [{ "id": "a", "product": category, "categories": [category], "quantity": 1, "unit_price": price }],
        }))
    }

    /// What a reward would be for her: the least points and what the most take off, or why not.
    pub(super) fn offer(
        &self,
        reward: &str,
        cart: &Cart,
        at: &str,
    ) -> Result<(i64, i64), &'static str> {
        let now = instant(at);
        let had = Had::of(self.program.rewards(), &self.member);
        let taker = Taker::new(&self.program, &self.member, &had, now);
        let offers = offers(self.program.rewards(), &taker, Some(cart), &[], now);
        let offer = offers.into_iter().find(|offer| offer.reward.id == reward);
        let Offer { answer, .. } = offer.expect("a reward of the program");
        let terms = answer.map_err(earnest_core::reward::RewardRefusal::code)?;
        Ok((terms.least.get(), terms.off_minor))
    }

    /// The day of an instant, where the shop is.
    pub(super) fn date_of(&self, at: Timestamp) -> String {
        let date = self.program.calendar().local(at).date();
        format!("{}-{:02}-{:02}", date.year, date.month, date.day)
    }

    /// The id of the tier that she is in.
    pub(super) fn tier(&self, at: &str) -> Option<&str> {
        let (_, tier) = self.program.tier_at(&self.member, instant(at))?;
        Some(&tier.id)
    }

    /// The tier above hers, and what is missing to it.
    pub(super) fn next_tier(&self, at: &str) -> Option<(&str, i64)> {
        let next = self.program.next_tier(&self.member, instant(at))?;
        Some((&next.tier.id, next.missing.count()))
    }

    /// What the shop honours for her: the names of her perks.
    pub(super) fn perks(&self, at: &str) -> Vec<&str> {
        let perks = self.program.perks_at(&self.member, instant(at));
        perks.map(|perk| perk.kind.name()).collect()
    }

    /// The badges that she has.
    pub(super) fn badges(&self) -> Vec<&str> {
        let challenges = self.program.challenges().iter();
        challenges
            .flat_map(|challenge| {
                let progress = self.member.challenges.iter();
                let hers = progress.filter(|it| it.challenge == challenge.id);
                hers.flat_map(|progress| challenge.badges(progress))
            })
            .collect()
    }
}

pub(super) fn cart_of(cart: Value) -> Cart {
    let document: CartDocument = serde_json::from_value(cart).expect("a cart of the story");
    Cart::try_from(document).expect("a cart of the story")
}
