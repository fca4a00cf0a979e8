//! Tiers: steps that a member climbs by what her orders earn, spend or count, each with a factor on what
//! they earn and with perks.
//!
//! Owns what a tier is and what a program says of a member's. Which one she has reached, and when she loses
//! it, is worked out in `standing.rs`.

use crate::standing::Ladder;
use crate::{
    Decimal, Earning, Measure, Money, Perk, Points, Program, Snapshot, TierRules, Timestamp,
};

/// A step of the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Names the tier in rules and snapshots.
    pub id: String,
    /// What members call it: `Gold`.
    pub name: String,
    /// What the shopper reads as a reason: `Gold: 1.5x`.
    pub label: String,
    /// What a period must come to: points, minor units or orders, as the [`TierRules`] say. `None` for a
    /// tier that is by invitation only.
    pub from: Option<i64>,
    /// What an order's base points are multiplied by; 1 for a tier that only has a name.
    pub factor: Decimal,
    /// The place of the group that the factor competes in; without one its bonus is added to all others.
    pub group: Option<usize>,
    /// What it gives besides.
    pub perks: Vec<Perk>,
}

/// The way to the next tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextTier<'program> {
    /// The tier above the member's.
    pub tier: &'program Tier,
    /// What she has in this period, in the measure of the tiers.
    pub amount: i64,
    /// What is still missing, at least one.
    pub missing: Missing,
    /// The first instant after this period; `None` where there is no hurry.
    pub period_ends_at: Option<Timestamp>,
}

/// What is missing to a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// So many points.
    Points(Points),
    /// So much money, as it counts.
    Spend(Money),
    /// So many orders.
    Orders(i64),
}

impl Missing {
    /// The bare number: points, minor units or orders.
    #[must_use]
    pub fn count(self) -> i64 {
        match self {
            Self::Points(points) => points.get(),
            Self::Spend(money) => money.minor(),
            Self::Orders(orders) => orders,
        }
    }
}

impl Program {
    /// What the tiers go by.
    #[must_use]
    pub fn tier_rules(&self) -> &TierRules {
        &self.tier_rules
    }

    /// The tier of an id.
    #[must_use]
    pub fn tier(&self, id: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.id == id)
    }

    fn ladder(&self) -> Ladder<'_> {
        Ladder {
            tiers: &self.tiers,
            rules: &self.tier_rules,
            calendar: &self.calendar,
        }
    }

    /// The tier that the member is in at `now`, with its place among the tiers. A tier that the programme
    /// no longer has is none.
    #[must_use]
    pub fn tier_at(&self, member: &Snapshot, now: Timestamp) -> Option<(usize, &Tier)> {
        let place = self.ladder().held(member, now)?;
        Some((place, self.tiers.get(place)?))
    }

    /// The first instant at which she is in a lower tier than at `now`, if nothing more qualifies; `None`
    /// for never.
    #[must_use]
    pub fn tier_until(&self, member: &Snapshot, now: Timestamp) -> Option<Timestamp> {
        self.ladder().held_until(member, now)
    }

    /// Settles the member's tier after an order that was placed at `placed_at` and earned `earning`: lifted
    /// at once, never lowered within a period. What the order earned and its number are in the snapshot.
    pub fn settle_tier(
        &self,
        member: &mut Snapshot,
        earning: &Earning,
        placed_at: Timestamp,
        now: Timestamp,
    ) {
        let amount = self.qualifying(earning);
        self.ladder().settle(member, amount, placed_at, now);
    }

    /// The place of the tier that the member's orders alone reach, as if nothing had been settled yet.
    pub(crate) fn tier_anew(&self, member: &Snapshot, now: Timestamp) -> Option<usize> {
        self.ladder().anew(member, now)
    }

    /// Takes out of its period what a refund takes back.
    pub(crate) fn uncount(
        &self,
        member: &mut Snapshot,
        amount: i64,
        placed_at: Timestamp,
        now: Timestamp,
    ) {
        self.ladder().uncount(member, amount, placed_at, now);
    }

    /// Lowers a tier that her orders had reached before a refund, and reach no more. One that she was given
    /// otherwise stays.
    pub(crate) fn lower_tier(&self, member: &mut Snapshot, before: Option<usize>, now: Timestamp) {
        let after = self.tier_anew(member, now);
        let held = member.tier.as_deref();
        let held = held.and_then(|id| self.tiers.iter().position(|tier| tier.id == id));
        if after < before && held <= before {
            self.ladder().lower(member, after, now);
        }
    }

    /// Makes one of what two members, who are one, were on the way to tiers.
    pub(crate) fn merge_tiers(&self, member: &mut Snapshot, both: [&Snapshot; 2], now: Timestamp) {
        self.ladder().merge(member, both, now);
    }

    /// What an earning adds to the way to the next tier, in the measure of the tiers.
    #[must_use]
    pub fn qualifying(&self, earning: &Earning) -> i64 {
        self.tier_rules.measure.of(earning)
    }

    /// The tier of who has just joined: the highest that starts at nothing.
    pub(crate) fn first_tier(&self) -> Option<&Tier> {
        self.tiers.iter().rfind(|tier| tier.from == Some(0))
    }

    /// The tier above the member's that can be reached, and what is missing to it in this period; `None` at
    /// the top.
    #[must_use]
    pub fn next_tier(&self, member: &Snapshot, now: Timestamp) -> Option<NextTier<'_>> {
        let ladder = self.ladder();
        let amount = ladder.amount(member, ladder.period(member, now));
        let above = ladder
            .held(member, now)
            .map_or(0, |place| place.saturating_add(1));
        let mut tiers = self.tiers.iter().skip(above);
        let (tier, missing) = tiers.find_map(|tier| {
            let missing = tier.from?.checked_sub(amount)?;
            (missing > 0).then_some((tier, missing))
        })?;
        let missing = match self.tier_rules.measure {
            Measure::Points => Missing::Points(Points::new(missing).ok()?),
            Measure::Spend(currency) => Missing::Spend(Money::from_minor(missing, currency).ok()?),
            Measure::Orders => Missing::Orders(missing),
        };
        Some(NextTier {
            tier,
            amount,
            missing,
            period_ends_at: ladder.period_ends_at(member, now),
        })
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::{Currency, compile};

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

    const YEARS: &str = r#"
        version = 1
        name = "Club"
        time_zone = "Europe/Berlin"
        points = { one = "star", other = "stars" }
        earn.per_unit = { EUR = 1 }
        tiers_by = { what = "spend", currency = "EUR", period = "calendar-year" }
        [[tiers]]
        id = "friend"
        name = "Friend"
        from_spend = 0
        [[tiers]]
        id = "gold"
        name = "Gold"
        from_spend = 99.50
        multiplier = 2
        [[tiers]]
        id = "circle"
        name = "Inner circle"
        invitation_only = true
        multiplier = 3
    "#;

    /// 2026-12-31T22:59:59Z and a second later: Berlin's old and new year.
    const OLD_YEAR: i64 = 1_798_757_999_000;
    const NEW_YEAR: i64 = 1_798_758_000_000;

    fn program(source: &str) -> Program {
        compile::compile(source).expect("a valid program").program
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
        let club = program(CLUB);
        let check = |earned: i64, tier: &str, next: Option<(&str, i64)>| {
            let found = club.next_tier(&member(earned, tier), Timestamp::from_millis(OLD_YEAR));
            assert!(found.is_none_or(|next| next.period_ends_at.is_none()));
            let found = found.map(|next| (next.tier.id.as_str(), next.missing.count()));
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
    fn what_is_missing_is_money_where_tiers_go_by_spending_and_starts_anew_each_year() {
        let club = program(YEARS);
        let mut member = club.newcomer();
        assert_eq!(member.tier.as_deref(), Some("friend"));
        let spend = |member: &mut Snapshot, minor: i64, code: &str, now: i64| {
            let earning = Earning {
                points: Points::ZERO,
                currency: Currency::parse(code).ok(),
                counted_minor: minor,
                lines: Vec::new(),
                reasons: Vec::new(),
                credits: Vec::new(),
            };
            let now = Timestamp::from_millis(now);
            club.settle_tier(member, &earning, now, now);
        };
        let check = |member: &Snapshot, now: i64, hers: &str, next: Option<(&str, i64)>| {
            let now = Timestamp::from_millis(now);
            let tier = club.tier_at(member, now).map(|(_, tier)| tier.id.as_str());
            assert_eq!(tier, Some(hers));
            let found = club.next_tier(member, now).map(|next| {
                let Missing::Spend(missing) = next.missing else {
                    unreachable!("these tiers go by spending")
                };
                assert_eq!(missing.currency().code(), "EUR");
                let end = next.period_ends_at.expect("a year ends");
                (next.tier.id.as_str(), missing.minor(), end > now)
            });
            assert_eq!(found, next.map(|(id, minor)| (id, minor, true)));
        };
        check(&member, OLD_YEAR, "friend", Some(("gold", 9_950)));
        spend(&mut member, 6_200, "EUR", OLD_YEAR);
        spend(&mut member, 50_000, "USD", OLD_YEAR);
        check(&member, OLD_YEAR, "friend", Some(("gold", 3_750)));
        check(&member, NEW_YEAR, "friend", Some(("gold", 9_950)));
        spend(&mut member, 9_950, "EUR", NEW_YEAR);
        check(&member, NEW_YEAR, "gold", None);
        let year_ms = 365 * 86_400_000;
        let ends = club.tier_until(&member, Timestamp::from_millis(NEW_YEAR));
        // The end of 2028, which is a leap year.
        let end = NEW_YEAR + 2 * year_ms + 86_400_000;
        assert_eq!(ends.map(Timestamp::as_millis), Some(end));
        check(&member, end - 1, "gold", None);
        check(&member, end, "friend", Some(("gold", 9_950)));
        member.standing.invited = Some("circle".into());
        check(&member, end, "circle", None);
    }

    #[test]
    fn a_cart_earns_at_the_tier_of_its_own_instant() {
        let club = program(YEARS);
        let cart = serde_json::json!({ "currency": "EUR", "lines": [
            { "id": "l1", "product": "p", "quantity": 1, "unit_price": "10" },
        ]});
        let cart: crate::wire::CartDocument = serde_json::from_value(cart).expect("a cart");
        let cart = crate::Cart::try_from(cart).expect("a valid cart");
        let mut member = member(0, "gold");
        member.standing.basis = "EUR year".into();
        member.standing.period = 2_025;
        member.standing.buckets = vec![(2_025, 9_950)];
        let check = |now: i64, points: i64| {
            let now = Timestamp::from_millis(now);
            let earning = crate::evaluate(&club, &member, &cart, now).expect("few points");
            assert_eq!(earning.points.get(), points);
        };
        check(OLD_YEAR, 20);
        check(NEW_YEAR, 10);
    }

    #[test]
    fn who_is_new_is_in_the_tier_that_starts_at_nothing() {
        assert_eq!(program(CLUB).newcomer(), Snapshot::default());
        let open = CLUB.replace("300", "0");
        assert_eq!(program(&open).newcomer().tier.as_deref(), Some("silver"));
    }
}
