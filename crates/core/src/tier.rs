//! Tiers: steps that a member climbs by what her orders earn, each with a factor on what they earn.

use crate::Decimal;

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
    /// The place of the group that the factor competes in; without one its bonus is added to all others.
    pub group: Option<usize>,
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

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::compile;

    const CLUB: &str = r#"
        version = 1
        name = "Club"
        points = { one = "star", other = "stars" }
        earn.per_unit = { EUR = 1 }
        [[tiers]]
        id = "silver"
        name = "Silver"
        from_points = 300
        [[tiers]]
        id = "gold"
        name = "Gold"
        from_points = 1000
    "#;

    fn club() -> Program {
        compile::compile(CLUB).expect("a valid program").program
    }

    fn member(earned: i64, tier: &str) -> Snapshot {
        Snapshot {
            earned: Points::new(earned).expect("points of the test"),
            tier: Some(tier.to_owned()),
            ..Snapshot::default()
        }
    }

    #[test]
    fn the_next_tier_is_above_what_she_has_and_what_she_has_earned() {
        let club = club();
        let check = |earned: i64, tier: &str, next: Option<(&str, i64)>| {
            let found = club.next_tier(&member(earned, tier));
            let found = found.map(|next| (next.tier.id.as_str(), next.missing.get()));
            assert_eq!(found, next, "{earned} {tier}");
        };
        check(0, "", Some(("silver", 300)));
        check(299, "", Some(("silver", 1)));
        check(300, "silver", Some(("gold", 700)));
        check(999, "silver", Some(("gold", 1)));
        check(1_000, "gold", None);
        // Given, not reached: the tier above still needs all its points.
        check(10, "silver", Some(("gold", 990)));
        check(10, "gold", None);
        // Reached, but not yet hers: her next order lifts her, so the one above is told.
        check(300, "", Some(("gold", 700)));
        check(5_000, "platinum", None);
    }

    #[test]
    fn who_is_new_is_in_the_tier_that_starts_at_nothing() {
        assert_eq!(club().newcomer(), Snapshot::default());
        let open = CLUB.replace("300", "0");
        let open = compile::compile(&open).expect("a valid program").program;
        assert_eq!(open.newcomer().tier.as_deref(), Some("silver"));
    }
}
