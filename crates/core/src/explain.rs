//! A reason in words: one short sentence that a shopper reads.
//!
//! The words are the shop's own where it gave some; this is the one place that adds any.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::{Cause, Currency, Program, Rounding};

/// The cause in words, such as `1 bean per 1.00 EUR` or `2x on coffee`.
#[must_use]
pub fn explain(cause: Cause, program: &Program, currency: Currency) -> Cow<'_, str> {
    let word = program.word();
    match cause {
        Cause::Rate => program.rate(currency).map_or(Cow::Borrowed(""), |rate| {
            let name = if rate.per_unit == Decimal::ONE {
                &word.one
            } else {
                &word.other
            };
            let unit = Decimal::new(
                10_i64.checked_pow(currency.minor_digits()).unwrap_or(1),
                currency.minor_digits(),
            );
            format!("{} {name} per {unit} {currency}", rate.per_unit).into()
        }),
        Cause::Multiplier { rule } | Cause::Bonus { rule } => program
            .rules()
            .get(rule)
            .map_or("", |rule| &rule.label)
            .into(),
        Cause::Tier { tier } => program.tiers().get(tier).map_or(Cow::Borrowed(""), |tier| {
            format!("{}: {}x", tier.name, tier.factor).into()
        }),
        Cause::Rounding(Rounding::Floor) => "Rounded down".into(),
        Cause::Rounding(Rounding::Ceil) => "Rounded up".into(),
        Cause::Rounding(Rounding::HalfUp | Rounding::HalfEven) => "Rounded to the nearest".into(),
        Cause::Excluded { exclusion } => program
            .exclusions()
            .get(exclusion)
            .map_or("", |exclusion| &exclusion.label)
            .into(),
        Cause::BelowMinimum { missing } => {
            format!("Spend {missing} more to earn {}", word.other).into()
        }
        Cause::CurrencyNotCovered => {
            format!("Orders in {currency} don't earn {}", word.other).into()
        }
        Cause::NotRunning => format!("You can't earn {} right now", word.other).into(),
    }
}
