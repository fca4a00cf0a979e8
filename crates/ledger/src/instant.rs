//! Instants as they are told and kept: RFC 3339, in UTC, to the millisecond.

use earnest_core::Timestamp;

/// How far a shop's clock may be from ours.
pub const CLOCK_SKEW_MILLIS: i64 = 5 * 60_000;

/// Writes an instant. One that no calendar reaches is written as the epoch: none is ever stored.
pub fn rfc3339(instant: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(instant.as_millis()).unwrap_or_default();
    format!("{instant:.3}")
}
