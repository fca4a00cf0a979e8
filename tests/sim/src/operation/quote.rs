//! A quote is asked for and brought with its order, at once or after something else; then another order brings
//! it too.
//!
//! It is honoured once, and with no less than it promised.

use std::rc::Rc;

use earnest_core::evaluate;
use earnest_core::wire::EarningDocument;
use earnest_ledger::{Asked, BookingError, Quote};

use super::order::{Brought, DeliverOrder};
use super::{Operation, order};
use crate::Violation;
use crate::random::Random;
use crate::shell::{Shell, shop_id};

#[derive(Debug)]
struct BringQuote {
    order: DeliverOrder,
    /// Whether the shop's server asked, for a member.
    for_member: bool,
    /// What happens between asking and buying.
    between: Option<Rc<dyn Operation>>,
    /// Whether another order brings the same quote.
    twice: bool,
}

pub(super) fn draw(random: &mut Random) -> Rc<dyn Operation> {
    Rc::new(BringQuote {
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
}
