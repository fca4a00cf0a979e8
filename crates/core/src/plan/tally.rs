//! What a member has after an order or an activity: her entries, her money, and what counts against limits.

use super::{BudgetUse, Draft, Refusal, Terms, Why};
use crate::membership::TRIAL;
use crate::partner::OfPartner;
use crate::refund::{own_currency, revenue_minor};
use crate::reward::holder_of;
use crate::{
    Cart, Earning, EntryKind, ExactPoints, Giver, Limits, LocalTime, Points, PointsError, Rounding,
    Timestamp, Usage,
};

/// Two years: a campaign that comes back each year, a once-only rule above all, must find what it gave.
const FORGOTTEN_AFTER_DAYS: i64 = 731;

impl Draft<'_> {
    pub(super) fn earn(
        &mut self,
        order_id: &str,
        cart: &Cart,
        placed_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        self.prolong(placed_at);
        let given = given(earning)?;
        let why = Why {
            rules: self.ids_of(&given),
            partner: OfPartner::of(cart),
            spent_minor: revenue_minor(cart),
            currency: own_currency(cart),
            ..Why::default()
        };
        let terms = self.terms_of_order(placed_at, own_currency(cart));
        self.book(EntryKind::Earn, order_id, earning, terms, why)?;
        self.count(&given, earning.points, placed_at)?;
        let member = &mut self.plan.snapshot;
        member.orders = member.orders.saturating_add(1);
        member.last_order_at = member.last_order_at.max(Some(placed_at));
        if earning.points > Points::ZERO {
            member.earned = member.earned.checked_add(earning.points)?;
        }
        Ok(())
    }

    pub(super) fn act(
        &mut self,
        activity_id: &str,
        occurred_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        self.prolong(occurred_at);
        let given = given(earning)?;
        let why = Why {
            rules: self.ids_of(&given),
            ..Why::default()
        };
        let terms = self.terms(occurred_at, None);
        self.book(EntryKind::Activity, activity_id, earning, terms, why)?;
        self.count(&given, earning.points, occurred_at)
    }

    /// The entries of what was earned: of the points, and of each balance of money.
    fn book(
        &mut self,
        kind: EntryKind,
        source: &str,
        earning: &Earning,
        terms: Terms,
        why: Why,
    ) -> Result<(), Refusal> {
        for credit in earning.credits.iter().filter(|credit| credit.minor > 0) {
            if let Some(balance) = self.program.balances().get(credit.balance) {
                self.credit(&balance.id, credit.minor, kind, source, &why.rules)?;
            }
        }
        if earning.points > Points::ZERO {
            self.gain(kind, earning.points, source, terms, why)?;
        }
        Ok(())
    }

    /// The ids of rules.
    fn ids_of(&self, given: &[(usize, ExactPoints)]) -> Vec<String> {
        let rules = self.program.rules();
        let rules = given.iter().filter_map(|(place, _)| rules.get(*place));
        rules.map(|rule| rule.id.clone()).collect()
    }

    /// Forgets what she has had of rules, campaigns and rewards that the program no longer has, and that gave
    /// her nothing for so long that none of them comes back.
    pub(super) fn forget_retired(&mut self) {
        let program = self.program;
        let today = program.calendar().local(self.now).day;
        let is_fresh = |usage: &Usage| today.saturating_sub(usage.day) <= FORGOTTEN_AFTER_DAYS;
        let usage = &mut self.plan.snapshot.usage;
        if usage.iter().all(is_fresh) {
            return;
        }
        let is_known = |holder: &str| {
            holder.is_empty()
                || holder == TRIAL
                || program.rules().iter().any(|it| it.id == holder)
                || program.rule_gifts().iter().any(|it| it.id == holder)
                || program.campaigns().iter().any(|it| it.id == holder)
                || program
                    .rewards()
                    .iter()
                    .any(|it| holder_of(&it.id) == holder)
        };
        usage.retain(|it| is_fresh(it) || is_known(&it.holder));
    }

    /// Counts what rules gave, and the points in all, against every limit that there is.
    fn count(
        &mut self,
        given: &[(usize, ExactPoints)],
        points: Points,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let program = self.program;
        let local = program.calendar().local(at);
        let mut of_campaigns = vec![ExactPoints::ZERO; program.campaigns().len()];
        for (place, given) in given {
            let Some(rule) = program.rules().get(*place) else {
                continue;
            };
            self.count_for(&rule.id, &rule.limits, *given, local)?;
            if let Some(sum) = rule.campaign.and_then(|nth| of_campaigns.get_mut(nth)) {
                *sum = sum.checked_add(*given)?;
            }
        }
        for (campaign, given) in program.campaigns().iter().zip(of_campaigns) {
            if !given.is_zero() {
                self.count_for(&campaign.id, &campaign.limits, given, local)?;
            }
        }
        if points > Points::ZERO {
            self.count_for("", program.limits(), points.into(), local)?;
        }
        Ok(())
    }

    pub(super) fn count_for(
        &mut self,
        holder: &str,
        limits: &Limits,
        given: ExactPoints,
        local: LocalTime,
    ) -> Result<(), PointsError> {
        if limits.is_none() {
            return Ok(());
        }
        let usage = &mut self.plan.snapshot.usage;
        let place = usage.iter().position(|usage| usage.holder == holder);
        let place = place.unwrap_or_else(|| {
            usage.push(Usage {
                holder: holder.to_owned(),
                ..Usage::default()
            });
            usage.len().saturating_sub(1)
        });
        if let Some(usage) = usage.get_mut(place) {
            usage.add(given, local)?;
        }
        if let Some(budget) = limits.budget {
            self.plan.budgets.push(BudgetUse {
                holder: holder.to_owned(),
                points: Rounding::Ceil.round(given)?.get(),
                budget,
            });
        }
        Ok(())
    }
}

/// The rules that gave something, by their places in the program, with what each gave on points and on money
/// together: it gives to one of them only.
fn given(earning: &Earning) -> Result<Vec<(usize, ExactPoints)>, PointsError> {
    let mut sums: Vec<(usize, ExactPoints)> = Vec::with_capacity(earning.reasons.len());
    let credits = earning.credits.iter().flat_map(|credit| &credit.reasons);
    for reason in earning.reasons.iter().chain(credits) {
        let Some(Giver::Rule(rule)) = reason.cause.giver() else {
            continue;
        };
        let place = sums.partition_point(|(known, _)| *known < rule);
        match sums.get_mut(place) {
            Some((known, sum)) if *known == rule => *sum = sum.checked_add(reason.points_exact)?,
            _ => sums.insert(place, (rule, reason.points_exact)),
        }
    }
    sums.retain(|(_, sum)| !sum.is_zero());
    Ok(sums)
}
