//! The redemptions of one order, judged together.
//!
//! Each was judged when it was asked for, by itself. Its invariant: together they are judged as one redemption of all
//! their rewards and all that pays besides would be, so to ask twice gives nothing that to ask once does not.

use super::RewardRefusal;
use crate::Cart;

/// A redemption that an order is paid with, as it was when it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paying {
    /// The ids of its rewards.
    pub rewards: Vec<String>,
    /// Whether they can be used with others.
    pub is_combinable: bool,
    /// What it takes off the lines of its cart, in minor units; nothing where it had none.
    pub off_minor: i64,
    /// What those lines were worth.
    pub worth_minor: i64,
    /// Money of balances that pays besides.
    pub paid_minor: i64,
    /// What its cart came to, with its shipping and tax, before anything came off.
    pub due_minor: i64,
}

/// Judges the redemptions of an order. Its cart may have their discounts in it or not, and each may have been asked for
/// with what the ones before it left: together they take off no more than the most that was there, and with the money
/// that pays besides no more than the most that was to be paid.
///
/// # Errors
/// The place of the first that does not go with those before it, and why.
pub fn together(paying: &[Paying], cart: &Cart) -> Result<(), (usize, RewardRefusal)> {
    let mut worth_minor = cart.lines().iter().fold(0_i64, |sum, line| {
        sum.saturating_add(line.gross_minor().unwrap_or(i64::MAX))
    });
    let mut due_minor = due_minor(cart);
    let (mut off_minor, mut paid_minor) = (0_i64, 0_i64);
    for (nth, it) in paying.iter().enumerate() {
        let before = paying.get(..nth).unwrap_or_default();
        let is_alike = |other: &Paying| other.rewards.iter().any(|id| it.rewards.contains(id));
        if before.iter().any(is_alike) {
            return Err((nth, RewardRefusal::Twice));
        }
        let goes_with = |other: &Paying| other.is_combinable && it.is_combinable;
        if !before.iter().all(goes_with) {
            return Err((nth, RewardRefusal::NotCombinable));
        }
        worth_minor = worth_minor.max(it.worth_minor);
        off_minor = off_minor.saturating_add(it.off_minor);
        paid_minor = paid_minor.saturating_add(it.paid_minor);
        due_minor = due_minor.max(it.due_minor);
        let is_overpaid = paid_minor > 0 && off_minor.saturating_add(paid_minor) > due_minor;
        if off_minor > worth_minor || is_overpaid {
            return Err((nth, RewardRefusal::BeyondCart));
        }
    }
    Ok(())
}

/// What a cart comes to, as far as it says so: one without its taxes says nothing.
fn due_minor(cart: &Cart) -> i64 {
    let (totals, lines) = (cart.totals(), cart.lines().iter());
    let taxes = lines.clone().fold(totals.shipping_tax_minor, |sum, line| {
        sum.saturating_add(line.tax_minor)
    });
    if !totals.prices_include_tax && taxes == 0 {
        return i64::MAX;
    }
    let on_top = if totals.prices_include_tax { 0 } else { taxes };
    lines
        .fold(totals.shipping_minor, |sum, line| {
            sum.saturating_add(line.gross_minor().unwrap_or(i64::MAX))
        })
        .saturating_add(on_top)
}

#[cfg(test)]
mod tests {
    use super::super::taken_off::tests::cart;
    use super::*;
    use crate::{CartTotals, Line};

    fn check(paying: &[(&str, bool, i64, i64)], expected: Result<(), (usize, &str)>) {
        let paying = paying.iter();
        let paying: Vec<_> = paying
            .map(|(rewards, is_combinable, off_minor, worth_minor)| Paying {
                rewards: rewards.split(' ').map(str::to_owned).collect(),
                is_combinable: *is_combinable,
                off_minor: *off_minor,
                worth_minor: *worth_minor,
                ..Paying::default()
            })
            .collect();
        let judged = together(&paying, &cart(&[("mug", 1, "6")], "0"));
        let judged = judged.map_err(|(nth, refusal)| (nth, refusal.code()));
        assert_eq!(judged, expected, "{paying:?}");
    }

    #[test]
    fn what_one_redemption_would_not_give_several_do_not() {
        let alone = Err((1, "reward_not_combinable"));
        check(&[], Ok(()));
        check(&[("five", false, 500, 600)], Ok(()));
        check(&[("five", false, 500, 600), ("mug", true, 0, 600)], alone);
        check(&[("mug", true, 0, 600), ("five", false, 500, 600)], alone);
        let twice = Err((1, "reward_taken_twice"));
        check(&[("a b", true, 0, 0), ("c b", true, 0, 0)], twice);
        check(&[("a b", true, 0, 0), ("c d", true, 0, 0)], Ok(()));
        // With any before it, not only with the one right before; and of several reasons the first is told.
        let apart = [("a", true, 0, 0), ("b", true, 0, 0), ("a", true, 0, 0)];
        check(&apart, Err((2, "reward_taken_twice")));
        let first = [("a", false, 0, 0), ("b", true, 0, 0), ("c", true, 0, 0)];
        check(&first, alone);
        check(&[("a", false, 0, 0), ("a", false, 0, 0)], twice);
    }

    #[test]
    fn the_discounts_of_an_order_are_no_more_than_it_is_worth() {
        let too_much = |nth| Err((nth, "discounts_exceed_cart"));
        check(&[("a", true, 500, 600), ("b", true, 500, 600)], too_much(1));
        check(&[("a", true, 500, 600), ("b", true, 100, 600)], Ok(()));
        // The second was asked for with what the first had left, and the order tells what is left now.
        check(&[("a", true, 900, 1_000), ("b", true, 100, 100)], Ok(()));
        check(&[("a", true, 100, 100), ("b", true, 900, 1_000)], Ok(()));
        check(
            &[("a", true, 500, 0), ("b", true, 100, 0), ("c", true, 1, 0)],
            too_much(2),
        );
        check(&[("a", true, 700, 0)], too_much(0));
    }

    #[test]
    fn nobody_pays_more_than_the_order_comes_to() {
        let check = |cart: &Cart, paying: &[(i64, i64, i64)], expected: Option<usize>| {
            let all = paying
                .iter()
                .map(|(off_minor, paid_minor, due_minor)| Paying {
                    is_combinable: true,
                    off_minor: *off_minor,
                    paid_minor: *paid_minor,
                    due_minor: *due_minor,
                    ..Paying::default()
                });
            let judged = together(&all.collect::<Vec<_>>(), cart).err();
            let expected = expected.map(|nth| (nth, RewardRefusal::BeyondCart));
            assert_eq!(judged, expected, "{paying:?}");
        };
        let six = cart(&[("mug", 1, "6")], "0");
        check(&six, &[(0, 600, 0)], None);
        check(&six, &[(0, 601, 0)], Some(0));
        check(&six, &[(0, 400, 600), (0, 400, 600)], Some(1));
        check(&six, &[(300, 0, 0), (0, 300, 0)], None);
        check(&six, &[(0, 300, 0), (300, 1, 0)], Some(1));
        // The order tells what is left now.
        check(&six, &[(400, 0, 1_000), (0, 600, 600)], None);
        let with_shipping = cart(&[("mug", 1, "6")], "4");
        check(&with_shipping, &[(0, 1_000, 0)], None);
        check(&with_shipping, &[(0, 1_001, 0)], Some(0));
    }

    #[test]
    fn a_cart_comes_to_its_prices_its_shipping_and_the_tax_on_top_or_says_nothing() {
        let check = |with_tax: bool, tax_minor: i64, expected: i64| {
            let cart = cart(&[("mug", 2, "6")], "0");
            let totals = CartTotals {
                prices_include_tax: with_tax,
                shipping_minor: 300,
                shipping_tax_minor: tax_minor,
                ..cart.totals()
            };
            let lines = cart.lines().iter().cloned();
            let lines = lines.map(|line| Line { tax_minor, ..line });
            let cart = Cart::new(totals, lines.collect()).expect("a cart");
            assert_eq!(due_minor(&cart), expected, "{with_tax} {tax_minor}");
        };
        check(true, 0, 1_500);
        check(true, 50, 1_500);
        check(false, 50, 1_600);
        check(false, 0, i64::MAX);
    }
}
