//! Limits: how much a rule, a campaign or the whole programme gives at most, and what it has given.
//!
//! Owns caps, once-only, cool-down and budgets, and the counters that they are held against. Days, months
//! and years are the shop's. Its invariant: what is counted as used is never less than what was given.

use crate::{ExactPoints, LocalTime, Points, PointsError, Rounding};

/// How much at most; nothing is limited by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Points in one order.
    pub per_order: Option<i64>,
    /// Points for a member in one day of the shop.
    pub per_day: Option<i64>,
    /// Points for a member in one calendar month of the shop.
    pub per_month: Option<i64>,
    /// Points for a member in one calendar year of the shop.
    pub per_year: Option<i64>,
    /// Points for a member in all.
    pub per_member: Option<i64>,
    /// Points for all members together.
    pub budget: Option<i64>,
    /// Times that a member gets it; 1 for once only.
    pub times: Option<i64>,
    /// Days that must lie between two times.
    pub cooldown_days: Option<i64>,
}

/// What a member has had of a holder of limits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The id of the rule or campaign; empty for the programme; a word before a colon for what is neither.
    pub holder: String,
    /// The day of the shop on which it last gave something, counted from 1970-01-01.
    pub day: i64,
    /// Points on that day.
    pub day_points: i64,
    /// Points in that day's month.
    pub month_points: i64,
    /// Points in that day's year.
    pub year_points: i64,
    /// Points in all.
    pub points: i64,
    /// Times in all.
    pub times: i64,
}

impl Limits {
    /// Whether nothing is limited.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What may still be given, in whole points; `None` where nothing limits it.
    #[must_use]
    pub fn left(&self, usage: Option<&Usage>, budget_used: i64, local: LocalTime) -> Option<i64> {
        let unused = Usage::default();
        let used = usage.unwrap_or(&unused);
        // What comes late counts against the last day: it must not open a day anew.
        let today = used.day.max(local.day);
        let (month_then, month) = (month_of(used.day), month_of(today));
        let rests = self.times.is_some_and(|most| used.times >= most)
            || self
                .cooldown_days
                .is_some_and(|days| used.times > 0 && local.day.saturating_sub(used.day) < days);
        if rests {
            return Some(0);
        }
        let had = |held: bool, points: i64| if held { points } else { 0 };
        let caps = [
            (self.per_order, 0),
            (self.per_day, had(used.day == today, used.day_points)),
            (self.per_month, had(month_then == month, used.month_points)),
            (
                self.per_year,
                had(month_then / 12 == month / 12, used.year_points),
            ),
            (self.per_member, used.points),
            (self.budget, budget_used),
        ];
        let mut least: Option<i64> = None;
        for (most, had) in caps {
            let Some(most) = most else { continue };
            let left = most.saturating_sub(had).max(0);
            least = Some(least.map_or(left, |least| least.min(left)));
        }
        least
    }
}

impl Usage {
    /// Begins a day, unless it has begun: what was had on the one before is not of it, nor of another month or year.
    pub(crate) fn advance_to(&mut self, day: i64) {
        if day <= self.day {
            return;
        }
        let (then, now) = (month_of(self.day), month_of(day));
        if then != now {
            self.month_points = 0;
        }
        if then / 12 != now / 12 {
            self.year_points = 0;
        }
        self.day_points = 0;
        self.day = day;
    }

    /// Adds what was given on a day: exact points count up to the next whole one. What comes late is added
    /// to the last day.
    ///
    /// # Errors
    /// When the points are beyond 2^53 - 1.
    pub fn add(&mut self, given: ExactPoints, local: LocalTime) -> Result<(), PointsError> {
        let points = Rounding::Ceil.round(given)?.get();
        self.advance_to(local.day);
        self.times = self.times.saturating_add(1);
        for counter in [
            &mut self.day_points,
            &mut self.month_points,
            &mut self.year_points,
            &mut self.points,
        ] {
            *counter = Points::new(*counter)?
                .checked_add(Points::new(points)?)?
                .get();
        }
        Ok(())
    }
}

/// Twelve to a year.
fn month_of(day: i64) -> i64 {
    crate::Date::of_day(day).month_number()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: i64) -> LocalTime {
        LocalTime { day, minute: 0 }
    }

    /// Ten points on day 40, which is 10 February 1970, and five on day 41.
    fn used() -> Usage {
        let mut usage = Usage::default();
        for (day, points) in [(40, 10), (41, 5)] {
            usage
                .add(ExactPoints::whole(points), on(day))
                .expect("few points");
        }
        usage
    }

    fn check(limits: Limits, day: i64, left: Option<i64>) {
        assert_eq!(
            limits.left(Some(&used()), 70, on(day)),
            left,
            "{limits:?} {day}"
        );
    }

    #[test]
    fn each_limit_leaves_what_has_not_been_had() {
        let none = Limits::default();
        check(none, 41, None);
        check(
            Limits {
                per_order: Some(8),
                ..none
            },
            41,
            Some(8),
        );
        check(
            Limits {
                per_day: Some(8),
                ..none
            },
            41,
            Some(3),
        );
        check(
            Limits {
                per_day: Some(8),
                ..none
            },
            42,
            Some(8),
        );
        check(
            Limits {
                per_month: Some(20),
                ..none
            },
            58,
            Some(5),
        );
        check(
            Limits {
                per_month: Some(20),
                ..none
            },
            59,
            Some(20),
        );
        // The last day of 1970, and the first of 1971.
        for (day, left) in [(364, 5), (365, 20)] {
            let per_year = Some(20);
            check(Limits { per_year, ..none }, day, Some(left));
        }
        check(
            Limits {
                per_member: Some(12),
                ..none
            },
            99,
            Some(0),
        );
        check(
            Limits {
                budget: Some(100),
                ..none
            },
            99,
            Some(30),
        );
        check(
            Limits {
                times: Some(2),
                ..none
            },
            99,
            Some(0),
        );
        check(
            Limits {
                times: Some(3),
                ..none
            },
            99,
            None,
        );
        check(
            Limits {
                cooldown_days: Some(7),
                ..none
            },
            47,
            Some(0),
        );
        check(
            Limits {
                cooldown_days: Some(7),
                ..none
            },
            48,
            None,
        );
        // Of several, the tightest holds.
        let both = Limits {
            per_order: Some(8),
            per_day: Some(6),
            ..none
        };
        check(both, 41, Some(1));
    }

    #[test]
    fn who_has_had_nothing_has_all_of_it() {
        let once = Limits {
            times: Some(1),
            cooldown_days: Some(7),
            per_day: Some(3),
            ..Limits::default()
        };
        assert_eq!(once.left(None, 0, on(0)), Some(3));
    }

    #[test]
    fn what_comes_late_opens_no_day_anew() {
        let mut usage = used();
        usage
            .add(ExactPoints::whole(1), on(30))
            .expect("few points");
        assert_eq!(
            (usage.day, usage.day_points, usage.month_points),
            (41, 6, 16)
        );
        assert_eq!(usage.year_points, 16);
        check(
            Limits {
                per_day: Some(8),
                ..Limits::default()
            },
            30,
            Some(3),
        );
    }

    #[test]
    fn a_fraction_counts_as_a_whole_point() {
        let mut usage = Usage::default();
        let tenth = ExactPoints::whole(1)
            .times(crate::Decimal::new(1, 1))
            .expect("small");
        usage.add(tenth, on(0)).expect("few points");
        assert_eq!((usage.points, usage.times), (1, 1));
    }
}
