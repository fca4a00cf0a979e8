//! The code of a reward: what a member shows at the till or types at the checkout.
//!
//! Owns how a code is written and read. Its invariant: it carries 80 random bits, so nobody finds one by
//! trying, and one mistyped or two swapped characters are always noticed.

use std::fmt;
use std::str::FromStr;

/// The 32 digits of Crockford's base 32 (<https://www.crockford.com/base32.html>): no I, L, O, which look like
/// 1 and 0, and no U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bytes of a code: 80 bits. At a thousand guesses a second among a million live codes, the first hit is to
/// be expected after 38 million years.
const BYTES: usize = 10;
/// Digits that carry the bytes, five bits each.
const LENGTH: usize = 16;
/// Characters in a group; the last has the check character as its fifth.
const GROUP: usize = 4;
/// x^5 + x^2 + 1, a primitive polynomial over two elements: doubling by it runs through all 31 digits other
/// than 0. Crockford's own check is the remainder by 37, which needs five signs that no till has a key for.
const POLYNOMIAL: u8 = 0b10_0101;

/// A code that stands for a reward. Whoever knows it can use it: it is shown to its owner and nowhere else.
///
/// ```
/// # use earnest_core::reward::RewardCode;
/// let code = RewardCode::from_random([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
/// assert_eq!(code.to_string(), "0410-6105-0R3G-G28AB");
/// assert_eq!("o4i0 6105 0r3g g28ab".parse(), Ok(code));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RewardCode([u8; BYTES]);

/// Why a text is no code. The text is not told: messages get logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RewardCodeError {
    /// A character that no code has.
    #[error("a code has digits and letters only, and no U; check it for a typing error")]
    Character,
    /// Too short or too long.
    #[error("a code has 17 characters; check whether some are missing")]
    Length,
    /// The check character does not fit the others.
    #[error("the code has a typing error in it")]
    Check,
}

impl RewardCode {
    /// From ten random bytes, which the caller draws from a cryptographic source.
    #[must_use]
    pub fn from_random(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes that it was made of.
    #[must_use]
    pub fn bytes(self) -> [u8; BYTES] {
        self.0
    }

    /// The sixteen digits, 0 to 31 each.
    fn digits(self) -> [u8; LENGTH] {
        let mut bits = self
            .0
            .iter()
            .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let mut digits = [0; LENGTH];
        for digit in digits.iter_mut().rev() {
            *digit = u8::try_from(bits & 31).unwrap_or(0);
            bits >>= 5;
        }
        digits
    }
}

/// The digit that makes a code whole: each digit weighs twice as much as the next one, in the field of 32
/// elements, and with it all sum to zero.
fn check_digit(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |sum, digit| doubled(sum ^ digit))
}

fn doubled(digit: u8) -> u8 {
    let shifted = digit << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ POLYNOMIAL
    }
}

fn letter(digit: u8) -> char {
    let found = DIGITS.get(usize::from(digit));
    found.map_or('0', |letter| char::from(*letter))
}

/// In groups of four, in capitals, with the check character at its end.
impl fmt::Display for RewardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        for (nth, group) in digits.chunks(GROUP).enumerate() {
            if nth > 0 {
                f.write_str("-")?;
            }
            for digit in group {
                fmt::Write::write_char(f, letter(*digit))?;
            }
        }
        fmt::Write::write_char(f, letter(check_digit(&digits)))
    }
}

/// Nothing of it: a code is as good as money, and what is debugged gets logged.
impl fmt::Debug for RewardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RewardCode(…)")
    }
}

/// In either case, with or without spaces and hyphens, and with the letters that look like digits.
impl FromStr for RewardCode {
    type Err = RewardCodeError;

    fn from_str(text: &str) -> Result<Self, RewardCodeError> {
        let (mut bits, mut sum, mut length) = (0_u128, 0, 0_usize);
        let mut last = 0;
        let is_filler =
            |it: &char| it.is_whitespace() || matches!(it, '-' | '\u{2010}'..='\u{2015}');
        for character in text.chars().filter(|it| !is_filler(it)) {
            let digit = match character.to_ascii_uppercase() {
                'O' => Some(0),
                'I' | 'L' => Some(1),
                upper => DIGITS.iter().position(|known| char::from(*known) == upper),
            };
            let digit = digit.ok_or(RewardCodeError::Character)?;
            last = u8::try_from(digit).map_err(|_| RewardCodeError::Character)?;
            if length < LENGTH {
                bits = (bits << 5) | u128::from(last);
                sum = doubled(sum ^ last);
            }
            length = length.saturating_add(1);
        }
        if length != LENGTH.saturating_add(1) {
            return Err(RewardCodeError::Length);
        }
        if last != sum {
            return Err(RewardCodeError::Check);
        }
        let mut bytes = [0; BYTES];
        for byte in bytes.iter_mut().rev() {
            *byte = u8::try_from(bits & 255).unwrap_or(0);
            bits >>= 8;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: [u8; BYTES], text: &str) {
        let code = RewardCode::from_random(bytes);
        assert_eq!(code.to_string(), text);
        assert_eq!(text.parse(), Ok(code));
        assert_eq!(code.bytes(), bytes);
    }

    #[test]
    fn a_code_is_written_in_groups_with_a_check_character() {
        check([0; 10], "0000-0000-0000-00000");
        check([255; 10], "ZZZZ-ZZZZ-ZZZZ-ZZZZM");
        check([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "0000-0000-0000-00012");
        check([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "0410-6105-0R3G-G28AB");
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RewardCode::from_random([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        for text in [
            "00000000000000012",
            " 0000-0000-0000-000i2 \n",
            "oooo oooo oooo oool2",
            "OOOO–OOOO—OOOO‑OOOI2",
            "0-0-0-0-0-0-0-0-0-0-0-0-0-0-0-1-2",
        ] {
            assert_eq!(text.parse(), Ok(code), "{text}");
        }
        let refused = |text: &str, why| assert_eq!(text.parse::<RewardCode>(), Err(why), "{text}");
        refused("", RewardCodeError::Length);
        refused("0000-0000-0000-0001", RewardCodeError::Length);
        refused("0000-0000-0000-000120", RewardCodeError::Length);
        refused(&"0".repeat(1_000), RewardCodeError::Length);
        refused("0000-0000-0000-00013", RewardCodeError::Check);
        refused("0000-0000-0000-00U12", RewardCodeError::Character);
        refused("0000_0000_0000_00012", RewardCodeError::Character);
        refused("٠000-0000-0000-00012", RewardCodeError::Character);
    }

    #[test]
    fn a_code_is_not_told_where_values_are_debugged() {
        assert_eq!(format!("{:?}", RewardCode([7; 10])), "RewardCode(…)");
    }

    proptest! {
        #[test]
        fn every_code_is_read_as_it_was_written(bytes in any::<[u8; 10]>()) {
            let code = RewardCode::from_random(bytes);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn one_wrong_character_and_two_swapped_ones_are_noticed(
            bytes in any::<[u8; 10]>(),
            place in 0_usize..17,
            other in 0_usize..32,
        ) {
            let text = RewardCode::from_random(bytes).to_string().replace('-', "");
            let mut wrong: Vec<char> = text.chars().collect();
            let other = char::from(DIGITS[other]);
            prop_assume!(wrong[place] != other);
            wrong[place] = other;
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(wrong.parse::<RewardCode>(), Err(RewardCodeError::Check));
            let mut swapped: Vec<char> = text.chars().collect();
            let next = (place + 1) % 17;
            prop_assume!(next != 0 && swapped[place] != swapped[next]);
            swapped.swap(place, next);
            let swapped: String = swapped.into_iter().collect();
            prop_assert_eq!(swapped.parse::<RewardCode>(), Err(RewardCodeError::Check));
        }
    }
}
