//! A reason in words: one short sentence that a shopper reads.
//!
//! The words are the shop's own where it gave some; this is the one place that adds any. Those that do
//! not depend on the cart are written into the published document when the program is compiled.

use std::borrow::Cow;

use crate::telling::tell;

use crate::{Cause, Currency, Giver, Money, Program, Rounding};
#[cfg(feature = "compile")]
use crate::{Decimal, PointsWord};

/// The cause in words, such as `1 bean per 1.00 EUR` or `2x on coffee`.
#[must_use]
pub fn explain(cause: Cause, program: &Program, currency: Option<Currency>) -> Cow<'_, str> {
    let beans = || &*program.word().other;
    let rule = |nth: usize| program.rules().get(nth).map_or("", |rule| &rule.label);
    let giver = |by: Giver| match by {
        Giver::Rule(nth) => rule(nth),
        Giver::Tier(nth) => program.tiers().get(nth).map_or("", |tier| &tier.label),
    };
    match cause {
        Cause::Rate { rate } => program
            .rates()
            .get(rate)
            .map_or("", |rate| &rate.label)
            .into(),
        Cause::Fixed { rule: nth } | Cause::Bonus { rule: nth } => rule(nth).into(),
        Cause::Multiplier(by) => giver(by).into(),
        Cause::Capped(None) => tell(&["No more ", beans(), " than that for now"]).into(),
        Cause::Capped(Some(by)) => tell(&[giver(by), ": up to its limit"]).into(),
        Cause::Outdone(by) => tell(&[giver(by), ": another one applies"]).into(),
        Cause::LimitReached(by) => tell(&[giver(by), ": its limit is reached"]).into(),
        Cause::Rounding(Rounding::Floor) => "Rounded down".into(),
        Cause::Rounding(Rounding::Ceil) => "Rounded up".into(),
        Cause::Rounding(Rounding::HalfUp | Rounding::HalfEven) => "Rounded to the nearest".into(),
        Cause::RoundingShare => "Rounded with the order".into(),
        Cause::Excluded { exclusion } => program
            .exclusions()
            .get(exclusion)
            .map_or("", |exclusion| &exclusion.label)
            .into(),
        Cause::BelowMinimum { missing_minor } => {
            let missing = currency.map(|currency| Money::from_minor(missing_minor, currency));
            match missing {
                Some(Ok(missing)) => {
                    let missing = missing.told();
                    tell(&["Spend ", &missing, " more to earn ", beans()]).into()
                }
                _ => "".into(),
            }
        }
        Cause::CurrencyNotCovered => {
            let code = currency.map_or("", Currency::code);
            tell(&["Orders in ", code, " don't earn ", beans()]).into()
        }
        Cause::PartnerNotCovered => tell(&["Orders there don't earn ", beans()]).into(),
        Cause::NotRunning => tell(&["You can't earn ", beans(), " right now"]).into(),
    }
}

/// `1 bean per 1.00 EUR`.
#[cfg(feature = "compile")]
pub(crate) fn rate_label(per_unit: Decimal, word: &PointsWord, currency: Currency) -> String {
    let (points, unit) = in_whole_points(per_unit, currency);
    let name = name_of(points, word);
    format!("{points} {name} per {unit} {currency}")
}

/// `2 beans per full 10.00 EUR`.
#[cfg(feature = "compile")]
pub(crate) fn step_label(
    points: i64,
    every_minor: i64,
    word: &PointsWord,
    currency: Currency,
) -> String {
    let every = Decimal::new(every_minor, currency.minor_digits());
    let name = name_of(points.into(), word);
    format!("{points} {name} per full {every} {currency}")
}

/// `Beans by the size of the order`.
#[cfg(feature = "compile")]
pub(crate) fn bands_label(word: &PointsWord) -> String {
    let mut letters = word.other.chars();
    let first = letters.next().map(char::to_uppercase);
    let name: String = first.into_iter().flatten().chain(letters).collect();
    format!("{name} by the size of the order")
}

/// `Silver: 1.25x`.
#[cfg(feature = "compile")]
pub(crate) fn tier_label(name: &str, factor: Decimal) -> String {
    format!("{name}: {factor}x")
}

#[cfg(feature = "compile")]
fn name_of(points: Decimal, word: &PointsWord) -> &str {
    if points == Decimal::ONE {
        &word.one
    } else {
        &word.other
    }
}

/// A rate as so many points for so much money. Below one point per unit it is told in whole points: 0.01
/// is 1 for 100 JPY, and 0.3 is 3 for 10.00 EUR, which is what a shopper can count.
#[cfg(feature = "compile")]
fn in_whole_points(per_unit: Decimal, currency: Currency) -> (Decimal, Decimal) {
    let digits = currency.minor_digits();
    let unit_minor = 10_i64.checked_pow(digits).unwrap_or(1);
    let whole = || {
        let points = per_unit.mantissa();
        let units = 10_i64.checked_pow(per_unit.scale())?;
        let common = greatest_common_divisor(points, units);
        let minor = unit_minor.checked_mul(units.checked_div(common)?)?;
        Some((
            points.checked_div(common)?.into(),
            Decimal::new(minor, digits),
        ))
    };
    let fraction = (per_unit < Decimal::ONE).then(whole).flatten();
    fraction.unwrap_or((per_unit, Decimal::new(unit_minor, digits)))
}

#[cfg(feature = "compile")]
fn greatest_common_divisor(mut a: i64, mut b: i64) -> i64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;

    fn check(per_unit: &str, code: &str, label: &str) {
        let word = PointsWord {
            one: "bean".into(),
            other: "beans".into(),
        };
        let per_unit: Decimal = per_unit.parse().expect("a decimal of the test");
        let currency = Currency::parse(code).expect("a currency");
        assert_eq!(rate_label(per_unit.normalize(), &word, currency), label);
    }

    #[test]
    fn a_rate_is_told_in_points_that_can_be_counted() {
        check("1", "EUR", "1 bean per 1.00 EUR");
        check("2", "JPY", "2 beans per 1 JPY");
        check("1.5", "EUR", "1.5 beans per 1.00 EUR");
        check("1000", "KWD", "1000 beans per 1.000 KWD");
        check("0.01", "JPY", "1 bean per 100 JPY");
        check("0.015", "JPY", "3 beans per 200 JPY");
        check("0.5", "EUR", "1 bean per 2.00 EUR");
        check("0.3", "EUR", "3 beans per 10.00 EUR");
        check("0.0001", "CLF", "1 bean per 10000.0000 CLF");
        check("0.9999", "EUR", "9999 beans per 10000.00 EUR");
    }
}
