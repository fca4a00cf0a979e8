//! Figures as people read them: digits in groups, amounts with their currency, shares in per cent.
//!
//! Its invariant: no float. A share is a ratio of whole numbers, rounded half up to hundredths of a per
//! cent.

use earnest_core::{Currency, Decimal};

/// `1,234,567`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 order`, `2,000 orders`.
pub(crate) fn counted(number: u64, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {one}{s}", count(number))
}

/// A count, in groups.
pub(crate) fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// `+1,234`; `0` has no sign.
pub(crate) fn signed(number: i64) -> String {
    let sign = if number > 0 { "+" } else { "" };
    format!("{sign}{}", grouped(number))
}

/// `1234.50`, as programs read it.
pub(crate) fn amount(minor: i64, currency: Currency) -> String {
    Decimal::new(minor, currency.minor_digits()).to_string()
}

/// `1,234.5` or `-0.25`: a decimal number with its whole digits in groups.
pub(crate) fn grouped_decimal(plain: &str) -> String {
    let (sign, plain) = plain
        .strip_prefix('-')
        .map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let Ok(units) = whole.parse() else {
        return format!("{sign}{plain}");
    };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", grouped(units))
}

/// `1,234.50 EUR`.
pub(crate) fn money(minor: i64, currency: Currency) -> String {
    format!("{} {currency}", grouped_decimal(&amount(minor, currency)))
}

/// An exact number of minor units as an amount: `12.5` of them are `0.125`.
pub(crate) fn exact_amount(minor: &str, digits: u32) -> String {
    let (sign, minor) = minor
        .strip_prefix('-')
        .map_or(("", minor), |rest| ("-", rest));
    let (whole, fraction) = minor.split_once('.').unwrap_or((minor, ""));
    let digits = digits as usize;
    let padded = format!("{whole:0>width$}", width = digits + 1);
    let (units, minor) = padded.split_at(padded.len() - digits);
    let point = if digits + fraction.len() > 0 { "." } else { "" };
    format!("{sign}{units}{point}{minor}{fraction}")
}

/// `1.23%`; `None` of nothing.
pub(crate) fn per_cent(part: i64, whole: i64) -> Option<String> {
    let hundredths = hundredths_of_per_cent(part, whole)?;
    Some(format!("{}%", Decimal::new(hundredths, 2)))
}

/// 10,000 for the whole; half a hundredth is rounded up.
pub(crate) fn hundredths_of_per_cent(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let rounded = (part * 20_000 + whole).div_euclid(2 * whole);
    i64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_in_groups() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(signed(1_000), "+1,000");
        assert_eq!(signed(-1), "-1");
        let eur = Currency::parse("EUR").expect("a currency");
        let yen = Currency::parse("JPY").expect("a currency");
        assert_eq!(grouped_decimal("-1234.5"), "-1,234.5");
        assert_eq!(money(123_456, eur), "1,234.56 EUR");
        assert_eq!(money(-5, eur), "-0.05 EUR");
        assert_eq!(money(1_000_000, yen), "1,000,000 JPY");
    }

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(per_cent(1, 3).as_deref(), Some("33.33%"));
        assert_eq!(per_cent(2, 3).as_deref(), Some("66.67%"));
        assert_eq!(per_cent(1, 20_000).as_deref(), Some("0.01%"));
        assert_eq!(per_cent(-1, 8).as_deref(), Some("-12.50%"));
        assert_eq!(per_cent(1, 0), None);
        assert_eq!(per_cent(i64::MAX, i64::MAX).as_deref(), Some("100.00%"));
    }
}
