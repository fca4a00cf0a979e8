//! The ledger's own defences: each constraint of the migrations, with a statement that it must refuse.
//!
//! The Worker keeps these rules too; here it is shown that a bug in it, or a hand at the database, could
//! not break the ledger quietly. Invariant: what is refused leaves every table as it was.

mod credits;
mod entries;
mod life;
mod members;
mod migrations;
mod orders;
mod partners;
mod programs;
mod shops;

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::types::Value;

/// Alpha has Ada with 120 points (100 for joining, 20 for order 1001) and Bea, who has none yet; a guest
/// bought order 1002. Beta has a Cleo who has none. All of it could be there before the second migration.
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

const TABLES: [&str; 16] = [
    "shops",
    "keys",
    "members",
    "entry_kinds",
    "entries",
    "orders",
    "programs",
    "credit_entries",
    "activities",
    "budgets",
    "days",
    "events",
    "refunds",
    "redemptions",
    "transfers",
    "partner_days",
];

/// Alpha has published its version 4. Ada has 2.50 of credit, has written a review, has had 30 of a budget of 50,
/// has sent back a part of order 1001, holds points for a reward, and gives some to Bea.
const LATER_ROWS: &str = "
    INSERT INTO credit_entries (shop, member_id, balance, seq, kind, source, minor, balance_minor, program_version, program_digest, booked_at) VALUES
      ('alpha', 'ada', 'credit', 1, 'earn', '1001', 250, 250, 1, 'sha256:0', 2);
    INSERT INTO activities (shop, activity_id, member_id, kind, content, answer, points, program_version, program_digest, occurred_at, booked_at) VALUES
      ('alpha', 'a1', 'ada', 'review', '{}', '{}', 0, 1, 'sha256:0', 2, 2);
    INSERT INTO budgets (shop, holder, used_points, limit_points) VALUES ('alpha', 'opening', 30, 50);
    INSERT INTO refunds (shop, order_id, refund_id, content, answer, nth, booked_at) VALUES
      ('alpha', '1001', 'r1', '{}', '{}', 1, 6);
    INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at) VALUES
      ('alpha', 'd1', 'ada', '{}', '{}', 5, '[]', 6);
    INSERT INTO transfers (shop, transfer_id, kind, from_member, to_member, content, sent_at) VALUES
      ('alpha', 't1', 'transfer', 'ada', 'bea', '[]', 6);
    INSERT INTO events (shop, seq, member_id, kind, content, happened_at, booked_at) VALUES
      ('alpha', 1, 'ada', 'points.matured', '{}', 6, 6);
    INSERT INTO programs (shop, version, digest, published_at, source, document) VALUES
      ('alpha', 4, 'sha256:' || printf('%064d', 0), 5, 'version = 4',
       '{\"version\":4,\"digest\":\"sha256:' || printf('%064d', 0) || '\"}');
";

struct Ledger(Connection);

impl Ledger {
    /// All migrations in order, as D1 runs them: the later ones on a ledger that is in use.
    fn new() -> Self {
        let ledger = Self::empty();
        for (nth, sql) in migrations().iter().enumerate() {
            ledger.run(sql);
            if nth == 0 {
                ledger.run(ROWS);
            }
        }
        ledger.run(LATER_ROWS);
        ledger
    }

    fn empty() -> Self {
        let database = Connection::open_in_memory().expect("a database in memory");
        database
            .pragma_update(None, "foreign_keys", true)
            .expect("D1 always enforces foreign keys");
        Self(database)
    }

    fn run(&self, sql: &str) {
        let done = self.0.execute_batch(sql);
        done.unwrap_or_else(|error| panic!("{error}, in {sql}"));
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

/// The migrations, in the order in which they apply.
fn migrations() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/worker/migrations");
    let entries = fs::read_dir(folder).expect("the folder of the migrations");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are no migrations");
    let read = |path: PathBuf| fs::read_to_string(path).expect("a migration");
    paths.into_iter().map(read).collect()
}

#[test]
fn migrations_leave_what_is_there_and_count_the_orders_of_members() {
    let ledger = Ledger::empty();
    for (nth, sql) in migrations().iter().enumerate() {
        ledger.run(sql);
        if nth == 0 {
            ledger.run(ROWS);
        }
    }
    let text = |sql: &str| -> String {
        let text = ledger.0.query_row(sql, [], |row| row.get(0));
        text.expect("a text")
    };
    let facts = "SELECT group_concat(member_id || facts || revision, ' ') FROM members";
    assert_eq!(
        text(facts),
        r#"ada{"last_order_at":2,"orders":1}1 bea{}1 cleo{}1"#
    );
    // What was booked before is counted in the books, and everybody is looked at once by the cron.
    let days = "SELECT group_concat(day || kind || points, ' ') FROM days";
    assert_eq!(text(days), "0earn20 0welcome100");
    let due = "SELECT group_concat(due_at, ' ') FROM members";
    assert_eq!(text(due), "0 0 0");
    let entries = "SELECT group_concat(seq || kind || balance_points, ' ') FROM entries";
    assert_eq!(text(entries), "1welcome100 2earn120");
}

#[test]
fn migrations_apply_to_a_new_database() {
    let ledger = Ledger::empty();
    for sql in migrations() {
        ledger.run(&sql);
    }
    assert!(ledger.everything().len() >= 3, "the kinds of entries");
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
    let points = values.rsplit(", ").nth(1).expect("the points of an entry");
    entry_in(
        values,
        &format!("json_array(json_array('EUR', {points}, 0))"),
    )
}

/// The same, with these pools.
fn entry_in(values: &str, pools: &str) -> String {
    let columns = "seq, kind, source, points, balance_points, reason, shop, member_id, program_version, program_digest, booked_at, day, pools, hash";
    format!(
        "INSERT INTO entries ({columns}) VALUES ({values}, 'why', 'alpha', 'ada', 1, 'sha256:0', 4, 20000, {pools}, printf('%064d', 4));"
    )
}
