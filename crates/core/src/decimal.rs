//! A decimal number as programs write them: rates, factors, what a point is worth.
//!
//! Small on purpose. Sums and products that matter are done in whole minor units and in
//! [`ExactPoints`](crate::ExactPoints); a decimal is only read, compared, scaled and told. A library that
//! can do more would be a sixth of what a shopper's browser downloads.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::telling::tell_fixed;

/// Digits in all, before and behind the point: what an `i64` always holds.
const MAX_DIGITS: u32 = 18;

/// A decimal number: whole digits, and how many of them stand behind the point.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i64,
    scale: u32,
}

/// The text is not a decimal number of at most 18 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number of at most 18 digits, such as 1.25")]
pub struct DecimalError;

impl Decimal {
    /// One.
    pub const ONE: Self = Self {
        mantissa: 1,
        scale: 0,
    };

    /// `mantissa` with `scale` digits behind the point: 1.25 is `(125, 2)`. A scale beyond 18 is 18.
    #[must_use]
    pub fn new(mantissa: i64, scale: u32) -> Self {
        Self {
            mantissa,
            scale: scale.min(MAX_DIGITS),
        }
    }

    /// The number without its point.
    #[must_use]
    pub fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many digits stand behind the point.
    #[must_use]
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// The same number without zeros at its end.
    #[must_use]
    pub fn normalize(mut self) -> Self {
        while let (Some(scale), Some(0)) =
            (self.scale.checked_sub(1), self.mantissa.checked_rem(10))
        {
            self = Self {
                mantissa: self.mantissa.checked_div(10).unwrap_or(0),
                scale,
            };
        }
        self
    }

    /// The number without its point, as if `scale` digits stood behind it; `None` where it has more, or
    /// where that is too large.
    #[must_use]
    pub fn scaled(self, scale: u32) -> Option<i64> {
        let spare = scale.checked_sub(self.scale)?;
        self.mantissa.checked_mul(10_i64.checked_pow(spare)?)
    }

    /// As text, with all its digits.
    #[must_use]
    pub fn told(self) -> String {
        tell_fixed(self.mantissa, self.scale)
    }

    /// What it has above one; zero where it is less.
    #[must_use]
    pub fn above_one(self) -> Self {
        let one = 10_i64.checked_pow(self.scale).unwrap_or(i64::MAX);
        Self {
            mantissa: self.mantissa.saturating_sub(one).max(0),
            ..self
        }
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self::new(whole, 0)
    }
}

/// Digits, and at most one point among them. No sign, no exponent.
impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (mut mantissa, mut scale, mut digits) = (0_i64, None, 0);
        for byte in text.bytes() {
            if byte == b'.' && scale.is_none() && digits > 0 {
                scale = Some(0_u32);
            } else if byte.is_ascii_digit() && digits < MAX_DIGITS {
                digits = digits.saturating_add(1);
                scale = scale.map(|scale| scale.saturating_add(1));
                let digit = i64::from(byte.saturating_sub(b'0'));
                mantissa = mantissa.saturating_mul(10).saturating_add(digit);
            } else {
                return Err(DecimalError);
            }
        }
        if digits == 0 || scale == Some(0) {
            return Err(DecimalError);
        }
        Ok(Self::new(mantissa, scale.unwrap_or(0)))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // An i64 times 10^18 has at most 124 bits: neither saturates.
        let raised = |number: &Self, by: &Self| {
            let power = 10_i128.checked_pow(by.scale).unwrap_or(i128::MAX);
            i128::from(number.mantissa).saturating_mul(power)
        };
        raised(self, other).cmp(&raised(other, self))
    }
}

/// With all its digits: `1.50` stays so.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, parts: Option<(i64, u32)>) {
        let read = text.parse::<Decimal>().ok();
        assert_eq!(
            read.map(|number| (number.mantissa, number.scale)),
            parts,
            "{text}"
        );
        if let Some(read) = read {
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn numbers_are_read_and_told_digit_by_digit() {
        check("0", Some((0, 0)));
        check("1.25", Some((125, 2)));
        check("1.50", Some((150, 2)));
        check("0.0001", Some((1, 4)));
        check("999999999999999999", Some((999_999_999_999_999_999, 0)));
        check("1234567890123456789", None);
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1e3", "1_0", "1,5", "1.2.3", " 1", "٣", "NaN",
        ] {
            check(text, None);
        }
        assert_eq!(Decimal::new(-5, 1).to_string(), "-0.5");
    }

    #[test]
    fn numbers_compare_by_worth_and_lose_no_digit() {
        let number = |text: &str| text.parse::<Decimal>().expect("a number of the test");
        assert_eq!(number("1.50"), number("1.5"));
        assert!(number("1.49") < number("1.5") && number("10") > number("9.999"));
        assert_eq!(number("1.500").normalize().to_string(), "1.5");
        assert_eq!(number("100").normalize().to_string(), "100");
        assert_eq!(number("1.5").scaled(4), Some(15_000));
        assert_eq!(number("1.55555").scaled(4), None);
        assert_eq!(number("1.25").above_one(), number("0.25"));
        assert_eq!(number("0.5").above_one(), number("0"));
    }
}
