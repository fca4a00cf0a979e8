//! Newcomers whom nobody asks: where who has an account is a member, the first order makes her one.
//!
//! Only the shop's own name for her does: an e-mail alone is a guest's. Invariants: she joins in the batch that books
//! her order, so that one which is refused makes nobody a member; what she agrees to, to the terms or to marketing, is
//! not said by it; and who is a member by her e-mail is no second one, but the customer of that name from then on.

use earnest_core::{Program, Timestamp};

use super::Order;
use super::booking::OrderBooking;
use super::buyer::Buyer;
use crate::BookingError;
use crate::enrolment::{store_newcomer, welcome};
use crate::guest::is_before_guest_window;
use crate::referral::member_after;
use crate::store::Statement;
use crate::store::joining::{self, Joining};
use crate::store::members::MemberRow;

/// The name by which the program makes members of those who have an account, where the order says it.
fn account<'a>(order: &'a Order, program: &Program) -> Option<&'a str> {
    let may_join = program.is_joining_automatic() && !order.customer.names_member();
    order.customer.id.as_deref().filter(|_| may_join)
}

impl OrderBooking<'_> {
    /// Who bought; a guest, and why, where all that the shop knows is an e-mail, and she bought longer before she joined
    /// than the program reaches back. So it does not matter whether her order or she came first.
    pub(super) fn as_guest(
        &self,
        program: &Program,
        buyer: Buyer,
        now: Timestamp,
    ) -> (Buyer, Option<&'static str>) {
        let customer = &self.order.customer;
        let is_named = customer.member_id.is_some() || customer.id.is_some();
        let is_before = buyer.member.as_ref().is_some_and(|member| {
            let enrolled_at = Timestamp::from_millis(member.enrolled_at);
            is_before_guest_window(program, enrolled_at, self.placed_at(now))
        });
        if is_named || !is_before || !buyer.redemptions.is_empty() {
            return (buyer, None);
        }
        let member = None;
        let guest = Buyer { member, ..buyer };
        (guest, Some("placed_before_guest_window"))
    }

    /// Who bought, with what she is welcomed with where she joins by this order.
    pub(super) fn welcome(
        &self,
        program: &Program,
        buyer: Buyer,
        now: Timestamp,
    ) -> Result<Buyer, BookingError> {
        if buyer.member.is_some() || account(self.order, program).is_none() {
            return Ok(buyer);
        }
        let member_id = self.codes.newcomer();
        let joins = self.joining(&member_id);
        let joined = welcome(&member_id, program, buyer.budgets, now)?;
        Ok(Buyer {
            member: Some(MemberRow::newcomer(self.shop, &joins, now)),
            budgets: member_after(&joined).budgets,
            joined: Some(joined),
            ..buyer
        })
    }

    /// What adds her, before all else.
    pub(super) fn store_newcomer(&self, buyer: &Buyer, now: Timestamp) -> Vec<Statement> {
        match (&buyer.member, &buyer.joined) {
            (Some(member), Some(_)) => {
                store_newcomer(self.shop, self.joining(&member.member_id), now).to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// What gives a member who has none the name that her shop has for her.
    pub(super) fn store_name(&self, program: &Program, member: &MemberRow) -> Option<Statement> {
        let name = account(self.order, program).filter(|_| member.customer_id.is_none());
        name.map(|name| joining::store_customer(self.shop, &member.member_id, name))
    }

    fn joining<'b>(&'b self, member_id: &'b str) -> Joining<'b> {
        let customer = &self.order.customer;
        Joining {
            member_id,
            customer_id: customer.id.as_deref(),
            email_hash: customer.email_hash.as_ref(),
            terms: false,
            marketing: false,
            signs: &self.order.signs,
        }
    }
}
