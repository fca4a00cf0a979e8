//! Challenges as stories of one member, told in lines.
//!
//! `2026-03-02 tea,cake 12.00` is an order that buys for 12.00 EUR from each of these categories, `2026-03-02 usd tea 12.00`
//! one in dollars, `2026-03-02 review 1` an activity. Behind `=` stands what it gives: points of each
//! step, `2x` where it is reached twice at once, and its badge. `back 2026-03-02 tea 12.00 = 30` is the order sent back
//! whole, and what that takes back.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may panic"
)]

mod unite;

use proptest::prelude::*;

use super::*;
use crate::{Date, Money};

fn challenge(goal: Goal, days: Option<i64>, steps: &[(i64, i64, &str)]) -> Challenge {
    let step = |(at, points, badge): &(i64, i64, &str)| Step {
        at: *at,
        points: Points::new(*points).expect("points of the test"),
        badge: (!badge.is_empty()).then(|| (*badge).to_owned()),
        reward: None,
    };
    Challenge {
        id: "c".into(),
        label: "A challenge".into(),
        goal,
        activity: None,
        among: Vec::new(),
        days,
        steps: steps.iter().map(step).collect(),
        repeats: false,
        from: None,
        until: None,
    }
}

fn repeated(challenge: Challenge) -> Challenge {
    Challenge {
        repeats: true,
        ..challenge
    }
}

fn at(date: &str) -> Timestamp {
    let numbers: Vec<i64> = date
        .split('-')
        .map(|it| it.parse().expect("a number of the test"))
        .collect();
    let [year, month, day] = numbers[..] else {
        panic!("no date: {date}")
    };
    let day = Date { year, month, day }.day_number();
    Timestamp::from_millis((day * 24 + 12) * 3_600_000)
}

/// Books each line, and compares what it gives; `date: done of` is what she sees then.
fn check(challenge: &Challenge, story: &[&str]) -> Vec<ChallengeProgress> {
    let challenges = std::slice::from_ref(challenge);
    let calendar = Calendar::default();
    let mut states = Vec::new();
    for line in story {
        if let Some((date, seen)) = line.split_once(": ") {
            let state = states.first().cloned().unwrap_or_default();
            let (done, of) = challenge.progress(&state, &calendar, at(date));
            assert_eq!(format!("{done} of {of}"), seen, "{line}");
            continue;
        }
        let (event, gives) = line.split_once(" =").unwrap_or((line, ""));
        let (is_back, event) = event
            .strip_prefix("back ")
            .map_or((false, event), |it| (true, it));
        let words: Vec<&str> = event.split(' ').collect();
        let money = |text, code| {
            let currency = Currency::parse(code).expect("a currency");
            Money::parse(text, currency).expect("an amount")
        };
        let (categories, paid) = match words[1..] {
            [categories, amount] => (categories, money(amount, "EUR")),
            ["usd", categories, amount] => (categories, money(amount, "USD")),
            _ => panic!("what does it say? {line}"),
        };
        let labels: Vec<Vec<String>> = categories
            .split(',')
            .map(|it| vec![it.to_owned()])
            .collect();
        let event = if ["review", "km"].contains(&categories) {
            Event::Activity {
                at: at(words[0]),
                kind: categories,
                quantity: paid.minor() / 100,
            }
        } else {
            Event::Order {
                at: at(words[0]),
                currency: paid.currency(),
                lines: labels.iter().map(|it| (&it[..], paid.minor())).collect(),
            }
        };
        if is_back {
            let lost = challenge.forget(&mut states[0], (&event, None), &calendar);
            let told = (lost > 0).then(|| format!(" {lost}"));
            assert_eq!(told.unwrap_or_default(), gives, "{line}");
            continue;
        }
        let told: Vec<String> = record(challenges, &mut states, &event, &calendar)
            .iter()
            .map(|it| {
                let times = if it.times > 1 {
                    format!("{}x ", it.times)
                } else {
                    String::new()
                };
                format!(
                    " {times}{}{}",
                    it.points,
                    it.badge.map_or(String::new(), |b| format!(" {b}"))
                )
            })
            .collect();
        assert_eq!(told.join(","), gives, "{line}");
    }
    states
}

#[test]
fn what_was_reached_long_ago_needs_no_order_of_today() {
    let ladder = challenge(Goal::Times, Some(30), &[(3, 70, ""), (4, 30, "")]);
    let march = [
        "2026-03-01 tea 5",
        "2026-03-02 tea 5",
        "2026-03-03 tea 5 = 70",
    ];
    let check_after = |later: &[&str]| {
        check(&ladder, &[&march[..], later].concat());
    };
    check_after(&[
        "2026-12-01 tea 5",
        "2026-12-02 tea 5",
        "2026-12-03 tea 5",
        "back 2026-12-03 tea 5",
        // What came back does not count for the next step either.
        "2026-12-04 tea 5",
        "2026-12-05 tea 5 = 30",
        "back 2026-12-05 tea 5 = 30",
        "back 2026-12-04 tea 5",
    ]);
    // Forgotten bit by bit, while the next three are counted.
    check_after(&[
        "2026-04-05 tea 5",
        "2026-04-06 tea 5",
        "2026-04-07 tea 5",
        "2026-05-05 tea 5",
        "back 2026-04-07 tea 5",
        "back 2026-04-06 tea 5",
    ]);
}

#[test]
fn three_orders_in_thirty_days_is_reached_by_the_third_within_them() {
    let three = challenge(Goal::Times, Some(30), &[(3, 100, "Regular")]);
    check(
        &three,
        &[
            "2026-03-01: 0 of 3",
            "2026-03-01 tea 5",
            "2026-03-10 tea 5",
            "2026-03-30: 2 of 3",
            // The first counts no more.
            "2026-03-31: 1 of 3",
            "2026-03-31 tea 5",
            "2026-04-08 tea 5 = 100 Regular",
            "2026-04-08: 3 of 3",
            "2026-04-09 tea 5",
            "2026-12-09: 3 of 3",
        ],
    );
    // Of an order of which nothing counts there is nothing to count.
    check(&three, &["2026-03-01 gift-card 0", "2026-03-01: 0 of 3"]);
}

#[test]
fn an_order_that_comes_late_completes_the_window_that_it_belongs_to() {
    let three = challenge(Goal::Times, Some(30), &[(3, 100, "")]);
    let late = [
        "2026-03-01 tea 5",
        "2026-03-10 tea 5",
        "2026-04-15 tea 5",
        "2026-03-05 tea 5 = 100",
    ];
    check(&three, &late);
    // It counts on its own day, and not on that of its booking.
    check(
        &three,
        &[
            "2026-04-01 tea 5",
            "2026-04-02 tea 5",
            "2026-02-20 tea 5",
            "2026-04-02: 2 of 3",
        ],
    );
}

#[test]
fn four_categories_are_counted_once_each() {
    let four = challenge(Goal::Categories, None, &[(4, 100, "Explorer")]);
    check(
        &four,
        &[
            "2026-03-01 tea,tea,cake 5",
            "2026-03-02 tea 5",
            "2027-03-02: 2 of 4",
            "2027-03-02 mugs 5",
            "2028-03-02 honey,spice 5 = 100 Explorer",
        ],
    );
    let among = Challenge {
        among: vec!["tea".into(), "cake".into()],
        ..challenge(Goal::Categories, Some(7), &[(2, 10, "")])
    };
    check(
        &among,
        &[
            "2026-03-01 tea 5",
            "2026-03-02 mugs 5",
            "2026-03-08 cake 5",
            "2026-03-08: 1 of 2",
            "2026-03-09 tea 5 = 10",
        ],
    );
}

#[test]
fn spending_counts_in_its_currency_and_what_is_over_begins_the_next_round() {
    let spend = Goal::Spend(Currency::parse("EUR").expect("a currency"));
    let hundred = repeated(challenge(spend, None, &[(10_000, 50, "")]));
    let states = check(
        &hundred,
        &[
            "2026-03-01 tea,cake 30",
            "2026-03-02 usd tea 400",
            "2026-03-02: 6000 of 10000",
            "2026-03-03 tea 50 = 50",
            "2026-03-03: 1000 of 10000",
            "2026-03-04 tea 295 = 3x 150",
            "2026-03-04: 500 of 10000",
        ],
    );
    assert_eq!(states[0].rounds, 4);
}

#[test]
fn a_ladder_gives_each_step_once_a_round() {
    let ladder = challenge(
        Goal::Times,
        None,
        &[(2, 10, "Bronze"), (3, 20, "Silver"), (5, 50, "")],
    );
    check(
        &ladder,
        &[
            "2026-03-01 tea 5",
            "2026-03-01: 1 of 2",
            "2026-03-02 tea 5 = 10 Bronze",
            "2026-03-02: 2 of 3",
            "2026-03-03 tea 5 = 20 Silver",
            "2026-03-04 tea 5",
            "2026-03-05 tea 5 = 50",
            "2026-03-06 tea 5",
        ],
    );
    let run = Challenge {
        activity: Some("km".into()),
        ..repeated(challenge(Goal::Times, None, &[(10, 1, ""), (25, 5, "")]))
    };
    check(
        &run,
        &[
            "2026-03-01 km 12 = 1",
            "2026-03-02 tea 5",
            "2026-03-02 review 1",
            "2026-03-03 km 24 = 1, 5",
            "2026-03-03: 11 of 25",
            // From 11 to 66: the steps at 35 and 60, and those at 25 and 50.
            "2026-03-04 km 55 = 2x 2, 2x 10",
        ],
    );
}

#[test]
fn a_streak_needs_every_week() {
    let weeks = challenge(Goal::Weeks, None, &[(3, 30, "")]);
    check(
        &weeks,
        &[
            // A Sunday, and the Monday after it.
            "2026-03-01 tea 5",
            "2026-03-02 tea 5",
            "2026-03-03 tea 5",
            "2026-03-08: 2 of 3",
            // The week is not over: the streak may still go on.
            "2026-03-15: 2 of 3",
            "2026-03-16: 0 of 3",
            "2026-03-17 tea 5",
            "2026-03-17: 1 of 3",
            // The missing week comes late.
            "2026-03-12 tea 5 = 30",
        ],
    );
    let again = repeated(challenge(Goal::Weeks, None, &[(2, 20, "")]));
    check(
        &again,
        &[
            "2026-03-02 tea 5",
            "2026-03-09 tea 5 = 20",
            // That week is used up.
            "2026-03-10 tea 5",
            "2026-03-16 tea 5",
            "2026-03-16: 1 of 2",
            "2026-03-23 tea 5 = 20",
        ],
    );
}

#[test]
fn a_streak_of_months_goes_over_the_end_of_the_year() {
    let months = Challenge {
        activity: Some("review".into()),
        ..challenge(Goal::Months, None, &[(3, 30, "")])
    };
    check(
        &months,
        &[
            "2026-11-30 review 1",
            "2026-12-01 review 4",
            "2026-12-31: 2 of 3",
            "2027-01-31 review 1 = 30",
        ],
    );
}

#[test]
fn nothing_counts_outside_the_time_of_the_challenge() {
    let short = Challenge {
        from: Some(at("2026-03-01")),
        until: Some(at("2026-03-03")),
        ..challenge(Goal::Times, None, &[(2, 10, "")])
    };
    let story = [
        "2026-02-28 tea 5",
        "2026-03-01 tea 5",
        "2026-03-03 tea 5",
        "2026-03-02 tea 5 = 10",
    ];
    check(&short, &story);
}

#[test]
fn badges_stay_when_a_challenge_begins_anew() {
    let ladder = repeated(challenge(
        Goal::Times,
        None,
        &[(1, 0, "Bronze"), (2, 0, "Silver")],
    ));
    let check = |story: &[&str], badges: &[&str]| {
        let state = check(&ladder, story).pop().unwrap_or_default();
        assert_eq!(ladder.badges(&state).collect::<Vec<_>>(), badges);
    };
    check(&[], &[]);
    check(&["2026-03-01 tea 5 = 0 Bronze"], &["Bronze"]);
    let both = ["2026-03-01 tea 5 = 0 Bronze", "2026-03-02 tea 5 = 0 Silver"];
    check(&both, &["Bronze", "Silver"]);
}

#[test]
fn the_order_of_events_does_not_matter_to_what_is_given() {
    let spend = Goal::Spend(Currency::parse("EUR").expect("a currency"));
    let challenges = [
        challenge(Goal::Times, Some(10), &[(3, 7, "")]),
        challenge(Goal::Categories, Some(10), &[(2, 7, "")]),
        challenge(Goal::Weeks, None, &[(2, 7, ""), (3, 9, "")]),
        repeated(challenge(spend, None, &[(1_500, 3, "")])),
    ];
    let events = [
        ("2026-03-02", "tea", 10),
        ("2026-03-09", "cake", 17),
        ("2026-03-11", "tea", 5),
        ("2026-03-16", "tea", 20),
    ];
    let turns = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];
    for challenge in &challenges {
        let given = turns.map(|turn| {
            let mut states = Vec::new();
            let mut points = 0;
            for (date, category, units) in turn.map(|nth| events[nth]) {
                let categories = [category.to_owned()];
                let event = Event::Order {
                    at: at(date),
                    currency: Currency::parse("EUR").expect("a currency"),
                    lines: vec![(&categories, units * 100)],
                };
                let challenges = std::slice::from_ref(challenge);
                let granted = record(challenges, &mut states, &event, &Calendar::default());
                points += granted.iter().map(|it| it.points.get()).sum::<i64>();
            }
            points
        });
        assert!(
            given[0] > 0 && given.iter().all(|it| *it == given[0]),
            "{given:?} {challenge:?}"
        );
    }
}

#[test]
fn who_does_much_keeps_little() {
    let often = repeated(challenge(Goal::Times, Some(366), &[(1_000_000, 1, "")]));
    let mut states = Vec::new();
    let categories = ["tea".to_owned()];
    for day in 0..500 {
        let event = Event::Order {
            at: Timestamp::from_millis(day * 86_400_000),
            currency: Currency::parse("EUR").expect("a currency"),
            lines: vec![(&categories, 1)],
        };
        record(
            std::slice::from_ref(&often),
            &mut states,
            &event,
            &Calendar::default(),
        );
    }
    assert_eq!(states[0].marks.len(), MAX_MARKS);
    // What counts nowhere is not kept at all.
    let nothing = Event::Activity {
        at: Timestamp::from_millis(0),
        kind: "nap",
        quantity: 1,
    };
    let mut states = Vec::new();
    record(&[often], &mut states, &nothing, &Calendar::default());
    assert_eq!(states, []);
}

#[test]
fn an_order_that_was_sent_back_counts_no_more() {
    let three = challenge(Goal::Times, Some(30), &[(2, 10, ""), (3, 100, "Regular")]);
    let states = check(
        &three,
        &[
            "2026-03-01 tea 5",
            "2026-03-05 tea 5 = 10",
            "2026-03-10 tea 5 = 100 Regular",
            // Any of the three is missing now, and another one makes it good.
            "back 2026-03-01 tea 5 = 100",
            "2026-03-11: 2 of 3",
            "2026-03-12 tea 5 = 100 Regular",
            // A fourth keeps what it has when one comes back.
            "2026-03-13 tea 5",
            "back 2026-03-05 tea 5",
            "back 2026-03-10 tea 5 = 100",
            "back 2026-03-12 tea 5 = 10",
            "back 2026-03-13 tea 5",
            // What is forgotten twice is lost once.
            "back 2026-03-13 tea 5",
            "2026-03-14: 0 of 2",
        ],
    );
    assert_eq!(
        (states[0].rounds, states[0].steps, states[0].marks.len()),
        (0, 0, 0)
    );
    // A step of long ago has nothing to do with an order of today.
    check(
        &three,
        &[
            "2026-03-01 tea 5",
            "2026-03-05 tea 5 = 10",
            "2026-09-10 tea 5",
            "back 2026-09-10 tea 5",
        ],
    );
}

#[test]
fn a_round_that_is_not_complete_without_an_order_is_taken_back() {
    let euro = Currency::parse("EUR").expect("a currency");
    let hundred = repeated(challenge(
        Goal::Spend(euro),
        None,
        &[(4_000, 5, ""), (10_000, 50, "")],
    ));
    check(
        &hundred,
        &[
            "2026-03-01 tea 90 = 5",
            "2026-03-02 tea 140 = 5, 2x 100",
            "2026-03-02: 3000 of 4000",
            // First what is not yet a round.
            "back 2026-03-03 tea 20",
            "2026-03-03: 1000 of 4000",
            // Of 2 rounds and 10.00 there are a round and 70.00 left, which keeps the step at 40.00.
            "back 2026-03-04 tea 40 = 50",
            "2026-03-04 tea 30 = 50",
            "back 2026-03-01 tea 90 = 55",
            "back 2026-03-02 tea 140 = 55",
        ],
    );
    let pair = repeated(challenge(Goal::Times, Some(7), &[(2, 50, "")]));
    let buy_and_send_back = [
        "2026-03-01 tea 5",
        "2026-03-03 tea 5 = 50",
        "back 2026-03-03 tea 5 = 50",
        "2026-03-03: 1 of 2",
        "back 2026-03-01 tea 5",
        "2026-03-03: 0 of 2",
    ];
    check(&pair, &buy_and_send_back);
    let kinds = repeated(challenge(Goal::Categories, None, &[(2, 50, "")]));
    check(
        &kinds,
        &[
            "2026-03-01 tea 5",
            "2026-03-03 cake 5 = 50",
            "back 2026-03-03 cake 5 = 50",
            "2026-03-03: 1 of 2",
            "back 2026-03-01 tea 5",
            "2026-03-03: 0 of 2",
        ],
    );
    // A week has as many orders as it has.
    let weeks = challenge(Goal::Weeks, None, &[(2, 30, "")]);
    check(
        &weeks,
        &[
            "2026-03-02 tea 5",
            "2026-03-03 tea 5",
            "2026-03-09 tea 5 = 30",
            "back 2026-03-02 tea 5",
            "back 2026-03-03 tea 5 = 30",
            "2026-03-16 tea 5 = 30",
        ],
    );
}

proptest! {
    /// Within the reach of a window, the order of events decides nothing; and what does not repeat gives
    /// each step once at most.
    #[test]
    fn any_order_of_events_gives_the_same_once(
        goal in prop_oneof![
            Just(Goal::Times),
            Just(Goal::Categories),
            Just(Goal::Spend(Currency::parse("EUR").expect("a currency"))),
            Just(Goal::Weeks),
            Just(Goal::Months),
        ],
        days in prop::option::of(20_i64..60),
        first in 1_i64..4,
        more in 1_i64..4,
        (events, turns) in prop::collection::vec((0_i64..40, 0_usize..5, 1_i64..4), 1..14)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        let steps = [(first, 1, "One"), (first + more, 100, "Two")];
        let is_streak = matches!(goal, Goal::Weeks | Goal::Months);
        let challenge = challenge(goal, days.filter(|_| !is_streak), &steps);
        let labels: Vec<Vec<String>> = (0..5).map(|nth| vec![format!("c{nth}")]).collect();
        let run = |events: &[(i64, usize, i64)]| {
            let (mut states, mut given) = (Vec::new(), Vec::new());
            for (day, label, minor) in events {
                let event = Event::Order {
                    at: Timestamp::from_millis(day * 86_400_000),
                    currency: Currency::parse("EUR").expect("a currency"),
                    lines: vec![(&labels[*label], *minor)],
                };
                let challenges = std::slice::from_ref(&challenge);
                let granted = record(challenges, &mut states, &event, &Calendar::default());
                given.extend(granted.iter().map(|it| (it.step, it.times)));
            }
            given.sort_unstable();
            given
        };
        // A streak keeps what is within twice its length, which these days may go beyond.
        if !is_streak || challenge.top() >= 6 {
            prop_assert_eq!(run(&events), run(&turns));
        }
        // Whatever is sent back takes back no more than was given, and all of it where all is back.
        let (mut states, mut sum) = (Vec::new(), 0);
        let challenges = std::slice::from_ref(&challenge);
        let event = |(day, label, minor): &(i64, usize, i64)| Event::Order {
            at: Timestamp::from_millis(day * 86_400_000),
            currency: Currency::parse("EUR").expect("a currency"),
            lines: vec![(&labels[*label], *minor)],
        };
        for it in &events {
            let granted = record(challenges, &mut states, &event(it), &Calendar::default());
            sum += granted.iter().map(|it| it.points.get()).sum::<i64>();
        }
        for it in &turns {
            sum -= challenge.forget(&mut states[0], (&event(it), None), &Calendar::default());
            prop_assert!(sum >= 0);
        }
        if !is_streak || challenge.top() >= 6 {
            prop_assert_eq!(sum, 0);
        }
        let given = run(&turns);
        prop_assert!(given.is_empty() || given == [(0, 1)] || given == [(0, 1), (1, 1)]);
    }
}
