//! A plan being written: entries appended, lots put and taken.
//!
//! Its invariants: the balance is the one before plus the entries, and lots and reservations sum to it.

use super::{Plan, Refusal};
use crate::lifetime::{Expiry, ExpiryRule, expires_at, matures_at};
use crate::lot::{points_of, pools_of, put, take};
use crate::partner::OfPartner;
use crate::telling::{tell, tell_whole};
use crate::{
    CreditEntry, Currency, Entry, EntryKind, Event, EventKind, Lot, Points, Pool, Program,
    ProgramRef, Snapshot, Timestamp,
};

/// Why an entry is booked, beside what it is booked for.
#[derive(Default)]
pub(super) struct Why {
    pub(super) reason: Option<String>,
    /// Who decided it.
    pub(super) by: Option<String>,
    pub(super) rules: Vec<String>,
    /// The partner whose order it was.
    pub(super) partner: Option<OfPartner>,
    /// What was paid for an order, or paid back, without tax.
    pub(super) spent_minor: i64,
    /// In which currency.
    pub(super) currency: Option<Currency>,
    /// The program that decided it, where that is not the one in force.
    pub(super) program: Option<ProgramRef>,
}

/// From when until when points live, and the currency that earned them.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) matures_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) currency: Option<Currency>,
}

impl Terms {
    pub(super) fn lot(self, points: i64) -> Lot {
        Lot {
            points,
            matures_at: self.matures_at,
            expires_at: self.expires_at,
            currency: self.currency,
        }
    }
}

/// From when on the points of an order are its member's: when its return window is over, or from the beginning of its
/// day, so that all of a day is one lot.
pub(crate) fn matures_on_its_day(program: &Program, placed_at: Timestamp) -> Timestamp {
    let (pending, calendar) = (program.pending(), program.calendar());
    if pending.return_days > 0 {
        return matures_at(pending, placed_at, calendar);
    }
    calendar.start_of(calendar.local(placed_at).day)
}

/// A plan being written.
pub(super) struct Draft<'program> {
    pub(super) plan: Plan,
    pub(super) program: &'program Program,
    pub(super) now: Timestamp,
    /// The shop's day by the program in force, whichever one decides: of a day that is over nothing changes.
    today: i64,
    /// What this plan has put into lots, of which debts are paid off first.
    pub(super) gained: Vec<Lot>,
    /// The place of the tier that was last told.
    tier_before: Option<usize>,
}

impl<'program> Draft<'program> {
    pub(super) fn on(member: Snapshot, program: &'program Program, now: Timestamp) -> Self {
        let plan = Plan {
            entries: Vec::with_capacity(1),
            credits: Vec::new(),
            budgets: Vec::new(),
            drawn: Vec::new(),
            gifts: Vec::new(),
            events: Vec::new(),
            snapshot: member,
        };
        let mut draft = Self {
            plan,
            program,
            now,
            today: program.calendar().local(now).day,
            gained: Vec::new(),
            tier_before: None,
        };
        let member = &mut draft.plan.snapshot;
        member.holdings.account_for(member.balance);
        draft
    }

    /// The terms of points that are given at an instant, and may be spent at once.
    pub(super) fn terms(&self, at: Timestamp, currency: Option<Currency>) -> Terms {
        let calendar = self.program.calendar();
        let active_at = self.plan.snapshot.active_at().unwrap_or(at).max(at);
        Terms {
            // From the beginning of that day, so that all of a day is one lot.
            matures_at: calendar.start_of(calendar.local(at).day),
            expires_at: expires_at(self.program.expiry(), at, active_at, calendar),
            currency,
        }
    }

    /// The terms of points that an order earns: they wait for its return window.
    pub(super) fn terms_of_order(&self, placed_at: Timestamp, currency: Option<Currency>) -> Terms {
        Terms {
            matures_at: matures_on_its_day(self.program, placed_at),
            ..self.terms(placed_at, currency)
        }
    }

    /// An order or an activity of the member keeps points alive that only her rest would end, whether they are held for
    /// a reward or not. It is remembered for points that come later of what was before.
    pub(super) fn prolong(&mut self, active_at: Timestamp) {
        let holdings = &mut self.plan.snapshot.holdings;
        holdings.active_at = holdings.active_at.max(Some(active_at));
        let rule = self.program.expiry().rule;
        if !matches!(rule, ExpiryRule::AfterInactiveMonths(_)) {
            return;
        }
        // The least that points live is theirs already: it counts from when they were earned.
        let rest = Expiry {
            rule,
            minimum_months: 0,
        };
        let end = expires_at(&rest, active_at, active_at, self.program.calendar());
        let later = |lot: Lot| Lot {
            expires_at: lot.expires_at.map(|at| end.map_or(at, |end| end.max(at))),
            ..lot
        };
        for lot in std::mem::take(&mut holdings.lots) {
            put(&mut holdings.lots, later(lot));
        }
        let held = holdings.reservations.iter_mut();
        for lot in held.flat_map(|it| &mut it.drawn) {
            *lot = later(*lot);
        }
    }

    /// Books points that are given.
    pub(super) fn gain(
        &mut self,
        kind: EntryKind,
        points: Points,
        source: &str,
        terms: Terms,
        why: Why,
    ) -> Result<(), Refusal> {
        self.put(kind, &[terms.lot(points.get())], source, why)
    }

    /// Books points that are put into lots.
    pub(super) fn put(
        &mut self,
        kind: EntryKind,
        lots: &[Lot],
        source: &str,
        why: Why,
    ) -> Result<(), Refusal> {
        let points = Points::new(points_of(lots))?;
        self.append(kind, points, source, why, pools_of(lots, 1))?;
        for lot in lots {
            put(&mut self.plan.snapshot.holdings.lots, *lot);
            self.gained.push(*lot);
        }
        Ok(())
    }

    /// Takes points out of the lots that fit, and books them. Nothing is booked where there are none.
    pub(super) fn draw(
        &mut self,
        kind: EntryKind,
        points: i64,
        source: &str,
        why: Why,
        fits: impl Fn(&Lot) -> bool,
    ) -> Result<Vec<Lot>, Refusal> {
        let drawn = take(&mut self.plan.snapshot.holdings.lots, points, fits);
        self.book_drawn(kind, &drawn, source, why)?;
        Ok(drawn)
    }

    /// Books points that were taken out of lots.
    pub(super) fn book_drawn(
        &mut self,
        kind: EntryKind,
        drawn: &[Lot],
        source: &str,
        why: Why,
    ) -> Result<(), Refusal> {
        if drawn.is_empty() {
            return Ok(());
        }
        let points = Points::new(points_of(drawn).saturating_neg())?;
        self.append(kind, points, source, why, pools_of(drawn, -1))
    }

    /// What is earned pays off first what is owed.
    pub(super) fn repay(&mut self) -> Result<(), Refusal> {
        let owed = self.plan.snapshot.holdings.owed;
        if owed <= 0 {
            return Ok(());
        }
        let gained = std::mem::take(&mut self.gained);
        let due = owed.min(points_of(&gained));
        let drawn = take(&mut self.plan.snapshot.holdings.lots, due, |lot| {
            gained.iter().any(|it| it.is_like(lot))
        });
        let holdings = &mut self.plan.snapshot.holdings;
        holdings.owed = owed.saturating_sub(points_of(&drawn));
        // Not by what earned it: an order and an activity may have the same id.
        let source = self.own_source();
        self.book_drawn(EntryKind::Repay, &drawn, &source, Why::default())
    }

    /// Names the member's next entry, where nothing else does: no other entry of hers has this number.
    pub(super) fn own_source(&self) -> String {
        let member = &self.plan.snapshot;
        let nth = member.seq.saturating_add(1);
        let nth = tell_whole(i64::try_from(nth).unwrap_or(i64::MAX));
        tell(&[&member.member_id, "-", &nth])
    }

    /// Books money on one of the member's balances; negative takes it, and never more than there is.
    pub(super) fn credit(
        &mut self,
        balance: &str,
        minor: i64,
        kind: EntryKind,
        source: &str,
        rules: &[String],
    ) -> Result<(), Refusal> {
        let had = &mut self.plan.snapshot.credits;
        let place = had.iter().position(|(id, _)| *id == balance);
        let place = place.unwrap_or_else(|| {
            had.push((balance.to_owned(), 0));
            had.len().saturating_sub(1)
        });
        let Some((_, held)) = had.get_mut(place) else {
            return Ok(());
        };
        let minor = minor.max(held.saturating_neg());
        if minor == 0 {
            return Ok(());
        }
        let after = Points::new(*held)?.checked_add(Points::new(minor)?)?;
        *held = after.get();
        self.free_money(balance);
        // A source has one entry of a kind: what else it gives is added to it.
        let mut newest = self.plan.credits.iter_mut().rev();
        let newest = newest.find(|it| it.balance == balance);
        if let Some(it) = newest.filter(|it| it.kind == kind && it.source == source) {
            it.minor = it.minor.saturating_add(minor);
            it.balance_minor = after.get();
            it.rules.extend_from_slice(rules);
            return Ok(());
        }
        self.plan.credits.push(CreditEntry {
            balance: balance.to_owned(),
            kind,
            minor,
            balance_minor: after.get(),
            source: source.to_owned(),
            rules: rules.to_vec(),
            program: self.program.reference().clone(),
            booked_at: self.now,
        });
        Ok(())
    }

    /// What is held of a balance is on it. Where money is taken back that is held for an order, the newest hold ends.
    fn free_money(&mut self, balance: &str) {
        while self.plan.snapshot.credit_free(balance) < 0 {
            let held = &mut self.plan.snapshot.holdings.reservations;
            let Some(newest) = held.iter().rposition(|it| it.money(balance) > 0) else {
                break;
            };
            let it = held.remove(newest);
            let redemption = it.id.clone();
            self.give_back(it);
            self.tell(EventKind::RedemptionCancelled { redemption }, self.now);
        }
    }

    pub(super) fn tell(&mut self, kind: EventKind, happened_at: Timestamp) {
        self.plan.events.push(Event { kind, happened_at });
    }

    /// What is to be written, with a word on the tier where it is another one now.
    pub(super) fn finish(mut self) -> Plan {
        self.tell_of_tier(self.tier_before, self.tier_now(), self.now);
        self.plan
    }

    /// Tells that she is in another tier, where it is another one.
    pub(super) fn tell_of_tier(&mut self, from: Option<usize>, to: Option<usize>, at: Timestamp) {
        if from != to {
            let tiers = self.program.tiers();
            let id = |place: Option<usize>| Some(tiers.get(place?)?.id.clone());
            let (from, to) = (id(from), id(to));
            self.tell(EventKind::TierChanged { from, to }, at);
        }
    }

    /// From here on another tier is told of as a change.
    pub(super) fn mark_tier(&mut self) {
        self.tier_before = self.tier_now();
    }

    fn tier_now(&self) -> Option<usize> {
        let held = self.program.tier_at(&self.plan.snapshot, self.now);
        held.map(|(place, _)| place)
    }

    fn append(
        &mut self,
        kind: EntryKind,
        points: Points,
        source: &str,
        why: Why,
        mut pools: Vec<Pool>,
    ) -> Result<(), Refusal> {
        if why.spent_minor != 0 {
            // The price is that of the order's own currency, whatever else goes with it.
            let own = pools.iter().position(|pool| pool.currency == why.currency);
            if let Some(pool) = pools.get_mut(own.unwrap_or(0)) {
                pool.spent_minor = why.spent_minor;
            }
        }
        let member = &mut self.plan.snapshot;
        let balance = member.balance.checked_add(points)?;
        if balance < Points::ZERO {
            return Err(Refusal::BalanceBelowZero);
        }
        member.balance = balance;
        member.seq = member
            .seq
            .checked_add(1)
            .ok_or(Refusal::PointsBeyondLimit)?;
        self.plan.entries.push(Entry {
            seq: member.seq,
            kind,
            points,
            balance,
            source: source.to_owned(),
            reason: why.reason,
            by: why.by,
            rules: why.rules,
            partner: why.partner,
            pools,
            program: why
                .program
                .unwrap_or_else(|| self.program.reference().clone()),
            booked_at: self.now,
            day: self.today,
        });
        Ok(())
    }
}
