//! Telling: numbers and sentences as text, by hand.
//!
//! The standard library's formatting would be a tenth of what a shopper's browser downloads, once anything
//! that the browser carries uses it. Its invariant: what is told here is what `Display` tells, which calls it.

/// The parts of a sentence, put together.
pub(crate) fn tell(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// A whole number.
#[must_use]
pub fn tell_whole(number: i64) -> String {
    tell_fixed(number, 0)
}

/// A number with so many of its digits behind the point: -5 and 2 are `-0.05`.
pub(crate) fn tell_fixed(number: i64, decimals: u32) -> String {
    let size = number.unsigned_abs();
    let mut place = size.checked_ilog10().unwrap_or(0).max(decimals);
    let mut text = String::with_capacity(24);
    if number < 0 {
        text.push('-');
    }
    loop {
        // A place beyond 10^19 holds a zero.
        let unit = 10_u64.checked_pow(place);
        let digit = unit.and_then(|unit| size.checked_div(unit)).unwrap_or(0) % 10;
        text.push(char::from(
            b'0'.saturating_add(u8::try_from(digit).unwrap_or(0)),
        ));
        match place.checked_sub(1) {
            Some(next) if place == decimals => {
                text.push('.');
                place = next;
            }
            Some(next) => place = next,
            None => return text,
        }
    }
}

/// What stands before the letter of that place: a text from outside is quoted no longer than this.
pub(crate) fn start_of(text: &str, letters: usize) -> String {
    let end = text.char_indices().nth(letters);
    text.get(..end.map_or(text.len(), |(end, _)| end))
        .unwrap_or("")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_to_the_last_digit() {
        let check = |number, decimals, told: &str| assert_eq!(tell_fixed(number, decimals), told);
        check(0, 0, "0");
        check(7, 0, "7");
        check(-120, 0, "-120");
        check(0, 2, "0.00");
        check(5, 2, "0.05");
        check(-5, 2, "-0.05");
        check(4_990, 2, "49.90");
        check(i64::MIN, 0, "-9223372036854775808");
        check(1, 14, "0.00000000000001");
    }

    #[test]
    fn a_quote_ends_at_a_letter() {
        assert_eq!(start_of("kroner", 3), "kro");
        assert_eq!(start_of("øre", 1), "ø");
        assert_eq!(start_of("", 3), "");
    }
}
