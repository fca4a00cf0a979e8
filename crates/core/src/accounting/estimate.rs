//! What a programme expects of its points, and what one of them stands for.
//!
//! Its invariant: what points stand for is a whole number until it is divided, once, by [`divide`].

use crate::limits::MAX_RATE_DECIMALS;
use crate::{Currency, Decimal};

/// What a programme expects of its points, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The first day that goes by it, counted from 1970-01-01 in the shop.
    pub from_day: i64,
    /// The percentage of all points issued that is ever redeemed, 1 to 100.
    pub redeemed_percent: Decimal,
    /// What a point is worth to a member, by currency; orders in others defer nothing.
    pub worth: Vec<(Currency, Decimal)>,
}

impl Estimate {
    /// What one point of a currency stands for: nothing where the program does not say.
    pub(super) fn value(&self, currency: Currency) -> Value {
        let mut worths = self.worth.iter();
        let worth = worths.find(|(of, _)| *of == currency);
        let worth = worth.and_then(|(_, worth)| worth.normalize().scaled(MAX_RATE_DECIMALS));
        let percent = self.redeemed_percent.normalize().scaled(PERCENT_DECIMALS);
        Value {
            worth: worth.unwrap_or(0).max(0).into(),
            redeemed: percent.unwrap_or(WHOLE).clamp(1, WHOLE).into(),
        }
    }

    /// What so many points are worth where one currency says it alone, as far as they are redeemed.
    pub(super) fn only_worth_of(&self, points: i64) -> Option<(Currency, i64)> {
        let [(currency, _)] = self.worth.as_slice() else {
            return None;
        };
        let worth = self.value(*currency).of(points.into())?;
        let minor = divide(worth, minor_scale(*currency)?)?;
        Some((*currency, i64::try_from(minor).ok()?))
    }
}

/// Decimals in a percentage.
const PERCENT_DECIMALS: u32 = 2;
/// 100 percent in hundredths of a percent.
pub(super) const WHOLE: i64 = 10_000;

/// What one point of a currency stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    /// In ten-thousandths of a unit of the currency.
    pub(super) worth: i128,
    /// The share of points ever redeemed, in hundredths of a percent.
    pub(super) redeemed: i128,
}

impl Value {
    /// What so many points stand for, exactly: see [`minor_scale`].
    pub(super) fn of(self, points: i128) -> Option<i128> {
        points.checked_mul(self.worth)?.checked_mul(self.redeemed)
    }
}

/// How many of what [`Value::of`] counts are a minor unit: worth and share have four decimals each, a minor unit has
/// as many as its currency.
pub(super) fn minor_scale(currency: Currency) -> Option<i128> {
    let spare = MAX_RATE_DECIMALS.checked_sub(currency.minor_digits())?;
    10_i128.checked_pow(spare)?.checked_mul(WHOLE.into())
}

/// A quotient rounded half up; zero of nothing.
pub(super) fn divide(product: i128, by: i128) -> Option<i128> {
    if by <= 0 {
        return Some(0);
    }
    let twice = product.checked_mul(2)?.checked_add(by)?;
    twice.checked_div_euclid(by.checked_mul(2)?)
}
