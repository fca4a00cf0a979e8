//! What rules give besides points: rewards, for an order or an activity.
//!
//! Its invariant: what is counted against a rule's limits is what was given, and nothing that was out of stock.

use super::gift::Occasion;
use super::{Draft, Refusal};
use crate::evaluate::gifts_of_activity;
use crate::{Activity, Earning, EntryKind, ExactPoints, RuleGift, Timestamp};

impl Draft<'_> {
    /// Books an activity with all that comes of it.
    pub(super) fn do_activity(
        &mut self,
        activity: &Activity,
        occurred_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        let member = &self.plan.snapshot;
        let gifts = gifts_of_activity(self.program, member, activity, occurred_at);
        self.act(activity.id(), occurred_at, earning)?;
        let terms = self.terms(occurred_at, None);
        let occasion = (EntryKind::Activity, activity.id(), terms);
        self.give_by_rules(occasion.into(), &gifts, occurred_at)?;
        self.achieve_by_activity(activity, occurred_at)
    }

    /// Gives what rules give on an occasion at `at`.
    pub(super) fn give_by_rules(
        &mut self,
        occasion: Occasion<'_>,
        rules: &[&RuleGift],
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let gifts = rules.iter().map(|rule| (rule.id.as_str(), &rule.gift));
        let were_given = self.give(occasion, gifts)?;
        let local = self.program.calendar().local(at);
        for (rule, was_given) in rules.iter().zip(were_given) {
            if was_given {
                self.count_for(&rule.id, &rule.limits, ExactPoints::whole(1), local)?;
            }
        }
        Ok(())
    }
}
