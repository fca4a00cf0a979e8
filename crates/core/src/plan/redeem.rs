//! Redemptions: points held for rewards, then spent, or free again.
//!
//! Its invariant: what is held is in no lot, and what is released is in the lots that it was drawn from.

use super::refusal::check_available;
use super::{BudgetUse, Draft, Redeeming, Refusal, Why};
use crate::limits::MAX_POINTS;
use crate::lot::{points_of, put, take};
use crate::partner::OfPartner;
use crate::reward::{Taken, holder_of};
use crate::{Bargain, EntryKind, EventKind, Points, ProgramRef, Reservation, Timestamp, Usage};

const MINUTE_MILLIS: i64 = 60_000;

impl Draft<'_> {
    /// Holds what rewards cost, and what is paid with besides, and counts them.
    pub(super) fn reserve(
        &mut self,
        id: &str,
        taken: &Taken<'_>,
        tenders: &[(String, i64)],
    ) -> Result<(), Refusal> {
        let member = &self.plan.snapshot;
        let has = |(balance, minor): &(String, i64)| *minor <= member.credit_free(balance);
        if !tenders.iter().all(has) {
            return Err(Refusal::NotEnoughCredit);
        }
        let now = self.now;
        let holdings = &mut self.plan.snapshot.holdings;
        if holdings.reservation(id).is_some() {
            return Err(Refusal::RedemptionHeld);
        }
        let points = taken.points.get();
        check_available(holdings, points, now)?;
        let drawn = take(&mut holdings.lots, points, |lot| lot.is_available(now));
        self.plan.drawn.clone_from(&drawn);
        let rewards = taken.chosen.iter().map(|it| it.reward.id.clone());
        let rewards = rewards.collect();
        let hold_millis = self
            .program
            .custody()
            .hold_minutes
            .saturating_mul(MINUTE_MILLIS);
        let bargain = Bargain::on(taken.chosen.iter().map(|it| it.reward));
        holdings.reservations.push(Reservation {
            id: id.to_owned(),
            ends_at: Timestamp::from_millis(now.as_millis().saturating_add(hold_millis)),
            drawn,
            rewards,
            bargain: bargain.with(tenders),
        });
        for it in &taken.chosen {
            self.count_reward(&it.reward.id, 1, it.reward.stock);
        }
        Ok(())
    }

    /// Spends what is held.
    pub(super) fn commit(&mut self, id: &str, partner: Option<&OfPartner>) -> Result<(), Refusal> {
        let it = self
            .take_reservation(id)
            .ok_or(Refusal::RedemptionNotHeld)?;
        self.spend(&it, partner, None)
    }

    /// What is held goes back where it came from.
    pub(super) fn release(&mut self, id: &str) -> Result<(), Refusal> {
        let it = self
            .take_reservation(id)
            .ok_or(Refusal::RedemptionNotHeld)?;
        self.give_back(it);
        Ok(())
    }

    /// Spends what an order was paid with. The discount is given: where nothing is held any more, its points are
    /// taken anew, and what of them is gone meanwhile is owed, or, where the programme allows no such thing,
    /// lost to the shop. At a partner's order they are spent there. As all that the order books, it says the program that
    /// decided the order, by whose rates the partner is settled with, whenever it comes back.
    pub(super) fn redeem(
        &mut self,
        redeeming: &Redeeming<'_>,
        (partner, program): (Option<&OfPartner>, &ProgramRef),
    ) -> Result<(), Refusal> {
        if let Some(it) = self.take_reservation(redeeming.id) {
            return self.spend(&it, partner, Some(program));
        }
        let now = self.now;
        let lots = &mut self.plan.snapshot.holdings.lots;
        let drawn = take(lots, redeeming.points, |lot| lot.is_available(now));
        let missing = redeeming.points.saturating_sub(points_of(&drawn));
        let mut bargain = if redeeming.is_gift {
            Bargain::on([])
        } else {
            self.agreed(redeeming.bargain, redeeming.rewards)
        };
        if !redeeming.is_gift {
            self.count_again(&bargain, redeeming.rewards, 1);
        }
        self.owe(missing)?;
        // Money is not given for points that nobody has and nobody owes.
        let is_unpaid = missing > 0 && !self.program.custody().refunds.allows_deficit;
        if is_unpaid {
            bargain.money.retain(|(_, minor)| *minor < 0);
        }
        let rewards = if is_unpaid { &[] } else { redeeming.rewards };
        let it = Reservation {
            id: redeeming.id.to_owned(),
            ends_at: now,
            drawn,
            rewards: rewards.to_vec(),
            bargain,
        };
        self.spend(&it, partner, Some(program))
    }

    pub(super) fn give_back(&mut self, reservation: Reservation) {
        let bargain = self.agreed(&reservation.bargain, &reservation.rewards);
        self.count_again(&bargain, &reservation.rewards, -1);
        for lot in reservation.drawn {
            put(&mut self.plan.snapshot.holdings.lots, lot);
        }
    }

    /// What was agreed, or, where that was not kept, what the program says today.
    fn agreed(&self, kept: &Bargain, rewards: &[String]) -> Bargain {
        match kept.counted {
            Some(_) => kept.clone(),
            None => Bargain::under(self.program, rewards),
        }
    }

    /// What is given back is never too much for a stock, nor what has been had already.
    fn count_again(&mut self, bargain: &Bargain, rewards: &[String], times: i64) {
        for (nth, reward) in rewards.iter().enumerate() {
            let stock = bargain.is_counted(nth).then_some(MAX_POINTS);
            self.count_reward(reward, times, stock);
        }
    }

    /// What should be taken and is not there: owed, where the programme allows it.
    pub(super) fn owe(&mut self, points: i64) -> Result<(), Refusal> {
        if points <= 0 || !self.program.custody().refunds.allows_deficit {
            return Ok(());
        }
        let holdings = &mut self.plan.snapshot.holdings;
        let owed = Points::new(holdings.owed.saturating_add(points))?;
        holdings.owed = owed.get();
        self.tell(EventKind::Owing { points: owed }, self.now);
        Ok(())
    }

    fn spend(
        &mut self,
        it: &Reservation,
        partner: Option<&OfPartner>,
        program: Option<&ProgramRef>,
    ) -> Result<(), Refusal> {
        let why = Why {
            rules: it.rewards.clone(),
            partner: partner.cloned(),
            program: program.cloned(),
            ..Why::default()
        };
        self.book_drawn(EntryKind::Redeem, &it.drawn, &it.id, why)?;
        let money = self.agreed(&it.bargain, &it.rewards).money;
        let (tenders, gives): (Vec<_>, Vec<_>) = money.iter().partition(|(_, minor)| *minor < 0);
        for (balance, minor) in tenders {
            // Of what was held and is held no more, what is there.
            let free = self.plan.snapshot.credit_free(balance).max(0);
            let paid = (*minor).max(free.saturating_neg());
            self.credit(balance, paid, EntryKind::Tender, &it.id, &[])?;
        }
        // Points that became money stay money: an order that is sent back brings back what paid for it.
        if gives.is_empty() {
            self.plan.drawn.extend(it.drawn.iter().copied());
        }
        for (balance, minor) in gives {
            self.credit(balance, *minor, EntryKind::Redeem, &it.id, &it.rewards)?;
        }
        Ok(())
    }

    fn take_reservation(&mut self, id: &str) -> Option<Reservation> {
        let held = &mut self.plan.snapshot.holdings.reservations;
        let place = held.iter().position(|it| it.id == id)?;
        Some(held.remove(place))
    }

    /// Counts a reward for the member, and, where it is of a stock, for all: no more than that may be gone.
    fn count_reward(&mut self, reward: &str, times: i64, stock: Option<i64>) {
        let holder = holder_of(reward);
        let today = self.program.calendar().local(self.now).day;
        let usage = &mut self.plan.snapshot.usage;
        let place = usage.iter().position(|usage| usage.holder == holder);
        let place = place.unwrap_or_else(|| {
            usage.push(Usage {
                holder: holder.clone(),
                ..Usage::default()
            });
            usage.len().saturating_sub(1)
        });
        if let Some(usage) = usage.get_mut(place) {
            usage.times = usage.times.saturating_add(times).max(0);
            // What is given back says nothing of when she last had it, and comes when somebody settles.
            if times > 0 {
                usage.day = usage.day.max(today);
            }
        }
        usage.retain(|it| it.holder != holder || it.times > 0);
        if let Some(budget) = stock {
            self.plan.budgets.push(BudgetUse {
                holder,
                points: times,
                budget,
            });
        }
    }
}
