//! A statement that is good, and what is told of it after each field was tampered with.

#![expect(
    clippy::indexing_slicing,
    reason = "a test that names an entry which is not there should fail"
)]

use super::*;
use crate::wire::{
    BargainDocument, CreditStatementEntryDocument, LotDocument, MarkDocument, ReservationDocument,
};

const MEMBER: &str = "mem_6f1d";

fn pool(currency: Option<&str>, points: i64, spent_minor: i64) -> PoolDocument {
    PoolDocument {
        currency: currency.map(str::to_owned),
        points,
        spent_minor,
    }
}

fn entry(seq: u64, kind: &str, points: i64, balance: i64) -> StatementEntryDocument {
    StatementEntryDocument {
        seq,
        kind: kind.to_owned(),
        points,
        balance_points: balance,
        source: format!("100{seq}"),
        reason: None,
        by: None,
        rules: vec!["double-beans".to_owned()],
        partner: None,
        program_version: 7,
        program_digest: "sha256:00ff".to_owned(),
        booked_at: 1_780_000_000_000,
        day: Some(20_601),
        pools: vec![pool(Some("EUR"), points, 1_999)],
        hash: None,
    }
}

/// Hashes the entries from that place on, as a ledger does.
fn chain(statement: &mut StatementDocument, from: usize) {
    let opening = statement.opening.hash.as_deref();
    let mut last: Option<EntryHash> = opening.map(|text| text.parse().expect("a hash"));
    for entry in statement.entries.iter_mut().skip(from) {
        let pools = read_pools(&|_| Place::head(""), &entry.pools).expect("pools of the test");
        let reader = Reader {
            member_id: MEMBER,
            seq: 0,
            balance: Points::ZERO,
            hashes: last.into_iter().collect(),
            chained_from: None,
        };
        let hash = reader.hash_of(entry, 20_601, &pools);
        entry.hash = Some(hash.to_string());
        last = Some(hash);
    }
    statement.closing.hash = last.map(|hash| hash.to_string());
}

fn money(seq: u64, minor: i64, balance_minor: i64) -> CreditStatementEntryDocument {
    CreditStatementEntryDocument {
        seq,
        kind: "earn".to_owned(),
        minor,
        balance_minor,
        source: format!("order-{seq}"),
        program_version: 1,
        program_digest: "sha256:0".to_owned(),
        booked_at: 1_780_000_000_000,
    }
}

fn statement() -> StatementDocument {
    let mut adjusted = entry(3, "adjust", -39, 111);
    adjusted.reason = Some("counted twice".to_owned());
    adjusted.partner = Some("bakery".to_owned());
    adjusted.pools = vec![pool(Some("EUR"), -40, 0), pool(None, 1, 0)];
    let mut statement = StatementDocument {
        format: STATEMENT_FORMAT.to_owned(),
        shop: "demo".to_owned(),
        member_id: MEMBER.to_owned(),
        exported_at: 1_780_000_000_000,
        opening: MarkDocument::default(),
        entries: vec![
            entry(1, "welcome", 100, 100),
            entry(2, "earn", 50, 150),
            adjusted,
            entry(4, "earn", 9, 120),
        ],
        closing: MarkDocument {
            seq: 4,
            balance_points: 120,
            hash: None,
        },
        holdings: Some(HoldingsDocument {
            lots: vec![
                LotDocument(80, 0, Some(1_790_000_000_000), Some("EUR".to_owned())),
                LotDocument(30, 0, None, None),
            ],
            reservations: vec![ReservationDocument {
                id: "red_1".to_owned(),
                ends_at: 1_780_003_600_000,
                drawn: vec![LotDocument(10, 0, None, None)],
                rewards: vec!["coffee".to_owned()],
                bargain: BargainDocument::default(),
            }],
            owed: 5,
            settled_at: Some(1_780_000_000_000),
            active_at: None,
        }),
        credits: Vec::new(),
    };
    chain(&mut statement, 0);
    statement
}

/// What is told of the statement after a change: the place, the rule, and the sentence.
fn told(change: impl FnOnce(&mut StatementDocument)) -> String {
    let mut statement = statement();
    change(&mut statement);
    match verify(&statement) {
        Ok(_) => "good".to_owned(),
        Err(found) => format!("{} {}", found.pointer, found.rule.code()),
    }
}

#[test]
fn a_statement_that_nobody_touched_is_good() {
    let statement = statement();
    let found = verify(&statement).expect("a good statement");
    assert_eq!((found.entries, found.balance), (4, 120));
    assert_eq!(found.chained_from, Some(1));
    let head = found.head().map(ToString::to_string);
    assert_eq!(head, statement.closing.hash);
    for entry in &statement.entries {
        let kept = entry.hash.as_deref().expect("a hash");
        assert!(found.holds(&kept.parse().expect("a hash")));
    }
    assert!(!found.holds(&"0".repeat(64).parse().expect("a hash")));
}

#[test]
fn whatever_of_an_entry_is_tampered_with_is_found() {
    let check = |change: &dyn Fn(&mut StatementEntryDocument), expected: &str| {
        let place = format!("/entries/2/{expected}");
        assert_eq!(told(|it| change(&mut it.entries[2])), place);
    };
    check(&|it| it.seq = 4, "seq seq_without_gaps");
    check(&|it| it.kind = "clawback".to_owned(), "hash hash_follows");
    check(&|it| it.points = -38, "balance_points balance_continued");
    check(&|it| it.points = i64::MIN, "points points_within_limits");
    check(
        &|it| it.balance_points = 110,
        "balance_points balance_continued",
    );
    check(&|it| it.source = "1004".to_owned(), "hash hash_follows");
    check(&|it| it.reason = None, "hash hash_follows");
    check(
        &|it| it.reason = Some("gift".to_owned()),
        "hash hash_follows",
    );
    check(&|it| it.rules.clear(), "hash hash_follows");
    check(&|it| it.rules.push("more".to_owned()), "hash hash_follows");
    check(&|it| it.partner = None, "hash hash_follows");
    check(&|it| it.program_version = 8, "hash hash_follows");
    check(&|it| it.program_digest.push('0'), "hash hash_follows");
    check(&|it| it.booked_at += 1, "hash hash_follows");
    check(&|it| it.day = Some(20_600), "hash hash_follows");
    check(&|it| it.day = None, "day day_there");
    check(&|it| it.pools[0].points = -39, "pools pools_sum_to_points");
    check(&|it| it.pools.clear(), "pools pools_sum_to_points");
    check(&|it| it.pools[0].spent_minor = -1, "hash hash_follows");
    check(&|it| it.pools[0].currency = None, "hash hash_follows");
    check(&|it| it.pools.reverse(), "hash hash_follows");
    let unknown = |it: &mut StatementEntryDocument| it.pools[1].currency = Some("eur".to_owned());
    check(&unknown, "pools/1/currency currency_known");
    check(&|it| it.hash = None, "hash hash_there");
    check(&|it| it.hash = Some("0".repeat(64)), "hash hash_follows");
}

#[test]
fn whatever_of_the_rest_is_tampered_with_is_found() {
    let check = |change: &dyn Fn(&mut StatementDocument), expected: &str| {
        assert_eq!(told(change), expected);
    };
    check(&|it| it.format.push('1'), "/format format_known");
    check(&|it| it.member_id.push('1'), "/entries/0/hash hash_follows");
    let opening = |it: &mut StatementDocument| it.opening.balance_points = 1;
    check(&opening, "/opening/balance_points opening_empty");
    let opening = |it: &mut StatementDocument| it.opening.hash = Some("0".repeat(64));
    check(&opening, "/opening/hash opening_empty");
    let opening = |it: &mut StatementDocument| {
        it.opening.seq = 1;
        it.opening.hash = Some("0".repeat(63));
    };
    check(&opening, "/opening/hash hash_follows");
    let seq = |it: &mut StatementDocument| it.opening.seq = 1;
    check(&seq, "/entries/0/seq seq_without_gaps");
    let left_out = |it: &mut StatementDocument| drop(it.entries.remove(1));
    check(&left_out, "/entries/1/seq seq_without_gaps");
    let cut_off = |it: &mut StatementDocument| drop(it.entries.pop());
    check(&cut_off, "/closing/seq closing_is_last");
    let closing = |it: &mut StatementDocument| it.closing.balance_points = 121;
    check(&closing, "/closing/balance_points closing_is_last");
    let closing = |it: &mut StatementDocument| it.closing.hash = None;
    check(&closing, "/closing/hash closing_is_last");
}

#[test]
fn what_a_balance_is_made_of_sums_to_it() {
    let check = |change: &dyn Fn(&mut HoldingsDocument), rule: &str| {
        let found = told(|it| change(it.holdings.as_mut().expect("holdings")));
        assert_eq!(found, format!("/holdings {rule}"));
    };
    let lot = |points| LotDocument(points, 0, None, None);
    check(&|it| it.lots.clear(), "holdings_sum_to_balance");
    check(&|it| it.lots.push(lot(1)), "holdings_sum_to_balance");
    check(
        &|it| it.reservations[0].drawn[0].0 = 9,
        "holdings_sum_to_balance",
    );
    check(&|it| it.lots.push(lot(i64::MAX)), "holdings_sum_to_balance");
    check(&|it| it.lots.push(lot(0)), "holdings_possible");
    check(&|it| it.owed = -1, "holdings_possible");
    assert_eq!(told(|it| it.holdings = None), "good");
}

#[test]
fn what_was_tampered_with_so_that_its_sums_are_right_is_found_by_its_hash() {
    let found = told(|it| {
        it.entries[1].points = 51;
        it.entries[1].pools[0].points = 51;
        it.entries[1].balance_points = 151;
    });
    assert_eq!(found, "/entries/1/hash hash_follows");
    // Whoever hashes that entry anew has to do so with all that follow, and then what was kept is not there.
    let kept = statement().closing.hash.expect("a hash");
    let mut forged = statement();
    forged.entries[1].source = "forged".to_owned();
    chain(&mut forged, 0);
    let found = verify(&forged).expect("good by itself");
    assert!(!found.holds(&kept.parse().expect("a hash")));
}

#[test]
fn entries_from_before_the_chain_stand_at_its_beginning_only() {
    let mut old = statement();
    old.entries[0].hash = None;
    old.entries[0].pools.clear();
    old.entries[0].day = None;
    old.entries[1].hash = None;
    chain(&mut old, 2);
    let found = verify(&old).expect("good");
    assert_eq!((found.entries, found.chained_from), (4, Some(3)));
    // Their sums are checked all the same.
    old.entries[0].points = 101;
    let found = verify(&old).expect_err("a wrong sum");
    assert_eq!(found.pointer, "/entries/0/balance_points");

    let mut never = statement();
    for entry in &mut never.entries {
        entry.hash = None;
    }
    never.closing.hash = None;
    let found = verify(&never).expect("good");
    assert_eq!((found.chained_from, found.head()), (None, None));
}

#[test]
fn a_part_of_a_ledger_is_checked_from_where_it_opens() {
    let mut part = statement();
    let before = part.entries.remove(0);
    part.opening = MarkDocument {
        seq: before.seq,
        balance_points: before.balance_points,
        hash: before.hash.clone(),
    };
    let found = verify(&part).expect("good");
    assert_eq!((found.entries, found.chained_from), (3, Some(2)));
    let hash = before.hash.expect("a hash");
    assert!(found.holds(&hash.parse().expect("a hash")));
    part.opening.hash = Some("0".repeat(64));
    let found = verify(&part).expect_err("another history");
    assert_eq!(found.pointer, "/entries/0/hash");
}

#[test]
fn a_break_tells_what_is_written_and_what_would_be_right() {
    let mut tampered = statement();
    tampered.entries[2].balance_points = 110;
    let found = verify(&tampered).expect_err("tampered with");
    assert_eq!(
        found.to_string(),
        "entry 3: a balance is the one before plus the entry's points; written is 110, right would be 111"
    );
    assert_eq!(found.seq, Some(3));
}

// A statement is kept for years: its bytes are pinned.
#[test]
fn a_statement_is_written_as_it_always_was() {
    let mut short = statement();
    short.entries.truncate(1);
    let text = serde_json::to_string(&short).expect("plain JSON");
    expect_test::expect![[r#"{"format":"earnest-statement-v1","shop":"demo","member_id":"mem_6f1d","exported_at":1780000000000,"opening":{"seq":0,"balance_points":0,"hash":null},"entries":[{"seq":1,"kind":"welcome","points":100,"balance_points":100,"source":"1001","reason":null,"rules":["double-beans"],"partner":null,"program_version":7,"program_digest":"sha256:00ff","booked_at":1780000000000,"day":20601,"pools":[{"currency":"EUR","points":100,"spent_minor":1999}],"hash":"103ad321fbba897412fc2163f5ba4e4736006ed3c274111806a3a0cfe6aeb692"}],"closing":{"seq":4,"balance_points":120,"hash":"4f1fa8f29d0b676ef13c673a0e6fc913ec8e8485535ba07d427e8e99238ca00d"},"holdings":{"lots":[[80,0,1790000000000,"EUR"],[30,0,null,null]],"reservations":[{"id":"red_1","ends_at":1780003600000,"drawn":[[10,0,null,null]],"rewards":["coffee"]}],"owed":5,"settled_at":1780000000000}}"#]].assert_eq(&text);
    let read: StatementDocument = serde_json::from_str(&text).expect("the same");
    assert_eq!(read, short);
}

#[test]
fn a_balance_of_money_is_worked_out_again() {
    let with_money = || {
        let mut with_money = statement();
        with_money.credits.push(CreditLedgerDocument {
            balance: "cash".to_owned(),
            entries: vec![money(1, 250, 250), money(2, -100, 150)],
        });
        with_money
    };
    let found = verify(&with_money()).expect("a good statement");
    assert_eq!(found.credits, [("cash".to_owned(), 150)]);
    let told_of = |change: fn(&mut Vec<CreditStatementEntryDocument>)| {
        told(|it| {
            *it = with_money();
            change(&mut it.credits[0].entries);
        })
    };
    let at = |field: &str, rule: &str| format!("/credits/0/entries/{field} {rule}");
    assert_eq!(
        told_of(|it| it[1].balance_minor = 151),
        at("1/balance_minor", "balance_continued")
    );
    assert_eq!(
        told_of(|it| it[0].minor = 251),
        at("0/balance_minor", "balance_continued")
    );
    assert_eq!(
        told_of(|it| drop(it.remove(0))),
        at("0/seq", "seq_without_gaps")
    );
    assert_eq!(
        told_of(|it| it[1] = money(2, -300, -50)),
        at("1/balance_minor", "points_within_limits")
    );
    assert_eq!(
        told_of(|it| it[1].minor = i64::MIN),
        at("1/minor", "points_within_limits")
    );
}
