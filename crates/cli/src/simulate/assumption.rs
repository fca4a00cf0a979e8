//! What a simulation assumes of members: how many points they redeem, and when; when the rest expires.
//!
//! Its invariant: an assumption is always told with the figures that follow from it.

use clap::Args;
use earnest_core::{Date, Decimal};
use serde::Serialize;

use crate::unusable::Unusable;

/// The whole, as shares are counted here.
const WHOLE: i64 = 10_000;

/// What to assume.
#[derive(Args)]
pub(crate) struct AssumptionArguments {
    /// The share of all points that is ever redeemed, 0 to 1
    #[arg(long, value_name = "SHARE", default_value = "0.7")]
    redeem: Decimal,
    /// How many days after they were earned
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    redeem_after_days: u32,
    /// Points expire so many months after they were earned
    #[arg(long, value_name = "MONTHS", conflicts_with = "expire_idle_months")]
    expire_months: Option<u32>,
    /// Points expire when a member has not bought for so many months
    #[arg(long, value_name = "MONTHS")]
    expire_idle_months: Option<u32>,
}

/// When points that nobody redeems expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expiry {
    /// Never.
    Never,
    /// So many months after they were earned.
    AfterMonths(u32),
    /// After so many months without an order.
    Idle(u32),
}

/// An assumption that can be worked with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assumption {
    /// Of 10,000 points, so many are redeemed.
    share: i64,
    after_days: i64,
    pub(crate) expiry: Expiry,
}

impl AssumptionArguments {
    pub(crate) fn resolve(&self) -> Result<Assumption, Unusable> {
        let share = self.redeem.normalize().scaled(4);
        let share = share.filter(|share| (0..=WHOLE).contains(share));
        let share = share.ok_or_else(|| {
            let wrong = "--redeem is a share from 0 to 1 with at most 4 decimals, such as 0.7";
            Unusable::Argument(wrong.into())
        })?;
        let expiry = match (self.expire_months, self.expire_idle_months) {
            (Some(months), _) => Expiry::AfterMonths(months),
            (None, Some(months)) => Expiry::Idle(months),
            (None, None) => Expiry::Never,
        };
        // The shortest month has 28 days. Points of somebody idle would lapse before they are redeemed,
        // those of somebody busy would not: one figure for all cannot be right.
        if let Expiry::Idle(months) = expiry
            && i64::from(months) * 28 < i64::from(self.redeem_after_days)
        {
            let wrong = format!(
                "points of idle members expire after {months} months, before the {} days of \
                 --redeem-after-days; write fewer days",
                self.redeem_after_days
            );
            return Err(Unusable::Argument(wrong));
        }
        Ok(Assumption {
            share,
            after_days: self.redeem_after_days.into(),
            expiry,
        })
    }
}

impl Assumption {
    /// How many of so many points are redeemed, rounded down.
    pub(crate) fn redeemed_of(self, points: i64) -> i64 {
        let exact = i128::from(points) * i128::from(self.share);
        i64::try_from(exact / i128::from(WHOLE)).unwrap_or(points)
    }

    /// The day on which points of a day are redeemed.
    pub(crate) fn redeemed_on(self, day: i64) -> i64 {
        day + self.after_days
    }

    /// The day on which points of a day expire, where that depends on nothing else.
    pub(crate) fn expires_on(self, day: i64) -> Option<i64> {
        match self.expiry {
            Expiry::AfterMonths(months) => Some(months_after(day, months)),
            Expiry::Never | Expiry::Idle(_) => None,
        }
    }

    /// The day on which the points of a member expire who last bought on a day.
    pub(crate) fn idle_on(self, day: i64) -> Option<i64> {
        match self.expiry {
            Expiry::Idle(months) => Some(months_after(day, months)),
            Expiry::Never | Expiry::AfterMonths(_) => None,
        }
    }

    /// The share, as a decimal.
    pub(crate) fn share(self) -> String {
        Decimal::new(self.share, 4).normalize().to_string()
    }

    /// In a sentence.
    pub(crate) fn sentence(self) -> String {
        let percent = Decimal::new(self.share, 2).normalize();
        let expiry = match self.expiry {
            Expiry::Never => "the rest never expires".to_owned(),
            Expiry::AfterMonths(months) => {
                format!("the rest expires {months} months after it was earned")
            }
            Expiry::Idle(months) => {
                format!("the rest expires after {months} months without an order")
            }
        };
        format!(
            "Assumed: {percent}% of the points are redeemed {} days after they were earned; {expiry}.",
            self.after_days
        )
    }

    /// For programs.
    pub(crate) fn document(self) -> serde_json::Value {
        serde_json::json!({
            "redeem": self.share(),
            "redeem_after_days": self.after_days,
            "expiry": self.expiry,
        })
    }
}

/// The same day of the month so many months later, or the last day of that month.
fn months_after(day: i64, months: u32) -> i64 {
    let date = Date::of_day(day);
    let month = date.month_number() + i64::from(months);
    let first = |month: i64| {
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let date = Date {
            year,
            month,
            day: 1,
        };
        date.day_number()
    };
    (first(month) + date.day - 1).min(first(month + 1) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_later_is_the_same_day_or_the_last() {
        let check = |from: (i64, i64, i64), months, to: (i64, i64, i64)| {
            let day = |(year, month, day)| Date { year, month, day }.day_number();
            assert_eq!(
                Date::of_day(months_after(day(from), months)).day_number(),
                day(to)
            );
        };
        check((2026, 1, 15), 1, (2026, 2, 15));
        check((2026, 1, 31), 1, (2026, 2, 28));
        check((2027, 12, 31), 2, (2028, 2, 29));
        check((2026, 5, 1), 12, (2027, 5, 1));
        check((2026, 12, 9), 0, (2026, 12, 9));
    }
}
