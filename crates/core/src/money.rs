//! Money: an exact amount in one currency, held in its minor units.
//!
//! Owns reading and writing of amounts. Its invariant: an amount never has more decimals than its
//! currency, is never negative, and is at most [`MAX_AMOUNT_MINOR`](crate::limits::MAX_AMOUNT_MINOR).
//! Nothing here converts between currencies.

use std::fmt;

use crate::Decimal;

use crate::Currency;
use crate::limits::MAX_AMOUNT_MINOR;
use crate::telling::{start_of, tell, tell_whole};

/// An amount of money, such as 49.90 EUR.
///
/// ```
/// # use earnest_core::{Currency, Money};
/// let price = Money::parse("49.90", Currency::parse("EUR")?)?;
/// assert_eq!(price.minor(), 4990);
/// assert_eq!(price.to_string(), "49.90 EUR");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why a text is not an amount in the currency at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// The text is not digits with at most one point.
    NotAnAmount(String),
    /// Amounts in a cart are never negative: a discount says what it takes off.
    Negative(String),
    /// The amount is finer than the currency's smallest coin; it is refused, not rounded.
    TooManyDecimals {
        /// What was written.
        text: String,
        /// The currency that it was written in.
        currency: Currency,
    },
    /// The amount is over the limit.
    TooLarge(String),
}

impl MoneyError {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn message(&self) -> String {
        let (text, what) = match self {
            Self::NotAnAmount(text) => (
                text,
                "\" is not an amount; write digits with a point, such as \"49.90\"",
            ),
            Self::Negative(text) => (text, "\" is negative; an amount is zero or more"),
            Self::TooLarge(text) => (
                text,
                "\" is too large; an amount has at most 15 digits in its smallest unit",
            ),
            Self::TooManyDecimals { text, currency } => {
                let most = tell_whole(currency.minor_digits().into());
                let code = currency.code();
                let has = [
                    "\"",
                    text,
                    "\" has more decimals than ",
                    code,
                    " has, which is ",
                    &most,
                ];
                return tell(&has);
            }
        };
        tell(&["\"", text, what])
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for MoneyError {}

impl Money {
    /// An amount in minor units (cents for EUR).
    ///
    /// # Errors
    /// When it is negative or over the limit.
    pub fn from_minor(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if minor < 0 {
            Err(MoneyError::Negative(tell_whole(minor)))
        } else if minor > MAX_AMOUNT_MINOR {
            Err(MoneyError::TooLarge(tell_whole(minor)))
        } else {
            Ok(Self { minor, currency })
        }
    }

    /// Reads an amount such as `49.90`: digits, at most one point, no sign, no exponent.
    ///
    /// # Errors
    /// When the text is something else, has more decimals than the currency, or is over the limit.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let quoted = || start_of(text, 32);
        if text.starts_with('-') {
            return Err(MoneyError::Negative(quoted()));
        }
        // In one step over the bytes: a cart has several amounts on each line.
        let (mut minor, mut places, mut has_digits) = (0_i64, None, false);
        for byte in text.bytes() {
            if byte == b'.' && places.is_none() && has_digits {
                places = Some(0_u32);
                has_digits = false;
            } else if byte.is_ascii_digit() {
                has_digits = true;
                places = places.map(|places| places.saturating_add(1));
                let digit = i64::from(byte.saturating_sub(b'0'));
                minor = minor.saturating_mul(10).saturating_add(digit);
            } else {
                return Err(MoneyError::NotAnAmount(quoted()));
            }
        }
        if !has_digits {
            return Err(MoneyError::NotAnAmount(quoted()));
        }
        let spare = currency.minor_digits().checked_sub(places.unwrap_or(0));
        let Some(spare) = spare else {
            return Err(MoneyError::TooManyDecimals {
                text: quoted(),
                currency,
            });
        };
        10_i64
            .checked_pow(spare)
            .and_then(|unit| minor.checked_mul(unit))
            .filter(|minor| *minor <= MAX_AMOUNT_MINOR)
            .map(|minor| Self { minor, currency })
            .ok_or_else(|| MoneyError::TooLarge(quoted()))
    }

    /// The amount in minor units.
    #[must_use]
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// What is missing to this amount from `minor`, in minor units; `None` where nothing is.
    #[must_use]
    pub fn shortfall(self, minor: i64) -> Option<Self> {
        let missing = self
            .minor
            .checked_sub(minor)
            .filter(|missing| *missing > 0)?;
        Some(Self {
            minor: missing,
            ..self
        })
    }

    /// As text: `49.90 EUR`.
    #[must_use]
    pub fn told(self) -> String {
        tell(&[&self.amount().told(), " ", self.currency.code()])
    }

    /// The amount without its currency, with all its decimals: `49.90`.
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor, self.currency.minor_digits())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: &str, minor: Result<i64, &str>) {
        let currency = Currency::parse(code).expect("a code of the test");
        let read = Money::parse(text, currency).map(Money::minor);
        assert_eq!(
            read.map_err(|error| error.to_string()),
            minor.map_err(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn amounts_are_read_to_the_last_minor_unit_or_refused() {
        check("49.90", "EUR", Ok(4990));
        check("49.9", "EUR", Ok(4990));
        check("0", "EUR", Ok(0));
        check("007", "JPY", Ok(7));
        check("1.234", "KWD", Ok(1234));
        check("10000000000000.00", "EUR", Ok(1_000_000_000_000_000));
        check(
            "49.901",
            "EUR",
            Err("\"49.901\" has more decimals than EUR has, which is 2"),
        );
        check(
            "49.900",
            "EUR",
            Err("\"49.900\" has more decimals than EUR has, which is 2"),
        );
        check(
            "1.0",
            "JPY",
            Err("\"1.0\" has more decimals than JPY has, which is 0"),
        );
        check(
            "-1",
            "EUR",
            Err("\"-1\" is negative; an amount is zero or more"),
        );
        let too_large = "is too large; an amount has at most 15 digits in its smallest unit";
        check(
            "10000000000000.01",
            "EUR",
            Err(&format!("\"10000000000000.01\" {too_large}")),
        );
        check(
            &"9".repeat(40),
            "EUR",
            Err(&format!("\"{}\" {too_large}", "9".repeat(32))),
        );
        for text in [
            "", ".", "1.", ".5", "+1", "1e3", "1_000", "1,5", "1.2.3", " 1", "٣", "NaN",
        ] {
            let message = "is not an amount; write digits with a point, such as \"49.90\"";
            check(text, "EUR", Err(&format!("\"{text}\" {message}")));
        }
    }
}
