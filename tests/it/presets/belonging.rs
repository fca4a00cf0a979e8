//! What members are over time: tiers and their perks, badges, a fee that is paid and lapses.

use earnest_core::membership::Membership;
use earnest_core::{Command, Currency, PerkKind, Plan, Present, plan};

use super::instant;
use super::story::{Does, Story};

#[test]
fn a_tier_is_reached_within_a_calendar_year_and_kept_through_the_next() {
    let mut story = Story::of("three-tiers-bazaar", "USD");
    story.tell(vec![
        ("2026-11-01T18:00:00Z", Does::Joins, &[], 0),
        (
            "2026-11-02T18:00:00Z",
            Does::Buys("349.99", "serum"),
            &[("earn", 349)],
            349,
        ),
    ]);
    let tier = |story: &Story, at: &str| story.tier(at).map(str::to_owned);
    let serum = story.cart("80.00", "serum");
    assert_eq!(
        tier(&story, "2026-12-31T18:00:00Z").as_deref(),
        Some("insider")
    );
    assert_eq!(story.next_tier("2026-12-31T18:00:00Z"), Some(("select", 1)));
    // A new year begins at nothing.
    assert_eq!(
        story.next_tier("2027-01-02T18:00:00Z"),
        Some(("select", 35_000))
    );
    assert_eq!(
        story.offer("ten-off", &serum, "2026-11-03T18:00:00Z"),
        Err("not_enough_points")
    );
    story.tell(vec![(
        "2026-12-31T18:00:00Z",
        Does::Buys("650.01", "serum"),
        &[("earn", 650)],
        999,
    )]);
    for (at, held) in [
        ("2026-12-31T19:00:00Z", "elite"),
        ("2027-07-01T19:00:00Z", "elite"),
        // The last instant of 2027 in Los Angeles, and the first of 2028.
        ("2028-01-01T07:59:59Z", "elite"),
        ("2028-01-01T08:00:00Z", "insider"),
    ] {
        assert_eq!(tier(&story, at).as_deref(), Some(held), "{at}");
    }
    assert_eq!(
        story.offer("ten-off", &serum, "2027-01-02T18:00:00Z"),
        Ok((500, 1_000))
    );
    let lip = story.cart("9.50", "lipstick");
    assert_eq!(
        story.offer("ten-off", &lip, "2027-01-02T18:00:00Z"),
        Err("order_below_minimum")
    );
    assert_eq!(
        story.offer("hundred-off", &serum, "2027-01-02T18:00:00Z"),
        Err("not_enough_points")
    );
    assert_eq!(
        story.offer("hundred-off", &serum, "2028-02-02T18:00:00Z"),
        Err("reward_not_in_tier")
    );
    // What she spends is not what she has reached.
    story.tell(vec![(
        "2027-01-03T18:00:00Z",
        Does::Spends(500),
        &[("adjust", -500)],
        499,
    )]);
    assert_eq!(
        tier(&story, "2027-01-03T19:00:00Z").as_deref(),
        Some("elite")
    );
    assert!(
        story
            .perks("2027-01-03T19:00:00Z")
            .contains(&"early-access")
    );
}

#[test]
fn silver_and_gold_are_perks_for_a_year_and_land_softly() {
    let mut story = Story::of("bronze-silver-gold", "EUR");
    story.tell(vec![
        ("2026-03-10T09:00:00Z", Does::Joins, &[], 0),
        (
            "2026-03-10T09:00:00Z",
            Does::Buys("299.00", "coats"),
            &[("earn", 29)],
            29,
        ),
        (
            "2026-04-10T09:00:00Z",
            Does::Buys("20.00", "socks"),
            &[("earn", 2)],
            31,
        ),
        // The third order within 90 days of the first: 20 points more.
        (
            "2026-05-10T09:00:00Z",
            Does::Buys("881.00", "coats"),
            &[("earn", 88), ("order-challenge", 20)],
            139,
        ),
    ]);
    let percent = |story: &Story, at: &str| {
        let (_, tier) = story.program.tier_at(&story.member, instant(at))?;
        let percent = tier.perks.iter().find_map(|perk| match perk.kind {
            PerkKind::PercentOff(percent) => Some(percent.to_string()),
            _ => None,
        });
        Some((tier.id.clone(), percent.unwrap_or_default()))
    };
    for (at, tier, off) in [
        ("2026-05-11T09:00:00Z", "gold", "20"),
        // Her year ends on 9 March; gold is kept through the next.
        ("2027-03-11T09:00:00Z", "gold", "20"),
        ("2028-03-09T09:00:00Z", "gold", "20"),
        ("2028-03-10T09:00:00Z", "silver", "5"),
        ("2029-03-10T09:00:00Z", "bronze", ""),
    ] {
        assert_eq!(
            percent(&story, at),
            Some((tier.to_owned(), off.to_owned())),
            "{at}"
        );
    }
    let coat = story.cart("60.00", "coats");
    assert_eq!(
        story.offer("five-off", &coat, "2026-05-11T09:00:00Z"),
        Ok((50, 500))
    );
    // Gold has free shipping without it.
    assert_eq!(
        story.offer("ship", &coat, "2026-05-11T09:00:00Z"),
        Err("reward_not_in_tier")
    );
    assert!(
        story
            .perks("2026-05-11T09:00:00Z")
            .contains(&"free-shipping")
    );
}

/// What a plan gives for nothing: who gives it, and which reward.
fn given(plan: &Plan) -> Vec<String> {
    let gifts = plan.gifts.iter().map(|it| match &it.what {
        Present::Reward { id, .. } => format!("{}: {id}", it.giver),
        other => format!("{}: {other:?}", it.giver),
    });
    gifts.collect()
}

#[test]
fn a_birthday_is_a_gift_once_a_year() {
    let mut story = Story::of("bronze-silver-gold", "EUR");
    story.tell(vec![("2026-03-01T09:00:00Z", Does::Joins, &[], 0)]);
    story.member.birthday = Some((5, 14));
    let birthday = || Does::Acts("birthday", &[], 1);
    let gift = ["birthday: birthday-gift"];
    assert_eq!(given(&story.book("2026-05-14T09:00:00Z", birthday())), gift);
    assert!(given(&story.book("2026-05-15T09:00:00Z", birthday())).is_empty());
    assert!(given(&story.book("2027-04-30T09:00:00Z", birthday())).is_empty());
    assert_eq!(given(&story.book("2027-05-01T09:00:00Z", birthday())), gift);
}

#[test]
fn a_member_without_points_has_perks_and_badges() {
    let mut story = Story::of("membership-no-points", "EUR");
    let run = |km| Does::Acts("run-km", &[], km);
    let workout = || Does::Acts("workout", &[], 1);
    story.tell(vec![
        ("2026-09-01T17:00:00Z", Does::Joins, &[], 0),
        (
            "2026-09-02T17:00:00Z",
            Does::Buys("129.99", "shoes"),
            &[],
            0,
        ),
        ("2026-09-02T18:00:00Z", workout(), &[], 0),
        ("2026-09-20T08:00:00Z", run(42), &[], 0),
    ]);
    assert_eq!(story.badges(), ["First workout"]);
    assert_eq!(story.tier("2026-09-21T08:00:00Z"), None);
    assert!(
        story
            .perks("2026-09-21T08:00:00Z")
            .contains(&"early-access")
    );
    story.tell(vec![
        ("2026-09-30T08:00:00Z", run(10), &[], 0),
        // Weeks from Monday: 31 August, then 7, 14 and 21 September.
        ("2026-09-08T18:00:00Z", workout(), &[], 0),
        ("2026-09-19T18:00:00Z", workout(), &[], 0),
        ("2026-09-27T18:00:00Z", workout(), &[], 0),
        // The 10 km of September do not count in October.
        ("2026-10-03T08:00:00Z", run(12), &[], 0),
    ]);
    assert_eq!(
        story.badges(),
        ["First workout", "50 km", "4 weeks in a row"]
    );
    story.tell(vec![("2026-10-08T08:00:00Z", run(9), &[], 0)]);
    assert!(story.badges().contains(&"Autumn half 2026"));
    // 73 km so far, and 180 more: at 250 there is something for her.
    let ladder = story.book("2026-11-08T08:00:00Z", run(180));
    assert_eq!(given(&ladder), ["distance: shoes-off"]);
    // Whoever is invited is of the crew until the shop takes it back.
    story.member.standing.invited = Some("crew".into());
    assert_eq!(story.tier("2027-09-21T08:00:00Z"), Some("crew"));
}

#[test]
fn what_is_paid_for_lapses_and_the_points_stay() {
    let mut story = Story::of("paid-membership", "USD");
    story.tell(vec![
        ("2026-06-01T15:00:00Z", Does::Joins, &[], 0),
        (
            "2026-06-02T15:00:00Z",
            Does::Buys("120.00", "kettles"),
            &[("earn", 120)],
            120,
        ),
    ]);
    let started = instant("2026-06-10T15:00:00Z");
    let started = plan(
        &story.program,
        Some(&story.member),
        Command::StartTrial,
        started,
    );
    story.member = started.expect("a trial").snapshot;
    let trial = story.member.paid_until;
    let membership = story.program.membership().expect("a membership");
    assert_eq!(
        trial.map(|until| story.date_of(until)).as_deref(),
        Some("2026-07-11")
    );
    let usd = Currency::parse("USD").expect("a currency");
    let (month, year) = membership.fees(usd);
    let fees = [month, year].map(|fee| fee.map(earnest_core::Money::minor));
    assert_eq!(fees, [Some(1_499), Some(13_900)]);
    let kinds: Vec<_> = membership
        .perks
        .iter()
        .map(|perk| perk.kind.name())
        .collect();
    assert_eq!(kinds, ["free-shipping", "early-access", "free-returns"]);
    assert!(Membership::is_active(
        trial,
        instant("2026-07-11T03:59:59Z")
    ));
    story.tell(vec![
        (
            "2026-07-10T15:00:00Z",
            Does::Buys("120.00", "kettles"),
            &[("earn", 240)],
            360,
        ),
        // The first instant of 11 July in New York.
        (
            "2026-07-11T04:00:00Z",
            Does::Buys("120.00", "kettles"),
            &[("earn", 120)],
            480,
        ),
    ]);
    assert_eq!(story.member.balance.get(), 480);
}
