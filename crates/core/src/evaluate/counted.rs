//! What of a cart counts for earning: each line after all discounts, with or without tax and shipping,
//! less what is excluded. Minor units in, minor units out; no points here.

use crate::allocation::split;
use crate::{Cart, Line, Program, Snapshot, Timestamp};

pub(super) struct Counted {
    /// What counts, by line; zero where the line is excluded.
    pub(super) lines: Vec<i64>,
    /// The exclusion that leaves the line out, by line.
    pub(super) excluded_by: Vec<Option<usize>>,
}

impl Counted {
    pub(super) fn of(program: &Program, member: &Snapshot, cart: &Cart, now: Timestamp) -> Self {
        let tier = program.tier_of(member).map(|tier| tier.id.as_str());
        let exclusion_of = |line: &Line| {
            let leaves_out =
                |e: &crate::Exclusion| e.when.fits_order(tier, now) && e.when.fits_line(line);
            program.exclusions().iter().position(leaves_out)
        };
        let excluded_by: Vec<_> = cart.lines().iter().map(exclusion_of).collect();
        let lines = cart
            .lines()
            .iter()
            .zip(cart.discounted_minor())
            .zip(&excluded_by)
            .map(|((line, discounted_minor), exclusion)| match exclusion {
                Some(_) => 0,
                None => with_tax_as_counted(program, cart, discounted_minor, line.tax_minor),
            })
            .collect();
        let mut counted = Self { lines, excluded_by };
        if program.counts().shipping {
            counted.add_shipping(program, cart);
        }
        counted
    }

    pub(super) fn earns(&self, line: usize) -> bool {
        self.excluded_by.get(line).is_some_and(Option::is_none)
    }

    pub(super) fn sum_minor(&self) -> i64 {
        self.lines.iter().copied().fold(0, i64::saturating_add)
    }

    /// The lines that earn share the shipping in proportion to their worth.
    fn add_shipping(&mut self, program: &Program, cart: &Cart) {
        let totals = cart.totals();
        let shipping_minor = with_tax_as_counted(
            program,
            cart,
            totals.shipping_minor,
            totals.shipping_tax_minor,
        );
        let earning: Vec<usize> = (0..self.lines.len())
            .filter(|line| self.earns(*line))
            .collect();
        let weights: Vec<i64> = earning
            .iter()
            .filter_map(|line| self.lines.get(*line).copied())
            .collect();
        let id = |line: &usize| cart.lines().get(*line).map(|line| line.id.as_str());
        let ids: Vec<&str> = earning.iter().filter_map(id).collect();
        for (line, share) in earning.iter().zip(split(shipping_minor, &weights, &ids)) {
            if let Some(counted) = self.lines.get_mut(*line) {
                *counted = counted.saturating_add(share);
            }
        }
    }
}

/// A price with its tax put in or taken out, where the cart states it otherwise than the program counts.
fn with_tax_as_counted(program: &Program, cart: &Cart, price_minor: i64, tax_minor: i64) -> i64 {
    match (cart.totals().prices_include_tax, program.counts().tax) {
        (true, false) => price_minor.saturating_sub(tax_minor),
        (false, true) => price_minor.saturating_add(tax_minor),
        (true, true) | (false, false) => price_minor,
    }
}
