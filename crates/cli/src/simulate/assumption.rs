//! What a simulation assumes of members: how many points they redeem, and when; when the rest expires.
//!
//! Owns the assumption; the dates of expiry are those of the core. Its invariant: an assumption is always told
//! with the figures that follow from it.

use clap::{Args, ValueEnum};
use earnest_core::lifetime::{Expiry, ExpiryRule, expires_at};
use earnest_core::{Calendar, Decimal, Program};
use serde_json::{Value, json};

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
    /// Points expire so many months after they were earned; else as the program says
    #[arg(long, value_name = "MONTHS", group = "expiry", value_parser = clap::value_parser!(u32).range(1..))]
    expire_months: Option<u32>,
    /// Points expire when a member has not bought for so many months
    #[arg(long, value_name = "MONTHS", group = "expiry", value_parser = clap::value_parser!(u32).range(1..))]
    expire_idle_months: Option<u32>,
    /// Points expire at the end of the month or year in which they were earned
    #[arg(long, value_name = "PERIOD", group = "expiry", value_enum)]
    expire_end_of: Option<Period>,
}

/// A period that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Period {
    Month,
    Year,
}

/// An assumption that can be worked with.
#[derive(Clone, Debug)]
pub(crate) struct Assumption {
    /// Of 10,000 points, so many are redeemed.
    share: i64,
    after_days: i64,
    expiry: Expiry,
    /// Whether the expiry is that of the program.
    is_of_program: bool,
    calendar: Calendar,
    /// The day that was asked for last, and its answer: most orders are of the day of the one before.
    expires_on: Option<(i64, Option<i64>)>,
}

impl AssumptionArguments {
    /// What the program says of expiry and of the return window holds, where nothing else is asked for.
    pub(crate) fn resolve(&self, program: &Program) -> Result<Assumption, Unusable> {
        let share = self.redeem.normalize().scaled(4);
        let share = share.filter(|share| (0..=WHOLE).contains(share));
        let share = share.ok_or_else(|| {
            let wrong = "--redeem is a share from 0 to 1 with at most 4 decimals, such as 0.7";
            Unusable::Argument(wrong.into())
        })?;
        let end_of = |period| match period {
            Period::Month => ExpiryRule::EndOfMonth,
            Period::Year => ExpiryRule::EndOfYear,
        };
        let months = |count: u32| ExpiryRule::AfterMonths(count.into());
        let idle = |count: u32| ExpiryRule::AfterInactiveMonths(count.into());
        let asked = self.expire_months.map(months);
        let asked = asked.or(self.expire_idle_months.map(idle));
        let asked = asked.or(self.expire_end_of.map(end_of));
        let expiry = asked.map_or(*program.expiry(), |rule| Expiry {
            rule,
            minimum_months: 0,
        });
        // Points are free on the day after the last of the return window.
        let free_after = match program.pending().return_days {
            0 => 0,
            days => days.saturating_add(1),
        };
        let after_days = i64::from(self.redeem_after_days).max(free_after);
        // The shortest month has 28 days. Points of somebody idle would lapse before they are redeemed,
        // those of somebody busy would not: one figure for all cannot be right.
        if let ExpiryRule::AfterInactiveMonths(months) = expiry.rule
            && months.saturating_mul(28) < after_days
        {
            let wrong = format!(
                "points of idle members expire after {months} months, before the {after_days} days of \
                 --redeem-after-days; write fewer days"
            );
            return Err(Unusable::Argument(wrong));
        }
        Ok(Assumption {
            share,
            after_days,
            expiry,
            is_of_program: asked.is_none(),
            calendar: program.calendar().clone(),
            expires_on: None,
        })
    }
}

impl Assumption {
    /// How many of so many points are redeemed, rounded down.
    pub(crate) fn redeemed_of(&self, points: i64) -> i64 {
        // Nearly every product fits an i64, which machines divide many times quicker.
        if let Some(exact) = points.checked_mul(self.share) {
            return exact / WHOLE;
        }
        let exact = i128::from(points) * i128::from(self.share);
        i64::try_from(exact / i128::from(WHOLE)).unwrap_or(points)
    }

    /// The day on which points of a day are redeemed.
    pub(crate) fn redeemed_on(&self, day: i64) -> i64 {
        day + self.after_days
    }

    /// Whether what expires depends on what the member does.
    pub(crate) fn is_by_inactivity(&self) -> bool {
        matches!(self.expiry.rule, ExpiryRule::AfterInactiveMonths(_))
    }

    /// The first day on which points are gone that were earned on `day`, by a member who has done nothing
    /// since; `None` where they stay.
    pub(crate) fn expires_on(&mut self, day: i64) -> Option<i64> {
        if let Some((_, known)) = self.expires_on.filter(|(asked, _)| *asked == day) {
            return known;
        }
        let at = self.calendar.start_of(day);
        let gone = expires_at(&self.expiry, at, at, &self.calendar);
        let gone = gone.map(|at| self.calendar.local(at).day);
        self.expires_on = Some((day, gone));
        gone
    }

    /// In a sentence.
    pub(crate) fn sentence(&self) -> String {
        let percent = Decimal::new(self.share, 2).normalize();
        let in_words = |count: i64| match count {
            1 => "1 month".to_owned(),
            _ => format!("{count} months"),
        };
        let least = self.expiry.minimum_months;
        let expiry = match self.expiry.rule {
            ExpiryRule::Never => "never expires".to_owned(),
            ExpiryRule::AfterMonths(months) => {
                format!(
                    "expires {} after it was earned",
                    in_words(months.max(least))
                )
            }
            ExpiryRule::EndOfMonth => "expires at the end of the month".to_owned(),
            ExpiryRule::EndOfYear => "expires at the end of the year".to_owned(),
            ExpiryRule::AfterInactiveMonths(months) => {
                format!("expires after {} without an order", in_words(months))
            }
        };
        let has_least = least > 0
            && !matches!(
                self.expiry.rule,
                ExpiryRule::Never | ExpiryRule::AfterMonths(_)
            );
        let but = if has_least {
            format!(", and lives {} in any case", in_words(least))
        } else {
            String::new()
        };
        // The shortest month has 28 days.
        let lives_days = match self.expiry.rule {
            ExpiryRule::Never | ExpiryRule::AfterInactiveMonths(_) => i64::MAX,
            ExpiryRule::AfterMonths(months) => months.max(least).saturating_mul(28),
            ExpiryRule::EndOfMonth | ExpiryRule::EndOfYear => least.saturating_mul(28),
        };
        let unless = if lives_days <= self.after_days {
            ", unless they have expired by then"
        } else {
            ""
        };
        let is_by = self.is_of_program && self.expiry.rule != ExpiryRule::Never;
        let by = if is_by { ", as the program says" } else { "" };
        let days = match self.after_days {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        format!(
            "Assumed: {percent}% of the points are redeemed {days} after they were earned{unless}; the rest {expiry}{but}{by}.",
        )
    }

    /// For programs.
    pub(crate) fn document(&self) -> Value {
        let expiry = match self.expiry.rule {
            ExpiryRule::Never => Value::Null,
            ExpiryRule::AfterMonths(months) => json!({ "after_months": months }),
            ExpiryRule::EndOfMonth => json!({ "end_of": "month" }),
            ExpiryRule::EndOfYear => json!({ "end_of": "year" }),
            ExpiryRule::AfterInactiveMonths(months) => json!({ "after_inactive_months": months }),
        };
        json!({
            "redeem": Decimal::new(self.share, 4).normalize().to_string(),
            "redeem_after_days": self.after_days,
            "expiry": expiry,
        })
    }
}
