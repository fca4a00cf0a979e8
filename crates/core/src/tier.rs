//! Tiers: steps that a member climbs by what her orders earn, each with a factor on what they earn.

use rust_decimal::Decimal;

use crate::{Points, Program, Snapshot};

/// A step of the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Names the tier in rules and snapshots.
    pub id: String,
    /// What members call it: `Gold`.
    pub name: String,
    /// What the shopper reads as a reason: `Gold: 1.5x`.
    pub label: String,
    /// Points earned by orders from which a member is in the tier.
    pub from: Points,
    /// What an order's base points are multiplied by; 1 for a tier that only has a name.
    pub factor: Decimal,
}

/// The way to the next tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextTier<'program> {
    /// The tier above the member's.
    pub tier: &'program Tier,
    /// Points that her orders still have to earn.
    pub missing: Points,
}

impl Program {
    /// The tier that the member is in. A tier that the programme no longer has is none.
    #[must_use]
    pub fn tier_of(&self, member: &Snapshot) -> Option<&Tier> {
        let id = member.tier.as_deref()?;
        self.tiers().iter().find(|tier| tier.id == id)
    }

    /// The tier that a member has after her orders earned `earned`: the highest one reached, and never
    /// below the one that she has.
    #[must_use]
    pub fn tier_after(&self, member: &Snapshot, earned: Points) -> Option<&Tier> {
        let reached = self.tiers().iter().rfind(|tier| tier.from <= earned);
        reached
            .into_iter()
            .chain(self.tier_of(member))
            .max_by_key(|tier| tier.from)
    }

    /// The tier above the member's, and what is missing to it; `None` at the top.
    #[must_use]
    pub fn next_tier(&self, member: &Snapshot) -> Option<NextTier<'_>> {
        let floor = self
            .tier_of(member)
            .map_or(Points::ZERO, |tier| tier.from)
            .max(member.earned);
        let tier = self.tiers().iter().find(|tier| tier.from > floor)?;
        let missing = tier.from.get().checked_sub(member.earned.get())?;
        Some(NextTier {
            tier,
            missing: Points::new(missing).ok()?,
        })
    }
}
