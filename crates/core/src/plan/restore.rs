//! Refunds: what an order earned is taken back, and what was spent on it comes back.
//!
//! What that is, `refund.rs` says, and of challenges `challenge/forget.rs`. Its invariants: never more is taken back
//! than the order earned and completed, and the balance never goes below zero: what was spent meanwhile is owed, or let
//! go.

use super::{Draft, Refusal, Terms, Why};
use crate::challenge::forget;
use crate::lot::{between, points_of, take};
use crate::refund::TakenBack;
use crate::{EntryKind, EventKind, Lot, Measure, Points};

impl Draft<'_> {
    pub(super) fn refund(&mut self, refund_id: &str, back: &TakenBack) -> Result<(), Refusal> {
        // What comes back is there before anything is taken, so that it pays for that.
        let returned: Vec<Lot> = back
            .returned
            .iter()
            .map(|lot| self.prolonged(*lot))
            .collect();
        if points_of(&returned) > 0 {
            let why = Why {
                partner: back.partner.clone(),
                program: back.program.clone(),
                ..Why::default()
            };
            self.put(EntryKind::Return, &returned, refund_id, why)?;
            // What she did since keeps alive what she had spent, too.
            if let Some(active_at) = self.plan.snapshot.active_at() {
                self.prolong(active_at);
            }
        }
        for (balance, minor) in &back.returned_credits {
            self.credit(balance, *minor, EntryKind::Return, refund_id, &[])?;
        }
        let challenges = forget(self.program, &mut self.plan.snapshot.challenges, back);
        let of_challenges = challenges.iter().map(|(_, points)| *points);
        // First what the order itself earned, as far as it is there.
        let terms = self.terms_of_order(back.placed_at, back.currency);
        let own = Terms {
            matures_at: back.matures_at.unwrap_or(terms.matures_at),
            ..terms
        };
        let points = back.points.saturating_add(back.surprise_points);
        let points = of_challenges.fold(points, i64::saturating_add);
        let drawn = self.reclaim(points, own);
        let missing = points.saturating_sub(points_of(&drawn));
        let why = Why {
            spent_minor: back.spent_minor.saturating_neg(),
            currency: back.currency,
            rules: challenges.into_iter().map(|(id, _)| id).collect(),
            program: back.program.clone(),
            ..Why::default()
        };
        self.claw_back(refund_id, back, &drawn, why)?;
        self.owe(missing)?;
        for (balance, minor) in &back.credits {
            let minor = minor.saturating_neg();
            self.credit(balance, minor, EntryKind::Clawback, refund_id, &[])?;
        }
        let program = self.program;
        let member = &mut self.plan.snapshot;
        let reached = program.tier_anew(member, self.now);
        let earned = member.earned.get().saturating_sub(back.points);
        member.earned = Points::new(earned.max(0))?;
        if back.is_whole {
            member.orders = member.orders.saturating_sub(1);
        }
        let rules = program.tier_rules();
        let qualified = match rules.measure {
            // What counted on another basis is not among what counts on this one.
            _ if !back.counted_on.contains(&rules.basis) => 0,
            Measure::Points => back.points,
            Measure::Spend(currency) if currency == back.counted_in => back.counted_minor,
            Measure::Spend(_) => 0,
            // One that is no order of hers any more had been taken off already when it counted no more.
            Measure::Orders if rules.counts_her_orders() => {
                i64::from(back.counts_no_more).saturating_sub(back.is_whole.into())
            }
            Measure::Orders => back.counts_no_more.into(),
        };
        program.uncount(member, qualified, back.placed_at, self.now);
        program.lower_tier(member, reached, self.now);
        self.repay()
    }

    /// Books what goes back. Of a partner's order what it earned is the partner's; what a challenge or a surprise gave for
    /// it never was, and is an entry of its own.
    fn claw_back(
        &mut self,
        refund_id: &str,
        back: &TakenBack,
        drawn: &[Lot],
        why: Why,
    ) -> Result<(), Refusal> {
        if back.partner.is_none() {
            return self.book_drawn(EntryKind::Clawback, drawn, refund_id, why);
        }
        let (own, rest) = (
            between(drawn, 0, back.points),
            between(drawn, back.points, i64::MAX),
        );
        let source = if own.is_empty() {
            refund_id.to_owned()
        } else {
            let of_partner = Why {
                partner: back.partner.clone(),
                program: back.program.clone(),
                ..Why::default()
            };
            self.book_drawn(EntryKind::Clawback, &own, refund_id, of_partner)?;
            // A source has one entry of a kind.
            self.own_source()
        };
        self.book_drawn(EntryKind::Clawback, &rest, &source, why)
    }

    /// Takes points out of lots that are to go back: first those of their own terms, then others that orders in the same
    /// currency earned, so that the books of that currency lose what they had, then whatever would be spent first. What is held for a reward cannot be kept from it; the newest hold ends first.
    pub(super) fn reclaim(&mut self, points: i64, own: Terms) -> Vec<Lot> {
        while points_of(&self.plan.snapshot.holdings.lots) < points {
            let Some(it) = self.plan.snapshot.holdings.reservations.pop() else {
                break;
            };
            let redemption = it.id.clone();
            self.give_back(it);
            self.tell(EventKind::RedemptionCancelled { redemption }, self.now);
        }
        let lots = &mut self.plan.snapshot.holdings.lots;
        let is_own = |lot: &Lot| lot.currency == own.currency && lot.matures_at == own.matures_at;
        let mut drawn = take(lots, points, is_own);
        for is_same in [
            |lot: &Lot, own: Terms| lot.currency == own.currency,
            |_: &Lot, _| true,
        ] {
            let rest = points.saturating_sub(points_of(&drawn));
            drawn.extend(take(lots, rest, |lot| is_same(lot, own)));
        }
        drawn
    }

    /// A lot as it comes back: with its own end, or the least that the programme promises.
    fn prolonged(&self, lot: Lot) -> Lot {
        let days = self.program.custody().refunds.minimum_days;
        let calendar = self.program.calendar();
        let least = calendar
            .local(self.now)
            .day
            .saturating_add(days)
            .saturating_add(1);
        let least = calendar.start_of(least);
        Lot {
            expires_at: lot.expires_at.map(|end| end.max(least)),
            ..lot
        }
    }
}
