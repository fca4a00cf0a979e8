//! Limits: whole points, or amounts for a balance of money.

use super::super::source::LimitsSource;
use super::Check;
use crate::limits::{MAX_COUNT, MAX_LIMIT_POINTS};
use crate::wire::{DecimalText, LimitsDocument};
use crate::{Currency, Money};

impl Check<'_> {
    /// `money` is the currency of the balance that is limited; none for points.
    pub(super) fn limits(
        &mut self,
        at: &str,
        source: &LimitsSource,
        money: Option<Currency>,
    ) -> Option<LimitsDocument> {
        if *source == LimitsSource::default() {
            return None;
        }
        let mut most = |field: &str, limit: Option<DecimalText>| {
            let limit = limit?;
            self.quantity(&format!("{at}/{field}"), limit, money, MAX_LIMIT_POINTS)
        };
        let document = LimitsDocument {
            per_order: most("per_order", source.per_order),
            per_day: most("per_day", source.per_day),
            per_month: most("per_month", source.per_month),
            per_year: most("per_year", source.per_year),
            per_member: most("per_member", source.per_member),
            budget: most("budget", source.budget),
            times: source.times,
            cooldown_days: source.cooldown_days,
        };
        for (field, count) in [
            ("times", source.times),
            ("cooldown_days", source.cooldown_days),
        ] {
            if count.is_some_and(|count| !(1..=MAX_COUNT).contains(&count)) {
                let message = format!("write a whole number from 1 to {MAX_COUNT}");
                self.problem(&format!("{at}/{field}"), message);
            }
        }
        Some(document)
    }

    /// Whole points, or the minor units of an amount: at least one.
    pub(super) fn quantity(
        &mut self,
        at: &str,
        DecimalText(number): DecimalText,
        money: Option<Currency>,
        most: i64,
    ) -> Option<i64> {
        let (whole, told) = match money {
            None => (
                number.normalize().scaled(0),
                format!("write a whole number of points from 1 to {most}"),
            ),
            Some(currency) => match Money::parse(&number.to_string(), currency) {
                Ok(amount) => (
                    Some(amount.minor()),
                    format!("write an amount above 0 in {currency}"),
                ),
                Err(error) => (None, error.to_string()),
            },
        };
        let whole = whole.filter(|whole| (1..=most).contains(whole));
        if whole.is_none() {
            self.problem(at, told);
        }
        whole
    }
}
