//! Two members who turn out to be one.

use super::*;

#[test]
fn of_two_who_are_one_all_that_either_did_counts_whichever_is_merged_into_the_other() {
    let euro = Currency::parse("EUR").expect("a currency");
    let check = |challenge: &Challenge, one: &[&str], other: &[&str], then: &[(&str, i64)]| {
        for (into, merged) in [(one, other), (other, one)] {
            let mut states = check(challenge, into);
            let merged = check(challenge, merged).pop().unwrap_or_default();
            unite(Some(challenge), &mut states, &merged);
            for (event, gives) in then {
                let (is_back, date) = event
                    .strip_prefix("back ")
                    .map_or((false, *event), |it| (true, it));
                let tea = ["tea".to_owned()];
                let event = Event::Order {
                    at: at(date),
                    currency: euro,
                    lines: vec![(&tea, 500)],
                };
                let given = if is_back {
                    -challenge.forget(&mut states[0], (&event, None), &Calendar::default())
                } else {
                    let all = std::slice::from_ref(challenge);
                    let granted = record(all, &mut states, &event, &Calendar::default());
                    granted.iter().map(|it| it.points.get()).sum()
                };
                assert_eq!(given, *gives, "{into:?} then {event:?}");
            }
        }
    };
    let three = challenge(Goal::Times, None, &[(3, 100, "")]);
    let two = ["2026-03-01 tea 5", "2026-03-02 tea 5"];
    check(
        &three,
        &two,
        &["2026-03-03 tea 5"],
        &[
            ("2026-03-04", 100),
            // Four stand, and then three, and then no more.
            ("2026-03-05", 0),
            ("back 2026-03-05", 0),
            ("back 2026-03-03", 0),
            ("back 2026-03-02", -100),
            ("2026-03-06", 100),
        ],
    );
    let complete = [two[0], two[1], "2026-03-03 tea 5 = 100"];
    check(&three, &complete, &two, &[("back 2026-03-01", 0)]);
    let again = repeated(challenge(Goal::Times, None, &[(3, 100, "")]));
    check(
        &again,
        &[complete[0], complete[1], complete[2], "2026-03-04 tea 5"],
        &two,
        // The round that both have begun is given with the next thing that she does, and begins one.
        &[("2026-03-06", 100), ("2026-03-07", 0), ("2026-03-08", 100)],
    );
    let weeks = repeated(challenge(Goal::Weeks, None, &[(2, 20, "")]));
    check(
        &weeks,
        &["2026-03-02 tea 5", "2026-03-09 tea 5 = 20"],
        &["2026-03-10 tea 5"],
        // The week of the 9th is used up, whoever bought in it.
        &[("2026-03-16", 0), ("2026-03-23", 20)],
    );
}

/// How far somebody is: marks, steps, rounds, what is used up, and steps that are firm.
fn far(
    marks: &[(i64, i64)],
    (steps, rounds): (usize, i64),
    used_until: Option<i64>,
    firm: usize,
) -> ChallengeProgress {
    let marks = marks.iter().map(|(at, amount)| Mark {
        at: *at,
        name: String::new(),
        amount: *amount,
    });
    ChallengeProgress {
        challenge: "c".into(),
        marks: marks.collect(),
        steps,
        rounds,
        used_until,
        firm,
    }
}

#[test]
fn each_number_is_the_sum_or_the_higher_one_whichever_is_merged_into_the_other() {
    let check = |challenge: Option<&Challenge>,
                 one: &ChallengeProgress,
                 other: &ChallengeProgress,
                 expected: &ChallengeProgress| {
        for (into, merged) in [(one, other), (other, one)] {
            let elsewhere = ChallengeProgress {
                challenge: "b".into(),
                ..far(&[(7, 7)], (0, 0), None, 0)
            };
            let mut known = vec![elsewhere.clone(), into.clone()];
            unite(challenge, &mut known, merged);
            assert_eq!(known, [elsewhere.clone(), expected.clone()]);
            // Who has not begun takes it over as it is.
            let mut known = vec![elsewhere.clone()];
            unite(challenge, &mut known, merged);
            assert_eq!(known, [elsewhere, merged.clone()]);
        }
    };
    let ladder = [(3, 100, ""), (9, 100, "")];
    let climbed = challenge(Goal::Times, None, &ladder);
    let again = repeated(challenge(Goal::Times, None, &ladder));
    let one = far(&[(0, 4)], (1, 3), None, 1);
    let other = far(&[(0, 2)], (0, 2), None, 0);
    let higher = far(&[(0, 6)], (1, 3), None, 1);
    check(Some(&climbed), &one, &other, &higher);
    check(None, &one, &other, &higher);
    let summed = far(&[(0, 6)], (1, 5), None, 1);
    check(Some(&again), &one, &other, &summed);
    // What either has used up is used up for both.
    let weeks = repeated(challenge(Goal::Weeks, None, &[(5, 20, "")]));
    check(
        Some(&weeks),
        &far(&[(11, 1), (12, 1)], (0, 0), Some(10), 0),
        &far(&[(9, 1), (10, 1), (12, 2)], (0, 0), Some(8), 0),
        &far(&[(11, 1), (12, 3)], (0, 0), Some(10), 0),
    );
    // A window is as long for two as for one: of ten days, what is twenty before the newest is let go.
    let window = repeated(challenge(Goal::Times, Some(10), &ladder));
    check(
        Some(&window),
        &far(&[(10, 1), (11, 1)], (0, 0), None, 0),
        &far(&[(30, 1)], (0, 0), None, 0),
        &far(&[(11, 1), (30, 1)], (0, 0), None, 0),
    );
}

#[test]
fn of_a_challenge_that_is_gone_the_newest_marks_stay() {
    let marks = |from: i64| (from..from + 300).map(|at| (at, 1)).collect::<Vec<_>>();
    let mut known = vec![far(&marks(0), (0, 0), None, 0)];
    unite(None, &mut known, &far(&marks(300), (0, 0), None, 0));
    let kept = known[0].marks.iter().map(|it| it.at);
    assert_eq!(kept.collect::<Vec<_>>(), (200..600).collect::<Vec<_>>());
}
