//! What is planned, and what is refused.

use super::*;
use crate::limits::{MAX_POINTS, MAX_TEXT_BYTES};
use crate::{CartTotals, Currency, compile};

/// 2026-05-28T20:26:40Z.
const NOW: i64 = 1_780_000_000_000;
const TOO_LONG: &str = match str::from_utf8(&[b'x'; MAX_TEXT_BYTES + 1]) {
    Ok(text) => text,
    Err(_) => "",
};

fn program(welcome_points: i64, more: &str) -> Program {
    let source = format!(
        r#"
        version = 7
        name = "Bakery club"
        welcome_points = {welcome_points}
        points = {{ one = "star", other = "stars" }}
        earn.per_unit = {{ EUR = 1 }}
        {more}
        [[tiers]]
        id = "silver"
        name = "Silver"
        from_points = 300
        [[tiers]]
        id = "gold"
        name = "Gold"
        from_points = 1000
        "#
    );
    compile::compile(&source).expect("a valid program").program
}

fn bakery() -> Program {
    program(100, "")
}

fn points(count: i64) -> Points {
    Points::new(count).expect("points of the test")
}

fn member(balance: i64, earned: i64, tier: Option<&str>) -> Snapshot {
    Snapshot {
        seq: 4,
        balance: points(balance),
        earned: points(earned),
        tier: tier.map(str::to_owned),
        ..Snapshot::default()
    }
}

fn cart() -> Cart {
    let totals = CartTotals {
        currency: Currency::parse("EUR").expect("a currency"),
        prices_include_tax: true,
        discount_minor: 0,
        shipping_minor: 0,
        shipping_tax_minor: 0,
    };
    Cart::new(totals, Vec::new()).expect("a cart of the test")
}

fn earning(count: i64) -> Earning {
    Earning {
        points: points(count),
        currency: Currency::parse("EUR").ok(),
        counted_minor: 0,
        lines: Vec::new(),
        reasons: Vec::new(),
        credits: Vec::new(),
    }
}

/// `4: earn +39 = 139 for 1001; balance 139, earned 39, no tier`, or the code of the refusal.
fn told(planned: Result<Plan, Refusal>) -> String {
    let Plan {
        entries, snapshot, ..
    } = match planned {
        Ok(plan) => plan,
        Err(refusal) => return refusal.code().to_owned(),
    };
    let mut told = String::new();
    for entry in entries {
        assert_eq!(entry.program.version, 7);
        assert_eq!(entry.booked_at.as_millis(), NOW);
        let (seq, kind) = (entry.seq, entry.kind.name());
        let (points, balance) = (entry.points.get(), entry.balance);
        told += &format!("{seq}: {kind} {points:+} = {balance} for {}", entry.source);
        told += &entry
            .reason
            .map_or(String::new(), |why| format!(", {why:?}"));
        told += "; ";
    }
    let Snapshot {
        seq,
        balance,
        earned,
        tier,
        ..
    } = snapshot;
    let tier = tier.unwrap_or_else(|| "no tier".into());
    told + &format!("then {seq}, balance {balance}, earned {earned}, {tier}")
}

fn check(program: &Program, member: Option<&Snapshot>, command: Command<'_>, expected: &str) {
    let planned = plan(program, member, command, Timestamp::from_millis(NOW));
    assert_eq!(told(planned), expected, "{member:?} {command:?}");
}

#[test]
fn who_joins_starts_with_the_welcome() {
    let join = Command::Enrol { member_id: "m1" };
    let check = |program: &Program, expected| check(program, None, join, expected);
    check(
        &bakery(),
        "1: welcome +100 = 100 for m1; then 1, balance 100, earned 0, no tier",
    );
    check(&program(0, ""), "then 0, balance 0, earned 0, no tier");
    // The programme runs no more, or not yet.
    check(
        &program(100, "ends_at = 2026-05-28T20:26:40Z"),
        "then 0, balance 0, earned 0, no tier",
    );
    check(
        &program(100, "starts_at = 2026-05-28T20:26:40.001Z"),
        "then 0, balance 0, earned 0, no tier",
    );
    check(
        &program(1_000_000, "starts_at = 2026-05-28T20:26:40Z"),
        "1: welcome +1000000 = 1000000 for m1; then 1, balance 1000000, earned 0, no tier",
    );
}

#[test]
fn who_joins_is_in_the_tier_that_starts_at_nothing() {
    let tier = "[[tiers]]\nid = 'friend'\nname = 'Friend'\nfrom_points = 0";
    check(
        &program(5, tier),
        None,
        Command::Enrol { member_id: "m1" },
        "1: welcome +5 = 5 for m1; then 1, balance 5, earned 0, friend",
    );
}

#[test]
fn who_joins_gets_what_others_have_left_of_a_budget() {
    let rule = "[[rules]]\nid = 'joined'\nlabel = 'x'\non = 'account-created'\ngrant = { bonus = 10 }\n\
                limits = { budget = 25 }\n";
    let program = program(0, rule);
    for (used, expected) in [
        (
            0,
            "1: activity +10 = 10 for account-created:m1; then 1, balance 10, earned 0, no tier",
        ),
        (
            18,
            "1: activity +7 = 7 for account-created:m1; then 1, balance 7, earned 0, no tier",
        ),
        (25, "then 0, balance 0, earned 0, no tier"),
    ] {
        let nobody_yet = Snapshot {
            budgets: vec![("joined".to_owned(), used)],
            ..Snapshot::default()
        };
        let join = Command::Enrol { member_id: "m1" };
        check(&program, Some(&nobody_yet), join, expected);
    }
}

#[test]
fn an_order_books_what_it_earned_and_lifts_the_tier_at_once() {
    let check = |member: Option<&Snapshot>, count, expected| {
        let earning = earning(count);
        let command = Command::Earn {
            order_id: "1001",
            cart: &cart(),
            placed_at: Timestamp::from_millis(NOW),
            earning: &earning,
            redemptions: &[],
            draws: &[],
        };
        check(&bakery(), member, command, expected);
    };
    check(
        Some(&member(100, 0, None)),
        39,
        "5: earn +39 = 139 for 1001; then 5, balance 139, earned 39, no tier",
    );
    // One short of the tier, the tier itself, and a step over it.
    check(
        Some(&member(0, 260, None)),
        39,
        "5: earn +39 = 39 for 1001; then 5, balance 39, earned 299, no tier",
    );
    check(
        Some(&member(0, 260, None)),
        40,
        "5: earn +40 = 40 for 1001; then 5, balance 40, earned 300, silver",
    );
    check(
        Some(&member(0, 260, None)),
        740,
        "5: earn +740 = 740 for 1001; then 5, balance 740, earned 1000, gold",
    );
    // A tier that she was given stays, though her orders have not reached it.
    check(
        Some(&member(0, 10, Some("gold"))),
        1,
        "5: earn +1 = 1 for 1001; then 5, balance 1, earned 11, gold",
    );
    check(
        Some(&member(0, 400, Some("gold"))),
        1,
        "5: earn +1 = 1 for 1001; then 5, balance 1, earned 401, gold",
    );
    check(
        Some(&member(0, 999, Some("silver"))),
        1,
        "5: earn +1 = 1 for 1001; then 5, balance 1, earned 1000, gold",
    );
    // One that the programme no longer has is replaced by what she has reached.
    check(
        Some(&member(0, 400, Some("platinum"))),
        1,
        "5: earn +1 = 1 for 1001; then 5, balance 1, earned 401, silver",
    );
    // Nothing earned: no entry, nothing changed.
    check(
        Some(&member(7, 400, Some("platinum"))),
        0,
        "then 4, balance 7, earned 400, platinum",
    );
    check(Some(&member(MAX_POINTS, 0, None)), 1, "points_beyond_limit");
    check(Some(&member(0, MAX_POINTS, None)), 1, "points_beyond_limit");
    check(None, 1, "not_enrolled");
}

#[test]
fn an_adjustment_moves_the_balance_and_nothing_else() {
    let check = |member: Option<&Snapshot>, points, reason, expected| {
        let command = Command::Adjust {
            key: "k1",
            points,
            reason,
            by: None,
        };
        check(&bakery(), member, command, expected);
    };
    check(
        Some(&member(100, 290, None)),
        20,
        "A late parcel",
        "5: adjust +20 = 120 for k1, \"A late parcel\"; then 5, balance 120, earned 290, no tier",
    );
    check(
        Some(&member(100, 1200, Some("gold"))),
        -100,
        "  typed twice\n",
        "5: adjust -100 = 0 for k1, \"typed twice\"; then 5, balance 0, earned 1200, gold",
    );
    check(
        Some(&member(100, 0, None)),
        -101,
        "typed twice",
        "balance_below_zero",
    );
    check(
        Some(&member(100, 0, None)),
        MAX_POINTS,
        "generous",
        "points_beyond_limit",
    );
    check(Some(&member(0, 0, None)), 5, " \t", "reason_unusable");
    check(Some(&member(0, 0, None)), 5, TOO_LONG, "reason_unusable");
    check(Some(&member(0, 0, None)), 5, "\0", "reason_unusable");
    check(Some(&member(0, 0, None)), 5, "a\nb", "reason_unusable");
    check(
        Some(&member(0, 0, None)),
        0,
        "nothing",
        "adjustment_of_zero",
    );
}

#[test]
fn of_several_refusals_the_first_declared_is_told() {
    let (bakery, nothing) = (bakery(), earning(0));
    let adjust = |key, points, reason| Command::Adjust {
        key,
        points,
        reason,
        by: None,
    };
    let her = member(0, 0, None);
    let cases = [
        (Some(&her), Command::Enrol { member_id: "" }),
        (None, adjust("", 0, "")),
        (
            None,
            Command::Earn {
                order_id: "",
                cart: &cart(),
                placed_at: Timestamp::from_millis(NOW),
                earning: &nothing,
                redemptions: &[],
                draws: &[],
            },
        ),
        (None, Command::Enrol { member_id: "" }),
        (
            Some(&her),
            Command::Earn {
                order_id: TOO_LONG,
                cart: &cart(),
                placed_at: Timestamp::from_millis(NOW),
                earning: &nothing,
                redemptions: &[],
                draws: &[],
            },
        ),
        (Some(&her), adjust("", 0, "")),
        (Some(&her), adjust("k", 0, "")),
        (Some(&her), adjust("k", i64::MIN, "")),
        (Some(&her), adjust("k", i64::MIN, "why")),
        (Some(&her), adjust("k", -1, "why")),
    ];
    let told = cases.map(|(member, command)| {
        let now = Timestamp::from_millis(NOW);
        plan(&bakery, member, command, now).expect_err("a refusal")
    });
    let codes = told.map(Refusal::code);
    assert_eq!(
        codes,
        [
            "already_enrolled",
            "not_enrolled",
            "not_enrolled",
            "key_unusable",
            "key_unusable",
            "key_unusable",
            "adjustment_of_zero",
            "reason_unusable",
            "points_beyond_limit",
            "balance_below_zero",
        ]
    );
    assert!(told.is_sorted(), "as they are declared");
}
