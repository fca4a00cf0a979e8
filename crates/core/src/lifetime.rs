//! Lifetime: from when points may be spent, and until when.
//!
//! Owns the declarations of pending and expiry and the dates that follow from them; nothing is booked here.
//! Its invariant: points mature and expire at the first instant of a day of the shop, so that what a member
//! is told as a date holds for the whole of that day.

use crate::{Calendar, Date, Timestamp};

/// How long points wait before they may be spent. The default: not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Days in which an order may be sent back, the day of the order not counted; 0 where points are spent
    /// at once.
    pub return_days: i64,
}

/// Until when points live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// What ends them.
    pub rule: ExpiryRule,
    /// Calendar months that they live whatever the rule says; 0 for no minimum.
    pub minimum_months: i64,
}

/// What ends points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpiryRule {
    /// Nothing.
    #[default]
    Never,
    /// So many calendar months after they were earned.
    AfterMonths(i64),
    /// The end of a month: of the one in which the minimum ends.
    EndOfMonth,
    /// The end of a calendar year: of the one in which the minimum ends.
    EndOfYear,
    /// So many calendar months in which the member did nothing.
    AfterInactiveMonths(i64),
}

/// When points that were earned at `earned_at` may be spent: once the return window's last day is over.
///
/// ```
/// # use earnest_core::{Calendar, Timestamp, lifetime::{Pending, matures_at}};
/// let utc = Calendar::default();
/// let noon = Timestamp::from_millis(12 * 3_600_000);
/// // Sent back until the end of 15 January, so hers from 16 January on.
/// let free = matures_at(&Pending { return_days: 14 }, noon, &utc);
/// assert_eq!(utc.local(free).date().day, 16);
/// assert_eq!(matures_at(&Pending::default(), noon, &utc), noon);
/// ```
#[must_use]
pub fn matures_at(pending: &Pending, earned_at: Timestamp, calendar: &Calendar) -> Timestamp {
    if pending.return_days <= 0 {
        return earned_at;
    }
    let day = calendar.local(earned_at).day;
    day_after(day.saturating_add(pending.return_days), calendar)
}

/// The first instant at which points that were earned at `earned_at` are gone; `None` where they stay.
/// `last_activity_at` is the last thing that the member did, which only the rule of inactivity looks at.
///
/// A month is a calendar month: from 31 January it ends on the last day of February.
///
/// ```
/// # use earnest_core::{Calendar, Timestamp, lifetime::{Expiry, ExpiryRule, expires_at}};
/// let utc = Calendar::default();
/// let noon = Timestamp::from_millis(12 * 3_600_000);
/// let year = Expiry { rule: ExpiryRule::EndOfYear, minimum_months: 0 };
/// let gone = expires_at(&year, noon, noon, &utc).expect("a date");
/// assert_eq!(utc.local(gone).date(), earnest_core::Date { year: 1971, month: 1, day: 1 });
/// ```
#[must_use]
pub fn expires_at(
    expiry: &Expiry,
    earned_at: Timestamp,
    last_activity_at: Timestamp,
    calendar: &Calendar,
) -> Option<Timestamp> {
    if expiry.rule == ExpiryRule::Never {
        return None;
    }
    let date = |at| calendar.local(at).date();
    let earned = date(earned_at);
    let least = months_after(earned, expiry.minimum_months);
    let last_day = match expiry.rule {
        ExpiryRule::Never => return None,
        ExpiryRule::AfterMonths(months) => months_after(earned, months).max(least),
        ExpiryRule::EndOfMonth => Date {
            day: days_in_month(least.month_number()),
            ..least
        },
        ExpiryRule::EndOfYear => Date {
            month: 12,
            day: 31,
            ..least
        },
        ExpiryRule::AfterInactiveMonths(months) => {
            months_after(date(last_activity_at.max(earned_at)), months).max(least)
        }
    };
    Some(day_after(last_day.day_number(), calendar))
}

/// The same day so many calendar months later, or the last of that month where it has no such day.
fn months_after(date: Date, months: i64) -> Date {
    let month = date.month_number().saturating_add(months);
    // Every month has 28 days.
    let most = if date.day > 28 {
        days_in_month(month)
    } else {
        28
    };
    Date {
        day: date.day.min(most),
        ..first_of(month)
    }
}

fn days_in_month(month: i64) -> i64 {
    let next = first_of(month.saturating_add(1)).day_number();
    next.saturating_sub(first_of(month).day_number())
}

/// The first day of a month, counted from January of the year 0.
fn first_of(month: i64) -> Date {
    Date {
        year: month.checked_div_euclid(12).unwrap_or(0),
        month: month.rem_euclid(12).saturating_add(1),
        day: 1,
    }
}

fn day_after(day: i64, calendar: &Calendar) -> Timestamp {
    calendar.start_of(day.saturating_add(1))
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use super::*;

    type Day = (i64, i64, i64);

    fn date((year, month, day): Day) -> Date {
        Date { year, month, day }
    }

    /// A quarter past ten in the evening of a day in Berlin, in 2026 and after: the next day is near.
    fn evening(day: Day, berlin: &Calendar) -> Timestamp {
        let start = berlin.start_of(date(day).day_number()).as_millis();
        Timestamp::from_millis(start + 80_100_000)
    }

    /// Summer time of 2026 and 2027.
    fn berlin() -> Calendar {
        let at = Timestamp::from_millis;
        Calendar::new(vec![
            (at(0), 60),
            (at(1_774_746_000_000), 120),
            (at(1_792_890_000_000), 60),
            (at(1_806_195_600_000), 120),
            (at(1_824_944_400_000), 60),
        ])
    }

    /// Points live through all of `last`, and not an instant more.
    fn check(rule: ExpiryRule, minimum_months: i64, earned: Day, active: Day, last: Day) {
        let berlin = berlin();
        let expiry = Expiry {
            rule,
            minimum_months,
        };
        let (earned_at, active_at) = (evening(earned, &berlin), evening(active, &berlin));
        let gone = expires_at(&expiry, earned_at, active_at, &berlin).expect("they expire");
        let before = Timestamp::from_millis(gone.as_millis() - 1);
        assert_eq!(berlin.local(before).date(), date(last), "{expiry:?}");
        let local = berlin.local(gone);
        assert_eq!(local.day, date(last).day_number() + 1);
        assert_eq!(local.minute, 0);
    }

    #[test]
    fn months_after_earning_end_with_the_same_day_or_the_last_of_a_shorter_month() {
        let check = |months, earned, last| {
            check(ExpiryRule::AfterMonths(months), 0, earned, earned, last);
        };
        check(12, (2026, 3, 15), (2027, 3, 15));
        check(1, (2026, 1, 31), (2026, 2, 28));
        check(1, (2028, 1, 31), (2028, 2, 29));
        check(1, (2028, 1, 30), (2028, 2, 29));
        check(1, (2026, 3, 31), (2026, 4, 30));
        check(1, (2026, 12, 31), (2027, 1, 31));
        check(12, (2028, 2, 29), (2029, 2, 28));
        check(48, (2028, 2, 29), (2032, 2, 29));
        check(24, (2026, 11, 30), (2028, 11, 30));
        // Over a change of the clocks, and on the very day of one.
        check(1, (2026, 2, 28), (2026, 3, 28));
        check(1, (2026, 2, 28), (2026, 3, 28));
        check(7, (2026, 3, 25), (2026, 10, 25));
    }

    #[test]
    fn the_end_of_a_month_or_a_year_is_the_one_in_which_the_minimum_ends() {
        let of_month = |minimum, earned, last| {
            check(ExpiryRule::EndOfMonth, minimum, earned, earned, last);
        };
        of_month(0, (2026, 2, 1), (2026, 2, 28));
        of_month(0, (2026, 2, 28), (2026, 2, 28));
        of_month(1, (2026, 1, 31), (2026, 2, 28));
        of_month(12, (2026, 10, 2), (2027, 10, 31));
        of_month(1, (2026, 12, 1), (2027, 1, 31));
        let of_year = |minimum, earned, last| {
            check(ExpiryRule::EndOfYear, minimum, earned, earned, last);
        };
        of_year(0, (2026, 1, 1), (2026, 12, 31));
        of_year(0, (2026, 12, 31), (2026, 12, 31));
        of_year(3, (2026, 9, 30), (2026, 12, 31));
        of_year(3, (2026, 10, 1), (2027, 12, 31));
        of_year(12, (2026, 1, 1), (2027, 12, 31));
    }

    #[test]
    fn inactivity_counts_from_the_last_thing_that_was_done_and_never_before_the_earning() {
        let check = |minimum, earned, active, last| {
            let rule = ExpiryRule::AfterInactiveMonths(6);
            check(rule, minimum, earned, active, last);
        };
        check(0, (2026, 1, 10), (2026, 5, 31), (2026, 11, 30));
        check(0, (2026, 5, 10), (2026, 1, 31), (2026, 11, 10));
        check(12, (2026, 5, 10), (2026, 6, 1), (2027, 5, 10));
        check(12, (2026, 5, 10), (2027, 6, 1), (2027, 12, 1));
    }

    #[test]
    fn points_that_nothing_ends_stay() {
        let never = Expiry {
            minimum_months: 12,
            ..Expiry::default()
        };
        let now = Timestamp::from_millis(0);
        assert_eq!(expires_at(&never, now, now, &berlin()), None);
    }

    #[test]
    fn points_mature_when_the_last_day_of_the_return_window_is_over() {
        let berlin = berlin();
        let check = |return_days, earned, first| {
            let free = matures_at(&Pending { return_days }, evening(earned, &berlin), &berlin);
            assert_eq!(free, berlin.start_of(date(first).day_number()));
        };
        check(14, (2026, 11, 22), (2026, 12, 7));
        check(1, (2026, 12, 30), (2027, 1, 1));
        check(30, (2028, 1, 31), (2028, 3, 2));
        // The day on which the clocks go forward has 23 hours.
        check(1, (2026, 3, 28), (2026, 3, 30));
        let at = evening((2026, 11, 22), &berlin);
        assert_eq!(matures_at(&Pending::default(), at, &berlin), at);
    }

    #[test]
    fn no_instant_is_too_far_for_an_answer() {
        let utc = Calendar::default();
        for at in [i64::MIN, i64::MAX].map(Timestamp::from_millis) {
            for rule in [
                ExpiryRule::AfterMonths(i64::MAX),
                ExpiryRule::EndOfMonth,
                ExpiryRule::EndOfYear,
                ExpiryRule::AfterInactiveMonths(i64::MAX),
            ] {
                let expiry = Expiry {
                    rule,
                    minimum_months: i64::MAX,
                };
                assert!(expires_at(&expiry, at, at, &utc).is_some());
            }
            let pending = Pending {
                return_days: i64::MAX,
            };
            let _ = matures_at(&pending, at, &utc);
        }
    }
}
