//! A quote is asked for and brought with its order, at once or after something else; then another order brings
//! it too.
//!
//! It is honoured once, and with no less than it promised.

use std::sync::Arc;

use earnest_core::evaluate;
use earnest_core::wire::{CartDocument, EarningDocument};
use earnest_ledger::{Asked, BookingError, Quote};
use serde_json::json;

use super::order::{Brought, DeliverOrder};
use super::{Operation, order};
use crate::Violation;
use crate::edge::{Caller, Request};
use crate::errand::{Errand, expect};
use crate::random::Random;
use crate::shell::{Shell, shop_id};

#[derive(Debug)]
struct BringQuote {
    order: DeliverOrder,
    /// Whether the shop's server asked, for a member.
    for_member: bool,
    /// What happens between asking and buying.
    between: Option<Arc<dyn Operation>>,
    /// Whether another order brings the same quote.
    twice: bool,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(BringQuote {
        order: order::any(random),
        for_member: random.one_in(2),
        between: random.one_in(2).then(|| super::draw(random)),
        twice: random.one_in(3),
    })
}

impl BringQuote {
    /// As the Worker's endpoint makes it.
    fn ask(&self, shell: &mut Shell) -> Result<Brought, BookingError> {
        let (member_id, member) = self.order.buyer(shell)?;
        let (program, cart) = (shell.program_now(self.order.shop), self.order.cart());
        let earning = evaluate(&program, &member, &cart, shell.now)
            .map_err(|error| BookingError::evaluate(error, "/cart"))?;
        let bound = member_id.as_deref().filter(|_| self.for_member);
        let asked = Asked {
            id: shell.new_id("quo"),
            shop: shop_id(self.order.shop),
            cart: &cart,
            member: bound.map(|id| (id, &member)),
        };
        let shown = EarningDocument::new(&program, &cart, &earning);
        let shown = serde_json::to_value(&shown).expect("an earning is plain JSON");
        Ok(Brought {
            quote: Quote::new(asked, &program, &earning, shell.now),
            shown,
            aged: self.between.is_some(),
            program,
        })
    }
}

impl Operation for BringQuote {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let Ok(mut brought) = self.ask(shell) else {
            return Ok(());
        };
        if let Some(between) = &self.between {
            between.perform(shell)?;
        }
        self.order.deliver(Some(&brought), shell)?;
        if self.twice {
            brought.aged = true;
            let mut other = self.order.clone();
            other.id += 10_000;
            other.deliver(Some(&brought), shell)?;
        }
        Ok(())
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let shop = self.order.shop;
        let cart = json!(CartDocument::from(&self.order.cart()));
        let mut request = Request::post(shop, "/v1/quotes", &json!({ "cart": cart }));
        if self.for_member {
            let customer = self.order.who.document(shop, errand);
            let body = json!({ "cart": cart, "customer": customer });
            request = Request::post(shop, "/v1/quotes", &body);
        } else {
            request.caller = Caller::Page;
        }
        let answer = errand.ask(&request);
        if answer.status != 200 {
            return expect(&errand.refused(&answer)?, &["member_unknown"]);
        }
        let quote = answer.json();
        if let Some(between) = &self.between {
            between.carry(errand)?;
        }
        self.order.carry_with(Some(&quote), errand)?;
        if self.twice {
            let mut other = self.order.clone();
            other.id += 10_000;
            other.carry_with(Some(&quote), errand)?;
        }
        Ok(())
    }
}
