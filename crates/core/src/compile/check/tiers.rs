//! Tiers: from the lowest up, each with a factor of its own.

use std::collections::HashSet;

use super::super::source::TierSource;
use super::Check;
use crate::Decimal;
use crate::explain::tier_label;
use crate::limits::{MAX_FACTOR, MAX_FACTOR_DECIMALS, MAX_POINTS};
use crate::wire::TierDocument;

impl Check<'_> {
    pub(super) fn tiers(&mut self, tiers: &[TierSource]) -> Vec<TierDocument> {
        let mut ids = HashSet::new();
        let mut below: Option<&TierSource> = None;
        let mut documents = Vec::with_capacity(tiers.len());
        for (nth, tier) in tiers.iter().enumerate() {
            let at = format!("/tiers/{nth}");
            self.id(&format!("{at}/id"), &tier.id, ids.insert(&tier.id));
            self.text(&format!("{at}/name"), &tier.name);
            if !(0..=MAX_POINTS).contains(&tier.from_points) {
                let message = "write a whole number of points, 0 or more";
                self.problem(&format!("{at}/from_points"), message);
            } else if let Some(below) = below.filter(|it| it.from_points >= tier.from_points) {
                let message = format!(
                    "tiers are listed from the lowest up; this must be more than the {} points of {:?}",
                    below.from_points, below.id
                );
                self.problem(&format!("{at}/from_points"), message);
            }
            below = Some(tier);
            let factor = tier.multiplier.map_or(Decimal::ONE, |factor| factor.0);
            let at_factor = format!("{at}/multiplier");
            if factor < Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
                let message = format!("a tier's multiplier is at least 1 and at most {MAX_FACTOR}");
                self.problem(&at_factor, message);
            }
            self.decimals(&at_factor, factor, MAX_FACTOR_DECIMALS);
            documents.push(TierDocument {
                id: tier.id.clone(),
                name: tier.name.clone(),
                label: tier_label(&tier.name, factor.normalize()),
                from_points: tier.from_points,
                multiplier: tier.multiplier,
                group: self.group_place(&format!("{at}/group"), tier.group.as_deref()),
            });
        }
        documents
    }
}
