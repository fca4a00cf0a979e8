//! What has been touched since the books were last checked: members, orders, activities, entries and days.
//!
//! Triggers of the simulator's own take note of it, beside those of the migrations, so it does not matter by which
//! statement something changed; what is undone, is not touched. Invariant: after every step what it touched is
//! checked, and in the end everything is.

use rusqlite::{Connection, Result};
use serde::Deserialize;

use crate::database::Database;

/// Where it is noted: a table for each kind of thing, of this connection alone.
const TABLES: &str = "
    CREATE TEMP TABLE touched_shops (shop TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE touched_members (member_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE touched_orders (order_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE touched_activities (activity_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE touched_days (day INTEGER NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE touched_entries (
      member_id TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (member_id, seq)) WITHOUT ROWID;

    -- What members agreed to, when they first did: what may never be forgotten.
    CREATE TEMP TABLE agreed (member_id TEXT NOT NULL PRIMARY KEY, terms_at INTEGER, marketing_at INTEGER) WITHOUT ROWID;
    CREATE TEMP TRIGGER agreed_when_joining AFTER INSERT ON main.members BEGIN
      INSERT INTO agreed VALUES (NEW.member_id, NEW.terms_at, NEW.marketing_at);
    END;
    CREATE TEMP TRIGGER agreed_later AFTER UPDATE ON main.members WHEN NEW.marketing_at IS NOT NULL BEGIN
      UPDATE agreed SET marketing_at = NEW.marketing_at
      WHERE member_id = NEW.member_id AND marketing_at IS NULL;
    END;
    -- Who joined because she has an account is asked later, or never.
    CREATE TEMP TRIGGER agreed_to_terms_later AFTER UPDATE ON main.members WHEN OLD.terms_at = 0 AND NEW.terms_at <> 0 BEGIN
      UPDATE agreed SET terms_at = NEW.terms_at WHERE member_id = NEW.member_id AND terms_at = 0;
    END;

    -- Rewards that were given, in the order in which they were.
    CREATE TEMP TABLE given (nth INTEGER PRIMARY KEY, redemption_id TEXT NOT NULL);
    CREATE TEMP TRIGGER given_now AFTER INSERT ON main.redemptions WHEN NEW.gift_of IS NOT NULL BEGIN
      INSERT INTO given (redemption_id) VALUES (NEW.redemption_id);
    END;

    -- What rewards were to cost and to give, in points and money, by the program that was in force.
    CREATE TEMP TABLE promised (shop TEXT NOT NULL, redemption_id TEXT NOT NULL, points INTEGER NOT NULL, minor INTEGER NOT NULL,
      PRIMARY KEY (shop, redemption_id)) WITHOUT ROWID;

    -- Which order was a member's first, and before which a seed came and was told.
    CREATE TEMP TABLE turns (nth INTEGER PRIMARY KEY, shop TEXT NOT NULL, order_id TEXT, commitment TEXT, is_revealed INTEGER NOT NULL DEFAULT 0);
    CREATE TEMP TRIGGER turn_of_order AFTER INSERT ON main.orders WHEN NEW.member_id IS NOT NULL BEGIN
      INSERT INTO turns (shop, order_id) VALUES (NEW.shop, NEW.order_id);
    END;
    CREATE TEMP TRIGGER turn_of_guest AFTER UPDATE ON main.orders WHEN OLD.member_id IS NULL AND NEW.member_id IS NOT NULL BEGIN
      INSERT INTO turns (shop, order_id) VALUES (NEW.shop, NEW.order_id);
    END;
    CREATE TEMP TRIGGER turn_of_seed AFTER INSERT ON main.seeds BEGIN
      INSERT INTO turns (shop, commitment) VALUES (NEW.shop, NEW.commitment);
    END;
    CREATE TEMP TRIGGER turn_of_reveal AFTER UPDATE ON main.seeds WHEN OLD.revealed_at IS NULL AND NEW.revealed_at IS NOT NULL BEGIN
      INSERT INTO turns (shop, commitment, is_revealed) VALUES (NEW.shop, NEW.commitment, 1);
    END;

    -- Boards as they are when the prizes are given: what all have in sum, and who has which place.
    CREATE TEMP TABLE boards (shop TEXT NOT NULL, competition TEXT NOT NULL, total INTEGER NOT NULL);
    CREATE TEMP TABLE places (shop TEXT NOT NULL, competition TEXT NOT NULL, member_id TEXT NOT NULL, place INTEGER NOT NULL);
    CREATE TEMP TRIGGER board_is_final AFTER UPDATE ON main.competitions WHEN OLD.given_at IS NULL AND NEW.given_at IS NOT NULL BEGIN
      INSERT INTO boards SELECT NEW.shop, NEW.competition, coalesce(sum(total), 0) FROM main.scores
      WHERE shop = NEW.shop AND competition = NEW.competition;
      INSERT INTO places
      SELECT NEW.shop, NEW.competition, member_id, rank() OVER (ORDER BY total DESC, reached_at) FROM main.scores
      WHERE shop = NEW.shop AND competition = NEW.competition AND name IS NOT NULL AND total > 0;
    END;";

/// What each table's row touches: a kind of thing, and which. A row touches its shop besides.
const TOUCHES: [(&str, &[(&str, &str)]); 16] = [
    ("members", &[("members", "SELECT NEW.member_id")]),
    (
        "entries",
        &[
            ("members", "SELECT NEW.member_id"),
            ("entries", "SELECT NEW.member_id, NEW.seq"),
            ("days", "SELECT NEW.day"),
            ("orders", "SELECT NEW.source WHERE NEW.kind = 'earn'"),
            (
                "activities",
                "SELECT NEW.source WHERE NEW.kind = 'activity'",
            ),
        ],
    ),
    (
        "credit_entries",
        &[
            ("members", "SELECT NEW.member_id"),
            ("orders", "SELECT NEW.source WHERE NEW.kind = 'earn'"),
        ],
    ),
    (
        "orders",
        &[
            ("orders", "SELECT NEW.order_id"),
            (
                "members",
                "SELECT NEW.member_id WHERE NEW.member_id IS NOT NULL",
            ),
        ],
    ),
    ("refunds", &[("orders", "SELECT NEW.order_id")]),
    ("activities", &[("activities", "SELECT NEW.activity_id")]),
    ("redemptions", &[("members", "SELECT NEW.member_id")]),
    (
        "transfers",
        &[(
            "members",
            "SELECT NEW.from_member UNION ALL SELECT NEW.to_member",
        )],
    ),
    ("days", &[("days", "SELECT NEW.day")]),
    ("gifts_sent", &[("members", "SELECT NEW.member_id")]),
    (
        "referrals",
        &[(
            "members",
            "SELECT NEW.friend_id UNION ALL SELECT NEW.advocate_id",
        )],
    ),
    ("scores", &[("members", "SELECT NEW.member_id")]),
    ("competitions", &[]),
    ("budgets", &[]),
    ("events", &[]),
    ("newcomers", &[]),
];

/// What follows from what was touched: who bought what came back, and who somebody is now.
const FOLLOW: [&str; 2] = [
    "INSERT OR IGNORE INTO touched_members
     SELECT member_id FROM orders WHERE shop = ?1 AND order_id IN touched_orders AND member_id IS NOT NULL",
    "INSERT OR IGNORE INTO touched_members
     SELECT merged_into FROM members WHERE shop = ?1 AND member_id IN touched_members AND merged_into IS NOT NULL",
];

const ALL: [&str; 6] = [
    "INSERT OR IGNORE INTO touched_shops SELECT shop FROM shops WHERE shop = ?1",
    "INSERT OR IGNORE INTO touched_members SELECT member_id FROM members WHERE shop = ?1",
    "INSERT OR IGNORE INTO touched_orders SELECT order_id FROM orders WHERE shop = ?1",
    "INSERT OR IGNORE INTO touched_activities SELECT activity_id FROM activities WHERE shop = ?1",
    "INSERT OR IGNORE INTO touched_days
     SELECT day FROM entries WHERE shop = ?1 UNION SELECT day FROM days WHERE shop = ?1",
    "INSERT OR IGNORE INTO touched_entries SELECT member_id, seq FROM entries WHERE shop = ?1",
];

const NONE: [&str; 6] = [
    "DELETE FROM touched_shops",
    "DELETE FROM touched_members",
    "DELETE FROM touched_orders",
    "DELETE FROM touched_activities",
    "DELETE FROM touched_days",
    "DELETE FROM touched_entries",
];

/// Gives a connection that only reads room to note what somebody says was touched.
pub(crate) fn note_by_hand(connection: &Connection) -> Result<()> {
    connection.execute_batch(TABLES)
}

/// Has a connection take note from now on.
pub(crate) fn observe(connection: &Connection) -> Result<()> {
    connection.execute_batch(TABLES)?;
    for (table, touches) in TOUCHES {
        let notes = touches.iter().map(|(what, which)| {
            format!("INSERT INTO touched_{what} {which} ON CONFLICT DO NOTHING;")
        });
        let notes: String = notes.collect();
        for event in ["INSERT", "UPDATE"] {
            connection.execute_batch(&format!(
                "CREATE TEMP TRIGGER touched_by_{event}_{table} AFTER {event} ON main.{table} BEGIN
                   INSERT INTO touched_shops SELECT NEW.shop ON CONFLICT DO NOTHING;
                   {notes}
                 END"
            ))?;
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Touched {
    shop: String,
}

/// The shops that were touched, with what follows from what was touched in them.
pub(crate) fn shops(database: &Database) -> Vec<String> {
    let shops = database.ask("SELECT shop FROM touched_shops", &[]);
    let shops = shops.into_iter().map(|Touched { shop }| shop);
    let shops: Vec<String> = shops.collect();
    for shop in &shops {
        for follow in FOLLOW {
            database.tell(follow, &[shop]);
        }
    }
    shops
}

/// Touches all of a shop.
pub(crate) fn touch_all(database: &Database, shop: &str) {
    for all in ALL {
        database.tell(all, &[shop]);
    }
}

/// It has been checked.
pub(crate) fn forget(database: &Database) {
    for none in NONE {
        database.tell(none, &[]);
    }
}
