//! What a member has after an order or an activity: her entries, her money, and what counts against limits.

use super::{BudgetUse, Draft, Refusal, Terms, Why};
use crate::refund::revenue_minor;
use crate::{
    Cart, Earning, EntryKind, ExactPoints, Giver, Limits, LocalTime, Points, PointsError, Rounding,
    Timestamp, Usage,
};

impl Draft<'_> {
    pub(super) fn earn(
        &mut self,
        order_id: &str,
        cart: &Cart,
        placed_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        self.prolong(placed_at);
        let why = Why {
            partner: cart.checkout().partner.clone(),
            spent_minor: revenue_minor(cart),
            ..Why::default()
        };
        let terms = self.terms_of_order(placed_at, cart.currency());
        self.book(EntryKind::Earn, order_id, earning, terms, why)?;
        self.count(earning, placed_at)?;
        let member = &mut self.plan.snapshot;
        member.orders = member.orders.saturating_add(1);
        member.last_order_at = member.last_order_at.max(Some(placed_at));
        if earning.points > Points::ZERO {
            member.earned = member.earned.checked_add(earning.points)?;
        }
        self.program
            .settle_tier(member, earning, placed_at, self.now);
        Ok(())
    }

    pub(super) fn act(
        &mut self,
        activity_id: &str,
        occurred_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        self.prolong(occurred_at);
        let terms = self.terms(occurred_at, None);
        self.book(
            EntryKind::Activity,
            activity_id,
            earning,
            terms,
            Why::default(),
        )?;
        self.count(earning, occurred_at)
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
        let rules = self.rules_of(earning)?;
        if earning.points > Points::ZERO {
            let why = Why {
                rules: rules.clone(),
                ..why
            };
            self.gain(kind, earning.points, source, terms, why)?;
        }
        for credit in earning.credits.iter().filter(|credit| credit.minor > 0) {
            if let Some(balance) = self.program.balances().get(credit.balance) {
                self.credit(&balance.id, credit.minor, kind, source, &rules)?;
            }
        }
        Ok(())
    }

    /// The ids of the rules that gave something.
    fn rules_of(&self, earning: &Earning) -> Result<Vec<String>, PointsError> {
        let mut rules = Vec::new();
        let given = given(earning, self.program.rules().len())?;
        for (rule, given) in self.program.rules().iter().zip(given) {
            if !given.is_zero() {
                rules.push(rule.id.clone());
            }
        }
        Ok(rules)
    }

    /// Counts what was given against every limit that there is.
    fn count(&mut self, earning: &Earning, at: Timestamp) -> Result<(), Refusal> {
        let program = self.program;
        let local = program.calendar().local(at);
        let mut of_campaigns = vec![ExactPoints::ZERO; program.campaigns().len()];
        let given = given(earning, program.rules().len())?;
        for (rule, given) in program.rules().iter().zip(given) {
            if given.is_zero() {
                continue;
            }
            self.count_for(&rule.id, &rule.limits, given, local)?;
            if let Some(sum) = rule.campaign.and_then(|nth| of_campaigns.get_mut(nth)) {
                *sum = sum.checked_add(given)?;
            }
        }
        for (campaign, given) in program.campaigns().iter().zip(of_campaigns) {
            if !given.is_zero() {
                self.count_for(&campaign.id, &campaign.limits, given, local)?;
            }
        }
        if earning.points > Points::ZERO {
            self.count_for("", program.limits(), earning.points.into(), local)?;
        }
        Ok(())
    }

    fn count_for(
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

/// What each of so many rules gave, on points and on money together: it gives to one of them only.
fn given(earning: &Earning, rules: usize) -> Result<Vec<ExactPoints>, PointsError> {
    let mut sums = vec![ExactPoints::ZERO; rules];
    let credits = earning.credits.iter().flat_map(|credit| &credit.reasons);
    for reason in earning.reasons.iter().chain(credits) {
        let Some(Giver::Rule(rule)) = reason.cause.giver() else {
            continue;
        };
        if let Some(sum) = sums.get_mut(rule) {
            *sum = sum.checked_add(reason.points_exact)?;
        }
    }
    Ok(sums)
}
