//! What an order is given by surprise.
//!
//! Which order that is, `surprise.rs` decides. Its invariant: what is given is within the budget, and goes back with the
//! order, so it waits for the return window as the order's own points do.

use super::gift::Occasion;
use super::{BudgetUse, Draft, Refusal};
use crate::refund::own_currency;
use crate::reward::Gift;
use crate::surprise::{Drawn, Surprise, SurpriseFacts, decide, holder_of};
use crate::{Cart, Earning, EntryKind, Points, Timestamp};

impl Draft<'_> {
    pub(super) fn surprise(
        &mut self,
        order_id: &str,
        cart: &Cart,
        placed_at: Timestamp,
        earning: &Earning,
        draws: &[Drawn<'_>],
    ) -> Result<(), Refusal> {
        let program = self.program;
        if draws.is_empty() || !program.runs_at(placed_at) {
            return Ok(());
        }
        let mut won: Vec<(&Surprise, &Gift)> = Vec::new();
        for surprise in program.surprises() {
            let Some(its) = draws.iter().find(|it| it.surprise == surprise.id) else {
                continue;
            };
            let given = Points::new(self.budget_used(&holder_of(&surprise.id)))?;
            let facts = SurpriseFacts {
                currency: cart.currency(),
                counted_minor: earning.counted_minor,
                placed_at,
                given,
                draw: its.number,
            };
            if let Ok(gift) = decide(surprise, &facts) {
                won.push((surprise, gift));
            }
        }
        let occasion = Occasion {
            kind: EntryKind::Surprise,
            source: order_id,
            terms: self.terms_of_order(placed_at, own_currency(cart)),
        };
        let gifts = won.iter().map(|(it, gift)| (it.id.as_str(), *gift));
        let were_given = self.give(occasion, gifts)?;
        for ((surprise, _), was_given) in won.into_iter().zip(were_given) {
            if let Some(budget) = surprise.budget.filter(|_| was_given) {
                self.plan.budgets.push(BudgetUse {
                    holder: holder_of(&surprise.id),
                    points: surprise.costs.get(),
                    budget: budget.get(),
                });
            }
        }
        Ok(())
    }
}
