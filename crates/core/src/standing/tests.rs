//! Standings over the years: each table is one member's story, told in lines.
//!
//! `2026-03-01 +350` is an order, `2026-01-02 late 2025-12-30 +350` one that is booked late, and
//! `2026-03-02 gold until 2028-01-01` what she is and until when. A time stands behind a T; noon without one.

#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may panic"
)]

mod changed;

use proptest::prelude::*;

use super::*;
use crate::{Decimal, Points};

/// Silver from 100, gold from 300, platinum from 1000, and an inner circle by invitation below platinum.
fn tiers() -> Vec<Tier> {
    let tier = |id: &str, from: Option<i64>| Tier {
        id: id.into(),
        name: id.into(),
        label: id.into(),
        from,
        factor: Decimal::ONE,
        group: None,
        perks: Vec::new(),
    };
    vec![
        tier("silver", Some(100)),
        tier("gold", Some(300)),
        tier("circle", None),
        tier("platinum", Some(1_000)),
    ]
}

fn calendar_year() -> TierRules {
    TierRules {
        basis: "points year".into(),
        period: Period::Year { month: 1, day: 1 },
        ..TierRules::default()
    }
}

fn anniversary() -> TierRules {
    TierRules {
        basis: "points anniversary".into(),
        period: Period::Anniversary,
        ..TierRules::default()
    }
}

fn rolling() -> TierRules {
    TierRules {
        basis: "points rolling".into(),
        period: Period::Rolling,
        ..TierRules::default()
    }
}

fn at(text: &str) -> Timestamp {
    let (date, time) = text.split_once('T').unwrap_or((text, "12:00:00"));
    let numbers = |text: &str, by: char| -> Vec<i64> {
        let parts = text.split(by);
        parts
            .map(|it| it.parse().expect("a number of the test"))
            .collect()
    };
    let (date, time) = (numbers(date, '-'), numbers(time, ':'));
    let [year, month, day] = date[..] else {
        panic!("no date: {text}")
    };
    let [hour, minute, second] = time[..] else {
        panic!("no time: {text}")
    };
    let days = Date { year, month, day }.day_number();
    Timestamp::from_millis((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000)
}

/// Follows a member through her story in a zone so many minutes east of UTC.
fn follow(rules: &TierRules, offset: i64, member: &mut Snapshot, story: &[&str]) {
    let tiers = tiers();
    let calendar = Calendar::new(vec![(Timestamp::from_millis(0), offset)]);
    let ladder = Ladder {
        tiers: &tiers,
        rules,
        calendar: &calendar,
    };
    let name = |place: Option<usize>| place.map_or("none", |place| tiers[place].id.as_str());
    for line in story {
        let words: Vec<&str> = line.split(' ').collect();
        let now = at(words[0]);
        let mut order = |placed_at: Timestamp, amount: &str| {
            let amount: i64 = amount.parse().expect("an amount of the test");
            let earned = Points::new(amount).expect("points of the test");
            member.earned = member.earned.checked_add(earned).expect("few points");
            member.orders += 1;
            ladder.settle(member, amount, placed_at, now);
        };
        match words[1..] {
            ["late", placed_at, amount] => order(at(placed_at), amount),
            [amount] if amount.starts_with('+') => order(now, amount),
            [tier] => assert_eq!(name(ladder.held(member, now)), tier, "{line}"),
            [tier, "until", end] => {
                assert_eq!(name(ladder.held(member, now)), tier, "{line}");
                let end = (end != "ever").then(|| at(&format!("{end}T00:00:00")));
                assert_eq!(ladder.held_until(member, now), end, "{line}");
            }
            _ => panic!("what does it say? {line}"),
        }
    }
}

fn check(rules: &TierRules, story: &[&str]) {
    follow(rules, 0, &mut Snapshot::default(), story);
}

#[test]
fn over_the_lifetime_nobody_ever_falls() {
    check(
        &TierRules::default(),
        &[
            "2026-01-01 none until ever",
            "2026-01-01 +99",
            "2026-01-01 none",
            "2026-06-01 +1",
            "2026-06-01 silver until ever",
            "2099-01-01 +900",
            "2099-01-01 platinum until ever",
        ],
    );
    let orders = TierRules {
        basis: "orders lifetime".into(),
        measure: Measure::Orders,
        ..TierRules::default()
    };
    let mut regular = Snapshot {
        orders: 98,
        ..Snapshot::default()
    };
    let story = [
        "2026-01-01 +1",
        "2026-01-01 none",
        "2026-06-01 +1",
        "2026-06-01 silver until ever",
    ];
    follow(&orders, 0, &mut regular, &story);
    let spend = TierRules {
        basis: "EUR lifetime".into(),
        measure: Measure::Spend(Currency::parse("EUR").expect("a currency")),
        ..TierRules::default()
    };
    check(
        &spend,
        &[
            "2026-01-01 +60",
            "2031-01-01 +60",
            "2099-01-01 silver until ever",
        ],
    );
}

#[test]
fn a_tier_lifts_at_once_and_lasts_to_the_end_of_the_next_year() {
    check(
        &calendar_year(),
        &[
            "2026-03-01 +299",
            "2026-03-01 silver until 2028-01-01",
            "2026-12-31T23:59:59 +1",
            "2026-12-31T23:59:59 gold until 2028-01-01",
            "2027-12-31T23:59:59 gold until 2028-01-01",
            "2028-01-01T00:00:00 none until ever",
        ],
    );
    // Less next year: that holds her a year longer, at its own height.
    check(
        &calendar_year(),
        &[
            "2026-03-01 +1000",
            "2027-03-01 +100",
            "2027-03-01 platinum until 2028-01-01",
            "2028-01-01T00:00:00 silver until 2029-01-01",
            "2029-01-01T00:00:00 none",
        ],
    );
    // Nobody looks for years, and nothing ran meanwhile.
    check(
        &calendar_year(),
        &["2026-03-01 +1000", "2057-05-05 none until ever"],
    );
}

#[test]
fn a_tier_that_ends_with_its_period_lasts_no_longer() {
    let rules = TierRules {
        ends_with_period: true,
        ..calendar_year()
    };
    check(
        &rules,
        &[
            "2026-03-01 +300",
            "2026-12-31T23:59:59 gold until 2027-01-01",
            "2027-01-01T00:00:00 none",
        ],
    );
}

#[test]
fn a_programmes_year_begins_on_its_own_day() {
    let rules = TierRules {
        period: Period::Year { month: 7, day: 15 },
        ..calendar_year()
    };
    check(
        &rules,
        &[
            "2026-07-14T23:59:59 +300",
            "2026-07-14T23:59:59 gold until 2027-07-15",
            "2026-07-15T00:00:00 +100",
            "2027-07-14T23:59:59 gold",
            "2027-07-15T00:00:00 silver until 2028-07-15",
        ],
    );
}

#[test]
fn a_membership_year_begins_on_the_day_of_joining() {
    let joined = |joined_at: &str| Snapshot {
        joined_at: Some(at(joined_at)),
        ..Snapshot::default()
    };
    let story = [
        "2026-05-09T23:59:59 +300",
        "2026-05-09T23:59:59 gold until 2027-05-10",
        "2027-05-10T00:00:00 none",
    ];
    follow(
        &anniversary(),
        0,
        &mut joined("2025-05-10T18:00:00"),
        &story,
    );
    // Leap days have their anniversary on 1 March.
    let story = [
        "2025-02-28 +300",
        "2025-02-28 gold until 2026-03-01",
        "2026-02-28T23:59:59 gold",
        "2026-03-01T00:00:00 none",
        "2026-03-01 +300",
        "2026-03-01 gold until 2028-02-29",
    ];
    follow(&anniversary(), 0, &mut joined("2024-02-29"), &story);
    // It is not known when she joined: calendar years.
    check(
        &anniversary(),
        &["2026-05-09 +300", "2026-05-09 gold until 2028-01-01"],
    );
}

#[test]
fn rolling_months_hold_a_tier_for_twelve_months_beyond_the_one_that_reached_it() {
    check(
        &rolling(),
        &[
            "2026-01-15 +200",
            "2026-03-15 +100",
            "2026-03-15 gold until 2027-02-01",
            "2027-01-31T23:59:59 gold",
            // January's 200 count no more; March's 100 do until they have had their twelve months.
            "2027-02-01T00:00:00 silver until 2027-04-01",
            "2027-04-01T00:00:00 none",
        ],
    );
    let strict = TierRules {
        ends_with_period: true,
        ..rolling()
    };
    check(
        &strict,
        &[
            "2026-01-31 +300",
            "2026-02-01 gold until 2027-01-01",
            "2027-01-01T00:00:00 none",
        ],
    );
}

#[test]
fn grace_puts_off_the_fall_and_nothing_else() {
    let rules = TierRules {
        grace_days: 30,
        ..calendar_year()
    };
    check(
        &rules,
        &[
            "2026-03-01 +300",
            "2028-01-01T00:00:00 gold until 2028-01-31",
            "2028-01-30T23:59:59 gold",
            "2028-01-31T00:00:00 none",
        ],
    );
    // An order within the days of grace counts in the new year, and lifts at once.
    check(
        &rules,
        &[
            "2026-03-01 +300",
            "2028-01-10 +100",
            "2028-01-10 gold until 2028-01-31",
            "2028-01-31T00:00:00 silver until 2030-01-31",
        ],
    );
    check(
        &rules,
        &[
            "2026-03-01 +100",
            "2028-01-10 +1000",
            "2028-01-10 platinum until 2030-01-31",
            "2028-01-31 platinum",
        ],
    );
    let months = TierRules {
        grace_days: 45,
        ..rolling()
    };
    check(
        &months,
        &[
            "2026-01-15 +300",
            "2026-02-15 gold until 2027-03-18",
            "2027-02-20 +1000",
            "2027-03-20 platinum",
        ],
    );
}

#[test]
fn a_soft_landing_is_one_tier_a_period() {
    let rules = TierRules {
        soft_landing: true,
        ..calendar_year()
    };
    check(
        &rules,
        &[
            "2026-03-01 +1000",
            "2027-12-31 platinum until 2028-01-01",
            // Not into the inner circle: nobody is invited by falling.
            "2028-01-01T00:00:00 gold until 2029-01-01",
            "2029-01-01T00:00:00 silver until 2030-01-01",
            "2030-01-01T00:00:00 none until ever",
        ],
    );
    // What is reached on the way down holds.
    check(
        &rules,
        &[
            "2026-03-01 +1000",
            "2028-06-01 +300",
            "2028-06-01 gold until 2030-01-01",
            "2030-01-01 silver",
        ],
    );
}

#[test]
fn an_order_that_is_booked_late_counts_in_its_own_period() {
    check(
        &calendar_year(),
        &[
            "2026-12-01 +200",
            "2027-01-05 +100",
            "2027-01-06 silver until 2029-01-01",
            "2027-01-07 late 2026-12-31T23:59:59 +100",
            "2027-01-07 gold until 2028-01-01",
            "2028-01-01 silver until 2029-01-01",
        ],
    );
    // Too late to hold anything today, and still a soft landing's beginning.
    check(
        &calendar_year(),
        &[
            "2026-01-05 +1",
            "2028-01-05 late 2026-06-01 +300",
            "2028-01-05 none",
        ],
    );
    let soft = TierRules {
        soft_landing: true,
        ..calendar_year()
    };
    check(
        &soft,
        &[
            "2026-01-05 +1",
            "2028-01-05 late 2026-06-01 +300",
            "2028-01-05 silver until 2029-01-01",
        ],
    );
    // A clock that is ahead does not open the next year.
    check(
        &calendar_year(),
        &[
            "2026-12-31 late 2027-01-01 +300",
            "2026-12-31 gold until 2028-01-01",
        ],
    );
}

#[test]
fn the_order_of_deliveries_does_not_matter_to_the_tier() {
    for rules in [calendar_year(), rolling()] {
        let orders = ["2026-02-01 +150", "2026-05-01 +60", "2027-01-20 +120"];
        let mut seen = Vec::new();
        for turn in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let mut member = Snapshot::default();
            for nth in turn {
                let late = format!("2027-01-21 late {}", orders[nth]);
                follow(&rules, 0, &mut member, &[&late]);
            }
            seen.push((member.tier.clone(), member.standing.clone()));
        }
        assert!(seen.iter().all(|it| *it == seen[0]), "{seen:?}");
    }
}

#[test]
fn an_invitation_holds_a_tier_that_no_order_reaches() {
    let mut member = Snapshot::default();
    member.standing.invited = Some("circle".into());
    let story = [
        "2026-01-01 circle until ever",
        "2026-01-01 +300",
        "2026-01-01 circle until ever",
        "2026-02-01 +700",
        "2026-02-01 platinum until 2028-01-01",
        "2028-01-01 circle until ever",
    ];
    follow(&calendar_year(), 0, &mut member, &story);
    member.standing.invited = None;
    follow(&calendar_year(), 0, &mut member, &["2028-01-01 none"]);
}

#[test]
fn a_year_ends_at_the_shops_midnight() {
    let mut member = Snapshot::default();
    let story = [
        "2026-12-31T22:59:59 +100",
        "2026-12-31T23:00:00 +300",
        "2027-12-31T22:59:59 gold",
        "2027-12-31T23:00:00 gold",
        "2028-12-31T22:59:59 gold",
        "2028-12-31T23:00:00 none",
    ];
    follow(&calendar_year(), 60, &mut member, &story);
}

#[test]
fn a_tier_from_before_the_rules_is_kept_until_the_period_of_her_next_order_ends() {
    let mut member = Snapshot {
        tier: Some("gold".into()),
        earned: Points::new(400).expect("few points"),
        ..Snapshot::default()
    };
    // Whoever has not ordered since is left alone: nothing is known of her under the new rules.
    let story = [
        "2026-11-01 gold until ever",
        "2031-11-01 gold",
        "2031-12-01 +1",
        "2031-12-01 gold until 2032-01-01",
        "2032-01-01 none",
    ];
    follow(&calendar_year(), 0, &mut member, &story);
}

#[test]
fn only_the_newest_few_periods_are_kept() {
    let mut member = Snapshot::default();
    for year in 2000..2040 {
        follow(
            &calendar_year(),
            0,
            &mut member,
            &[&format!("{year}-05-05 +1")],
        );
    }
    assert_eq!(member.standing.buckets.len(), 5);
    assert_eq!(member.standing.buckets.last(), Some(&(2039, 1)));
    let too_late = ["2039-06-01 late 2001-01-01 +1000", "2039-06-01 none"];
    follow(&calendar_year(), 0, &mut member, &too_late);
    assert_eq!(member.standing.buckets.len(), 5);
}

#[test]
fn what_qualifies_is_what_the_tiers_measure() {
    let eur = Currency::parse("EUR").ok();
    let usd = Currency::parse("USD").ok();
    let check = |measure: Measure, expected: [i64; 4]| {
        let orders = [(39, eur, 1_990), (0, usd, 500), (5, None, 0), (0, eur, 0)];
        let told = orders.map(|(points, currency, counted_minor)| {
            measure.of(&Earning {
                points: Points::new(points).expect("few points"),
                currency,
                counted_minor,
                lines: Vec::new(),
                reasons: Vec::new(),
                credits: Vec::new(),
            })
        });
        assert_eq!(told, expected, "{measure:?}");
    };
    check(Measure::Points, [39, 0, 5, 0]);
    check(Measure::Spend(eur.expect("a currency")), [1_990, 0, 0, 0]);
    check(Measure::Orders, [1, 1, 0, 0]);
}

#[test]
fn rules_that_no_compiler_made_end_all_the_same() {
    let extremes = [i64::MIN, 1, i64::MAX];
    for period in [
        Period::Year { month: 1, day: 1 },
        Period::Year {
            month: i64::MAX,
            day: i64::MIN,
        },
        Period::Anniversary,
        Period::Rolling,
    ] {
        for grace_days in extremes {
            let rules = TierRules {
                period,
                grace_days,
                soft_landing: true,
                ..TierRules::default()
            };
            let (tiers, calendar) = (tiers(), Calendar::default());
            let ladder = Ladder {
                tiers: &tiers,
                rules: &rules,
                calendar: &calendar,
            };
            for (settled, now) in extremes.into_iter().flat_map(|a| extremes.map(|b| (a, b))) {
                let mut member = Snapshot {
                    tier: Some("platinum".into()),
                    joined_at: Some(Timestamp::from_millis(settled)),
                    ..Snapshot::default()
                };
                member.standing.period = settled;
                member.standing.buckets = vec![(settled, i64::MAX), (now, i64::MAX)];
                let now = Timestamp::from_millis(now);
                ladder.held_until(&member, now);
                ladder.period_ends_at(&member, now);
                ladder.settle(&mut member, i64::MAX, now, now);
            }
        }
    }
}

proptest! {
    /// Whether orders are booked as they come or all at once, late and in any order, she is in the same tier
    /// then and on every later day; and nobody who orders more is in a lower one.
    #[test]
    fn when_an_order_is_booked_decides_nothing(
        period in prop_oneof![
            Just(Period::Lifetime),
            Just(Period::Year { month: 3, day: 31 }),
            Just(Period::Anniversary),
            Just(Period::Rolling),
        ],
        ends_with_period: bool,
        grace_days in 0_i64..40,
        soft_landing: bool,
        (orders, turns) in prop::collection::vec((0_i64..900, 1_i64..600), 1..12)
            .prop_flat_map(|orders| (Just(orders.clone()), Just(orders).prop_shuffle())),
    ) {
        let rules = TierRules {
            basis: "points".into(),
            period,
            ends_with_period,
            grace_days,
            soft_landing,
            ..TierRules::default()
        };
        let (tiers, calendar) = (tiers(), Calendar::default());
        let ladder = Ladder { tiers: &tiers, rules: &rules, calendar: &calendar };
        let day = |day: i64| Timestamp::from_millis((20_000 + day) * 86_400_000);
        let member = Snapshot { joined_at: Some(day(-100)), ..Snapshot::default() };
        let book = |member: &mut Snapshot, (placed, amount): (i64, i64), now: i64| {
            let amount_points = Points::new(amount).expect("few points");
            member.earned = member.earned.checked_add(amount_points).expect("few points");
            ladder.settle(member, amount, day(placed), day(now));
        };
        let (mut in_time, mut late, mut more) = (member.clone(), member.clone(), member);
        let mut sorted = orders;
        sorted.sort_unstable();
        for order in sorted {
            book(&mut in_time, order, order.0);
            book(&mut more, order, order.0);
            book(&mut more, (order.0, 50), order.0);
        }
        for order in turns {
            book(&mut late, order, 900);
        }
        let mut before = ladder.held(&in_time, day(900));
        for now in (900..2_500).step_by(11) {
            let held = ladder.held(&in_time, day(now));
            prop_assert_eq!(held, ladder.held(&late, day(now)), "on day {}", now);
            prop_assert!(held <= ladder.held(&more, day(now)), "on day {}", now);
            prop_assert!(held <= before, "nobody is lifted by waiting");
            if let Some(until) = ladder.held_until(&in_time, day(now)) {
                prop_assert!(ladder.held(&in_time, until) < held);
                let just_before = Timestamp::from_millis(until.as_millis() - 1);
                prop_assert_eq!(ladder.held(&in_time, just_before), held);
            }
            before = held;
        }
    }
}
