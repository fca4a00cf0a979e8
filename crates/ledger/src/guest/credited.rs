//! What an order of a guest gives to who she became, however it is kept.
//!
//! Its invariant: the order is evaluated as it was when it was booked, by the program that told her what it is worth; but
//! what she and others have had meanwhile of limits and budgets is had.

use earnest_core::refund::{Surprised, TakenBack, credits_booked};
use earnest_core::{Command, Earning, Plan, Program, Snapshot, Timestamp, evaluate, plan_under};

use crate::store::refunds::{RefundRow, RefundedOrder};
use crate::store::seeds::SeedRow;
use crate::{BookingError, seed};

/// An order of a guest, and what came back of it before she joined.
#[derive(Clone, Copy, Debug)]
pub struct GuestOrder<'a> {
    /// The shop's id of the order.
    pub order_id: &'a str,
    /// The order as it was told.
    pub order: &'a RefundedOrder,
    /// What came back of it, the oldest first.
    pub refunds: &'a [RefundRow],
    /// What the shop draws surprises with.
    pub seeds: &'a [SeedRow],
}

/// What becomes of it.
#[derive(Clone, Debug)]
pub struct Credited {
    /// What it earns.
    pub earning: Earning,
    /// The order as it is hers: with the program that decided, and her as she was evaluated.
    pub order: RefundedOrder,
    /// What is booked: what it earns, and what is taken back of that.
    pub plan: Plan,
    /// What came back.
    pub backs: Vec<TakenBack>,
}

impl GuestOrder<'_> {
    /// Credits it to who she is now, under the program of today.
    ///
    /// # Errors
    /// Where a rule says no.
    pub fn credit(
        &self,
        today: &Program,
        member: &Snapshot,
        now: Timestamp,
    ) -> Result<Credited, BookingError> {
        // The one that told her what it is worth.
        let program = self.order.program.as_ref().unwrap_or(today);
        let evaluated = Snapshot {
            // What she and others have had meanwhile counts: ten orders of a guest are not ten first ones.
            budgets: member.budgets.clone(),
            usage: member.usage.clone(),
            orders: member.orders,
            last_order_at: member.last_order_at,
            ..self.order.member.clone()
        };
        let earning = evaluate(
            program,
            &evaluated,
            &self.order.cart,
            self.order.evaluated_at,
        );
        let earning = earning.map_err(|error| BookingError::evaluate(error, ""))?;
        let command = Command::Earn {
            order_id: self.order_id,
            cart: &self.order.cart,
            placed_at: self.order.placed_at,
            earning: &earning,
            redemptions: &[],
            // She is drawn when she is one of those who take part.
            draws: &seed::draws(program, self.seeds, self.order_id)?,
        };
        let earned = plan_under(today, program, Some(member), command, now);
        let earned = earned.map_err(|refusal| BookingError::refused(refusal, None))?;
        let order = RefundedOrder {
            points: earning.points,
            credits: credits_booked(&earned),
            member: evaluated,
            counted_on: Some(today.tier_rules().basis.clone()),
            surprises: Surprised::by(&earned),
            program: Some(program.clone()),
            ..self.order.clone()
        };
        let early = order.refund_all(today, self.order_id, earned, self.refunds, now)?;
        let (plan, backs) = (early.plan, early.backs);
        Ok(Credited {
            earning,
            order,
            plan,
            backs,
        })
    }
}
