//! Parts that do nothing.

use super::{RATE, check_part, rule};
use crate::compile::compile;

fn with(parts: &str) -> String {
    RATE.to_owned() + parts
}

fn challenge(more: &str) -> String {
    format!("[[challenges]]\nid = 'c'\nlabel = 'C'\nsteps = [{{ at = 3, points = 5 }}]\n{more}\n")
}

fn surprise(gives: &str) -> String {
    let commitment = "ab".repeat(32);
    format!(
        "[[surprises]]\nid = 's'\nlabel = 'S'\none_in = 20\ngives = {{ {gives} }}\n\
         commitment = 'sha256:{commitment}'\n"
    )
}

#[test]
fn what_lies_outside_of_the_programmes_time_is_told() {
    let reward = "[[rewards]]\nid = 'r'\nname = 'R'\npoints = 500\ngives.experience = 'x'\n";
    let competition = "[[competitions]]\nid = 'b'\nlabel = 'B'\nuntil = 2027-02-01\n";
    for part in [
        reward,
        &challenge("count = 'orders'"),
        &surprise("points = 5"),
        competition,
        // Of its steps nothing is told besides.
        &challenge("count = 'months'\nuntil = 2027-02-01"),
    ] {
        let from = |day: &str| with(&format!("ends_at = 2026-06-30\n{part}from = {day}\n"));
        check_part(&from("2026-07-01"), "outside of the programme's");
        check_part(&from("2026-01-01"), "");
    }
}

#[test]
fn what_waits_for_a_currency_or_an_activity_that_counts_nowhere_is_told() {
    let with = |parts: &str| RATE.to_owned() + parts;
    check_part(
        &with(&challenge("count = 'spend'\ncurrency = 'USD'")),
        "orders in USD earn nothing",
    );
    check_part(&with(&challenge("count = 'spend'\ncurrency = 'EUR'")), "");
    let review = rule("a", "bonus = 5", "on = 'review'");
    let of = |kind: &str| {
        with(&review) + &challenge(&format!("count = 'activities'\nactivity = '{kind}'"))
    };
    check_part(&of("reveiw"), "did you mean \"review\"?");
    check_part(&of("newsletter"), "");
    // Some rule answers to it, however like another one it is.
    let reviews = rule("b", "bonus = 5", "on = 'reviews'");
    check_part(&(of("reviews") + &reviews), "");
    let by_spend = "tiers_by = { what = 'spend', currency = 'USD' }\n[[tiers]]\nid = 'g'\nname = 'G'\nfrom_spend = 100\n";
    check_part(&with(by_spend), "orders in USD earn nothing");
    check_part(
        &with("[referral]\nadvocate = { points = 5 }\nminimum_order = { USD = 5 }\n"),
        "orders in USD",
    );
    check_part(
        &with("[referral]\nadvocate = { points = 5 }\nminimum_order = { EUR = 5, USD = 5 }\n"),
        "",
    );
    let competition = |by: &str| {
        with(&format!(
            "[[competitions]]\nid = 'c'\nlabel = 'C'\nfrom = 2026-01-01\nuntil = 2026-02-01\n{by}\n"
        ))
    };
    check_part(
        &competition("by = 'spend'\ncurrency = 'USD'"),
        "orders in USD",
    );
    check_part(&competition("by = 'spend'\ncurrency = 'EUR'"), "");
    let surprise = |minimum: &str| with(&(surprise("points = 5") + minimum));
    check_part(&surprise("minimum_order = { USD = 5 }\n"), "orders in USD");
    check_part(
        &surprise("minimum_order = { CHF = 5, EUR = 5, USD = 5 }\n"),
        "",
    );
    check_part(
        &surprise("minimum_order = { CHF = 5, USD = 5 }\n"),
        "orders in CHF",
    );
}

#[test]
fn a_streak_that_is_longer_than_its_time_is_told() {
    let streak = |of: &str, from: &str, until: &str| {
        challenge(&format!("count = '{of}'\nfrom = {from}\nuntil = {until}"))
    };
    let check = |of: &str, from: &str, until: &str, part: &str| {
        check_part(&with(&streak(of, from, until)), part);
    };
    check(
        "months",
        "2026-01-01",
        "2026-02-28",
        "its time has 2 months",
    );
    check("months", "2026-01-01", "2026-03-01", "");
    check("months", "2026-01-31", "2026-03-01", "");
    // Three weeks begin on Mondays, however few days of the first and the last there are.
    check("weeks", "2026-06-01", "2026-06-14", "its time has 2 weeks");
    check("weeks", "2026-06-07", "2026-06-15", "");
    check("weeks", "2026-06-08", "2026-06-21", "its time has 2 weeks");
    let ends = |day: &str| {
        let streak = streak("months", "2026-01-01", "2026-12-31");
        with(&format!("ends_at = {day}\n{streak}"))
    };
    check_part(&ends("2026-02-28"), "its time has 2 months");
    check_part(&ends("2026-03-01"), "");
}

#[test]
fn what_nobody_is_given_or_paid_is_told() {
    let reward = "[[rewards]]\nid = 'r'\nname = 'R'\ngives.experience = 'x'\n";
    let check_reward = |more: &str, part: &str| check_part(&with(&format!("{reward}{more}")), part);
    check_reward("", "so nobody gets it");
    check_reward("points = 500\n", "");
    check_reward(&rule("a", "reward = 'r'", ""), "");
    check_reward(&surprise("reward = 'r'"), "");
    let challenge = "[[challenges]]\nid = 'c'\nlabel = 'C'\ncount = 'orders'\n\
                     steps = [{ at = 2, points = 5 }, { at = 3, reward = 'r' }]\n";
    check_reward(challenge, "");
    check_reward("[referral]\nadvocate = { reward = 'r' }\n", "");
    check_reward("[referral]\nfriend = { reward = 'r' }\n", "");
    let balance =
        |id: &str| format!("[[balances]]\nid = '{id}'\nname = '{id}'\ncurrency = 'EUR'\n");
    let check_paid = |more: &str, part: &str| check_part(&with(&(balance("c") + more)), part);
    check_paid("", "nothing pays into this balance");
    let credit = "[[rewards]]\nid = 'r'\nname = 'R'\npoints = 500\ngives = { store_credit = 5, balance = 'c' }\n";
    check_paid(credit, "");
    check_paid(&rule("a", "bonus = 2", "balance = 'c'"), "");
    // Another one is paid into.
    check_paid(&(balance("d") + credit), "`balance = \"d\"`");
    let into_other = rule("a", "bonus = 2", "balance = 'd'");
    check_paid(&(balance("d") + &into_other), "`balance = \"c\"`");
}

#[test]
fn bands_that_fall_or_end_are_told_where_they_do() {
    let check = |parts: &str, expected: Option<(usize, &str)>| {
        let head = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n";
        let compiled = compile(&format!("{head}{parts}")).expect("a valid file");
        let told = compiled.warnings.iter();
        let told: Vec<_> = told.map(|it| (it.line, it.message.as_str())).collect();
        let is_right = match (told.as_slice(), expected) {
            ([], None) => true,
            ([(line, one)], Some((on, part))) => *line == on && one.contains(part),
            _ => false,
        };
        assert!(is_right, "{parts}\nwants {expected:?}, has {told:#?}");
    };
    let falls = "who spends more earns less";
    let earn = |bands: &str| format!("earn.bands.EUR = [\n{bands}\n]\n");
    check(&earn("{ up_to = 30, points = 2 },\n{ points = 6 }"), None);
    check(&earn("{ up_to = 30, points = 6 },\n{ points = 6 }"), None);
    let third = "{ up_to = 30, points = 6 },\n{ up_to = 60, points = 20 },\n{ points = 6 }";
    check(&earn(third), Some((7, falls)));
    let ends = "{ up_to = 30, points = 2 },\n{ up_to = 60, points = 6 }";
    check(&earn(ends), Some((6, "above 60 EUR nothing is earned")));
    let rule = |bands: &str| {
        let grant = format!("grant.bands.EUR = [\n{bands}\n]\n");
        format!("{RATE}[[rules]]\nid = 'a'\nlabel = 'X'\n{grant}")
    };
    check(
        &rule("{ up_to = 30, points = 20 },\n{ points = 6 }"),
        Some((10, falls)),
    );
    check(&rule(ends), Some((10, "above 60 EUR nothing is earned")));
}
