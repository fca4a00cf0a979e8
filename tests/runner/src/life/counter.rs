//! What happens at the counter of a story's shop: orders of members and of guests, quotes, who joins, and which program
//! is in force.
//!
//! Its invariant: what is of nobody is booked for nobody, and tells what it would have been.

use earnest_core::refund::Surprised;
use earnest_core::{Plan, Program, Timestamp};
use earnest_ledger::store::refunds::RefundedOrder;
use earnest_ledger::{Bought, Earned, QuoteOutcome, Signs};

use super::one::Life;
use super::quoted::{Brought, SHOP};
use super::several::Lives;
use super::{Expected, OrderAct, QuoteAct, QuotedBy, cart, quote_told};
use crate::instant;

/// What the answer to an order tells of its quote.
pub(super) fn told(quote: Option<QuoteOutcome>) -> Option<String> {
    let outcome = serde_json::to_value(quote?).expect("a document");
    quote_told(&outcome)
}

impl OrderAct {
    /// When it was placed.
    pub(super) fn placed_at(&self, now: Timestamp) -> Timestamp {
        self.placed_at.as_deref().map_or(now, instant)
    }
}

impl<'a> Lives<'a> {
    /// Another program is in force.
    pub(super) fn publish(&mut self, program: &'a Program) -> Expected {
        self.program = program;
        for life in self.by_name.values_mut() {
            life.program = program;
        }
        Expected::default()
    }

    /// Somebody asks what a cart will earn.
    pub(super) fn ask(&mut self, who: &str, asked: &QuoteAct, now: Timestamp) -> Expected {
        let mut member = self.program.newcomer();
        member.budgets.clone_from(&self.budgets);
        if asked.by == QuotedBy::Server {
            self.of(who).member.clone_into(&mut member);
        }
        let told = self.quotes.ask(asked, (who, &member), self.program, now);
        Expected::told(told)
    }

    /// Somebody has paid an order: `who`, where it does not name an e-mail of nobody.
    pub(super) fn order(
        &mut self,
        who: &str,
        order: &OrderAct,
        now: Timestamp,
        expect: &Expected,
    ) -> Result<Expected, &'static str> {
        let brought = self.quotes.brought(order);
        if let Some(email) = &order.email {
            let placed_at = order.placed_at(now);
            match self.guests.member(email, self.program, placed_at) {
                Some(known) => assert_eq!(known, who, "whose order it is"),
                None => return Ok(self.order_as_guest(email, order, &brought, now)),
            }
        }
        let joined = order.customer.as_ref().and_then(|_| self.join(who, now));
        let early: Vec<_> = self
            .early
            .extract_if(.., |it| it.order == order.id)
            .collect();
        let booked = self.of(who).late_order(order, &brought, &early, now)?;
        if booked.is_quoted {
            self.quotes.use_up(order);
        }
        let planned = match joined {
            Some(joined) => joined.then(booked.plan),
            None => booked.plan,
        };
        Ok(Expected {
            quote: booked.quote,
            ..self.keep(who, planned, now, expect)
        })
    }

    fn order_as_guest(
        &mut self,
        email: &str,
        order: &OrderAct,
        brought: &Brought<'a>,
        now: Timestamp,
    ) -> Expected {
        let (cart, placed_at) = (cart(&order.cart), order.placed_at(now));
        let asked = Bought {
            shop: SHOP,
            cart: &cart,
            placed_at,
            member: None,
            budgets: &self.budgets,
            quoted: &brought.known,
        };
        let earned = Earned::new(&asked, brought.presented(), self.program).expect("few points");
        if earned.given.is_some() {
            self.quotes.use_up(order);
        }
        let points = earned.earning.points;
        let kept = RefundedOrder {
            member_id: None,
            program: Some(earned.program.clone()),
            member: earned.member,
            evaluated_at: earned.at,
            counted_on: None,
            placed_at,
            points,
            credits: Vec::new(),
            spent: Vec::new(),
            tendered: Vec::new(),
            surprises: Surprised::default(),
            referred: Vec::new(),
            signs: Signs::default(),
            cart,
        };
        self.guests.keep(&order.id, email, kept);
        for refund in self.early.extract_if(.., |it| it.order == order.id) {
            assert!(self.guests.send_back(&refund), "it is of this order");
        }
        Expected {
            quote: told(earned.quote),
            ..Expected::told(format!("guest {points}"))
        }
    }

    /// Somebody joins, or joins again; what she ordered before as a guest is hers.
    pub(super) fn enrol(
        &mut self,
        who: &str,
        email: &str,
        now: Timestamp,
        expect: &Expected,
    ) -> Expected {
        let mut planned = self.join(who, now);
        let joined_at = self.of(who).member.joined_at.expect("she has joined");
        for (id, waiting) in self.guests.join(who, email, self.program, joined_at) {
            let mut credited: Plan = self.of(who).credit(&id, &waiting, now);
            self.take(std::mem::take(&mut credited.budgets));
            planned = Some(match planned {
                Some(planned) => planned.then(credited),
                None => credited,
            });
        }
        let life = self.of(who);
        match planned {
            Some(planned) => life.keep(planned, now, expect),
            None => life.tell(now, expect),
        }
    }

    /// What somebody is welcomed with, who was no member.
    fn join(&mut self, who: &str, now: Timestamp) -> Option<Plan> {
        if self.by_name.contains_key(who) {
            return None;
        }
        let (life, mut planned) = Life::joined(self.program, who, now, &self.budgets);
        self.by_name.insert(who.to_owned(), life);
        self.take(std::mem::take(&mut planned.budgets));
        Some(planned)
    }
}
