//! Moments: dates with or without a time, where the shop is, as instants.
//!
//! Owns the time zone. The database of zones is the one that comes with the library, not the machine's, so
//! that a program has the same digest wherever it is compiled.

use jiff::civil;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::Check;

/// From when to when changes of a zone's offset are written into a program: from 2015, before which no shop
/// replays its orders, to 2045, before which every program is published again.
const OFFSETS_MS: std::ops::Range<i64> = 1_420_070_400_000..2_366_841_600_000;

/// Where the shop is.
#[derive(Default)]
pub(super) struct Zone(Option<TimeZone>);

impl Zone {
    fn time_zone(&self) -> TimeZone {
        self.0.clone().unwrap_or(TimeZone::UTC)
    }

    /// From which instants on how many minutes are added to UTC; nothing for UTC.
    pub(super) fn offsets(&self) -> Vec<(i64, i64)> {
        let Some(zone) = &self.0 else {
            return Vec::new();
        };
        let minutes = |offset: jiff::tz::Offset| i64::from(offset.seconds()).div_euclid(60);
        let Ok(start) = jiff::Timestamp::from_millisecond(OFFSETS_MS.start) else {
            return Vec::new();
        };
        let mut offsets = vec![(0, minutes(zone.to_offset(start)))];
        for change in zone.following(start) {
            let from = change.timestamp().as_millisecond();
            if from >= OFFSETS_MS.end {
                break;
            }
            let offset = minutes(change.offset());
            // Some changes only rename the time.
            if offsets.last().is_none_or(|(_, before)| *before != offset) {
                offsets.push((from, offset));
            }
        }
        if offsets == [(0, 0)] {
            offsets.clear();
        }
        offsets
    }
}

impl Check<'_> {
    pub(super) fn zone(&mut self, name: Option<&str>) {
        let Some(name) = name else { return };
        match TimeZoneDatabase::bundled().get(name) {
            Ok(zone) => self.zone = Zone(Some(zone)),
            Err(_) => self.problem(
                "/time_zone",
                format!("there is no time zone {name:?}; write one such as \"Europe/Berlin\""),
            ),
        }
    }

    /// The instant of a start: of a day, its first.
    pub(super) fn moment(&mut self, at: &str, written: Option<&str>) -> Option<i64> {
        self.instant(at, written?, false)
    }

    /// The first instant after an end: of a day, the first of the next.
    pub(super) fn end(&mut self, at: &str, written: Option<&str>) -> Option<i64> {
        self.instant(at, written?, true)
    }

    fn instant(&mut self, at: &str, written: &str, is_end: bool) -> Option<i64> {
        let instant = self.parse(written, is_end);
        if instant.is_none() {
            let message = "write a day such as 2026-11-01, or a date with its time such as \
                           2026-11-01T09:00:00 or 2026-11-01T09:00:00+01:00";
            self.problem(at, message);
        }
        instant
    }

    fn parse(&self, written: &str, is_end: bool) -> Option<i64> {
        if let Ok(instant) = written.parse::<jiff::Timestamp>() {
            return Some(instant.as_millisecond());
        }
        // A day first: a date with a time would be read as one, too.
        let local = match written.len() {
            10 => {
                let day: civil::Date = written.parse().ok()?;
                let day = if is_end { day.tomorrow().ok()? } else { day };
                day.at(0, 0, 0, 0)
            }
            // Without its time a date would be read as midnight, and an end lose its day.
            _ if written.get(10..11).is_some_and(|it| "Tt ".contains(it)) => {
                written.parse().ok()?
            }
            _ => return None,
        };
        let zoned = self.zone.time_zone().to_zoned(local).ok()?;
        Some(zoned.timestamp().as_millisecond())
    }
}
