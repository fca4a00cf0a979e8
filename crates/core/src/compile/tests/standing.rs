//! What an author is told about tiers, membership, challenges and competitions, and what they become.

use expect_test::expect;

use super::check_sixth;
use crate::Program;
use crate::compile::compile;
use crate::wire::ProgramDocument;

const FIVE_LINES: &str = "version = 1\nname = 'Club'\npoints.one = 'star'\npoints.other = 'stars'\nearn.per_unit = { EUR = 1 }";

/// The published document behind what all have, or the problems.
fn published(lines: &str) -> String {
    match compile(&format!("{FIVE_LINES}\n{lines}")) {
        Err(problems) => problems.to_string(),
        Ok(compiled) => {
            let document: ProgramDocument =
                serde_json::from_str(&compiled.document).expect("a document");
            let again = serde_json::to_string(&document).expect("JSON");
            assert_eq!(again, compiled.document);
            assert_eq!(Program::try_from(document), Ok(compiled.program));
            let from = "\"welcome_points\":0";
            let after = again.split_once(from).expect("a document").1;
            after.trim_start_matches(',').to_owned()
        }
    }
}

#[test]
fn tiers_are_published_with_what_they_go_by() {
    let spend = r#"
        tiers_by = { what = "spend", currency = "EUR", period = "program-year", starts = "07-01", keep = "period", grace_days = 30, soft_landing = true }
        tiers = [
            { id = "friend", name = "Friend", from_spend = 0 },
            { id = "gold", name = "Gold", from_spend = 99.5, multiplier = 1.5, perks = [
                { kind = "percent-off", percent = 7.50, label = "7.5% off" },
                { kind = "free-shipping", label = "Free shipping" },
            ] },
            { id = "circle", name = "Circle", invitation_only = true },
        ]"#;
    expect![[r#""tiers_by":{"what":"EUR","period":"year","starts":[7,1],"ends_with_period":true,"grace_days":30,"soft_landing":true},"tiers":[{"id":"friend","name":"Friend","label":"Friend: 1x","from":0},{"id":"gold","name":"Gold","label":"Gold: 1.5x","from":9950,"multiplier":"1.5","perks":[{"kind":"percent-off","label":"7.5% off","percent":"7.5"},{"kind":"free-shipping","label":"Free shipping"}]},{"id":"circle","name":"Circle","label":"Circle: 1x"}]}"#]].assert_eq(&published(spend));
    let orders = "tiers_by = { what = 'orders', period = 'rolling-12-months' }\ntiers = [{ id = 'a', name = 'A', from_orders = 5 }]";
    expect![[r#""tiers_by":{"what":"orders","period":"rolling"},"tiers":[{"id":"a","name":"A","label":"A: 1x","from":5}]}"#]].assert_eq(&published(orders));
    let plain = "tiers = [{ id = 'a', name = 'A', from_points = 5 }]";
    let said = format!("tiers_by = {{ what = 'points', period = 'lifetime' }}\n{plain}");
    assert_eq!(published(plain), published(&said));
}

#[test]
fn membership_challenges_and_competitions_are_published() {
    let all = r#"
        [membership]
        name = "Plus"
        yearly = { USD = 59, EUR = 49 }
        monthly = { EUR = 4.99 }
        trial_days = 30
        perks = [{ kind = "early-access", label = "Sales a day earlier" }]
        [[challenges]]
        id = "three"
        label = "3 orders in 30 days"
        count = "orders"
        days = 30
        steps = [{ at = 3, points = 100, badge = "Regular" }]
        [[challenges]]
        id = "spender"
        label = "Spend 100"
        count = "spend"
        currency = "EUR"
        categories = ["tea"]
        repeat = true
        from = 2027-01-01
        until = 2027-01-31
        steps = [{ at = 50, points = 5 }, { at = 100.5, badge = "Big" }]
        [[challenges]]
        id = "reviewer"
        label = "A review a month"
        count = "months"
        activity = "review"
        steps = [{ at = 6, points = 60 }]
        [[competitions]]
        id = "cup"
        label = "Cup"
        by = "spend"
        currency = "EUR"
        from = 2027-06-01
        until = 2027-08-31
        prizes = [1000, 500]"#;
    expect![[r#""membership":{"name":"Plus","monthly":[["EUR",499]],"yearly":[["EUR",4900],["USD",5900]],"trial_days":30,"perks":[{"kind":"early-access","label":"Sales a day earlier"}]},"challenges":[{"id":"three","label":"3 orders in 30 days","goal":"times","days":30,"steps":[{"at":3,"points":100,"badge":"Regular"}]},{"id":"spender","label":"Spend 100","goal":"EUR","among":["tea"],"steps":[{"at":5000,"points":5},{"at":10050,"points":0,"badge":"Big"}],"repeats":true,"from":1798761600000,"until":1801440000000},{"id":"reviewer","label":"A review a month","goal":"months","activity":"review","steps":[{"at":6,"points":60}]}],"competitions":[{"id":"cup","label":"Cup","by":"EUR","from":1811808000000,"until":1819756800000,"places":10,"prizes":[1000,500]}]}"#]].assert_eq(&published(all));
}

#[test]
fn what_tiers_go_by_must_make_sense() {
    check_sixth(
        "tiers_by = { what = 'spend' }",
        &["6:12 spending counts in one currency; write it, such as currency = \"EUR\""],
    );
    check_sixth(
        "tiers_by = { what = 'spend', currency = 'EURO' }",
        &[
            "6:30 \"EURO\" is not an active ISO 4217 currency code; write three capital letters, such as \"EUR\"",
        ],
    );
    check_sixth(
        "tiers_by = { currency = 'EUR' }",
        &["6:14 only spending has a currency; remove this"],
    );
    let lifetime = "over the lifetime nobody falls; remove this, or write a period, such as period = \"calendar-year\"";
    check_sixth(
        "tiers_by = { soft_landing = true, grace_days = 3 }",
        &[&format!("6:14 {lifetime}"), &format!("6:35 {lifetime}")],
    );
    check_sixth(
        "tiers_by = { period = 'calendar-year', grace_days = 93 }",
        &["6:53 write 0 to 92 days"],
    );
    check_sixth(
        "tiers_by = { period = 'calendar-year', starts = '07-01' }",
        &["6:40 only period = \"program-year\" begins on a day of yours; remove this"],
    );
    check_sixth(
        "tiers_by = { period = 'program-year' }",
        &["6:12 a program year begins on a day; write it, such as starts = \"07-01\""],
    );
    for no_day in [
        "02-29", "7-1", "13-01", "00-10", "04-31", "07-00", "0701", "July",
    ] {
        check_sixth(
            &format!("tiers_by = {{ period = 'program-year', starts = '{no_day}' }}"),
            &["6:48 write a month and a day that every year has, such as \"07-01\""],
        );
    }
}

#[test]
fn tiers_ascend_in_their_own_measure() {
    check_sixth(
        "tiers = [{ id = 'a', name = 'A' }]",
        &["6:10 write from_points, or invitation_only = true"],
    );
    check_sixth(
        "tiers = [{ id = 'a', name = 'A', from_spend = 5 }]",
        &["6:34 these tiers go by points; write from_points"],
    );
    check_sixth(
        "tiers = [{ id = 'a', name = 'A', from_points = 5, invitation_only = true }]",
        &["6:34 nobody reaches a tier that is by invitation only; remove this"],
    );
    let spend = "tiers_by = { what = 'spend', currency = 'EUR' }\ntiers = [";
    check_sixth(
        &format!("{spend}{{ id = 'a', name = 'A', from_spend = 5.001 }}]"),
        &["7:47 \"5.001\" has more decimals than EUR has, which is 2"],
    );
    check_sixth(
        &format!(
            "{spend}{{ id = 'a', name = 'A', from_spend = 5.5 }}, {{ id = 'i', name = 'I', invitation_only = true }}, {{ id = 'b', name = 'B', from_spend = 5.50 }}]"
        ),
        &["7:141 tiers are listed from the lowest up; this must be more than the 5.5 EUR of \"a\""],
    );
    check_sixth(
        "tiers_by = { what = 'orders' }\ntiers = [{ id = 'a', name = 'A', from_orders = -1 }]",
        &["7:48 write a whole number of orders, 0 or more"],
    );
    check_sixth(
        "tiers = [{ id = 'a', name = 'A', from_points = 5, perks = [{ kind = 'percent-off', label = '' }, { kind = 'other', label = 'X', percent = 5 }, { kind = 'percent-off', label = 'X', percent = 101 }] }]",
        &[
            "6:60 write how many percent it takes off, such as percent = 10",
            "6:92 write a text of 1 to 280 bytes",
            "6:129 only kind = \"percent-off\" has a percentage; remove this",
            "6:191 write more than 0 and at most 100 percent",
        ],
    );
}

#[test]
fn a_membership_has_a_name_and_a_fee_or_perks() {
    check_sixth(
        "membership = { name = '', trial_days = -1 }",
        &[
            "6:14 a membership has a fee or perks; write what it costs, such as yearly = { EUR = 49 }, or what all members have, such as perks = [{ kind = \"free-shipping\", label = \"Free shipping\" }]",
            "6:23 write a text of 1 to 280 bytes",
            "6:40 write 0 to 366 days",
        ],
    );
    let perks = "perks = [{ kind = 'other', label = 'A smile' }]";
    let free = published(&format!("membership = {{ name = 'Club', {perks} }}"));
    expect![[r#""membership":{"name":"Club","trial_days":0,"perks":[{"kind":"other","label":"A smile"}]}}"#]]
        .assert_eq(&free);
    check_sixth(
        &format!("membership = {{ name = 'Club', trial_days = 30, {perks} }}"),
        &["6:31 what has no fee needs no trial; remove this, or write the fee"],
    );
    check_sixth(
        "membership = { name = 'Plus', yearly = { EUR = 0 }, monthly = { XXX = 5 } }",
        &[
            "6:48 write an amount above 0 in EUR",
            "6:65 \"XXX\" is not an active ISO 4217 currency code; write three capital letters, such as \"EUR\"",
        ],
    );
}

#[test]
fn a_reward_can_be_a_rules_grant_and_a_steps_and_is_listed_beside_what_earns() {
    let rewards = "rewards = [{ id = 'mug', name = 'A mug', gives = { product = 'mug' } }]";
    let rules = "rules = [{ id = 'a', label = 'A', when = { products = ['x'] }, grant = { reward = 'mug' }, limits = { per_year = 1 } }, \
                 { id = 'b', label = 'B', grant = { bonus = 1 } }]";
    let steps = "challenges = [{ id = 'c', label = 'C', count = 'orders', steps = [{ at = 2, reward = 'mug' }] }]";
    expect![[r#""rules":[{"id":"b","label":"B","grant":{"bonus":1}}],"rule_gifts":[{"id":"a","label":"A","when":[{"fact":"product","any_of":["x"]}],"reward":"mug","limits":{"per_year":1}}],"challenges":[{"id":"c","label":"C","goal":"times","steps":[{"at":2,"points":0,"reward":"mug"}]}],"rewards":[{"id":"mug","name":"A mug","gives":{"product":{"id":"mug","quantity":1}}}]}"#]].assert_eq(&published(&format!("{rules}\n{steps}\n{rewards}")));
    let check = |rule: &str, expected: &[&str]| {
        check_sixth(
            &format!("rules = [{{ id = 'r', label = 'R', {rule} }}]\n{rewards}"),
            expected,
        );
    };
    check(
        "grant = { reward = 'cup' }",
        &["6:54 there is no reward \"cup\"; the program's rewards are: \"mug\""],
    );
    let one = "write one grant, such as `multiply = 2`, `bonus = 50`, `fixed = 500`, \
               `per_unit = { EUR = 1 }`, `percent = 5` or `reward = \"free-coffee\"`";
    let points = "a reward competes with no points and is not rounded; remove this";
    check(
        "grant = { reward = 'mug', bonus = 5 }, priority = 1, rounding = 'ceil'",
        &[
            &format!("6:43 {one}"),
            &format!("6:74 {points}"),
            &format!("6:88 {points}"),
        ],
    );
}

#[test]
fn members_join_when_they_are_asked_or_by_their_account() {
    assert_eq!(published(""), published("joining = 'asked'"));
    let automatic = published("joining = 'automatic'");
    expect![[r#""joining":"automatic"}"#]].assert_eq(&automatic);
}

#[test]
fn a_challenge_can_be_reached_and_gives_something() {
    let check = |keys: &str, expected: &[&str]| {
        let line = format!("[[challenges]]\nid = 'c'\nlabel = 'C'\n{keys}");
        check_sixth(&line, expected);
    };
    check(
        "count = 'spend'\nsteps = [{ at = 5, points = 1 }]",
        &["6:1 spending counts in one currency; write it, such as currency = \"EUR\""],
    );
    check(
        "count = 'orders'\ncurrency = 'EUR'\nsteps = []",
        &[
            "10:1 only spending has a currency; remove this",
            "11:9 write at least one step, such as { at = 3, points = 100 }",
        ],
    );
    check(
        "count = 'activities'\nsteps = [{ at = 2.5, points = 1 }, { at = 0, points = -1 }]",
        &[
            "6:1 say which activity counts, such as activity = \"review\"",
            "10:17 write a whole number from 1 to 1000000",
            "10:43 write a whole number from 1 to 1000000",
            "10:55 write 0 to 1000000 points",
        ],
    );
    check(
        "count = 'orders'\nactivity = 'review'\ndays = 0\nsteps = [{ at = 1 }]",
        &[
            "10:1 only activities, weeks and months have one; remove this, or write count = \"activities\"",
            "11:8 write 1 to 366 days",
            "12:10 a step gives something; add points, a badge or a reward",
        ],
    );
    check(
        "count = 'weeks'\ndays = 30\nsteps = [{ at = 4, points = 1 }, { at = 4, badge = '' }]",
        &[
            "10:1 a streak takes as long as it has weeks or months; remove this",
            "11:41 steps are listed from the lowest up; this must be more than the one before",
            "11:52 write a text of 1 to 280 bytes",
        ],
    );
    check(
        "count = 'categories'\ncategories = ['tea', '']\nsteps = [{ at = 3, points = 1 }]",
        &[
            "10:22 write 1 to 128 bytes",
            "11:17 nobody can buy from more categories than the 2 that count",
        ],
    );
    check(
        "count = 'spend'\ncurrency = 'EUR'\nsteps = [{ at = 0.001, points = 1 }, { at = 0, points = 1 }]",
        &[
            "11:17 \"0.001\" has more decimals than EUR has, which is 2",
            "11:45 write an amount above 0",
        ],
    );
    check(
        "count = 'orders'\nfrom = 2027-02-01\nuntil = 2027-01-01\nsteps = [{ at = 3, points = 1 }]",
        &["11:9 the end must be later than the start"],
    );
    let twice = "[[rules]]\nid = 'c'\nlabel = 'R'\ngrant.bonus = 1\n[[challenges]]\nid = 'c'\nlabel = 'C'\ncount = 'orders'\nsteps = [{ at = 3, points = 1 }]";
    check_sixth(
        twice,
        &["11:6 the id \"c\" is used twice; give each its own"],
    );
}

#[test]
fn a_competition_has_a_time_places_and_no_more_prizes() {
    let check = |keys: &str, expected: &[&str]| {
        let line = format!("[[competitions]]\nid = 'c'\nlabel = 'C'\n{keys}");
        check_sixth(&line, expected);
    };
    check(
        "from = 2027-01-01",
        &["6:1 `until` is missing; write it, such as `until = 2027-08-31`"],
    );
    check(
        "from = 2027-01-02\nuntil = 2027-01-01\nplaces = 1\nprizes = [5, 0]",
        &[
            "10:9 the end must be later than the start",
            "12:10 write at most 1 prizes, one for each place",
            "12:14 a prize is 1 to 1000000 points",
        ],
    );
    check(
        "by = 'spend'\nfrom = 2027-01-01\nuntil = 'soon'\nplaces = 101",
        &[
            "6:1 spending counts in one currency; write it, such as currency = \"EUR\"",
            "11:9 write a day such as 2026-11-01, or a date with its time such as 2026-11-01T09:00:00 or 2026-11-01T09:00:00+01:00",
            "12:10 write 1 to 100 places",
        ],
    );
}

/// Tables that the comments show are what an author copies.
#[test]
fn every_example_of_a_table_is_a_part_of_a_program() {
    let sources = [
        include_str!("../source/tier.rs"),
        include_str!("../source/membership.rs"),
        include_str!("../source/challenge.rs"),
        include_str!("../source/competition.rs"),
    ];
    let mut tables = 0;
    for source in sources {
        let examples = source.split("/// ```toml\n").skip(1);
        let examples = examples.map(|rest| rest.split("/// ```").next().unwrap_or(""));
        for example in examples {
            let example = example.replace("/// ", "");
            if example.starts_with('[') {
                let problems = compile(&format!("{FIVE_LINES}\n{example}")).err();
                assert!(problems.is_none(), "{example}\n{problems:?}");
                tables += 1;
            }
        }
    }
    assert_eq!(tables, 5);
}
