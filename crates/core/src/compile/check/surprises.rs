//! Surprises: how rare, what they give, and the commitment to their seed.

use super::super::source::SurpriseSource;
use super::Check;
use crate::limits::{MAX_COUNT, MAX_LIMIT_POINTS};
use crate::surprise::Commitment;
use crate::wire::SurpriseDocument;

impl Check<'_> {
    pub(super) fn surprise(&mut self, at: &str, source: &SurpriseSource) -> SurpriseDocument {
        self.shared_id(&format!("{at}/id"), &source.id);
        self.text(&format!("{at}/label"), &source.label);
        if !(1..=MAX_COUNT).contains(&source.one_in.into()) {
            let message = format!("one order in how many? Write 1 to {MAX_COUNT}");
            self.problem(&format!("{at}/one_in"), message);
        }
        let gift = &source.gives;
        let gives = self.gift(&format!("{at}/gives"), gift.points, gift.reward.as_deref());
        let costs = self.surprise_budget(at, source);
        self.amounts_above_zero(&format!("{at}/minimum_order"), &source.minimum_order);
        let from = self.moment(&format!("{at}/from"), source.from.as_deref());
        let until = self.end(&format!("{at}/until"), source.until.as_deref());
        self.window(&format!("{at}/until"), from, until);
        if let Err(error) = source.commitment.parse::<Commitment>() {
            self.problem(&format!("{at}/commitment"), error.to_string());
        }
        SurpriseDocument {
            id: source.id.clone(),
            label: source.label.clone(),
            one_in: source.one_in,
            gives,
            costs,
            budget: source.budget,
            minimum_order: source.minimum_order.clone(),
            from,
            until,
            commitment: source.commitment.clone(),
        }
    }

    /// What one of them takes out of the budget, in points; a budget must hold at least one.
    fn surprise_budget(&mut self, at: &str, source: &SurpriseSource) -> i64 {
        let id = source.gives.reward.as_deref();
        let reward = self.source.rewards.iter();
        let reward = reward.clone().find(|reward| Some(reward.id.as_str()) == id);
        let price = reward.and_then(|reward| reward.points);
        let costs = source.gives.points.or(price).unwrap_or(0);
        let at = format!("{at}/budget");
        if let Some(budget) = source.budget {
            if reward.is_some() && costs == 0 {
                let message = "the reward has no price that a budget could count; give the reward \
                               a `stock` instead";
                self.problem_with_key(&at, message);
            } else if !(costs.max(1)..=MAX_LIMIT_POINTS).contains(&budget) {
                let least = costs.max(1);
                let message = format!(
                    "one surprise costs {costs} points; write {least} to {MAX_LIMIT_POINTS}"
                );
                self.problem(&at, message);
            }
        }
        costs
    }
}
