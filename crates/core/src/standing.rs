//! Standing: the tier that a member is in at an instant, by what qualified in which period.
//!
//! Owns periods, what reached a tier in them, and when it falls. Nothing runs at midnight: a tier is worked
//! out for the instant that is asked for, from the period in which it was last settled. Its invariant: within
//! the period in which it was settled a tier never falls.
//!
//! A period has a number: the year in which it began (calendar, programme and membership years), the number
//! of the month (rolling), or 0 (lifetime). What counts at the end of a period is its own amount; with rolling
//! months it is that of the month and of the eleven before. A tier that was reached in a period is kept until
//! the end of the next one, so a rolling tier lasts twelve whole months beyond the one that reached it.

use crate::{Calendar, Currency, Date, Earning, Snapshot, Tier, Timestamp};

/// Months that count together where the months roll.
const ROLLING_MONTHS: i64 = 12;
/// Periods before the newest whose amounts are kept although they count no more: for orders that come late,
/// and for days of grace, of which there are fewer.
const LATE_PERIODS: i64 = 4;
/// Steps that are taken at most. Every tier has fallen by then: a program has 200 at most, and what lifts a
/// member lies within twelve months.
const MAX_STEPS: i64 = 256;

/// What lifts a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Points that her orders earned.
    #[default]
    Points,
    /// What of her orders in this currency counted, in its minor units.
    Spend(Currency),
    /// Her orders of which something counted.
    Orders,
}

/// Over which time it is summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// All the time; nobody ever falls.
    #[default]
    Lifetime,
    /// Years that begin on this day: the calendar's, or the programme's own.
    Year {
        /// 1 to 12.
        month: i64,
        /// 1 to 31; never 29 February.
        day: i64,
    },
    /// Years that begin on the day on which she joined; who joined on 29 February has hers on 1 March where
    /// there is none. Calendar years where that day is not known.
    Anniversary,
    /// The calendar month and the eleven before.
    Rolling,
}

/// What tiers go by. The default is points over the lifetime.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierRules {
    /// Names measure and period. A standing of another basis says nothing here.
    pub basis: String,
    /// What lifts a member.
    pub measure: Measure,
    /// Over which time.
    pub period: Period,
    /// A tier is kept only until its period ends, and not until the end of the next one.
    pub ends_with_period: bool,
    /// Days after the end of a period before anybody falls.
    pub grace_days: i64,
    /// Who falls, falls one tier a period at most.
    pub soft_landing: bool,
}

/// What a member's tier comes from, besides what her whole time has earned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The basis that it was settled on; empty before the first settlement, and for points over the lifetime.
    pub basis: String,
    /// The period in which the snapshot's tier was last settled.
    pub period: i64,
    /// What qualified in a period, the oldest first, the newest few. Where the orders of her whole time count: how many
    /// of them do not, below 0.
    pub buckets: Vec<(i64, i64)>,
    /// The tier that she was invited to. It stays until the invitation is taken back.
    pub invited: Option<String>,
}

impl Measure {
    /// What an earning counts for: its points, what of its cart counted in the one currency, or itself.
    #[must_use]
    pub fn of(self, earning: &Earning) -> i64 {
        match self {
            Self::Points => earning.points.get(),
            Self::Spend(wanted) if earning.currency == Some(wanted) => earning.counted_minor.max(0),
            Self::Spend(_) => 0,
            Self::Orders => i64::from(earning.counted_minor > 0),
        }
    }
}

/// The tiers of a program with the rules for them.
#[derive(Clone, Copy)]
pub(crate) struct Ladder<'program> {
    pub(crate) tiers: &'program [Tier],
    pub(crate) rules: &'program TierRules,
    pub(crate) calendar: &'program Calendar,
}

impl TierRules {
    /// Whether the orders of her whole time count, of which the snapshot has the number.
    pub(crate) fn counts_her_orders(&self) -> bool {
        (self.period, self.measure) == (Period::Lifetime, Measure::Orders)
    }

    fn window(&self) -> i64 {
        match self.period {
            Period::Rolling => ROLLING_MONTHS,
            Period::Lifetime | Period::Year { .. } | Period::Anniversary => 1,
        }
    }
}

impl Standing {
    fn add(&mut self, period: i64, amount: i64, window: i64) {
        let place = self.buckets.partition_point(|(known, _)| *known < period);
        match self.buckets.get_mut(place) {
            Some((known, sum)) if *known == period => *sum = sum.saturating_add(amount),
            _ => self.buckets.insert(place, (period, amount)),
        }
        let newest = self.buckets.last().map_or(period, |(newest, _)| *newest);
        let oldest = newest.saturating_sub(window.saturating_add(LATE_PERIODS));
        self.buckets.retain(|(known, _)| *known > oldest);
    }
}

impl Ladder<'_> {
    /// The place of the tier that she is in at `now`: what she has reached and not lost, or is invited to.
    pub(crate) fn held(&self, member: &Snapshot, now: Timestamp) -> Option<usize> {
        let invited = member.standing.invited.as_deref();
        let invited = invited.and_then(|id| self.place_of(id));
        self.earned(member, now).max(invited)
    }

    /// The place of the tier that her orders hold for her at `now`.
    fn earned(&self, member: &Snapshot, now: Timestamp) -> Option<usize> {
        let settled = member.tier.as_deref().and_then(|id| self.place_of(id));
        let standing = &member.standing;
        if !self.knows(standing) {
            // Nothing is known of her under these rules: what she has stays until her next order.
            return settled;
        }
        let (current, falling) = (self.period(member, now), self.falling_period(member, now));
        let mut held = self.fallen(member, settled, standing.period, falling);
        let first = standing.period.max(falling).saturating_add(1);
        for period in first.max(earliest_falling(current))..=current {
            held = held.max(self.reached(member, period));
        }
        held
    }

    /// Books what qualified at `at`, and settles the tier. What comes late counts in its own period; what
    /// bears a later time than `now` counts now. Points and orders of the lifetime are the snapshot's own
    /// and stand there before.
    pub(crate) fn settle(&self, member: &mut Snapshot, amount: i64, at: Timestamp, now: Timestamp) {
        // Her own orders are counted elsewhere, those of which nothing counts too: here these are taken off again.
        let is_of_orders = self.rules.counts_her_orders();
        if amount == 0 && !is_of_orders {
            return;
        }
        let falling = self.falling_period(member, now);
        let period = self.period(member, at.min(now));
        if !self.knows(&member.standing) {
            member.standing = Standing {
                basis: self.rules.basis.clone(),
                // A tier from before these rules is kept until this period ends.
                period: falling,
                buckets: Vec::new(),
                invited: member.standing.invited.take(),
            };
        }
        let amount = if is_of_orders {
            amount.saturating_sub(1)
        } else {
            amount
        };
        let is_kept_elsewhere =
            (self.rules.period, self.rules.measure) == (Period::Lifetime, Measure::Points);
        if amount != 0 && !is_kept_elsewhere {
            member.standing.add(period, amount, self.rules.window());
        }
        // What a late order reaches is lost again, step by step, until today.
        let reached = self.reached(member, period);
        let reached = self.fallen(member, reached, period, falling);
        let held = self.earned(member, now).max(reached);
        member.tier = held.and_then(|place| Some(self.tiers.get(place)?.id.clone()));
        member.standing.period = member.standing.period.max(falling);
    }

    /// Takes out of the period of `at` what had counted there. Where her own orders count, this is less than nothing for
    /// one that is among them no more and had not counted.
    pub(crate) fn uncount(
        &self,
        member: &mut Snapshot,
        amount: i64,
        at: Timestamp,
        now: Timestamp,
    ) {
        let period = self.period(member, at.min(now));
        if member.standing.basis != self.rules.basis {
            return;
        }
        if self.rules.counts_her_orders() {
            let less = self.in_buckets(member, period).saturating_sub(amount);
            member.standing.buckets = vec![(period, less.min(0))];
            return;
        }
        let buckets = &mut member.standing.buckets;
        if let Some((_, sum)) = buckets.iter_mut().find(|(known, _)| *known == period) {
            *sum = sum.saturating_sub(amount).max(0);
        }
    }

    /// The place of the tier that the amounts of all periods that are kept come to.
    pub(crate) fn anew(&self, member: &Snapshot, now: Timestamp) -> Option<usize> {
        let (current, falling) = (self.period(member, now), self.falling_period(member, now));
        let first = member.standing.buckets.first();
        let first = first.map_or(falling, |(period, _)| *period).min(falling);
        let mut held = self.fallen(member, None, first.saturating_sub(1), falling);
        for period in falling.saturating_add(1).max(earliest_falling(current))..=current {
            held = held.max(self.reached(member, period));
        }
        held
    }

    /// Lowers the tier to what her orders hold for her at `now`, where she has fallen by then already: what it falls to is
    /// settled as of this period, or she would fall from it once more.
    pub(crate) fn lower(&self, member: &mut Snapshot, to: Option<usize>, now: Timestamp) {
        member.tier = to.and_then(|place| Some(self.tiers.get(place)?.id.clone()));
        let falling = self.falling_period(member, now);
        member.standing.period = member.standing.period.max(falling);
    }

    /// Makes one standing of the two that a member was: amounts are summed, of tiers and invitations the higher stays, for
    /// as long as either would have held it. Her sums, and since when she is a member, are those of both already.
    pub(crate) fn merge(&self, member: &mut Snapshot, both: [&Snapshot; 2], now: Timestamp) {
        // What either holds today: a tier that had fallen does not come back.
        let earned = |it: &Snapshot| self.earned(it, now);
        let held = both.map(earned).into_iter().max().flatten();
        let holders = both.into_iter();
        let holders = holders.filter(|it| held.is_some() && earned(it) == held);
        let until = holders.filter_map(|it| self.held_until(it, now)).max();
        let [mine, theirs] = both.map(|it| &it.standing);
        let falling = self.falling_period(member, now);
        let mut standing = Standing {
            basis: mine.basis.clone(),
            period: falling,
            buckets: Vec::new(),
            invited: mine.invited.clone(),
        };
        // What was settled by rules that are gone says nothing beside what was by those in force.
        if standing.basis.is_empty() || (self.knows(theirs) && !self.knows(&standing)) {
            standing.basis.clone_from(&theirs.basis);
        }
        for was in both {
            if was.standing.basis == standing.basis {
                for (period, amount) in &was.standing.buckets {
                    let period = self.renumbered(was, *period, member, now);
                    standing.add(period, *amount, self.rules.window());
                }
                let period = self.renumbered(was, was.standing.period, member, now);
                standing.period = standing.period.max(period);
            }
        }
        let place = |id: &Option<String>| id.as_deref().and_then(|id| self.place_of(id));
        if place(&theirs.invited) > place(&standing.invited) {
            standing.invited.clone_from(&theirs.invited);
        }
        member.standing = standing;
        // Together they may have reached what neither had.
        let held = held.max(self.anew(member, now));
        member.tier = held.and_then(|place| Some(self.tiers.get(place)?.id.clone()));
        if let Some(until) = until
            && self.held_until(member, now).is_some_and(|end| end < until)
        {
            // A tier stays for the period in which it was settled: for the one that has the last of its days.
            let last = Timestamp::from_millis(until.as_millis().saturating_sub(1));
            member.standing.period = self.falling_period(member, last);
        }
    }

    /// The number of a member's period among those of who she is now. Where her years began on another day it is the
    /// one in which hers ends, as far as it has come.
    fn renumbered(&self, was: &Snapshot, period: i64, member: &Snapshot, now: Timestamp) -> i64 {
        if self.year_start(was) == self.year_start(member) {
            return period;
        }
        let next = self.first_day(was, period.saturating_add(1));
        let last = next.map(|next| self.calendar.start_of(next.saturating_sub(1)));
        last.map_or(period, |last| self.period(member, last.min(now)))
    }

    /// What counts for her at the end of a period, as far as it has come.
    pub(crate) fn amount(&self, member: &Snapshot, period: i64) -> i64 {
        match (self.rules.period, self.rules.measure) {
            (Period::Lifetime, Measure::Points) => member.earned.get(),
            (Period::Lifetime, Measure::Orders) => {
                i64::from(member.orders).saturating_add(self.in_buckets(member, 0))
            }
            _ => self.in_buckets(member, period),
        }
    }

    fn in_buckets(&self, member: &Snapshot, period: i64) -> i64 {
        if !self.knows(&member.standing) {
            return 0;
        }
        let oldest = period.saturating_sub(self.rules.window());
        let buckets = member.standing.buckets.iter();
        buckets
            .filter(|(of, _)| oldest < *of && *of <= period)
            .fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }

    /// The first instant at which she is in a lower tier, if nothing more qualifies; `None` for never.
    pub(crate) fn held_until(&self, member: &Snapshot, now: Timestamp) -> Option<Timestamp> {
        let held = self.held(member, now);
        let current = self.period(member, now);
        let next = self.falling_period(member, now).saturating_add(1);
        // What is reached today counts for its window, and holds for one period more.
        let last = current.saturating_add(self.rules.window());
        let next = next.max(earliest_falling(current));
        (next..=last.saturating_add(2)).find_map(|period| {
            let start = self.first_day(member, period)?;
            let falls = start.saturating_add(self.rules.grace_days);
            let falls = self.calendar.start_of(falls);
            (self.held(member, falls) < held).then_some(falls)
        })
    }

    /// The first instant after the period of `now`; `None` for the lifetime.
    pub(crate) fn period_ends_at(&self, member: &Snapshot, now: Timestamp) -> Option<Timestamp> {
        let next = self.period(member, now).saturating_add(1);
        let day = self.first_day(member, next)?;
        Some(self.calendar.start_of(day))
    }

    /// Whether a standing is of these rules. Most bases are empty, which is seen without a look at the texts:
    /// those of an empty `String` lie nowhere, and some processors compare nothing at nowhere very slowly.
    fn knows(&self, standing: &Standing) -> bool {
        let (known, wanted) = (&standing.basis, &self.rules.basis);
        known.len() == wanted.len() && (known.is_empty() || known == wanted)
    }

    /// The number of the period of an instant.
    pub(crate) fn period(&self, member: &Snapshot, at: Timestamp) -> i64 {
        self.period_after(member, at, 0)
    }

    /// The period that decides who falls: it changes only when the days of grace are over.
    fn falling_period(&self, member: &Snapshot, now: Timestamp) -> i64 {
        self.period_after(member, now, self.rules.grace_days)
    }

    /// The period that it was so many days before.
    fn period_after(&self, member: &Snapshot, at: Timestamp, days: i64) -> i64 {
        if self.rules.period == Period::Lifetime {
            return 0;
        }
        let day = self.calendar.local(at).day.saturating_sub(days);
        let date = Date::of_day(day);
        match self.year_start(member) {
            Some(start) => {
                let is_before = (date.month, date.day) < start;
                date.year.saturating_sub(i64::from(is_before))
            }
            None => date.month_number(),
        }
    }

    fn first_day(&self, member: &Snapshot, period: i64) -> Option<i64> {
        let (year, (month, day)) = match self.year_start(member) {
            Some(start) => (period, start),
            None if self.rules.period == Period::Rolling => {
                let month = period.rem_euclid(12).saturating_add(1);
                (period.checked_div_euclid(12).unwrap_or(0), (month, 1))
            }
            None => return None,
        };
        Some(Date { year, month, day }.day_number())
    }

    /// Month and day on which her years begin, where years count.
    fn year_start(&self, member: &Snapshot) -> Option<(i64, i64)> {
        match self.rules.period {
            Period::Lifetime | Period::Rolling => None,
            Period::Year { month, day } => Some((month, day)),
            Period::Anniversary => Some(member.joined_at.map_or((1, 1), |joined_at| {
                let joined = self.calendar.local(joined_at).date();
                (joined.month, joined.day)
            })),
        }
    }

    /// What is left in period `until` of a tier held in period `after`, step by step.
    fn fallen(
        &self,
        member: &Snapshot,
        mut held: Option<usize>,
        after: i64,
        until: i64,
    ) -> Option<usize> {
        let after = after.max(until.saturating_sub(MAX_STEPS));
        for period in after.saturating_add(1)..=until {
            let below = held.and_then(|place| self.below(place));
            held = self.reached(member, period);
            if !self.rules.ends_with_period {
                held = held.max(self.reached(member, period.saturating_sub(1)));
            }
            if self.rules.soft_landing {
                held = held.max(below);
            }
        }
        held
    }

    /// The place of the highest tier that the amount of a period reaches.
    fn reached(&self, member: &Snapshot, period: i64) -> Option<usize> {
        let amount = self.amount(member, period);
        let is_reached = |tier: &Tier| tier.from.is_some_and(|from| from <= amount);
        self.tiers.iter().rposition(is_reached)
    }

    /// The place of the tier below, of those that can be reached.
    fn below(&self, place: usize) -> Option<usize> {
        let below = self.tiers.get(..place)?;
        below.iter().rposition(|tier| tier.from.is_some())
    }

    fn place_of(&self, id: &str) -> Option<usize> {
        self.tiers.iter().position(|tier| tier.id == id)
    }
}

/// The first period that grace can still put off: it is shorter than this many months.
fn earliest_falling(current: i64) -> i64 {
    current.saturating_sub(LATE_PERIODS)
}

#[cfg(test)]
mod tests;
