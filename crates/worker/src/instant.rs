//! Instants as requests write them: RFC 3339, with any offset, read to the millisecond.

use earnest_core::Timestamp;
use earnest_ledger::CLOCK_SKEW_MILLIS;

/// 2000-01-01T00:00:00Z: no shop asks for points of an order that is older, but a field that nobody filled in does.
const EARLIEST_MS: i64 = 946_684_800_000;

/// Why a text is not the instant that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InstantError {
    #[error("is not an instant; write it as in RFC 3339, such as \"2026-04-20T09:30:00Z\"")]
    NotAnInstant,
    #[error("is in the future; what is booked has happened already")]
    InTheFuture,
    #[error(
        "is before the year 2000; write when it happened, such as \"2026-04-20T09:30:00Z\", or leave it out for now"
    )]
    TooLongAgo,
}

/// Reads any instant.
pub(crate) fn parse_instant(text: &str) -> Result<Timestamp, InstantError> {
    if !is_rfc3339(text) {
        return Err(InstantError::NotAnInstant);
    }
    let instant: jiff::Timestamp = text.parse().map_err(|_| InstantError::NotAnInstant)?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

/// Reads when something happened: an order was placed. Up to five minutes ahead of `now` is a clock that is fast, no more.
pub(crate) fn parse_past(text: &str, now: Timestamp) -> Result<Timestamp, InstantError> {
    let instant = parse_instant(text)?;
    if instant.as_millis() > now.as_millis().saturating_add(CLOCK_SKEW_MILLIS) {
        return Err(InstantError::InTheFuture);
    }
    if instant.as_millis() < EARLIEST_MS {
        return Err(InstantError::TooLongAgo);
    }
    Ok(instant)
}

/// Whether a text has the shape of RFC 3339's `date-time`. ISO 8601, which jiff reads, allows far more:
/// hours without minutes, commas, names of time zones.
fn is_rfc3339(text: &str) -> bool {
    let is = |shape: &str, text: &str| {
        shape.len() == text.len()
            && shape
                .bytes()
                .zip(text.bytes())
                .all(|(shape, b)| match shape {
                    b'0' => b.is_ascii_digit(),
                    b'T' => matches!(b, b'T' | b't'),
                    b'+' => matches!(b, b'+' | b'-'),
                    exact => exact == b,
                })
    };
    let Some((date_time, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if offset.len() == fraction.len() {
                return false;
            }
            offset
        }
    };
    let is_offset = matches!(offset, "Z" | "z") || (is("+00:00", offset) && &offset[1..3] < "24");
    is("0000-00-00T00:00:00", date_time) && is_offset
}

#[cfg(test)]
mod tests {
    use earnest_ledger::rfc3339;

    use super::*;

    fn check(text: &str, expected: Result<&str, InstantError>) {
        let now = Timestamp::from_millis(1_776_677_400_000); // 2026-04-20T09:30:00Z
        let read = parse_past(text, now).map(rfc3339);
        assert_eq!(read, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn orders_are_placed_in_the_past_give_or_take_a_clock() {
        check("2026-04-20T09:30:00Z", Ok("2026-04-20T09:30:00.000Z"));
        check("2026-04-20T11:30:00+02:00", Ok("2026-04-20T09:30:00.000Z"));
        check("2026-04-20T09:35:00Z", Ok("2026-04-20T09:35:00.000Z"));
        check("2026-04-20T09:35:00.001Z", Err(InstantError::InTheFuture));
        check("2000-01-01T00:00:00Z", Ok("2000-01-01T00:00:00.000Z"));
        check("1999-12-31T23:59:59.999Z", Err(InstantError::TooLongAgo));
        check("0001-01-01T00:00:00Z", Err(InstantError::TooLongAgo));
        check("2026-04-20T09:30:00", Err(InstantError::NotAnInstant));
        check("2026-04-20", Err(InstantError::NotAnInstant));
        check("yesterday", Err(InstantError::NotAnInstant));
        check("", Err(InstantError::NotAnInstant));
    }

    #[test]
    fn an_instant_is_written_as_rfc_3339_has_it_and_no_wider() {
        let half_past = Ok("2026-04-20T09:30:00.000Z");
        check("2026-04-20t09:30:00z", half_past);
        check("2026-04-20T09:30:00.000000Z", half_past);
        check("2026-04-20T00:30:00-09:00", half_past);
        check("2026-04-20T09:30:00-00:00", half_past);
        check("2026-04-20T09:30:00.1239Z", Ok("2026-04-20T09:30:00.123Z"));
        for text in [
            "2026-04-20T09:30Z",
            "2026-04-20T09Z",
            "2026-04-20 09:30:00Z",
            "20260420T093000Z",
            "2026-04-20T09:30:00,5Z",
            "2026-04-20T09:30:00.Z",
            "2026-04-20T09:30:00+02",
            "2026-04-20T09:30:00+0200",
            "2026-04-20T09:30:00+02:00:00",
            "2026-04-20T09:30:00+24:00",
            "2026-04-20T09:30:00+02:00[Europe/Berlin]",
            "2026-04-20T09:30:00Z[UTC]",
            "+002026-04-20T09:30:00Z",
            "2026-04-20T09:30:00Z ",
            "2026-02-30T09:30:00Z",
            "2026-04-20T25:30:00Z",
            "２026-04-20T09:30:00Z",
        ] {
            check(text, Err(InstantError::NotAnInstant));
        }
    }
}
