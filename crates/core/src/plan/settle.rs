//! Settling: what time alone does, booked.
//!
//! Owns what happens when the clock passes an instant: holds that end, points that mature and expire, tiers
//! that fall, trials that are over, and the word in time before points expire. Its invariant: settling late, or not at all, changes
//! nothing that is read or may be spent; settling twice books nothing twice, because it begins where the last
//! time ended.

use super::{Draft, Refusal, Why};
use crate::lot::{put, take};
use crate::{EntryKind, EventKind, Lot, Points, Program, Snapshot, Timestamp};

/// Days before points expire on which a word is said.
const REMINDER_DAYS: [i64; 2] = [30, 7];

/// A year and a day after points matured their lots are joined.
const JOINED_AFTER_MILLIS: i64 = 366 * 86_400_000;

impl Draft<'_> {
    /// Books what time has done since the last time, up to now.
    pub(super) fn settle(&mut self) -> Result<(), Refusal> {
        let since = self.plan.snapshot.holdings.settled_at;
        if let Some(since) = since {
            self.end_reservations();
            self.tell_of_matured(since);
            self.tell_of_expiring(since);
            self.fall(since);
            self.tell_of_trial(since);
        }
        self.expire()?;
        self.join_old_lots();
        self.forget_retired();
        let settled_at = since.map_or(self.now, |since| since.max(self.now));
        self.plan.snapshot.holdings.settled_at = Some(settled_at);
        self.mark_tier();
        Ok(())
    }

    fn end_reservations(&mut self) {
        let now = self.now;
        let ended: Vec<_> = {
            let held = &mut self.plan.snapshot.holdings.reservations;
            held.extract_if(.., |it| it.ends_at <= now).collect()
        };
        for it in ended {
            let (id, ends_at) = (it.id.clone(), it.ends_at);
            self.give_back(it);
            self.tell(EventKind::RedemptionTimedOut { redemption: id }, ends_at);
        }
    }

    fn tell_of_matured(&mut self, since: Timestamp) {
        let now = self.now;
        let mut matured: Vec<(Timestamp, i64)> = Vec::new();
        for lot in &self.plan.snapshot.holdings.lots {
            if since < lot.matures_at && lot.matures_at <= now {
                matured.push((lot.matures_at, lot.points));
            }
        }
        self.tell_sums(matured, |points| EventKind::Matured { points });
    }

    fn tell_of_expiring(&mut self, since: Timestamp) {
        let now = self.now;
        for days in REMINDER_DAYS {
            let mut soon: Vec<(Timestamp, Timestamp, i64)> = Vec::new();
            for lot in self.plan.snapshot.holdings.all_lots() {
                let Some(expires_at) = lot.expires_at.filter(|end| now < *end) else {
                    continue;
                };
                let at = reminder_at(self.program, expires_at, days);
                if since < at && at <= now {
                    soon.push((at, expires_at, lot.points));
                }
            }
            soon.sort_unstable();
            for chunk in soon.chunk_by(|one, other| one.1 == other.1) {
                let sum = chunk.iter().fold(0_i64, |sum, it| sum.saturating_add(it.2));
                if let (Some((at, expires_at, _)), Ok(points)) = (chunk.first(), Points::new(sum)) {
                    let kind = EventKind::ExpiringSoon {
                        points,
                        days,
                        expires_at: *expires_at,
                    };
                    self.tell(kind, *at);
                }
            }
        }
    }

    /// Each tier that she fell from in between she fell from at its own instant, however late that is found.
    fn fall(&mut self, since: Timestamp) {
        let (program, now) = (self.program, self.now);
        let place = |member: &Snapshot, at| program.tier_at(member, at).map(|(place, _)| place);
        let (mut from, mut at) = (place(&self.plan.snapshot, since), since);
        // A fall is to a lower tier, so there are no more of them than tiers.
        for _ in program.tiers() {
            let fell = program.tier_until(&self.plan.snapshot, at);
            let Some(fell) = fell.filter(|fell| *fell <= now) else {
                break;
            };
            let to = place(&self.plan.snapshot, fell);
            self.tell_of_tier(from, to, fell);
            (from, at) = (to, fell);
        }
        self.tell_of_tier(from, place(&self.plan.snapshot, now), now);
    }

    fn expire(&mut self) -> Result<(), Refusal> {
        let now = self.now;
        let lots = &mut self.plan.snapshot.holdings.lots;
        if !lots.iter().any(|lot| lot.is_over(now)) {
            return Ok(());
        }
        let drawn = take(lots, i64::MAX, |lot| lot.is_over(now));
        let source = self.own_source();
        self.book_drawn(EntryKind::Expire, &drawn, &source, Why::default())?;
        let sums = drawn.iter();
        let sums = sums.filter_map(|lot| Some((lot.expires_at?, lot.points)));
        self.tell_sums(sums.collect(), |points| EventKind::Expired { points });
        Ok(())
    }

    /// Lots that matured long ago are one where they expire together: by then hardly anything is sent back, and
    /// a member who comes for years has no more of them than a year has days.
    fn join_old_lots(&mut self) {
        let old = self.now.as_millis().saturating_sub(JOINED_AFTER_MILLIS);
        let lots = &mut self.plan.snapshot.holdings.lots;
        let beginning = Timestamp::from_millis(0);
        let is_old = |lot: &Lot| beginning < lot.matures_at && lot.matures_at.as_millis() < old;
        let joined: Vec<Lot> = lots.extract_if(.., |lot| is_old(lot)).collect();
        for lot in joined {
            let matures_at = beginning;
            put(lots, Lot { matures_at, ..lot });
        }
    }

    /// One event for what happened at the same instant.
    fn tell_sums(&mut self, mut sums: Vec<(Timestamp, i64)>, kind: impl Fn(Points) -> EventKind) {
        sums.sort_unstable();
        for chunk in sums.chunk_by(|one, other| one.0 == other.0) {
            let sum = chunk.iter().fold(0_i64, |sum, it| sum.saturating_add(it.1));
            if let (Some((at, _)), Ok(points)) = (chunk.first(), Points::new(sum)) {
                self.tell(kind(points), *at);
            }
        }
    }
}

/// The next instant at which there is something to settle; `None` where time alone does nothing any more.
#[must_use]
pub fn due_at(program: &Program, member: &Snapshot, now: Timestamp) -> Option<Timestamp> {
    let holdings = &member.holdings;
    let later = |at: &Timestamp| now < *at;
    let ends = holdings.reservations.iter().map(|it| it.ends_at);
    let matured = holdings.lots.iter().map(|lot| lot.matures_at).filter(later);
    // What is over already is settled next, whenever it was due.
    let expired = holdings.lots.iter().filter_map(|lot| lot.expires_at);
    let reminders = holdings.all_lots().filter_map(|lot| lot.expires_at);
    let reminders = reminders.flat_map(|end| {
        let of = move |days| reminder_at(program, end, days);
        REMINDER_DAYS.into_iter().map(of)
    });
    let falls = program.tier_until(member, now);
    let lapses = program.trial_lapses_at(member).filter(later);
    ends.chain(matured)
        .chain(expired)
        .chain(reminders.filter(later))
        .chain(falls)
        .chain(lapses)
        .min()
}

/// The beginning of the day of the shop that lies so many days before points expire.
fn reminder_at(program: &Program, expires_at: Timestamp, days: i64) -> Timestamp {
    let calendar = program.calendar();
    calendar.start_of(calendar.local(expires_at).day.saturating_sub(days))
}
