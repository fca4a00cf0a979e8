//! Membership: what it is called, what it costs if anything, what it gives.

use std::collections::BTreeMap;

use super::super::source::MembershipSource;
use super::Check;
use crate::limits::MAX_DAYS;
use crate::wire::{DecimalText, MembershipDocument};

impl Check<'_> {
    pub(super) fn membership(&mut self) -> Option<MembershipDocument> {
        let source: &MembershipSource = self.source.membership.as_ref()?;
        self.text("/membership/name", &source.name);
        if source.monthly.is_empty() && source.yearly.is_empty() {
            if source.perks.is_empty() {
                let message = "a membership has a fee or perks; write what it costs, such as \
                               yearly = { EUR = 49 }, or what all members have, such as \
                               perks = [{ kind = \"free-shipping\", label = \"Free shipping\" }]";
                self.problem("/membership", message);
            }
            if source.trial_days > 0 {
                let message = "what has no fee needs no trial; remove this, or write the fee";
                self.problem_with_key("/membership/trial_days", message);
            }
        }
        if !(0..=MAX_DAYS).contains(&source.trial_days) {
            let message = format!("write 0 to {MAX_DAYS} days");
            self.problem("/membership/trial_days", message);
        }
        Some(MembershipDocument {
            name: source.name.clone(),
            monthly: self.fees("/membership/monthly", &source.monthly),
            yearly: self.fees("/membership/yearly", &source.yearly),
            trial_days: source.trial_days,
            perks: self.perks("/membership/perks", &source.perks),
        })
    }

    fn fees(&mut self, at: &str, fees: &BTreeMap<String, DecimalText>) -> Vec<(String, i64)> {
        let mut checked = Vec::with_capacity(fees.len());
        for (code, fee) in fees {
            let at = format!("{at}/{code}");
            if let Some(minor) = self.amount_above_zero(&at, &at, code, *fee) {
                checked.push((code.clone(), minor));
            }
        }
        checked
    }
}
