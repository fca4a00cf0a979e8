//! Entries: append-only, numbered without gaps, each for one source, each continuing the balance.

use earnest_core::EntryKind;

use super::{Ledger, accepts, entry, refuses};

fn entry_refused(cases: &[(&str, &str)]) {
    for (values, words) in cases {
        refuses(&[(entry(values).as_str(), *words)]);
    }
}

#[test]
fn entries_are_only_ever_appended() {
    refuses(&[
        ("UPDATE entries SET points = 1000", "append-only"),
        (
            "UPDATE entries SET reason = 'other' WHERE seq = 2",
            "append-only",
        ),
        (
            "UPDATE OR IGNORE entries SET source = 'x' WHERE seq = 1",
            "append-only",
        ),
        ("DELETE FROM entries", "append-only"),
        ("DELETE FROM entries WHERE seq = 2", "append-only"),
    ]);
}

#[test]
fn an_entry_continues_the_balance_without_a_gap() {
    entry_refused(&[
        ("3, 'earn', '1003', 10, 131", "must continue the balance"),
        ("3, 'earn', '1003', 10, 10", "must continue the balance"),
        ("4, 'earn', '1003', 10, 130", "must continue the balance"),
        ("0, 'earn', '1003', 10, 10", "must continue the balance"),
        (
            "2, 'earn', '1003', 10, 110",
            "UNIQUE constraint failed: entries",
        ),
        (
            "1, 'earn', '1003', 10, 10",
            "UNIQUE constraint failed: entries",
        ),
        (
            "3, 'adjust', 'k', -121, -1",
            "CHECK constraint failed: balance_points",
        ),
        (
            "3, 'adjust', 'k', 0, 120",
            "CHECK constraint failed: points",
        ),
        (
            "3, 'adjust', 'k', 9007199254740991, 9007199254741111",
            "CHECK constraint failed: balance_points",
        ),
        (
            "3, 'adjust', 'k', 9007199254740992, 9007199254741112",
            "CHECK constraint failed",
        ),
        (
            "3, 'adjust', 'k', 0.5, 120.5",
            "cannot store REAL value in INTEGER column",
        ),
        (
            "3, 'adjust', 'k', 'ten', 130",
            "cannot store TEXT value in INTEGER column",
        ),
    ]);
}

#[test]
fn a_source_books_once() {
    entry_refused(&[
        (
            "3, 'earn', '1001', 20, 140",
            "UNIQUE constraint failed: entries.shop, entries.kind, entries.source",
        ),
        (
            "3, 'welcome', 'ada', 100, 220",
            "UNIQUE constraint failed: entries.shop, entries.kind, entries.source",
        ),
    ]);
    refuses(&[(
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at, day, pools, hash)
         VALUES ('alpha', 'bea', 1, 'earn', '1001', 20, 20, 1, 'sha256:0', 2, 20000, '[[null,20,0]]', printf('%064d', 4))",
        "UNIQUE constraint failed: entries.shop, entries.kind, entries.source",
    )]);
    accepts(&[
        entry("3, 'adjust', '1001', 20, 140").as_str(),
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at, day, pools, hash)
         VALUES ('beta', 'cleo', 1, 'earn', '1001', 20, 20, 1, 'sha256:0', 2, 20000, '[[null,20,0]]', printf('%064d', 4))",
    ]);
}

#[test]
fn an_entry_says_what_it_is_for_and_whose_it_is() {
    entry_refused(&[
        ("3, 'gift', 'k', 10, 130", "FOREIGN KEY"),
        (
            "3, 'earn', '', 10, 130",
            "CHECK constraint failed: length(source)",
        ),
        ("3, 'earn', NULL, 10, 130", "NOT NULL"),
        ("3, NULL, 'k', 10, 130", "NOT NULL"),
        (
            "3, 'earn', printf('%0129d', 0), 10, 130",
            "CHECK constraint failed: length(source)",
        ),
    ]);
    let adjustment = |reason: &str| entry("3, 'adjust', 'k', 10, 130").replace("'why'", reason);
    refuses(&[
        (&adjustment("NULL"), "CHECK constraint failed: kind"),
        (&adjustment("''"), "CHECK constraint failed: kind"),
        (
            &entry("1, 'earn', '1003', 10, 10").replace("'ada'", "'nobody'"),
            "FOREIGN KEY",
        ),
        (
            &entry("1, 'earn', '1003', 10, 10").replace("'alpha'", "'beta'"),
            "FOREIGN KEY",
        ),
    ]);
}

/// D1 binds every number as REAL; STRICT columns turn a whole one back.
#[test]
fn whole_numbers_stay_whole_however_they_are_bound() {
    accepts(&[entry("3.0, 'earn', '1003', 10.0, 130.0").as_str()]);
    let ledger = Ledger::new();
    ledger
        .0
        .execute_batch(&entry("3.0, 'earn', '1003', 10.0, 130.0"))
        .expect("whole numbers");
    let kinds: String = ledger
        .0
        .query_row(
            "SELECT typeof(seq) || typeof(points) || typeof(balance_points) FROM entries WHERE seq = 3",
            [],
            |row| row.get(0),
        )
        .expect("the entry");
    assert_eq!(kinds, "integerintegerinteger");
}

#[test]
fn every_kind_that_the_core_books_may_be_kept() {
    for kind in EntryKind::ALL {
        let entry = entry(&format!("3, '{}', 's', 10, 130", kind.name()));
        accepts(&[&entry]);
    }
}
