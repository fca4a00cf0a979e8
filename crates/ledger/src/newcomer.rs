//! Newcomers whom nobody asks: where who has an account is a member, the first order makes her one.
//!
//! Only the shop's own name for her does: an e-mail alone is a guest's. Invariant: she joins before her order is
//! booked, so that it is a member's; what she agrees to, to the terms or to marketing, is not said by this.

use earnest_core::{Program, Timestamp};

use crate::enrolment::join_as;
use crate::store::members::{self, Joining};
use crate::store::{Rows, Statement, budgets};
use crate::{BookingError, Codes, Order};

/// Who may have to join before her order is booked.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    shop: &'a str,
    order: &'a Order,
}

impl<'a> Newcomer<'a> {
    /// Who bought, where the program makes members of those who have an account.
    #[must_use]
    pub fn of(shop: &'a str, order: &'a Order, program: &Program) -> Option<Self> {
        let customer = &order.customer;
        let is_customer = customer.id.is_some() && !customer.names_member();
        (is_customer && program.is_joining_automatic()).then_some(Self { shop, order })
    }

    /// What to read to find out whether she is a member.
    #[must_use]
    pub fn reads(&self) -> [Statement; 2] {
        let customer = &self.order.customer;
        [
            members::load_by_traces(self.shop, customer.traces()),
            budgets::load(self.shop),
        ]
    }

    /// Adds her with this id, in one batch; nothing where she is a member. A conflict with it means that she is one
    /// by now.
    ///
    /// # Errors
    /// Where a rule says no.
    pub fn join<R: Rows>(
        &self,
        [member, budgets]: &[R; 2],
        member_id: &str,
        program: &Program,
        codes: &Codes,
        now: Timestamp,
    ) -> Result<Vec<Statement>, BookingError> {
        if members::member(member)?.is_some() {
            return Ok(Vec::new());
        }
        let customer = &self.order.customer;
        let joining = Joining {
            member_id,
            customer_id: customer.id.as_deref(),
            email_hash: customer.email_hash.as_ref(),
            terms: false,
            marketing: false,
            signs: &self.order.signs,
        };
        let budgets = budgets::budgets(budgets)?;
        join_as(self.shop, joining, None, program, budgets, codes, now)
    }
}
