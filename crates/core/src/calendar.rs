//! The shop's calendar: which day and minute an instant is where the shop is.
//!
//! Owns local time and dates. There is no time-zone database here: a program carries the few instants at
//! which its zone changes its offset, resolved when it was compiled. Its invariant: every instant has
//! exactly one local day and minute; an hour that a clock repeats comes twice, one that it skips not at all.

use crate::Timestamp;

const MINUTE_MS: i64 = 60_000;
const MINUTES_A_DAY: i64 = 1_440;

/// The offsets of a time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// From when on so many minutes are added to UTC, earliest first. Before the first: none.
    changes: Vec<(Timestamp, i64)>,
}

/// An instant as the clocks of the shop show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Minutes since midnight, 0 to 1,439.
    pub minute: i64,
}

/// A date of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

impl Calendar {
    /// A calendar with these changes of its offset, in minutes east of UTC, earliest first.
    #[must_use]
    pub fn new(changes: Vec<(Timestamp, i64)>) -> Self {
        Self { changes }
    }

    /// What the shop's clocks show at `now`.
    ///
    /// ```
    /// # use earnest_core::{Calendar, Timestamp};
    /// let berlin = Calendar::new(vec![(Timestamp::from_millis(0), 60)]);
    /// let local = berlin.local(Timestamp::from_millis(23 * 3_600_000));
    /// assert_eq!((local.day, local.minute), (1, 0));
    /// ```
    #[must_use]
    pub fn local(&self, now: Timestamp) -> LocalTime {
        let change = self.changes.iter().rfind(|(from, _)| *from <= now);
        let offset = change.map_or(0, |(_, minutes)| *minutes);
        let minutes = now
            .as_millis()
            .checked_div_euclid(MINUTE_MS)
            .unwrap_or(0)
            .saturating_add(offset);
        LocalTime {
            day: minutes.checked_div_euclid(MINUTES_A_DAY).unwrap_or(0),
            minute: minutes.rem_euclid(MINUTES_A_DAY),
        }
    }

    /// The first instant of a local day. Where clocks skip midnight, the day begins when they have.
    #[must_use]
    pub fn start_of(&self, day: i64) -> Timestamp {
        let midnight = day.saturating_mul(MINUTES_A_DAY);
        let at = |offset: i64| {
            Timestamp::from_millis(midnight.saturating_sub(offset).saturating_mul(MINUTE_MS))
        };
        let offsets = self.changes.iter().map(|(_, offset)| at(*offset));
        let changes = self.changes.iter().map(|(from, _)| *from);
        let starts = offsets.chain(changes).chain([at(0)]);
        starts
            .filter(|start| self.local(*start).day == day)
            .min()
            .unwrap_or(at(0))
    }
}

impl LocalTime {
    /// 1 for Monday to 7 for Sunday (ISO 8601).
    #[must_use]
    pub fn weekday(self) -> i64 {
        // 1970-01-01 was a Thursday.
        self.day.saturating_add(3).rem_euclid(7).saturating_add(1)
    }

    /// The date of the day.
    #[must_use]
    pub fn date(self) -> Date {
        Date::of_day(self.day)
    }
}

// The formulas are Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms": years begin in March, so
// that the leap day is the last of its year, and 400 of them are 146,097 days.
impl Date {
    /// The date of a day, counted from 1970-01-01.
    #[must_use]
    pub fn of_day(day: i64) -> Self {
        let shifted = day.saturating_add(719_468);
        let era = shifted.checked_div_euclid(146_097).unwrap_or(0);
        let of_era = shifted.rem_euclid(146_097);
        let leaps = (of_era / 1_460)
            .saturating_sub(of_era / 36_524)
            .saturating_add(of_era / 146_096);
        let year_of_era = of_era.saturating_sub(leaps) / 365;
        let before = (year_of_era.saturating_mul(365))
            .saturating_add(year_of_era / 4)
            .saturating_sub(year_of_era / 100);
        let of_year = of_era.saturating_sub(before);
        let from_march = of_year.saturating_mul(5).saturating_add(2) / 153;
        let days_before = from_march.saturating_mul(153).saturating_add(2) / 5;
        let month = from_march
            .saturating_add(2)
            .rem_euclid(12)
            .saturating_add(1);
        let year = era.saturating_mul(400).saturating_add(year_of_era);
        Self {
            year: year.saturating_add(i64::from(month <= 2)),
            month,
            day: of_year.saturating_sub(days_before).saturating_add(1),
        }
    }

    /// The day of a date, counted from 1970-01-01. A day beyond its month falls into the next.
    #[must_use]
    pub fn day_number(self) -> i64 {
        let year = self.year.saturating_sub(i64::from(self.month <= 2));
        let (era, year_of_era) = (
            year.checked_div_euclid(400).unwrap_or(0),
            year.rem_euclid(400),
        );
        let from_march = self.month.saturating_add(9).rem_euclid(12);
        let of_year = (from_march.saturating_mul(153).saturating_add(2) / 5)
            .saturating_add(self.day)
            .saturating_sub(1);
        let of_era = (year_of_era.saturating_mul(365))
            .saturating_add(year_of_era / 4)
            .saturating_sub(year_of_era / 100)
            .saturating_add(of_year);
        era.saturating_mul(146_097)
            .saturating_add(of_era)
            .saturating_sub(719_468)
    }

    /// Months since January of the year 0.
    #[must_use]
    pub fn month_number(self) -> i64 {
        (self.year.saturating_mul(12))
            .saturating_add(self.month)
            .saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        let check = |year, month, day, number| {
            let date = Date { year, month, day };
            assert_eq!(date.day_number(), number, "{date:?}");
            assert_eq!(Date::of_day(number), date);
        };
        check(1970, 1, 1, 0);
        check(1969, 12, 31, -1);
        check(2000, 2, 29, 11_016);
        check(2000, 3, 1, 11_017);
        check(2026, 11, 22, 20_779);
        check(2100, 2, 28, 47_540);
        check(2100, 3, 1, 47_541);
        check(1600, 2, 29, -135_081);
        for day in -800_000..800_000 {
            assert_eq!(Date::of_day(day).day_number(), day);
        }
    }

    #[test]
    fn weekdays_count_from_monday() {
        let weekday = |day| LocalTime { day, minute: 0 }.weekday();
        assert_eq!(
            [weekday(0), weekday(3), weekday(4), weekday(-1)],
            [4, 7, 1, 3]
        );
    }

    #[test]
    fn clocks_repeat_an_hour_in_autumn_and_skip_one_in_spring() {
        // Berlin, 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
        let (spring, autumn) = (1_774_746_000_000, 1_792_890_000_000);
        let at = Timestamp::from_millis;
        let berlin = Calendar::new(vec![(at(0), 60), (at(spring), 120), (at(autumn), 60)]);
        let clock = |millis: i64| {
            let local = berlin.local(at(millis));
            (local.date().day, local.minute)
        };
        assert_eq!(clock(spring - 1), (29, 119));
        assert_eq!(clock(spring), (29, 180));
        assert_eq!(clock(autumn - 1), (25, 179));
        assert_eq!(clock(autumn), (25, 120));
        // The day of the change has 25 hours.
        let day = berlin.local(at(autumn)).day;
        let hours =
            (berlin.start_of(day + 1).as_millis() - berlin.start_of(day).as_millis()) / HOUR_MS;
        assert_eq!(hours, 25);
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_when_the_clocks_have() {
        // Clocks go from 00:00 to 01:00.
        let at = Timestamp::from_millis;
        let zone = Calendar::new(vec![(at(0), 0), (at(24 * HOUR_MS), 60)]);
        assert_eq!(zone.start_of(1), at(24 * HOUR_MS));
        assert_eq!(zone.local(zone.start_of(1)).minute, 60);
    }
}
