//! Tiers: from the lowest up, each with a factor of its own.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::Check;
use crate::explain::tier_label;
use crate::limits::{MAX_FACTOR, MAX_FACTOR_DECIMALS};
use crate::wire::TierDocument;
use crate::{Points, Tier};

impl Check {
    pub(super) fn tiers(&mut self, documents: Vec<TierDocument>) -> Vec<Tier> {
        let mut ids = HashSet::new();
        let mut tiers: Vec<Tier> = Vec::with_capacity(documents.len());
        for (nth, document) in documents.into_iter().enumerate() {
            let at = format!("/tiers/{nth}");
            self.id(&format!("{at}/id"), &document.id, &mut ids);
            self.text(&format!("{at}/name"), &document.name);
            let from = Points::new(document.from_points).unwrap_or_default();
            if document.from_points != from.get() || from < Points::ZERO {
                self.problem(
                    &format!("{at}/from_points"),
                    "write a whole number of points, 0 or more",
                );
            } else if let Some(below) = tiers.last().filter(|below| below.from >= from) {
                let message = format!(
                    "tiers are listed from the lowest up; this must be more than the {} points of {:?}",
                    below.from, below.id
                );
                self.problem(&format!("{at}/from_points"), message);
            }
            let factor = document.multiplier.map_or(Decimal::ONE, |factor| factor.0);
            let at = format!("{at}/multiplier");
            if factor < Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
                self.problem(
                    &at,
                    format!("a tier's multiplier is at least 1 and at most {MAX_FACTOR}"),
                );
            }
            self.decimals(&at, factor, MAX_FACTOR_DECIMALS);
            tiers.push(Tier {
                label: tier_label(&document.name, factor),
                id: document.id,
                name: document.name,
                from,
                factor,
            });
        }
        tiers
    }
}
