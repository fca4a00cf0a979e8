//! Points before rounding: exact, in whole hundred-trillionths of a point.
//!
//! Its invariant: spend has at most 4 decimals, a rate 4, a factor 2, so the product of a spend, a rate and
//! three factors is a whole number of 10^-14 points; the [`limits`](crate::limits) keep it in an `i128`. Only
//! where more than three factors multiply each other is anything cut, downwards, below that.

use std::fmt;

use crate::Decimal;
use crate::telling::{tell, tell_fixed, tell_whole};

use crate::limits::{MAX_CURRENCY_DECIMALS, MAX_FACTOR_DECIMALS, MAX_RATE_DECIMALS};
use crate::{Currency, Points, PointsError};

/// Decimals of an exact point.
const DECIMALS: u32 = 14;
/// So many make one point.
const UNIT: i128 = 100_000_000_000_000;
/// Decimals that are left for factors.
const FACTOR_DECIMALS: u32 = 3 * MAX_FACTOR_DECIMALS;
const _: () = assert!(MAX_CURRENCY_DECIMALS + MAX_RATE_DECIMALS + FACTOR_DECIMALS == DECIMALS);

/// A number of points, exactly.
///
/// ```
/// # use earnest_core::{Currency, Decimal, ExactPoints, ExactRate};
/// let eur = Currency::parse("EUR")?;
/// let rate = ExactRate::new(eur, Decimal::new(15, 1)).expect("within the limits");
/// assert_eq!(rate.on(1999).to_string(), "29.985");
/// # Ok::<(), earnest_core::CurrencyError>(())
/// ```
// Aligned as words are: reasons and shares are a sixth smaller than with the alignment of an `i128`, and allocators
// have them at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C, packed(8))]
pub struct ExactPoints(i128);

/// What one minor unit earns, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactRate(i64);

impl ExactRate {
    /// `per_unit` points for each unit of the currency.
    ///
    /// # Errors
    /// When it has more decimals, or is larger, than the limits allow.
    pub fn new(currency: Currency, per_unit: Decimal) -> Result<Self, PointsError> {
        let spare = MAX_CURRENCY_DECIMALS.checked_sub(currency.minor_digits());
        let spare = spare.and_then(|digits| digits.checked_add(FACTOR_DECIMALS));
        let unit = spare.and_then(|digits| 10_i64.checked_pow(digits));
        let rate = per_unit.scaled(MAX_RATE_DECIMALS);
        rate.zip(unit)
            .and_then(|(rate, unit)| rate.checked_mul(unit))
            .map(Self)
            .ok_or(PointsError)
    }

    /// What a spend in minor units earns.
    #[must_use]
    pub fn on(self, spend_minor: i64) -> ExactPoints {
        // Two i64 always fit: the product has at most 126 bits.
        ExactPoints(i128::from(spend_minor).saturating_mul(i128::from(self.0)))
    }
}

impl ExactPoints {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// So many whole points.
    #[must_use]
    pub fn whole(count: i128) -> Self {
        Self(count.saturating_mul(UNIT))
    }

    /// # Errors
    /// When the sum is beyond what any cart can earn.
    pub fn checked_add(self, other: Self) -> Result<Self, PointsError> {
        self.0.checked_add(other.0).map(Self).ok_or(PointsError)
    }

    /// # Errors
    /// When the difference is beyond what any cart can earn.
    pub fn checked_sub(self, other: Self) -> Result<Self, PointsError> {
        self.0.checked_sub(other.0).map(Self).ok_or(PointsError)
    }

    /// So many times as much. Below 10^-14 of a point it is cut, downwards.
    ///
    /// # Errors
    /// When the product is beyond what any cart can earn.
    pub fn times(self, factor: Decimal) -> Result<Self, PointsError> {
        // Nearly every product fits an i64, which machines divide many times quicker.
        let small = i64::try_from(self.0)
            .ok()
            .and_then(|exact| exact.checked_mul(factor.mantissa()))
            .zip(10_i64.checked_pow(factor.scale()))
            .and_then(|(product, unit)| product.checked_div_euclid(unit));
        if let Some(exact) = small {
            return Ok(Self(exact.into()));
        }
        let unit = 10_i128.checked_pow(factor.scale());
        self.0
            .checked_mul(factor.mantissa().into())
            .zip(unit)
            .and_then(|(product, unit)| product.checked_div_euclid(unit))
            .map(Self)
            .ok_or(PointsError)
    }

    /// The whole points, rounded down, and the hundred-trillionths that this leaves.
    #[must_use]
    pub fn split(self) -> (i128, i64) {
        // Nearly every value fits an i64, which machines divide many times quicker.
        if let (Ok(exact), Ok(unit)) = (i64::try_from(self.0), i64::try_from(UNIT)) {
            return (
                exact.checked_div_euclid(unit).unwrap_or(0).into(),
                exact.rem_euclid(unit),
            );
        }
        let fraction = i64::try_from(self.0.rem_euclid(UNIT)).unwrap_or(0);
        (self.0.checked_div_euclid(UNIT).unwrap_or(0), fraction)
    }

    /// Divided by so many powers of two, rounded down; `None` where that does not fit.
    pub(crate) fn halved(self, times: u32) -> Option<i64> {
        i64::try_from(self.0.checked_shr(times)?).ok()
    }

    /// As text, without zeros at its end.
    #[must_use]
    pub fn told(self) -> String {
        let (whole, fraction) = Self(self.0.saturating_abs()).split();
        // A ledger holds no more whole points than fit: what is beyond was refused when it was rounded.
        let whole = tell_whole(i64::try_from(whole).unwrap_or(i64::MAX));
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return tell(&[sign, &whole]);
        }
        // `0.985` without what stands before the point.
        let fraction = tell_fixed(fraction, DECIMALS);
        let fraction = fraction.get(1..).unwrap_or("").trim_end_matches('0');
        tell(&[sign, &whole, fraction])
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl From<Points> for ExactPoints {
    fn from(points: Points) -> Self {
        Self::whole(points.get().into())
    }
}

/// As a decimal without trailing zeros: `29.985`, `-0.5`, `12`.
impl fmt::Display for ExactPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{
        MAX_AMOUNT_MINOR, MAX_BONUS_POINTS, MAX_FACTOR, MAX_LINES, MAX_QUANTITY, MAX_RATE,
        MAX_RULES,
    };

    fn check(exact: i128, text: &str) {
        assert_eq!(ExactPoints(exact).to_string(), text);
    }

    #[test]
    fn exact_points_are_told_to_the_last_digit() {
        check(0, "0");
        check(UNIT, "1");
        check(-UNIT, "-1");
        check(UNIT + UNIT / 4, "1.25");
        check(-UNIT / 2, "-0.5");
        check(1, "0.00000000000001");
        check(
            9_007_199_254_740_991 * UNIT + 700_000,
            "9007199254740991.000000007",
        );
    }

    #[test]
    fn a_rate_finer_or_larger_than_the_limits_is_refused() {
        let check = |code: &str, per_unit: Decimal, is_fine: bool| {
            let currency = Currency::parse(code).expect("a currency");
            let made = ExactRate::new(currency, per_unit);
            assert_eq!(made.is_ok(), is_fine, "{per_unit} {currency}");
        };
        check("JPY", MAX_RATE.into(), true);
        check("CLF", Decimal::new(1, 4), true);
        check("CLF", Decimal::new(1, 5), false);
        check("JPY", Decimal::from(i64::MAX), false);
    }

    #[test]
    fn a_product_is_exact_for_three_factors_and_cut_downwards_after_that() {
        let clf = Currency::parse("CLF").expect("a currency");
        let mut exact = ExactRate::new(clf, Decimal::new(1, 4))
            .expect("small")
            .on(1);
        let factor = Decimal::new(101, 2);
        for expected in ["0.0000000101", "0.000000010201", "0.00000001030301"] {
            exact = exact.times(factor).expect("small");
            assert_eq!(exact.to_string(), expected);
        }
        // 1.030301 x 1.01 is 1.04060401.
        let cut = exact.times(factor).expect("small");
        assert_eq!(cut.to_string(), "0.00000001040604");
    }

    #[test]
    fn the_most_that_a_cart_may_earn_is_held_exactly() {
        let yen = Currency::parse("JPY").expect("a currency");
        let rate = ExactRate::new(yen, MAX_RATE.into()).expect("within the limits");
        let each = rate.on(MAX_AMOUNT_MINOR).times(MAX_FACTOR.into());
        let each = each.expect("within the limits");
        assert_eq!(each.split(), (10_i128.pow(20), 0));
        // Each rule, the tier and the rate itself.
        let mut sum = ExactPoints::ZERO;
        for _ in 0..MAX_RULES + 2 {
            sum = sum.checked_add(each).expect("far from the end of an i128");
        }
        let bonus = Points::new(MAX_BONUS_POINTS).expect("points");
        for _ in 0..MAX_RULES * MAX_LINES {
            sum = sum.checked_add(bonus.times(MAX_QUANTITY)).expect("as far");
        }
        // 202 x 10^20 and 200,000 x 10^12.
        assert_eq!(sum.split(), (20_200_200_000_000_000_000_000, 0));
    }
}
