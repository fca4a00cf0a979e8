//! The life of points, told day by day, as far as the shared vectors (`tests/vectors/life`) do not: when something is
//! due, when it came to pass, and points from before there were lots.

use super::story::{Story, at, cart, tell_holdings};
use super::*;
use crate::evaluate;

#[test]
fn points_wait_for_the_return_window_and_are_free_to_the_second_however_late_anybody_looks() {
    let mut story = Story::new("");
    let said = story.order("o1", 40, "2026-03-01T12:00:00Z");
    assert_eq!(said, "earn 40, (pending 40)");
    // The 14th day ends at midnight in Berlin, an hour before it does in UTC.
    let due = due_at(&story.program, &story.member, at("2026-03-01T12:00:00Z"));
    assert_eq!(due, Some(at("2026-03-15T23:00:00Z")));
    let holdings = story.member.holdings.clone();
    assert_eq!(
        tell_holdings(&holdings, at("2026-03-15T22:59:59.999Z")),
        "(pending 40)"
    );
    assert_eq!(
        tell_holdings(&holdings, at("2026-03-15T23:00:00Z")),
        "(free 40)"
    );
    assert_eq!(
        story.reserve("r0", "2026-03-15T22:59:59Z"),
        "not_enough_points"
    );
    // Nothing has run in between, and yet they may be spent.
    let said = story.reserve("r1", "2026-03-20T12:00:00Z");
    assert_eq!(said, "[points.matured], (free 10 held 30)");
    // What was told is not told again.
    let said = story.book(Command::Settle, "2026-03-20T12:10:00Z");
    assert_eq!(said, "(free 10 held 30)");
}

#[test]
fn points_expire_at_the_end_of_their_last_day_and_are_told_of_before() {
    let mut story = Story::new("expiry = { after_months = 1 }");
    story.order("o1", 10, "2026-01-31T12:00:00Z");
    // The last day of February, in Berlin.
    let said = story.book(Command::Settle, "2026-02-28T22:59:59Z");
    assert_eq!(said, "[points.matured], [points.expiring_soon], (free 10)");
    let said = story.book(Command::Settle, "2026-02-28T23:00:00Z");
    assert_eq!(said, "expire -10, [points.expired], ()");
    let said = story.book(Command::Settle, "2026-03-05T00:00:00Z");
    assert_eq!(said, "()");
    assert_eq!(
        due_at(&story.program, &story.member, at("2026-03-05T00:00:00Z")),
        None
    );
    // One word a month before and one a week before, each once.
    let mut story = Story::new("expiry = { after_months = 2 }");
    story.order("o1", 10, "2026-01-31T12:00:00Z");
    let mut words = 0;
    for day in 1..=31 {
        let said = story.book(Command::Settle, &format!("2026-03-{day:02}T05:00:00Z"));
        words += said.matches("expiring_soon").count();
    }
    assert_eq!(words, 2);
}

#[test]
fn only_rest_ends_points_whatever_is_reported_first_and_whether_they_are_held() {
    let review = |story: &mut Story, now: &str, occurred_at: &str| {
        let activity = Activity::new(now.into(), "review".into(), Vec::new(), 1);
        let activity = activity.expect("an activity");
        let (member, occurred_at) = (&story.member, at(occurred_at));
        let earning = crate::evaluate_activity(&story.program, member, &activity, occurred_at);
        let command = Command::Act {
            activity: &activity,
            occurred_at,
            earning: &earning.expect("points"),
        };
        story.book(command, now);
    };
    let order = |story: &mut Story, now: &str, placed_at: &str| {
        let cart = cart(40);
        let earning = evaluate(&story.program, &story.member, &cart, at(placed_at));
        let command = Command::Earn {
            order_id: placed_at,
            cart: &cart,
            placed_at: at(placed_at),
            earning: &earning.expect("points"),
            redemptions: &[],
            draws: &[],
        };
        story.book(command, now);
    };
    let (before, now) = ("2026-03-01T12:00:00Z", "2026-03-20T12:00:00Z");
    for (rule, end) in [
        ("after_inactive_months = 1", "2026-04-20T22:00:00Z"),
        // The least counts from the order, and rest from what she did.
        (
            "after_inactive_months = 1, minimum_months = 2",
            "2026-05-01T22:00:00Z",
        ),
    ] {
        let rule = format!("expiry = {{ {rule} }}");
        let mut one = Story::new(&rule);
        order(&mut one, now, before);
        review(&mut one, now, now);
        let mut other = Story::new(&rule);
        review(&mut other, now, now);
        order(&mut other, now, before);
        for story in [&one, &other] {
            let ends = story.member.holdings.lots.iter().map(|lot| lot.expires_at);
            assert_eq!(ends.collect::<Vec<_>>(), [Some(at(end))], "{rule}");
        }
        // A merge is a delivery, too.
        let mut ada = Story::new(&rule);
        order(&mut ada, before, before);
        let mut bea = Story::new(&rule);
        review(&mut bea, now, now);
        for (into, other) in [(&ada, &bea), (&bea, &ada)] {
            let mut into = into.clone();
            into.member.member_id = "into".into();
            let command = Command::MergeIn {
                member_id: "other",
                other: &other.member,
            };
            into.book(command, now);
            let ends = into.member.holdings.lots.iter().map(|lot| lot.expires_at);
            assert_eq!(ends.collect::<Vec<_>>(), [Some(at(end))]);
        }
    }
    // What is held is not forgotten.
    let mut story = Story::new("expiry = { after_inactive_months = 1 }");
    order(&mut story, "2026-02-20T12:00:00Z", "2026-02-20T12:00:00Z");
    story.reserve("r1", "2026-03-20T11:59:00Z");
    review(&mut story, now, now);
    let release = Command::Release {
        redemption_id: "r1",
    };
    let said = story.book(release, "2026-03-20T12:01:00Z");
    assert_eq!(said, "(free 40)");
    let lots = story.member.holdings.lots.iter();
    let ends: Vec<_> = lots.map(|lot| (lot.points, lot.expires_at)).collect();
    assert_eq!(ends, [(40, Some(at("2026-04-20T22:00:00Z")))]);
}

#[test]
fn points_from_before_there_were_lots_may_be_spent_and_stay() {
    let mut story = Story::new("expiry = { after_months = 1 }");
    story.member.balance = Points::new(45).expect("points");
    story.member.holdings.account_for(story.member.balance);
    let now = "2026-03-01T12:00:00Z";
    assert_eq!(story.reserve("r1", now), "(free 15 held 30)");
    let said = story.book(Command::Settle, "2036-03-01T12:00:00Z");
    assert_eq!(said, "[redemption.timed_out], (free 45)");
}

#[test]
fn what_she_had_of_rules_that_are_long_gone_is_forgotten() {
    let mut story = Story::new("");
    let day = |text| crate::Calendar::default().local(at(text)).day;
    let usage = |holder: &str, day| crate::Usage {
        holder: holder.into(),
        day,
        times: 1,
        ..crate::Usage::default()
    };
    let long_ago = day("2023-01-01T12:00:00Z");
    story.member.usage = vec![
        usage("", long_ago),
        usage("gone", long_ago),
        usage("gone-lately", day("2025-12-01T12:00:00Z")),
        usage("reward:coffee", 0),
        usage("reward:tea", 0),
    ];
    story.book(Command::Settle, "2026-03-01T12:00:00Z");
    let kept = story.member.usage.iter().map(|it| it.holder.as_str());
    assert_eq!(
        kept.collect::<Vec<_>>(),
        ["", "gone-lately", "reward:coffee"]
    );
}

/// The events of a command, each with the instant at which it came to pass.
fn happened(story: &Story, command: Command<'_>, now: &str) -> Vec<(&'static str, Timestamp)> {
    let planned = plan(&story.program, Some(&story.member), command, at(now));
    let events = planned.expect("a plan").events.into_iter();
    events.map(|it| (it.kind.name(), it.happened_at)).collect()
}

#[test]
fn what_comes_to_pass_is_told_in_its_order_and_as_of_its_own_instant() {
    let mut story = Story::new("expiry = { after_months = 12 }");
    let lot = |points, matures_at: &str, expires_at: &str| crate::Lot {
        points,
        matures_at: at(matures_at),
        expires_at: Some(at(expires_at)),
        currency: None,
    };
    // What is over first matures last.
    story.member.holdings.lots = vec![
        lot(1, "2026-03-05T00:00:00Z", "2027-01-01T00:00:00Z"),
        lot(2, "2026-03-03T00:00:00Z", "2027-02-01T00:00:00Z"),
        lot(4, "2026-03-05T00:00:00Z", "2027-03-01T00:00:00Z"),
        lot(30, "2026-01-01T00:00:00Z", "2027-04-01T00:00:00Z"),
    ];
    story.member.balance = Points::new(37).expect("points");
    story.reserve("r1", "2026-03-01T12:00:00Z");
    let told = happened(&story, Command::Settle, "2026-03-20T12:00:00Z");
    let expected = [
        ("redemption.timed_out", at("2026-03-01T13:00:00Z")),
        ("points.matured", at("2026-03-03T00:00:00Z")),
        ("points.matured", at("2026-03-05T00:00:00Z")),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_clock_that_goes_back_tells_nothing_twice() {
    let mut story = Story::new("");
    story.order("o1", 40, "2026-03-01T12:00:00Z");
    let (now, before) = ("2026-03-20T12:00:00Z", "2026-03-10T12:00:00Z");
    let said = story.book(Command::Settle, now);
    assert_eq!(said, "[points.matured], (free 40)");
    story.book(Command::Settle, before);
    assert_eq!(story.book(Command::Settle, now), "(free 40)");
}

#[test]
fn what_is_over_and_not_settled_is_due_whenever_it_was() {
    let mut story = Story::new("expiry = { after_months = 1 }");
    story.order("o1", 10, "2026-01-31T12:00:00Z");
    let due = due_at(&story.program, &story.member, at("2026-04-01T12:00:00Z"));
    assert_eq!(due, Some(at("2026-02-28T23:00:00Z")));
}

#[test]
fn lots_that_matured_a_year_ago_are_one_where_they_end_together() {
    let mut story = Story::new("");
    story.order("o1", 10, "2026-01-10T12:00:00Z");
    story.order("o2", 20, "2026-02-10T12:00:00Z");
    let points = |story: &Story| {
        let lots = story.member.holdings.lots.iter();
        lots.map(|lot| lot.points).collect::<Vec<_>>()
    };
    // The second matured on 25 February, in Berlin; a year and a day later is 366 days.
    story.book(Command::Settle, "2027-02-25T23:00:00Z");
    assert_eq!(points(&story), [10, 20]);
    story.book(Command::Settle, "2027-02-25T23:00:00.001Z");
    assert_eq!(points(&story), [30]);
}
