//! What is hashed: the bytes are pinned from outside, and everything that an entry says is in them.

use super::*;
use crate::Currency;

const MEMBER: &str = "mem_6f1d";

fn hash(text: &str) -> EntryHash {
    text.parse().expect("a hash of the test")
}

fn pool(code: &str, points: i64, spent_minor: i64) -> Pool {
    Pool {
        currency: Currency::parse(code).ok(),
        points,
        spent_minor,
    }
}

fn welcome() -> ChainedEntry<'static> {
    ChainedEntry {
        seq: 1,
        kind: "welcome",
        points: 100,
        balance: 100,
        source: MEMBER,
        reason: None,
        rules: &[],
        partner: None,
        program_version: 7,
        program_digest: "sha256:00ff",
        booked_at: Timestamp::from_millis(1_780_000_000_000),
        day: 20_601,
        pools: &[],
        by: None,
    }
}

/// Computed by the Python of the module's documentation, and by `sha256sum` of the bytes written by hand.
#[test]
fn hashes_are_those_that_others_compute() {
    let first = ChainedEntry {
        pools: &[pool("", 100, 0)],
        ..welcome()
    };
    let first = entry_hash(None, MEMBER, &first);
    assert_eq!(
        first.to_string(),
        "8fa2cd3c0efe0a10ad1817ea20aca55894affc52aa96b8525992f2048ce1034c"
    );
    let rules = ["double-beans".to_owned(), "naïve:\n-".to_owned()];
    let second = ChainedEntry {
        seq: 2,
        kind: "adjust",
        points: -39,
        balance: 61,
        source: "order 1001",
        reason: Some("Tippfehler an der Kasse – 39 zu viel"),
        rules: &rules,
        partner: Some("bakery"),
        booked_at: Timestamp::from_millis(1_780_000_060_000),
        pools: &[pool("EUR", -50, -1999), pool("JPY", 11, 0)],
        ..welcome()
    };
    let second = entry_hash(Some(&first), MEMBER, &second);
    assert_eq!(
        second.to_string(),
        "08296057d48692cd437c8dc012bdb5256fe952fb81f79c8fbac2f1cabefa0783"
    );
}

#[test]
fn whatever_an_entry_says_is_in_its_hash() {
    let one = ["a".to_owned()];
    let two = ["a".to_owned(), "b".to_owned()];
    let joined = ["a1:b".to_owned()];
    let pools = [pool("EUR", 60, 5), pool("", 40, 0)];
    let swapped = [pool("", 40, 0), pool("EUR", 60, 5)];
    let spent = [pool("EUR", 60, 6), pool("", 40, 0)];
    let moved = [pool("EUR", 61, 5), pool("", 39, 0)];
    let dollars = [pool("USD", 60, 5), pool("", 40, 0)];
    let base = ChainedEntry {
        reason: Some("r"),
        rules: &two,
        partner: Some("p"),
        pools: &pools,
        ..welcome()
    };
    let [zeros, ones] = ["0", "1"].map(|digit| hash(&digit.repeat(64)));
    let mut hashes = vec![
        entry_hash(Some(&zeros), MEMBER, &base),
        entry_hash(Some(&ones), MEMBER, &base),
        entry_hash(None, MEMBER, &base),
        entry_hash(Some(&zeros), "mem_6f1e", &base),
    ];
    let mut and = |change: &dyn Fn(&mut ChainedEntry<'_>)| {
        let mut changed = base;
        change(&mut changed);
        hashes.push(entry_hash(Some(&zeros), MEMBER, &changed));
    };
    and(&|entry| entry.seq = 2);
    and(&|entry| entry.kind = "adjust");
    and(&|entry| entry.points = 99);
    and(&|entry| entry.balance = 99);
    and(&|entry| entry.source = "other");
    and(&|entry| entry.reason = None);
    and(&|entry| entry.reason = Some(""));
    and(&|entry| entry.reason = Some("-"));
    and(&|entry| entry.rules = &[]);
    and(&|entry| entry.partner = None);
    and(&|entry| entry.partner = Some("q"));
    and(&|entry| entry.program_version = 8);
    and(&|entry| entry.program_digest = "sha256:00fe");
    and(&|entry| entry.booked_at = Timestamp::from_millis(0));
    and(&|entry| entry.day = 20_602);
    and(&|entry| entry.pools = &[]);
    and(&|entry| entry.by = Some("till 3"));
    and(&|entry| entry.by = Some(""));
    let mut with = |rules, pools| {
        let changed = ChainedEntry {
            rules,
            pools,
            ..base
        };
        hashes.push(entry_hash(Some(&zeros), MEMBER, &changed));
    };
    with(&one, &pools);
    with(&joined, &pools);
    for pools in [&swapped, &spent, &moved, &dollars] {
        with(&two, pools);
    }
    let all = hashes.len();
    hashes.sort_unstable_by_key(EntryHash::to_string);
    hashes.dedup();
    assert_eq!(hashes.len(), all);
}

#[test]
fn a_hash_has_one_text() {
    let text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
    assert_eq!(hash(text).to_string(), text);
    assert_eq!(format!("{:?}", hash(text)), text);
    for wrong in [
        "",
        &text.replace('a', "A"),
        &text.replace("ff", "f"),
        &text.replace("ff", "ffff"),
        &text.replace("ff", "fg"),
        &text.replace("ff", "é"),
    ] {
        assert_eq!(wrong.parse::<EntryHash>(), Err(EntryHashError), "{wrong}");
    }
}
