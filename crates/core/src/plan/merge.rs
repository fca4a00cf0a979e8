//! Merges: two members turn out to be one person.
//!
//! One is emptied, the other takes over everything that was hers: points with their own ends, money, debts, what
//! counts for tiers and against limits. Its invariant: nothing is lost and nothing doubled; sums are sums, and
//! what cannot be summed is the better of the two for limits that protect the shop, and for the member elsewhere. What
//! either owed is paid off with whatever either had, but for what is held for a reward.

use super::{Draft, Refusal, Why};
use crate::challenge;
use crate::limits::MAX_POINTS;
use crate::{EntryKind, Points, Snapshot, Usage};

impl Draft<'_> {
    pub(super) fn merge_out(&mut self, member_id: &str) -> Result<(), Refusal> {
        let member = &mut self.plan.snapshot;
        if !member.holdings.reservations.is_empty() {
            return Err(Refusal::RedemptionOpen);
        }
        member.holdings.owed = 0;
        let drawn = std::mem::take(&mut member.holdings.lots);
        self.book_drawn(EntryKind::MergeOut, &drawn, member_id, Why::default())?;
        self.plan.drawn = drawn;
        for (balance, minor) in self.plan.snapshot.credits.clone() {
            let minor = minor.saturating_neg();
            self.credit(&balance, minor, EntryKind::MergeOut, member_id, &[])?;
        }
        let member = &mut self.plan.snapshot;
        *member = Snapshot {
            member_id: std::mem::take(&mut member.member_id),
            seq: member.seq,
            balance: member.balance,
            holdings: std::mem::take(&mut member.holdings),
            joined_at: member.joined_at,
            budgets: std::mem::take(&mut member.budgets),
            ..Snapshot::default()
        };
        self.mark_tier();
        Ok(())
    }

    pub(super) fn merge_in(&mut self, member_id: &str, other: &Snapshot) -> Result<(), Refusal> {
        if self.plan.snapshot.member_id == member_id {
            return Err(Refusal::SameMember);
        }
        let lots = &other.holdings.lots;
        if !lots.is_empty() {
            self.put(EntryKind::MergeIn, lots, member_id, Why::default())?;
        }
        // What either did keeps alive what both have.
        if let Some(active_at) = self.plan.snapshot.active_at().max(other.active_at()) {
            self.prolong(active_at);
        }
        for (balance, minor) in &other.credits {
            self.credit(balance, *minor, EntryKind::MergeIn, member_id, &[])?;
        }
        let program = self.program;
        let as_she_was = self.plan.snapshot.clone();
        let member = &mut self.plan.snapshot;
        let owed = member.holdings.owed.saturating_add(other.holdings.owed);
        member.holdings.owed = Points::new(owed)?.get();
        member.earned = member.earned.checked_add(other.earned)?;
        member.orders = member.orders.saturating_add(other.orders);
        member.last_order_at = member.last_order_at.max(other.last_order_at);
        member.joined_at = earlier(member.joined_at, other.joined_at);
        member.birthday = member.birthday.or(other.birthday);
        member.paid_until = member.paid_until.max(other.paid_until);
        unite(&mut member.segments, &other.segments);
        unite(&mut member.tags, &other.tags);
        for usage in &other.usage {
            add_usage(&mut member.usage, usage);
        }
        for progress in &other.challenges {
            let its = program.challenges().iter();
            let its = its.into_iter().find(|it| it.id == progress.challenge);
            challenge::unite(its, &mut member.challenges, progress);
        }
        program.merge_tiers(member, [&as_she_was, other], self.now);
        // All that both have is hers only now, so whose debt it was does not matter.
        self.gained.clone_from(&self.plan.snapshot.holdings.lots);
        self.repay()
    }
}

fn earlier<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn unite(known: &mut Vec<String>, more: &[String]) {
    for it in more {
        if !known.contains(it) {
            known.push(it.clone());
        }
    }
}

/// What both have had is counted together: of the later of their last days, of its month and of its year, and in all.
fn add_usage(known: &mut Vec<Usage>, more: &Usage) {
    let Some(usage) = known.iter_mut().find(|it| it.holder == more.holder) else {
        known.push(more.clone());
        return;
    };
    let mut more = more.clone();
    usage.advance_to(more.day);
    more.advance_to(usage.day);
    for (sum, it) in [
        (&mut usage.day_points, more.day_points),
        (&mut usage.month_points, more.month_points),
        (&mut usage.year_points, more.year_points),
        (&mut usage.points, more.points),
        (&mut usage.times, more.times),
    ] {
        *sum = sum.saturating_add(it).min(MAX_POINTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExactPoints, LocalTime};

    /// Somebody who had so many points on each of these days, counted from 1970-01-01.
    fn had(days: &[(i64, i64)]) -> Usage {
        let mut usage = Usage::default();
        for (day, points) in days {
            let local = LocalTime {
                day: *day,
                minute: 0,
            };
            usage
                .add(ExactPoints::whole((*points).into()), local)
                .expect("few points");
        }
        usage
    }

    #[test]
    fn two_who_are_one_have_had_of_a_day_a_month_and_a_year_what_both_had_in_it() {
        let check = |one: &[(i64, i64)], other: &[(i64, i64)], expected: [i64; 4]| {
            for (one, other) in [(one, other), (other, one)] {
                let mut known = vec![had(one)];
                add_usage(&mut known, &had(other));
                let it = known.first().expect("one holder");
                let told = [it.day, it.day_points, it.month_points, it.year_points];
                assert_eq!(told, expected, "{one:?} {other:?}");
                assert_eq!((it.points, it.times), (15, 2));
            }
        };
        // The same day; one month; one year; and two years, of which each has a limit of its own.
        check(&[(40, 10)], &[(40, 5)], [40, 15, 15, 15]);
        check(&[(40, 10)], &[(41, 5)], [41, 5, 15, 15]);
        check(&[(40, 10)], &[(90, 5)], [90, 5, 5, 15]);
        check(&[(364, 10)], &[(365, 5)], [365, 5, 5, 5]);
    }
}
