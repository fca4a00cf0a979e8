//! The ledger's own defences: each constraint of the migrations, with a statement that it must refuse.
//!
//! The Worker keeps these rules too; here it is shown that a bug in it, or a hand at the database, could
//! not break the ledger quietly. Invariant: what is refused leaves every table as it was.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::types::Value;

/// Alpha has Ada with 120 points (100 for joining, 20 for order 1001) and Bea, who has none yet; a guest
/// bought order 1002. Beta has a Cleo who has none.
const ROWS: &str = "
    INSERT INTO shops (shop, name, origins) VALUES ('alpha', 'Alpha', '[\"https://alpha.example\"]'), ('beta', 'Beta', '[]');
    INSERT INTO members (shop, member_id, customer_id, email_hash, terms_at, enrolled_at) VALUES
      ('alpha', 'ada', 'c-1', printf('%064d', 1), 1, 1),
      ('alpha', 'bea', NULL, NULL, 1, 1),
      ('beta', 'cleo', 'c-1', printf('%064d', 1), 1, 1);
    INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at) VALUES
      ('alpha', 'ada', 1, 'welcome', 'ada', 100, 100, 1, 'sha256:0', 1),
      ('alpha', 'ada', 2, 'earn', '1001', 20, 120, 1, 'sha256:0', 2);
    UPDATE members SET seq = 2, balance_points = 120, earned_points = 20 WHERE shop = 'alpha' AND member_id = 'ada';
    INSERT INTO orders (shop, order_id, member_id, email_hash, content, answer, points, program_version, program_digest, placed_at, booked_at) VALUES
      ('alpha', '1001', 'ada', NULL, '{}', '{}', 20, 1, 'sha256:0', 2, 2),
      ('alpha', '1002', NULL, printf('%064d', 2), '{}', '{}', 9, 1, 'sha256:0', 3, 3);
";

const TABLES: [&str; 6] = [
    "shops",
    "keys",
    "members",
    "entry_kinds",
    "entries",
    "orders",
];

struct Ledger(Connection);

impl Ledger {
    /// All migrations in order, as D1 runs them, and the rows above.
    fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/worker/migrations");
        let entries = fs::read_dir(folder).expect("the folder of the migrations");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("an entry of the folder").path())
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "there are no migrations");
        let database = Connection::open_in_memory().expect("a database in memory");
        database
            .pragma_update(None, "foreign_keys", true)
            .expect("D1 always enforces foreign keys");
        for path in paths {
            let sql = fs::read_to_string(&path).expect("a migration");
            database.execute_batch(&sql).expect("a migration applies");
        }
        database.execute_batch(ROWS).expect("a sound ledger");
        Self(database)
    }

    fn everything(&self) -> Vec<Vec<Value>> {
        let rows = |table: &&str| {
            let mut select = self
                .0
                .prepare(&format!("SELECT * FROM {table}"))
                .expect("a table of the migrations");
            let width = select.column_count();
            let rows = select.query_map([], |row| (0..width).map(|nth| row.get(nth)).collect());
            rows.expect("rows")
                .collect::<Result<Vec<_>, _>>()
                .expect("values")
        };
        TABLES.iter().flat_map(rows).collect()
    }
}

/// Each statement must fail, say these words, and change nothing.
fn refuses(cases: &[(&str, &str)]) {
    let ledger = Ledger::new();
    let before = ledger.everything();
    for (sql, words) in cases {
        let refused = ledger.0.execute_batch(sql);
        let message = refused.map_or_else(|error| error.to_string(), |()| "it was done".to_owned());
        assert!(
            message.contains(words),
            "{sql}\n  said: {message}\n  not: {words}"
        );
        assert!(ledger.everything() == before, "{sql}\n  changed something");
    }
}

fn accepts(cases: &[&str]) {
    let ledger = Ledger::new();
    for sql in cases {
        let done = ledger.0.execute_batch(sql);
        done.unwrap_or_else(|error| panic!("{sql}\n  said: {error}"));
    }
}

/// An entry of Ada's as `seq, kind, source, points, balance`, and the rest as it usually is.
fn entry(values: &str) -> String {
    let columns = "seq, kind, source, points, balance_points, reason, shop, member_id, program_version, program_digest, booked_at";
    format!(
        "INSERT INTO entries ({columns}) VALUES ({values}, 'why', 'alpha', 'ada', 1, 'sha256:0', 4);"
    )
}

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
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at)
         VALUES ('alpha', 'bea', 1, 'earn', '1001', 20, 20, 1, 'sha256:0', 2)",
        "UNIQUE constraint failed: entries.shop, entries.kind, entries.source",
    )]);
    accepts(&[
        entry("3, 'adjust', '1001', 20, 140").as_str(),
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at)
         VALUES ('beta', 'cleo', 1, 'earn', '1001', 20, 20, 1, 'sha256:0', 2)",
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

#[test]
fn a_member_joins_with_nothing_and_moves_by_her_entries_alone() {
    refuses(&[
        (
            "INSERT INTO members (shop, member_id, terms_at, enrolled_at, balance_points) VALUES ('alpha', 'd', 1, 1, 5)",
            "joins with nothing",
        ),
        (
            "INSERT INTO members (shop, member_id, terms_at, enrolled_at, seq) VALUES ('alpha', 'd', 1, 1, 1)",
            "joins with nothing",
        ),
        (
            "INSERT INTO members (shop, member_id, terms_at, enrolled_at, earned_points) VALUES ('alpha', 'd', 1, 1, 1)",
            "joins with nothing",
        ),
        (
            "UPDATE members SET balance_points = 1000 WHERE member_id = 'ada'",
            "of her last entry",
        ),
        (
            "UPDATE members SET balance_points = balance_points + 1",
            "of her last entry",
        ),
        (
            "UPDATE members SET seq = 1, balance_points = 100 WHERE member_id = 'ada'",
            "of her last entry",
        ),
        (
            "UPDATE members SET seq = 3 WHERE member_id = 'ada'",
            "of her last entry",
        ),
        (
            "UPDATE members SET seq = 1, balance_points = 10 WHERE member_id = 'bea'",
            "of her last entry",
        ),
        (
            "UPDATE members SET earned_points = -1 WHERE member_id = 'ada'",
            "CHECK constraint failed: earned_points",
        ),
        (
            "UPDATE members SET tier = x'00' WHERE member_id = 'ada'",
            "cannot store BLOB value in TEXT column",
        ),
        ("DELETE FROM members WHERE member_id = 'ada'", "FOREIGN KEY"),
        (
            "UPDATE members SET member_id = 'eve' WHERE member_id = 'ada'",
            "FOREIGN KEY",
        ),
    ]);
    accepts(&[
        entry("3, 'earn', '1003', 10, 130").as_str(),
        entry("4, 'adjust', 'k', -130, 0").as_str(),
        "UPDATE members SET seq = 4, balance_points = 0, earned_points = 30, tier = 'silver' WHERE member_id = 'ada'",
    ]);
}

#[test]
fn an_e_mail_and_a_customer_have_one_membership_in_a_shop() {
    let joins = |values: &str| {
        format!(
            "INSERT INTO members (shop, member_id, customer_id, email_hash, terms_at, enrolled_at) VALUES ({values}, 1)"
        )
    };
    refuses(&[
        (
            &joins("'alpha', 'd', NULL, printf('%064d', 1), 1"),
            "UNIQUE constraint failed: members.shop, members.email_hash",
        ),
        (
            &joins("'alpha', 'd', 'c-1', NULL, 1"),
            "UNIQUE constraint failed: members.shop, members.customer_id",
        ),
        (
            &joins("'alpha', 'ada', NULL, NULL, 1"),
            "UNIQUE constraint failed: members.shop, members.member_id",
        ),
        (&joins("'gamma', 'd', NULL, NULL, 1"), "FOREIGN KEY"),
        (
            &joins("'alpha', '', NULL, NULL, 1"),
            "CHECK constraint failed: length(member_id)",
        ),
        (
            &joins("'alpha', 'd', '', NULL, 1"),
            "CHECK constraint failed: length(customer_id)",
        ),
        (
            &joins("'alpha', 'd', NULL, 'ada@example.com', 1"),
            "CHECK constraint failed: length(email_hash)",
        ),
        (
            &joins("'alpha', 'd', NULL, NULL, NULL"),
            "NOT NULL constraint failed: members.terms_at",
        ),
    ]);
    accepts(&[
        &joins("'alpha', 'd', NULL, NULL, 1"),
        &joins("'beta', 'd', 'c-2', printf('%064d', 2), 1"),
    ]);
}

#[test]
fn an_order_is_kept_as_it_was_booked() {
    refuses(&[
        (
            "UPDATE orders SET answer = '[]' WHERE order_id = '1001'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET member_id = 'bea' WHERE order_id = '1001'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET content = '[]' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET answer = '[]' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET points = 10 WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET program_version = 2 WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET program_digest = 'x' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET placed_at = 1 WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET booked_at = 1 WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET member_id = 'bea' WHERE order_id = '1002'",
            "CHECK constraint failed: email_hash",
        ),
        (
            "UPDATE orders SET member_id = 'cleo', email_hash = NULL WHERE order_id = '1002'",
            "FOREIGN KEY",
        ),
        ("DELETE FROM orders", "an order is kept"),
    ]);
    accepts(&["UPDATE orders SET member_id = 'bea', email_hash = NULL WHERE order_id = '1002'"]);
}

#[test]
fn an_order_is_whole_or_not_kept() {
    let order = |values: &str| {
        format!(
            "INSERT INTO orders (shop, order_id, member_id, email_hash, content, answer, points, program_version, program_digest, placed_at, booked_at)
             VALUES ({values}, 1, 'sha256:0', 4, 4)"
        )
    };
    refuses(&[
        (
            &order("'alpha', '1001', NULL, NULL, '{}', '{}', 0"),
            "UNIQUE constraint failed: orders.shop, orders.order_id",
        ),
        (
            &order("'gamma', '1003', NULL, NULL, '{}', '{}', 0"),
            "FOREIGN KEY",
        ),
        (
            &order("'alpha', '1003', 'cleo', NULL, '{}', '{}', 0"),
            "FOREIGN KEY",
        ),
        (
            &order("'alpha', '', NULL, NULL, '{}', '{}', 0"),
            "CHECK constraint failed: length(order_id)",
        ),
        (
            &order("'alpha', '1003', NULL, NULL, 'no JSON', '{}', 0"),
            "CHECK constraint failed: json_valid(content)",
        ),
        (
            &order("'alpha', '1003', NULL, NULL, '{}', 'no JSON', 0"),
            "CHECK constraint failed: json_valid(answer)",
        ),
        (
            &order("'alpha', '1003', NULL, NULL, '{}', '{}', -1"),
            "CHECK constraint failed: points",
        ),
        (
            &order("'alpha', '1003', 'ada', printf('%064d', 1), '{}', '{}', 0"),
            "CHECK constraint failed: email_hash",
        ),
        (
            &order("'alpha', '1003', NULL, 'ada@example.com', '{}', '{}', 0"),
            "CHECK constraint failed: email_hash",
        ),
    ]);
    accepts(&[
        &order("'beta', '1001', 'cleo', NULL, '{}', '{}', 0"),
        &order("'alpha', '1003', NULL, NULL, '{}', '{}', 0"),
    ]);
}

#[test]
fn shops_and_keys_are_well_formed() {
    let shop = |values: &str| format!("INSERT INTO shops (shop, name, origins) VALUES ({values})");
    let key = |values: &str| format!("INSERT INTO keys (shop, kind, key_sha256) VALUES ({values})");
    refuses(&[
        (
            &shop("'', 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("'Gamma', 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("'a_b', 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("printf('%033d', 0), 'x', '[]'"),
            "CHECK constraint failed: length(shop)",
        ),
        (
            &shop("'alpha', 'x', '[]'"),
            "UNIQUE constraint failed: shops.shop",
        ),
        (
            &shop("'gamma', 'x', '{}'"),
            "CHECK constraint failed: json_type(origins)",
        ),
        (&shop("'gamma', 'x', 'https://a.example'"), "malformed JSON"),
        (&key("'gamma', 'secret', printf('%064d', 1)"), "FOREIGN KEY"),
        (
            &key("'alpha', 'public', printf('%064d', 1)"),
            "CHECK constraint failed: kind",
        ),
        (
            &key("'alpha', 'secret', 'sk_alpha_in_the_clear'"),
            "CHECK constraint failed: length(key_sha256)",
        ),
        (
            &key("'alpha', 'secret', upper(printf('%064x', 171))"),
            "CHECK constraint failed: length(key_sha256)",
        ),
        ("DELETE FROM shops WHERE shop = 'alpha'", "FOREIGN KEY"),
    ]);
    accepts(&[
        &shop("'a-1', 'x', '[]'"),
        &key("'alpha', 'secret', printf('%064d', 1)"),
        &key("'alpha', 'secret', printf('%064d', 2)"),
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
