//! What of a cart counts for earning: each line after all discounts, with or without tax and shipping,
//! less what is excluded. Minor units in, minor units out; no points here.

use super::occasion::Occasion;
use crate::allocation::split;
use crate::{Cart, Program};

/// What of one line counts.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    /// Minor units; zero where the line is left out.
    pub(super) minor: i64,
    /// The line without its share of the shipping: what conditions ask about.
    pub(super) amount_minor: i64,
    /// The place of the exclusion that leaves it out.
    pub(super) excluded_by: Option<usize>,
}

impl Counted {
    pub(super) fn earns(&self) -> bool {
        self.excluded_by.is_none()
    }
}

/// What of the cart counts.
pub(super) fn sum_minor(counted: &[Counted]) -> i64 {
    let minors = counted.iter().map(|counted| counted.minor);
    minors.fold(0, i64::saturating_add)
}

/// One for each line of the cart, in its order.
pub(super) fn count(occasion: &Occasion<'_>, cart: &Cart) -> Vec<Counted> {
    let program = occasion.program;
    let lines = cart.lines().iter().zip(cart.discounted_minor());
    let counted = lines.map(|(line, discounted_minor)| {
        let amount_minor = with_tax_as_counted(program, cart, discounted_minor, line.tax_minor);
        let excluded_by = program.exclusions().iter().position(|it| {
            occasion.fits_order(&it.when) && occasion.fits_line(&it.when, line, amount_minor)
        });
        Counted {
            minor: if excluded_by.is_some() {
                0
            } else {
                amount_minor
            },
            amount_minor,
            excluded_by,
        }
    });
    let mut counted: Vec<_> = counted.collect();
    if program.counts().shipping {
        add_shipping(&mut counted, program, cart);
    }
    counted
}

/// The lines that earn share the shipping in proportion to their worth.
fn add_shipping(counted: &mut [Counted], program: &Program, cart: &Cart) {
    let totals = cart.totals();
    let shipping_minor = with_tax_as_counted(
        program,
        cart,
        totals.shipping_minor,
        totals.shipping_tax_minor,
    );
    let earning = counted
        .iter()
        .zip(cart.lines())
        .filter(|(counted, _)| counted.earns());
    let (weights, ids): (Vec<i64>, Vec<&str>) = earning
        .map(|(counted, line)| (counted.minor, line.id.as_str()))
        .unzip();
    let shares = split(shipping_minor, &weights, &ids);
    let earning = counted.iter_mut().filter(|counted| counted.earns());
    for (counted, share) in earning.zip(shares) {
        counted.minor = counted.minor.saturating_add(share);
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
