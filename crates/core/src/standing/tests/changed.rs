//! What a refund takes out of a standing, and what two of them come to who are one.

use super::*;

/// Does something with the tiers of these rules.
fn with<T>(rules: &TierRules, act: impl FnOnce(Ladder<'_>) -> T) -> T {
    let (tiers, calendar) = (tiers(), Calendar::default());
    act(Ladder {
        tiers: &tiers,
        rules,
        calendar: &calendar,
    })
}

fn member(rules: &TierRules, tier: &str, period: i64, buckets: &[(i64, i64)]) -> Snapshot {
    Snapshot {
        tier: (!tier.is_empty()).then(|| tier.to_owned()),
        standing: Standing {
            basis: rules.basis.clone(),
            period,
            buckets: buckets.to_vec(),
            invited: None,
        },
        ..Snapshot::default()
    }
}

/// Who both of them are.
fn united(rules: &TierRules, one: &Snapshot, other: &Snapshot, now: Timestamp) -> Snapshot {
    let mut her = one.clone();
    with(rules, |it| it.merge(&mut her, [one, other], now));
    her
}

#[test]
fn what_comes_back_is_taken_out_of_its_own_period_and_never_more_than_counted_there() {
    let rules = calendar_year();
    let check = |amount: i64, placed_at: &str, basis: &str, left: [i64; 2]| {
        let mut her = member(&rules, "", 2026, &[(2025, 50), (2026, 300)]);
        her.standing.basis = basis.into();
        let now = at("2026-06-01");
        with(&rules, |it| {
            it.uncount(&mut her, amount, at(placed_at), now);
        });
        let found: Vec<i64> = her.standing.buckets.iter().map(|(_, it)| *it).collect();
        assert_eq!(found, left, "{amount} of {placed_at}");
    };
    let basis = "points year";
    check(20, "2025-12-31", basis, [30, 300]);
    check(80, "2025-12-31", basis, [0, 300]);
    check(80, "2026-01-01", basis, [50, 220]);
    // What bears a later time counted now.
    check(80, "2027-01-01", basis, [50, 220]);
    check(80, "2024-01-01", basis, [50, 300]);
    // What counted on another basis is not among these.
    check(80, "2026-01-01", "orders year", [50, 300]);
}

#[test]
fn what_counted_on_another_basis_is_nothing_here() {
    let rules = calendar_year();
    let mut her = member(&rules, "", 2026, &[(2026, 300)]);
    let amount = |her: &Snapshot| with(&rules, |it| it.amount(her, 2026));
    assert_eq!(amount(&her), 300);
    her.standing.basis = "orders year".into();
    assert_eq!(amount(&her), 0);
}

#[test]
fn a_tier_is_worked_out_anew_from_the_oldest_period_that_is_kept() {
    let softly = TierRules {
        soft_landing: true,
        ..calendar_year()
    };
    let check = |buckets: &[(i64, i64)], expected: Option<usize>| {
        let her = member(&softly, "", 2026, buckets);
        let found = with(&softly, |it| it.anew(&her, at("2026-06-01")));
        assert_eq!(found, expected, "{buckets:?}");
    };
    check(&[], None);
    check(&[(2026, 100)], Some(0));
    check(&[(2025, 300), (2026, 50)], Some(1));
    // Platinum in 2023 and 2024, gold in 2025, silver in 2026.
    check(&[(2023, 1_000)], Some(0));
    check(&[(2022, 1_000)], None);
}

#[test]
fn two_who_are_one_hold_what_either_holds_and_what_they_reach_together() {
    let rules = calendar_year();
    let now = at("2026-06-01");
    let check = |one: &Snapshot, other: &Snapshot, tier: &str, buckets: &[(i64, i64)]| {
        for (into, merged) in [(one, other), (other, one)] {
            let into = united(&rules, into, merged, now);
            assert_eq!(into.tier.as_deref().unwrap_or_default(), tier);
            assert_eq!(into.standing.basis, "points year");
            assert_eq!(into.standing.period, 2026);
            assert_eq!(into.standing.buckets, buckets);
        }
    };
    let new = Snapshot::default();
    let of_both = member(&rules, "silver", 2026, &[(2026, 150)]);
    check(&new, &of_both, "silver", &[(2026, 150)]);
    check(&of_both, &of_both, "gold", &[(2026, 300)]);
    // One that was given stays, as long as it is held.
    let given = member(&rules, "platinum", 2026, &[]);
    check(&of_both, &given, "platinum", &[(2026, 150)]);
    let long_ago = member(&rules, "platinum", 2023, &[]);
    check(&of_both, &long_ago, "silver", &[(2026, 150)]);
}

#[test]
fn what_has_fallen_does_not_come_back_by_a_merge() {
    let softly = TierRules {
        soft_landing: true,
        ..calendar_year()
    };
    let mut her = Snapshot::default();
    let story = ["2023-03-01 +1000", "2024-06-01 platinum", "2025-06-01 gold"];
    follow(&softly, 0, &mut her, &story);
    let mut her = united(&softly, &her, &Snapshot::default(), at("2025-06-01"));
    let story = ["2025-06-02 gold", "2026-06-01 silver", "2027-06-01 none"];
    follow(&softly, 0, &mut her, &story);
    // Nor is a step of it taken twice.
    let mut given = member(&softly, "platinum", 2024, &[]);
    follow(
        &softly,
        0,
        &mut given,
        &["2025-06-01 gold", "2026-06-01 silver"],
    );
    let mut given = united(&softly, &given, &Snapshot::default(), at("2026-06-01"));
    let story = ["2026-06-02 silver", "2027-06-01 none"];
    follow(&softly, 0, &mut given, &story);
}

#[test]
fn of_two_invitations_the_higher_stays() {
    let rules = calendar_year();
    let check = |mine: &str, theirs: &str, expected: &str| {
        let invited = |to: &str| {
            let mut her = member(&rules, "", 2026, &[]);
            her.standing.invited = (!to.is_empty()).then(|| to.to_owned());
            her
        };
        let her = united(&rules, &invited(mine), &invited(theirs), at("2026-06-01"));
        let found = her.standing.invited.as_deref();
        assert_eq!(found.unwrap_or_default(), expected, "{mine} and {theirs}");
    };
    check("", "circle", "circle");
    check("circle", "", "circle");
    check("circle", "gold", "circle");
    check("gold", "circle", "circle");
    check("", "", "");
}
