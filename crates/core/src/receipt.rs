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
    /// The shipping, where the cart says of its tax.
    pub shipping: Option<ReceiptLine>,
    /// The sums of the lines and the shipping of each rate, in the order in which they come up.
    pub rates: Vec<ReceiptRate>,
    /// What rewards take off the shipping.
    pub shipping_discount_minor: i64,
    /// What is left to pay for all of it, with its tax.
    pub to_pay_minor: i64,
}

/// Amounts of a line, of the shipping, or of all of a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiptLine {
    /// What rewards take off, from the price as the cart states it.
    pub discount_minor: i64,
    /// What is paid for it without tax.
    pub net_minor: i64,
    /// Its tax.
    pub tax_minor: i64,
}

/// All of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptRate {
    /// In percent; `None` for what has a rate that was not told.
    pub percent: Option<Decimal>,
    /// Their sums.
    pub sum: ReceiptLine,
}

/// The rates of tax of a cart, in percent, where they are told; a rate has at most four decimals.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaxRates<'a> {
    /// Of its lines, in their order.
    pub lines: &'a [Option<Decimal>],
    /// Of its shipping.
    pub shipping: Option<Decimal>,
}

/// What is paid for a line or the shipping, while tax is worked out: with it or without, as the cart states prices.
struct Item<'a> {
    id: &'a str,
    percent: Option<Decimal>,
    discount_minor: i64,
    paid_minor: i64,
    tax_minor: i64,
}

impl<'a> Item<'a> {
    /// A price of which something is taken off. With a rate its tax is worked out below, when the sum is known.
    fn new(id: &'a str, price: i64, discount_minor: i64, tax: i64, rate: Option<Decimal>) -> Self {
        let paid_minor = price.saturating_sub(discount_minor);
        Self {
            id,
            percent: rate,
            discount_minor,
            paid_minor,
            tax_minor: half_up(tax, paid_minor, price),
        }
    }

    fn told(&self, includes_tax: bool) -> ReceiptLine {
        let tax = if includes_tax { self.tax_minor } else { 0 };
        ReceiptLine {
            discount_minor: self.discount_minor,
            net_minor: self.paid_minor.saturating_sub(tax),
            tax_minor: self.tax_minor,
        }
    }
}

/// The receipt of a cart of which rewards take something off.
#[must_use]
pub fn receipt(cart: &Cart, off: &TakenOff, rates: TaxRates<'_>) -> Receipt {
    let totals = cart.totals();
    let includes_tax = totals.prices_include_tax;
    let prices = cart.discounted_minor();
    let lines = cart.lines().iter().zip(&prices).enumerate();
    let lines = lines.map(|(nth, (line, price))| {
        let discount = off.lines_minor.get(nth).copied().unwrap_or(0);
        let percent = rates.lines.get(nth).copied().flatten();
        Item::new(&line.id, *price, discount, line.tax_minor, percent)
    });
    let mut items: Vec<Item<'_>> = lines.collect();
    // No line has an empty id.
    let shipping = Item::new(
        "",
        totals.shipping_minor,
        off.shipping_minor,
        totals.shipping_tax_minor,
        rates.shipping,
    );
    let tells_tax = totals.shipping_tax_minor > 0 || rates.shipping.is_some();
    let untaxed_minor = if tells_tax && totals.shipping_minor > 0 {
        items.push(shipping);
        0
    } else {
        shipping.paid_minor
    };
    let mut percents: Vec<Option<Decimal>> = Vec::new();
    for item in &items {
        if !percents.contains(&item.percent) {
            percents.push(item.percent);
        }
    }
    for percent in percents.iter().copied().flatten() {
        tax_together(&mut items, percent, includes_tax);
    }
    let mut told: Vec<ReceiptLine> = items.iter().map(|it| it.told(includes_tax)).collect();
    let rates = percents.into_iter().map(|percent| {
        let of_rate = items.iter().zip(&told);
        let of_rate = of_rate.filter(|(item, _)| item.percent == percent);
        let sum = of_rate.fold(ReceiptLine::default(), |sum, (_, it)| ReceiptLine {
            discount_minor: sum.discount_minor.saturating_add(it.discount_minor),
            net_minor: sum.net_minor.saturating_add(it.net_minor),
            tax_minor: sum.tax_minor.saturating_add(it.tax_minor),
        });
        ReceiptRate { percent, sum }
    });
    let rates: Vec<ReceiptRate> = rates.collect();
    let to_pay_minor = rates.iter().fold(untaxed_minor, |sum, rate| {
        let of_rate = rate.sum.net_minor.saturating_add(rate.sum.tax_minor);
        sum.saturating_add(of_rate)
    });
    let shipping = told.split_off(cart.lines().len()).into_iter().next();
    Receipt {
        lines: told,
        shipping,
        rates,
        shipping_discount_minor: off.shipping_minor,
        to_pay_minor,
    }
}

/// The tax of all of a rate, on their sum, split over them by what is paid for each.
fn tax_together(items: &mut [Item<'_>], percent: Decimal, includes_tax: bool) {
    const SCALE: i64 = 1_000_000;
    let rate = percent.scaled(4).unwrap_or(0);
    let mut of_rate: Vec<&mut Item<'_>> = items
        .iter_mut()
        .filter(|item| item.percent == Some(percent))
        .collect();
    let paid: Vec<i64> = of_rate.iter().map(|item| item.paid_minor).collect();
    let sum = paid.iter().fold(0_i64, |sum, it| sum.saturating_add(*it));
    let base = if includes_tax {
        SCALE.saturating_add(rate)
    } else {
        SCALE
    };
    let tax = half_up(sum, rate, base);
    let ids: Vec<&str> = of_rate.iter().map(|item| item.id).collect();
    let shares = split(tax, &paid, &ids);
    for (item, share) in of_rate.iter_mut().zip(shares) {
        item.tax_minor = share;
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
        let lines: Vec<_> = percents.collect();
        let rates = TaxRates {
            lines: &lines,
            shipping: None,
        };
        receipt(&cart, &off, rates)
    }

    #[test]
    fn the_shipping_has_its_own_net_and_tax_where_the_cart_says_of_it() {
        let check = |tax: &str, rate: Option<&str>, off_minor: i64, expected: &str| {
            let document: CartDocument = serde_json::from_value(serde_json::json!({
                "currency": "EUR", "prices_include_tax": true, "shipping": "4.90", "shipping_tax": tax,
                "lines": [{ "id": "a", "product": "p", "quantity": 1, "unit_price": "11.90", "tax": "1.90" }],
            }))
            .expect("a cart");
            let cart = Cart::try_from(document).expect("a cart of the test");
            let off = TakenOff {
                shipping_minor: off_minor,
                ..TakenOff::default()
            };
            let rates = TaxRates {
                lines: &["19".parse().ok()],
                shipping: rate.map(|text| text.parse().expect("a percent")),
            };
            let told = receipt(&cart, &off, rates);
            let tell = |it: ReceiptLine| [it.discount_minor, it.net_minor, it.tax_minor];
            let of_rates = told.rates.iter().map(|it| tell(it.sum));
            let of_rates: Vec<_> = of_rates.collect();
            let shipping = told.shipping.map(tell);
            let told = format!("{shipping:?} {of_rates:?} {}", told.to_pay_minor);
            assert_eq!(told, expected);
        };
        check(
            "0.78",
            None,
            0,
            "Some([0, 412, 78]) [[0, 1000, 190], [0, 412, 78]] 1680",
        );
        // All of 19 % together: 16.80 hold 2.68.
        check(
            "0.78",
            Some("19"),
            0,
            "Some([0, 412, 78]) [[0, 1412, 268]] 1680",
        );
        check(
            "0.78",
            None,
            490,
            "Some([490, 0, 0]) [[0, 1000, 190], [490, 0, 0]] 1190",
        );
        check(
            "0.78",
            None,
            100,
            "Some([100, 328, 62]) [[0, 1000, 190], [100, 328, 62]] 1580",
        );
        // Of a shipping whose tax nobody tells nothing is told but what is to be paid for it.
        check("0.00", None, 100, "None [[0, 1000, 190]] 1580");
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
