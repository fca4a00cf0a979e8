//! Referrals: who gets what, for which step, and how often.

use super::super::source::{ReferralGiftSource, ReferralSource};
use super::Check;
use crate::wire::{ReferralDocument, ReferralGiftDocument, ReferralStepName};

impl Check<'_> {
    pub(super) fn referral(&mut self, source: &ReferralSource) -> ReferralDocument {
        let at = "/referral";
        let sides = [&source.advocate, &source.friend];
        if sides.iter().all(|side| side.is_none()) {
            let message = "say what the advocate gets or the friend, such as \
                           `advocate = { points = 500 }`";
            self.problem(at, message);
        }
        let is_first_order = |side: &ReferralGiftSource| side.on == ReferralStepName::FirstOrder;
        let mut given = sides.into_iter().flatten();
        if !source.minimum_order.is_empty() && !given.any(is_first_order) {
            let message = "nothing is given for a first order, so it needs no minimum; remove this";
            self.problem_with_key(&format!("{at}/minimum_order"), message);
        }
        self.amounts_above_zero(&format!("{at}/minimum_order"), &source.minimum_order);
        let limits = &source.limits;
        for (field, count) in [
            ("per_advocate", limits.per_advocate),
            ("per_month", limits.per_month),
        ] {
            self.count_within(&format!("{at}/limits/{field}"), count, 1);
        }
        ReferralDocument {
            advocate: self.referral_gift(&format!("{at}/advocate"), source.advocate.as_ref()),
            friend: self.referral_gift(&format!("{at}/friend"), source.friend.as_ref()),
            minimum_order: source.minimum_order.clone(),
            per_advocate: limits.per_advocate,
            per_month: limits.per_month,
        }
    }

    fn referral_gift(
        &mut self,
        at: &str,
        source: Option<&ReferralGiftSource>,
    ) -> Option<ReferralGiftDocument> {
        let source = source?;
        Some(ReferralGiftDocument {
            gives: self.gift(at, source.points, source.reward.as_deref()),
            on: source.on,
        })
    }
}
