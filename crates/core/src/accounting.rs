//! Accounting: what a shop owes for the points that its orders earned, day by day, and the journal of it.
//!
//! Owns the method, which `ACCOUNTING.md` tells an accountant: the relative stand-alone selling prices of
//! IFRS 15 and ASC 606, on all points of a currency as one portfolio. Pure, in whole numbers. Its invariant: each
//! figure follows from sums of entries, so what is opened from the sums of earlier days is what those days, one by
//! one, would have come to, and a closed day never changes.

mod estimate;
mod journal;
mod portfolio;
#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that overflows or panics fails"
)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use self::estimate::Estimate;
pub use self::journal::{Account, JournalLine, journal};
use self::portfolio::Portfolio;
use crate::{Currency, EntryKind};

/// The entries of a kind, in one currency, that were booked on one day, or on several days of one estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTotal {
    /// The day, counted from 1970-01-01 in the shop.
    pub day: i64,
    /// What the entries are for.
    pub kind: EntryKind,
    /// The currency of the orders that earned the points; none where no order did.
    pub currency: Option<Currency>,
    /// The sum of their points; negative where they take away.
    pub points: i64,
    /// What was paid for the orders, in minor units: after discounts, without tax; below zero what of it refunds paid
    /// back. Only what earns is looked at, and what refunds take.
    pub spent_minor: i64,
}

/// What entries do to the points that members hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Movement {
    Issued,
    TakenBack,
    Redeemed,
    Expired,
    Moved,
}

impl Movement {
    fn of(total: &DayTotal) -> Self {
        match total.kind {
            EntryKind::Welcome
            | EntryKind::Earn
            | EntryKind::Activity
            | EntryKind::OrderChallenge
            | EntryKind::ActivityChallenge
            | EntryKind::Referral
            | EntryKind::Surprise
            | EntryKind::Competition => Self::Issued,
            EntryKind::Adjust if total.points >= 0 => Self::Issued,
            EntryKind::Adjust | EntryKind::Clawback | EntryKind::Repay => Self::TakenBack,
            EntryKind::Redeem | EntryKind::Return => Self::Redeemed,
            EntryKind::Expire => Self::Expired,
            EntryKind::TransferOut
            | EntryKind::TransferIn
            | EntryKind::MergeOut
            | EntryKind::MergeIn
            | EntryKind::Tender => Self::Moved,
        }
    }
}

/// Revenue deferred for points over a day or over several, in minor units of a currency:
/// `closing = opening + deferred - clawed_back - recognised - breakage`, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liability {
    /// What was deferred when the first day began.
    pub opening: i64,
    /// The part of the orders' price that the points they earned stand for.
    pub deferred: i64,
    /// What went with points that were taken back.
    pub clawed_back: i64,
    /// What was earned as points were redeemed, with the expected breakage in proportion; less where spent points
    /// came back, or more redemptions are expected than before.
    pub recognised: i64,
    /// What was earned as more points expired than expected.
    pub breakage: i64,
    /// What is deferred when the last day is over. Never negative.
    pub closing: i64,
}

impl Liability {
    /// This period and the one right after it, as one.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            opening: self.opening,
            deferred: self.deferred.saturating_add(next.deferred),
            clawed_back: self.clawed_back.saturating_add(next.clawed_back),
            recognised: self.recognised.saturating_add(next.recognised),
            breakage: self.breakage.saturating_add(next.breakage),
            closing: next.closing,
        }
    }

    /// Whether nothing moved.
    #[must_use]
    pub fn is_still(&self) -> bool {
        let Self {
            deferred,
            clawed_back,
            recognised,
            breakage,
            ..
        } = *self;
        [deferred, clawed_back, recognised, breakage] == [0; 4]
    }
}

/// The points of members over a day or over several:
/// `closing = opening + issued - clawed_back - redeemed + returned - expired + moved`, and `moved` is zero once both
/// sides of each transfer are booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointsMovement {
    /// What members held when the first day began: the sum of all entries before.
    pub opening: i64,
    /// What they were given.
    pub issued: i64,
    /// What refunds, debts and corrections took.
    pub clawed_back: i64,
    /// What they spent on rewards.
    pub redeemed: i64,
    /// What of it came back.
    pub returned: i64,
    /// What expired.
    pub expired: i64,
    /// What passed from member to member.
    pub moved: i64,
    /// What they hold when the last day is over.
    pub closing: i64,
}

impl PointsMovement {
    /// This period and the one right after it, as one.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            opening: self.opening,
            issued: self.issued.saturating_add(next.issued),
            clawed_back: self.clawed_back.saturating_add(next.clawed_back),
            redeemed: self.redeemed.saturating_add(next.redeemed),
            returned: self.returned.saturating_add(next.returned),
            expired: self.expired.saturating_add(next.expired),
            moved: self.moved.saturating_add(next.moved),
            closing: next.closing,
        }
    }

    fn add(&mut self, total: &DayTotal) -> Option<()> {
        let points = total.points;
        let (place, points) = match Movement::of(total) {
            Movement::Issued => (&mut self.issued, points),
            Movement::TakenBack => (&mut self.clawed_back, points.checked_neg()?),
            Movement::Redeemed if total.kind == EntryKind::Return => (&mut self.returned, points),
            Movement::Redeemed => (&mut self.redeemed, points.checked_neg()?),
            Movement::Expired => (&mut self.expired, points.checked_neg()?),
            Movement::Moved => (&mut self.moved, points),
        };
        *place = place.checked_add(points)?;
        self.closing = self.closing.checked_add(total.points)?;
        Some(())
    }
}

/// The books of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// Each currency that orders earned points in, by its code: over all the days, and how it stands after them.
    pub currencies: Vec<(Currency, Liability, Standing)>,
    /// Day by day, those on which something moved; by day and currency.
    pub days: Vec<(i64, Currency, Liability)>,
    /// All points together, day by day, those on which something was booked.
    pub points: Vec<(i64, PointsMovement)>,
    /// All points together, over all the days.
    pub points_in_all: PointsMovement,
    /// What is outstanding of points that no order earned, when the last day is over. No revenue is deferred for them.
    pub granted_points: i64,
    /// What these are worth in the one currency in which points are, as far as they are expected to be redeemed, in
    /// minor units, rounded half up. A memorandum: it is owed to nobody. `None` where they are worth something in none
    /// or several.
    pub granted_worth: Option<(Currency, i64)>,
}

/// How the points of a currency stand, over everything that was ever booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Points issued, less those taken back.
    pub issued_points: i64,
    /// Points redeemed, less those that came back.
    pub redeemed_points: i64,
    /// Points expected to be redeemed in all, rounded down.
    pub expected_points: i64,
    /// Points that members hold, or that are on their way from one to another.
    pub outstanding_points: i64,
}

impl Standing {
    /// Whether members redeemed more than is expected ever, and still hold some: the percentage is too low.
    #[must_use]
    pub fn is_overtaken(&self) -> bool {
        self.redeemed_points >= self.expected_points && self.outstanding_points > 0
    }
}

/// The sums are too large to account for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sums of points and prices are too large to account for")]
pub struct TooLarge;

/// The books from one day to another, both included.
///
/// `estimates` are those that were published, in that order, each in force from its day on; before the first nothing is
/// worth anything. One whose day is before that of an earlier one, because its clocks are further to the west, is in
/// force from that one's day on, so that no day that has begun by another one's clocks is looked at again. `totals` are
/// everything that was booked until then. Those of days before `from` may be summed over the days of one estimate,
/// and then carry any of these days: only their sum matters.
///
/// # Errors
/// When the sums are too large.
pub fn books(
    estimates: &[Estimate],
    totals: &[DayTotal],
    from: i64,
    to: i64,
) -> Result<Books, TooLarge> {
    let estimates = in_turn(estimates);
    let mut by_day: BTreeMap<i64, Vec<&DayTotal>> = BTreeMap::new();
    for total in totals.iter().filter(|total| total.day <= to) {
        by_day.entry(total.day).or_default().push(total);
    }
    for estimate in estimates.iter().filter(|it| it.from_day <= to) {
        by_day.entry(estimate.from_day).or_default();
    }
    let named = totals.iter().filter_map(|total| total.currency);
    let named: BTreeSet<Currency> = named.collect();
    let mut kept = Kept {
        portfolios: named.into_iter().map(Portfolio::new).collect(),
        ..Kept::default()
    };
    for (day, totals) in by_day {
        let estimate = estimates.iter().filter(|it| it.from_day <= day);
        let estimate = estimate.max_by_key(|it| it.from_day);
        kept.day(day, from, estimate, &totals).ok_or(TooLarge)?;
    }
    let newest = estimates.iter().filter(|it| it.from_day <= to);
    let newest = newest.max_by_key(|it| it.from_day);
    kept.granted_worth = newest.and_then(|it| it.only_worth_of(kept.granted));
    Ok(kept.close())
}

/// Estimates with the days from which each is in force, never before those of an earlier one.
fn in_turn(estimates: &[Estimate]) -> Vec<Estimate> {
    let mut latest = i64::MIN;
    let estimates = estimates.iter().map(|estimate| {
        latest = latest.max(estimate.from_day);
        Estimate {
            from_day: latest,
            ..estimate.clone()
        }
    });
    estimates.collect()
}

/// Books being kept.
#[derive(Default)]
struct Kept {
    portfolios: Vec<Portfolio>,
    days: Vec<(i64, Currency, Liability)>,
    points: Vec<(i64, PointsMovement)>,
    outstanding: i64,
    opening_points: i64,
    granted: i64,
    granted_worth: Option<(Currency, i64)>,
}

impl Kept {
    fn day(
        &mut self,
        day: i64,
        from: i64,
        estimate: Option<&Estimate>,
        totals: &[&DayTotal],
    ) -> Option<()> {
        for portfolio in &mut self.portfolios {
            let currency = portfolio.currency();
            let value = estimate.map(|estimate| estimate.value(currency));
            let liability = portfolio.day(value.unwrap_or_default(), totals)?;
            if day < from {
                portfolio.open();
            } else if !liability.is_still() {
                self.days.push((day, currency, liability));
            }
        }
        let mut points = PointsMovement {
            opening: self.outstanding,
            closing: self.outstanding,
            ..PointsMovement::default()
        };
        for total in totals {
            points.add(total)?;
            if total.currency.is_none() && Movement::of(total) != Movement::Moved {
                self.granted = self.granted.checked_add(total.points)?;
            }
        }
        self.outstanding = points.closing;
        if day < from {
            self.opening_points = points.closing;
        } else if !totals.is_empty() {
            self.points.push((day, points));
        }
        Some(())
    }

    fn close(self) -> Books {
        let still = PointsMovement {
            opening: self.opening_points,
            closing: self.opening_points,
            ..PointsMovement::default()
        };
        let days = self.points.iter().map(|(_, points)| *points);
        Books {
            currencies: self.portfolios.iter().map(Portfolio::told).collect(),
            points_in_all: days.fold(still, PointsMovement::then),
            days: self.days,
            points: self.points,
            granted_points: self.granted,
            granted_worth: self.granted_worth,
        }
    }
}
