//! One side of a comparison: a shop that runs one of the programs, and what its orders gave.
//!
//! Its invariant: both sides are asked the same orders, and what one gave is told in the measure of both.

use std::collections::HashMap;

use earnest_core::{Program, Snapshot};

use super::measure::{Given, Measure, credited_minor, worth_minor};
use crate::gift::{costs_minor, drawn};
use crate::orders::Order;
use crate::perks::Perks;
use crate::shop::Shop;

/// A shop that runs one of the programs.
pub(super) struct Side<'program> {
    program: &'program Program,
    pub(super) shop: Shop<'program, Given>,
    perks: Perks,
}

impl<'program> Side<'program> {
    pub(super) fn new(program: &'program Program, members: HashMap<Box<str>, Snapshot>) -> Self {
        Self {
            program,
            shop: Shop::new(program, members),
            perks: Perks::new(program),
        }
    }

    /// Books an order; answers with what it gave in its currency and what was paid for it, and adds what counts to the
    /// member's sum. `None` for a guest.
    pub(super) fn book(
        &mut self,
        measure: Measure,
        order: &Order,
    ) -> Result<Option<(Given, i64)>, String> {
        let program = self.program;
        let booked = self.shop.book(order, &drawn(program, order), &self.perks)?;
        let Some((booked, sum)) = booked else {
            return Ok(None);
        };
        let of_order = order.cart.currency();
        let perks_minor = self.perks.add(0, &booked);
        let given_minor = |currency| {
            let worth = |points| worth_minor(program, points, currency);
            credited_minor(program, &booked, currency)
                + costs_minor(program, &booked.gifts, currency, worth)
        };
        let points = booked.points;
        sum.points += points;
        if let Some(currency) = measure.currency() {
            sum.minor += given_minor(currency);
            if currency == of_order {
                sum.perks_minor += perks_minor;
            }
        }
        let given = Given {
            points,
            minor: given_minor(of_order),
            perks_minor,
        };
        Ok(Some((given, booked.paid(order).goods_minor())))
    }
}

/// What an order is to the shop's revenue, in minor units: nothing where it is a partner's, else what is paid under the
/// program as it is. Perks of the new one are what it costs more.
pub(super) fn revenue_minor(
    programs: [&Program; 2],
    order: &Order,
    paid_minor: Option<i64>,
) -> i64 {
    if programs.iter().any(|it| order.partner_of(it).is_some()) {
        return 0;
    }
    paid_minor.unwrap_or_else(|| order.cart.goods_minor())
}
