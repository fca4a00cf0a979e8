//! A receipt: what is to be paid for a cart after rewards, line by line and rate by rate of tax.
//!
//! Owns how a discount divides into price and tax. Its invariants: lines sum to rates, rates to the total, to the
//! last minor unit; and net plus tax is what is paid.
//!
//! Where the rate of a line is told, the tax of all lines of a rate is worked out once, on their sum, rounded half
//! up, and split over them by largest remainder: so the receipt agrees with a tax return. Where it is not, the
//! line's own tax shrinks as its price does, rounded half up.

use crate::allocation::split;
use crate::reward::TakenOff;
use crate::{Cart, Decimal};

/// What is to be paid, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// One for each line of the cart, in its order.
    pub lines: Vec<ReceiptLine>,
    /// The sums of the lines of each rate, in the order in which they come up.
    pub rates: Vec<ReceiptRate>,
    /// What rewards take off the shipping.
    pub shipping_discount_minor: i64,
}

/// Amounts of a line, or of all lines of a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiptLine {
    /// What rewards take off, from the price as the cart states it.
    pub discount_minor: i64,
    /// What is paid for it without tax.
    pub net_minor: i64,
    /// Its tax.
    pub tax_minor: i64,
}

/// All lines of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptRate {
    /// In percent; `None` for the lines whose rate was not told.
    pub percent: Option<Decimal>,
    /// Their sums.
    pub sum: ReceiptLine,
}

/// The receipt of a cart of which rewards take something off. `percents` are the rates of tax of its lines, in
/// their order, where they are told; a rate has at most four decimals.
#[must_use]
pub fn receipt(cart: &Cart, off: &TakenOff, percents: &[Option<Decimal>]) -> Receipt {
    let before = cart.discounted_minor();
    let includes_tax = cart.totals().prices_include_tax;
    let percent_of = |nth: usize| percents.get(nth).copied().flatten();
    let mut lines: Vec<ReceiptLine> = Vec::with_capacity(before.len());
    for (nth, (line, price)) in cart.lines().iter().zip(&before).enumerate() {
        let discount_minor = off.lines_minor.get(nth).copied().unwrap_or(0);
        let paid = price.saturating_sub(discount_minor);
        // With a rate this is overwritten below, when the sum of the rate is known.
        let tax_minor = half_up(line.tax_minor, paid, *price);
        lines.push(ReceiptLine {
            discount_minor,
            net_minor: paid,
            tax_minor,
        });
    }
    let mut rates: Vec<ReceiptRate> = Vec::new();
    for nth in 0..lines.len() {
        let percent = percent_of(nth);
        if rates.iter().any(|rate| rate.percent == percent) {
            continue;
        }
        let places: Vec<usize> = (0..lines.len())
            .filter(|other| percent_of(*other) == percent)
            .collect();
        if let Some(percent) = percent {
            tax_together(&mut lines, cart, &places, percent, includes_tax);
        }
        rates.push(ReceiptRate {
            percent,
            sum: ReceiptLine::default(),
        });
    }
    for (nth, line) in lines.iter_mut().enumerate() {
        if includes_tax {
            line.net_minor = line.net_minor.saturating_sub(line.tax_minor);
        }
        let percent = percent_of(nth);
        if let Some(rate) = rates.iter_mut().find(|rate| rate.percent == percent) {
            let sum = &mut rate.sum;
            sum.discount_minor = sum.discount_minor.saturating_add(line.discount_minor);
            sum.net_minor = sum.net_minor.saturating_add(line.net_minor);
            sum.tax_minor = sum.tax_minor.saturating_add(line.tax_minor);
        }
    }
    Receipt {
        lines,
        rates,
        shipping_discount_minor: off.shipping_minor,
    }
}

/// The tax of all lines of a rate, on their sum, split over them by what is paid for each.
fn tax_together(
    lines: &mut [ReceiptLine],
    cart: &Cart,
    places: &[usize],
    percent: Decimal,
    includes_tax: bool,
) {
    const SCALE: i64 = 1_000_000;
    let rate = percent.scaled(4).unwrap_or(0);
    let of_lines = places.iter().filter_map(|nth| lines.get(*nth));
    let paid: Vec<i64> = of_lines.map(|line| line.net_minor).collect();
    let sum = paid.iter().fold(0_i64, |sum, it| sum.saturating_add(*it));
    let base = if includes_tax {
        SCALE.saturating_add(rate)
    } else {
        SCALE
    };
    let tax = half_up(sum, rate, base);
    let ids = places.iter().filter_map(|nth| cart.lines().get(*nth));
    let ids: Vec<&str> = ids.map(|line| line.id.as_str()).collect();
    let shares = split(tax, &paid, &ids);
    for (nth, share) in places.iter().zip(shares) {
        if let Some(line) = lines.get_mut(*nth) {
            line.tax_minor = share;
        }
    }
}

/// `whole * part / of`, rounded half up; all of nothing is nothing.
fn half_up(whole: i64, part: i64, of: i64) -> i64 {
    let product = i128::from(whole).saturating_mul(part.into());
    let doubled = product.saturating_mul(2).saturating_add(of.into());
    let rounded = doubled.checked_div_euclid(i128::from(of).saturating_mul(2));
    rounded.map_or(0, |rounded| i64::try_from(rounded).unwrap_or(i64::MAX))
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::CartDocument;

    /// Lines as price, tax and percent; what is taken off each.
    fn check(
        includes_tax: bool,
        lines: &[(&str, &str, Option<&str>)],
        off: &[i64],
        expected: &[(i64, i64)],
        rates: &[(Option<&str>, i64, i64, i64)],
    ) {
        let told = told(includes_tax, lines, off);
        let of_lines = told
            .lines
            .iter()
            .map(|line| (line.net_minor, line.tax_minor));
        assert_eq!(of_lines.collect::<Vec<_>>(), expected);
        let of_rates = told.rates.iter().map(|rate| {
            let sum = rate.sum;
            (
                rate.percent,
                sum.discount_minor,
                sum.net_minor,
                sum.tax_minor,
            )
        });
        let rates = rates.iter().map(|(percent, discount, net, tax)| {
            let percent = percent.map(|text| text.parse().expect("a percent"));
            (percent, *discount, *net, *tax)
        });
        assert_eq!(of_rates.collect::<Vec<_>>(), rates.collect::<Vec<_>>());
    }

    fn told(includes_tax: bool, lines: &[(&str, &str, Option<&str>)], off: &[i64]) -> Receipt {
        let of_cart = lines.iter().enumerate().map(|(nth, (price, tax, _))| {
            serde_json::json!({ "id": nth.to_string(), "product": "p", "quantity": 1,
                "unit_price": price, "tax": tax })
        });
        let document: CartDocument = serde_json::from_value(serde_json::json!({
            "currency": "EUR", "prices_include_tax": includes_tax,
            "lines": of_cart.collect::<Vec<_>>(),
        }))
        .expect("a cart");
        let cart = Cart::try_from(document).expect("a cart of the test");
        let off = TakenOff {
            lines_minor: off.to_vec(),
            ..TakenOff::default()
        };
        let percents = lines.iter().map(|(_, _, percent)| {
            percent.map(|text| text.parse().expect("a percent of the test"))
        });
        receipt(&cart, &off, &percents.collect::<Vec<_>>())
    }

    #[test]
    fn the_discount_divides_into_price_and_tax_by_the_rate() {
        // 11.90 with 19 % in it, 1.19 off: 10.71 is 9.00 and 1.71.
        check(
            true,
            &[("11.90", "1.90", Some("19"))],
            &[119],
            &[(900, 171)],
            &[(Some("19"), 119, 900, 171)],
        );
        check(
            false,
            &[("10.00", "1.90", Some("19"))],
            &[100],
            &[(900, 171)],
            &[(Some("19"), 100, 900, 171)],
        );
        // Nothing left, nothing to tax.
        check(
            true,
            &[("11.90", "1.90", Some("19"))],
            &[1_190],
            &[(0, 0)],
            &[(Some("19"), 1_190, 0, 0)],
        );
    }

    #[test]
    fn a_rate_is_taxed_on_the_sum_of_its_lines_and_split_to_the_last_cent() {
        // Each line alone would be 0.03 with 19 % in it, rounded to 0.00: together 0.09 hold 0.01.
        check(
            true,
            &[
                ("0.03", "0.00", Some("19")),
                ("1.07", "0.07", Some("7")),
                ("0.03", "0.00", Some("19")),
                ("0.03", "0.01", Some("19")),
            ],
            &[0, 0, 0, 0],
            &[(2, 1), (100, 7), (3, 0), (3, 0)],
            &[(Some("19"), 0, 8, 1), (Some("7"), 0, 100, 7)],
        );
    }

    #[test]
    fn a_line_whose_rate_is_not_told_keeps_its_own_share_of_tax() {
        check(
            true,
            &[("10.00", "1.60", None), ("5.00", "0.00", Some("0"))],
            &[250, 100],
            &[(630, 120), (400, 0)],
            &[(None, 250, 630, 120), (Some("0"), 100, 400, 0)],
        );
        check(
            false,
            &[("0.00", "0.00", None)],
            &[0],
            &[(0, 0)],
            &[(None, 0, 0, 0)],
        );
    }

    proptest! {
        #[test]
        fn net_and_tax_are_what_is_paid_and_rates_are_the_sums_of_lines(
            lines in prop::collection::vec((0_i64..100_000, 0_i64..=100, 0_usize..4), 1..6),
            includes_tax: bool,
        ) {
            let percents = [None, Some("19"), Some("7"), Some("2.5")];
            let texts: Vec<_> = lines.iter().map(|(minor, off, kind)| {
                (format!("{}.{:02}", minor / 100, minor % 100), minor * off / 100, percents.get(*kind).copied().flatten())
            }).collect();
            let of_cart: Vec<_> = texts.iter().map(|(price, _, percent)| (price.as_str(), "0.00", *percent)).collect();
            let off: Vec<i64> = texts.iter().map(|(_, off, _)| *off).collect();
            let told = told(includes_tax, &of_cart, &off);
            let mut sums = (0, 0, 0);
            for ((line, (minor, _, _)), off) in told.lines.iter().zip(&lines).zip(&off) {
                prop_assert!(line.net_minor >= 0 && line.tax_minor >= 0);
                let paid = line.net_minor + if includes_tax { line.tax_minor } else { 0 };
                prop_assert_eq!(paid, minor - off);
                sums = (sums.0 + line.net_minor, sums.1 + line.tax_minor, sums.2 + line.discount_minor);
            }
            let of_rates = told.rates.iter().map(|it| it.sum).fold((0, 0, 0), |sum, it| {
                (sum.0 + it.net_minor, sum.1 + it.tax_minor, sum.2 + it.discount_minor)
            });
            prop_assert_eq!(of_rates, sums);
        }
    }
}
