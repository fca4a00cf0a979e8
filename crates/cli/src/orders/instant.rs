//! Instants as exports of shops write them.
//!
//! Owns one small reader of RFC 3339 and what is near it, because a date stands on every row and a general
//! parser would cost as much as the rest of the row. Its invariant: what it reads, it reads to the
//! millisecond; what it does not know it refuses.

use earnest_core::{Calendar, Date, Timestamp};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// Reads `2026-05-01T12:00:00Z`, with any offset (`+02:00`, `+0200`, ` +0200`), a space for the `T`,
/// seconds and their fractions left out or not; a date alone is its first instant. Without an offset it is
/// the time of the shop's clocks; an hour that they show twice is the first of the two, one that they skip
/// is as much later.
pub(crate) fn parse_instant(text: &[u8], calendar: &Calendar) -> Option<Timestamp> {
    let mut rest = Rest(text);
    let (year, month, day) = (
        rest.number(4)?,
        rest.after(b"-")?.number(2)?,
        rest.after(b"-")?.number(2)?,
    );
    let date = Date { year, month, day };
    let number = date.day_number();
    if Date::of_day(number) != date {
        return None;
    }
    if rest.0.is_empty() {
        return Some(calendar.start_of(number));
    }
    let (hour, minute) = (rest.after(b"Tt ")?.number(2)?, rest.after(b":")?.number(2)?);
    let mut second = 0;
    let mut millis = 0;
    if rest.after(b":").is_some() {
        second = rest.number(2)?;
        if rest.after(b".").is_some() {
            millis = rest.fraction()?;
        }
    }
    let offset = rest.offset()?;
    // Second 60 is a leap second, which Unix time does not count.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let clock = hour * HOUR_MS + minute * MINUTE_MS + second * 1_000 + millis;
    let as_utc = number * DAY_MS + clock;
    Some(match offset {
        Offset::Millis(offset_ms) => Timestamp::from_millis(as_utc - offset_ms),
        Offset::OfTheShop => by_the_clock(as_utc, calendar),
    })
}

/// The instant at which the shop's clocks show what those of Greenwich show at `as_utc`.
fn by_the_clock(as_utc: i64, calendar: &Calendar) -> Timestamp {
    let ahead_ms = |at: i64| {
        let local = calendar.local(Timestamp::from_millis(at));
        let shown = local.day * DAY_MS + local.minute * MINUTE_MS;
        shown - (at - at.rem_euclid(MINUTE_MS))
    };
    // The offset of a day before holds, unless the clocks have changed since.
    let before = as_utc - ahead_ms(as_utc - DAY_MS);
    let after = as_utc - ahead_ms(before);
    let is_right = |at: i64| at + ahead_ms(at) == as_utc;
    Timestamp::from_millis(if is_right(before) || !is_right(after) {
        before
    } else {
        after
    })
}

/// What is written of an offset.
enum Offset {
    /// Nothing: it is that of the shop's clocks.
    OfTheShop,
    /// Milliseconds east of UTC.
    Millis(i64),
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Steps over one of these bytes.
    fn after(&mut self, any: &[u8]) -> Option<&mut Self> {
        let (first, rest) = self.0.split_first()?;
        any.contains(first).then(|| {
            self.0 = rest;
            self
        })
    }

    /// Exactly so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let mut value = 0;
        for byte in number {
            value = value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        self.0 = rest;
        Some(value)
    }

    /// Digits behind a point, as milliseconds; finer ones are dropped.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        let (fraction, rest) = self.0.split_at(digits);
        self.0 = rest;
        let padded = fraction.iter().chain(b"000").take(3);
        let millis = padded.fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
        (1..=9).contains(&digits).then_some(millis)
    }

    /// The offset to the end.
    fn offset(&mut self) -> Option<Offset> {
        if self.0.is_empty() {
            return Some(Offset::OfTheShop);
        }
        self.after(b" ");
        let east = match self.0 {
            b"Z" | b"z" | b"UTC" => return Some(Offset::Millis(0)),
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => return None,
        };
        self.after(b"+-")?;
        let hours = self.number(2)?;
        self.after(b":");
        let minutes = self.number(2)?;
        let is_possible = self.0.is_empty() && hours <= 23 && minutes <= 59;
        is_possible.then_some(Offset::Millis(
            east * (hours * HOUR_MS + minutes * MINUTE_MS),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, millis: Option<i64>) {
        let utc = Calendar::default();
        let read = parse_instant(text.as_bytes(), &utc).map(Timestamp::as_millis);
        assert_eq!(read, millis, "{text}");
    }

    #[test]
    fn instants_are_read_as_shops_export_them() {
        let noon = Some(1_777_636_800_000);
        check("2026-05-01T12:00:00Z", noon);
        check("2026-05-01t12:00:00z", noon);
        check("2026-05-01 12:00:00 UTC", noon);
        check("2026-05-01 14:00:00 +0200", noon);
        check("2026-05-01T14:00:00+02:00", noon);
        check("2026-05-01T06:30-05:30", noon);
        check("2026-05-01 12:00", noon);
        check("2026-05-01T12:00:00.1239Z", Some(1_777_636_800_123));
        check("2026-05-01T12:00:00.5Z", Some(1_777_636_800_500));
        check("2026-05-01", Some(1_777_593_600_000));
        check("1969-12-31T23:59:59Z", Some(-1_000));
        check("2024-02-29", Some(1_709_164_800_000));
    }

    #[test]
    fn without_an_offset_it_is_the_time_of_the_shops_clocks() {
        // Berlin, 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
        let at = Timestamp::from_millis;
        let changes = [(0, 60), (1_774_746_000_000, 120), (1_792_890_000_000, 60)];
        let berlin = Calendar::new(changes.map(|(from, offset)| (at(from), offset)).to_vec());
        let check = |text: &str, utc: &str| {
            let read = parse_instant(text.as_bytes(), &berlin);
            assert_eq!(
                read,
                parse_instant(utc.as_bytes(), &Calendar::default()),
                "{text}"
            );
        };
        check("2026-05-01", "2026-04-30T22:00Z");
        check("2026-05-01 12:00", "2026-05-01T10:00Z");
        check("2026-01-01 12:00:30.5", "2026-01-01T11:00:30.5Z");
        check("2026-05-01 12:00Z", "2026-05-01T12:00Z");
        check("2026-03-29 01:59", "2026-03-29T00:59Z");
        check("2026-03-29 02:30", "2026-03-29T01:30Z");
        check("2026-03-29 03:00", "2026-03-29T01:00Z");
        check("2026-10-25 01:59", "2026-10-24T23:59Z");
        check("2026-10-25 02:30", "2026-10-25T00:30Z");
        check("2026-10-25 03:00", "2026-10-25T02:00Z");
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026",
            "01.05.2026",
            "05/01/2026",
            "2026-5-1",
            "2026-02-30",
            "2026-13-01",
            "2026-05-01T24:00:00Z",
            "2026-05-01T12:60:00Z",
            "2026-05-01T12:00:61Z",
            "2026-05-01T12:00:00.Z",
            "2026-05-01T12:00:00 Europe/Berlin",
            "2026-05-01T12:00:00+2",
            "2026-05-01T12:00:00+02:00Z",
            "2026-05-01T",
            "1777636800",
            "２０２６-05-01",
        ] {
            check(text, None);
        }
    }
}
