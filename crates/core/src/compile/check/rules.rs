//! Rules and exclusions: what they are called, when they apply, what they grant.

use std::collections::HashSet;

use crate::Decimal;

use super::Check;
use crate::limits::{MAX_BONUS_POINTS, MAX_FACTOR, MAX_FACTOR_DECIMALS, MAX_ID_BYTES, MAX_RULES};
use crate::wire::{
    ConditionDocument, DecimalText, ExclusionDocument, GrantDocument, RuleDocument, TierDocument,
};

impl Check {
    pub(super) fn exclusion(
        &mut self,
        nth: usize,
        document: &ExclusionDocument,
        tiers: &[TierDocument],
        ids: &mut HashSet<String>,
    ) {
        let at = format!("/exclusions/{nth}");
        self.id(&format!("{at}/id"), &document.id, ids);
        self.text(&format!("{at}/label"), &document.label);
        let at = format!("{at}/when");
        if document.when.is_empty() {
            let message =
                "an empty condition leaves everything out; name products, categories or tags";
            self.problem(&at, message);
        }
        self.condition(&at, &document.when, tiers);
    }

    pub(super) fn rule(
        &mut self,
        nth: usize,
        document: &RuleDocument,
        tiers: &[TierDocument],
        ids: &mut HashSet<String>,
    ) {
        let at = format!("/rules/{nth}");
        self.id(&format!("{at}/id"), &document.id, ids);
        self.text(&format!("{at}/label"), &document.label);
        self.condition(&format!("{at}/when"), &document.when, tiers);
        self.grant(&format!("{at}/grant"), &document.grant);
    }

    fn grant(&mut self, at: &str, document: &GrantDocument) {
        match (document.multiply, document.bonus) {
            (Some(DecimalText(factor)), None) => {
                if document.per.is_some() {
                    self.problem(&format!("{at}/per"), "only a bonus has `per`; remove it");
                }
                let at = format!("{at}/multiply");
                if factor <= Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
                    let message = format!(
                        "a factor is more than 1 and at most {MAX_FACTOR}; to earn nothing, \
                         write an exclusion"
                    );
                    self.problem(&at, message);
                }
                self.decimals(&at, factor, MAX_FACTOR_DECIMALS);
            }
            (None, Some(bonus)) => {
                if !(1..=MAX_BONUS_POINTS).contains(&bonus) {
                    let message = format!("a bonus is 1 to {MAX_BONUS_POINTS} points");
                    self.problem(&format!("{at}/bonus"), message);
                }
            }
            (_, _) => {
                let message =
                    "write one of `multiply = 2` and `bonus = 50`, not both and not neither";
                self.problem(at, message);
            }
        }
    }

    fn condition(&mut self, at: &str, document: &ConditionDocument, tiers: &[TierDocument]) {
        let lists = [
            ("products", &document.products),
            ("categories", &document.categories),
            ("tags", &document.tags),
            ("tiers", &document.tiers),
        ];
        for (field, items) in lists {
            let at = format!("{at}/{field}");
            self.at_most(MAX_RULES, &at, items.len());
            for (nth, item) in items.iter().enumerate() {
                if !(1..=MAX_ID_BYTES).contains(&item.len()) {
                    let message = format!("write 1 to {MAX_ID_BYTES} bytes");
                    self.problem(&format!("{at}/{nth}"), message);
                }
            }
        }
        for (nth, tier) in document.tiers.iter().enumerate() {
            if !tiers.iter().any(|known| known.id == *tier) {
                let known: Vec<_> = tiers.iter().map(|tier| format!("{:?}", tier.id)).collect();
                let message = match known.as_slice() {
                    [] => format!("there is no tier {tier:?}; the program has no tiers"),
                    known => {
                        let known = known.join(", ");
                        format!("there is no tier {tier:?}; the program's tiers are: {known}")
                    }
                };
                self.problem(&format!("{at}/tiers/{nth}"), message);
            }
        }
        self.window(&format!("{at}/until"), document.from, document.until);
    }
}
