//! A database of the former release, with rows in every table that it had: today's migrations apply to it, and
//! today's code reads what is there and goes on with it.

use std::fs;
use std::path::PathBuf;

use earnest_ledger::store::members::MemberRow;
use earnest_ledger::store::{activities, budgets, chain, events, members, redemptions};
use earnest_ledger::{
    Bookkeeping, Ending, Order, Period, RedemptionEnd, RefundBooking, ReturnContent,
};
use rusqlite::Connection;

use super::{Shop, booking, order};

/// The last migration of that release.
const FORMER: &str = "0010_redemptions.sql";

/// Ada has joined with 100 points, earned 20 and 2.50 of credit by an order of which nothing has come back, wrote a
/// review, holds 30 for a reward, spent 10 on another, and has sent 15 to Bea, which have not arrived.
const ROWS: &str = r#"
    INSERT INTO members (shop, member_id, customer_id, email_hash, terms_at, enrolled_at) VALUES
      ('market', 'ada', 'c1', printf('%064d', 7), 1, 1779000000000), ('market', 'bea', NULL, NULL, 1, 1779000000000);
    INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at, day, pools, hash) VALUES
      ('market', 'ada', 1, 'welcome', 'ada', 100, 100, 1, 'sha256:0', 1779000000000, 20590, '[[null,100,0]]', printf('%064d', 1)),
      ('market', 'ada', 2, 'earn', 'o1', 20, 120, 1, 'sha256:0', 1779000000000, 20590, '[["EUR",20,2000]]', printf('%064d', 2)),
      ('market', 'ada', 3, 'redeem', 'spent', -10, 110, 1, 'sha256:0', 1779000000000, 20590, '[[null,-10,0]]', printf('%064d', 3)),
      ('market', 'ada', 4, 'transfer-out', 't1', -15, 95, 1, 'sha256:0', 1779000000000, 20590, '[[null,-15,0]]', printf('%064d', 4));
    INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, reason, program_version, program_digest, booked_at, day, pools, hash) VALUES
      ('market', 'ada', 5, 'adjust', 'k1', 50, 145, 'sorry', 1, 'sha256:0', 1779000000000, 20590, '[[null,50,0]]', printf('%064d', 5)),
      ('market', 'ada', 6, 'adjust', 'k2', -50, 95, 'not so sorry', 1, 'sha256:0', 1779000000000, 20590, '[[null,-50,0]]', printf('%064d', 6));
    UPDATE members SET seq = 6, balance_points = 95, earned_points = 20, head_hash = printf('%064d', 6), revision = revision + 1,
      facts = '{"orders":1,"last_order_at":1779000000000,"credits":[["credit",250]]}',
      holdings = '{"lots":[[45,1778976000000,null,null],[20,1778976000000,null,"EUR"]],"reservations":[{"id":"held","ends_at":1780003600000,"drawn":[[30,1778976000000,null,null]],"rewards":["coffee"]}],"settled_at":1779000000000}'
      WHERE member_id = 'ada';
    INSERT INTO credit_entries (shop, member_id, balance, seq, kind, source, minor, balance_minor, program_version, program_digest, booked_at) VALUES
      ('market', 'ada', 'credit', 1, 'earn', 'o1', 250, 250, 1, 'sha256:0', 1779000000000);
    INSERT INTO orders (shop, order_id, member_id, email_hash, content, answer, points, program_version, program_digest, placed_at, booked_at, evaluated, spent) VALUES
      ('market', 'o1', 'ada', NULL, '{"id":"o1","customer":{"member_id":"ada"},"cart":{"currency":"EUR","lines":[{"id":"l1","product":"rye","quantity":2,"unit_price":"10.00"}]}}',
       '{"status":"credited"}', 20, 9, 'sha256:gone', 1779000000000, 1779000000000, '{"member":{"balance_points":100},"at":1779000000000}', '[]'),
      ('market', 'o2', NULL, printf('%064d', 8), '{}', '{}', 9, 1, 'sha256:0', 3, 3, '{}', '[]');
    INSERT INTO activities (shop, activity_id, member_id, kind, content, answer, points, program_version, program_digest, occurred_at, booked_at) VALUES
      ('market', 'a1', 'ada', 'review', '{}', '{}', 0, 1, 'sha256:0', 2, 2);
    INSERT INTO budgets (shop, holder, used_points, limit_points) VALUES ('market', 'reward:coffee', 1, 50);
    INSERT INTO refunds (shop, order_id, refund_id, content, answer, nth, booked_at) VALUES
      ('market', 'o9', 'r9', '{"order_id":"o9"}', '{"status":"waiting"}', 1, 6);
    INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at, spent_at) VALUES
      ('market', 'held', 'ada', '{}', '{"id":"held","status":"held"}', 30, '["coffee"]', 1779000000000, NULL),
      ('market', 'spent', 'ada', '{}', '{"id":"spent","status":"held"}', 10, '["coffee"]', 1779000000000, 1779000000001);
    INSERT INTO transfers (shop, transfer_id, kind, from_member, to_member, content, sent_at) VALUES
      ('market', 't1', 'transfer', 'ada', 'bea', '{"points":15,"lots":[[15,1778976000000,null,null]]}', 1779000000000);
    INSERT INTO events (shop, seq, member_id, kind, content, happened_at, booked_at) VALUES
      ('market', 1, 'ada', 'tier.changed', '{"to":"gold"}', 6, 6);
    INSERT INTO programs (shop, version, digest, published_at, source, document) VALUES
      ('market', 4, 'sha256:' || printf('%064d', 0), 5, 'version = 4', '{"version":4,"digest":"sha256:' || printf('%064d', 0) || '"}');
    INSERT INTO newcomers (due_at, shop, member_id) VALUES (1779000000000, 'market', 'bea');
"#;

/// A shop whose database was made by the former release, and is today's.
fn former() -> Shop {
    let mut shop = Shop::new(
        "[[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n\
         [[rewards]]\nid = 'coffee'\nname = 'Coffee'\npoints = 30\nstock = 50\ngives = { experience = 'Coffee' }\n\
         [transfers]\nbetween_members = true\n",
    );
    let database = Connection::open_in_memory().expect("a database in memory");
    let enforced = database.pragma_update(None, "foreign_keys", true);
    enforced.expect("D1 always enforces foreign keys");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/worker/migrations");
    let entries = fs::read_dir(folder).expect("the folder of the migrations");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    paths.sort();
    let run = |sql: &str| database.execute_batch(sql).expect("it applies");
    for path in paths {
        run(&fs::read_to_string(&path).expect("a migration"));
        if path.ends_with(FORMER) {
            run("INSERT INTO shops (shop, name) VALUES ('market', 'The market')");
            run(
                "INSERT INTO keys (shop, kind, key_sha256) VALUES ('market', 'secret', printf('%064d', 1))",
            );
            run(ROWS);
            let empty: String = database
                .query_row(EMPTY_TABLES, [], |row| row.get(0))
                .expect("a list");
            assert_eq!(empty, "", "tables of that release without a row");
        }
    }
    shop.database = database;
    shop
}

/// The tables that have no row.
const EMPTY_TABLES: &str = "
    SELECT coalesce(group_concat(name), '') FROM (
      SELECT 'shops' AS name, (SELECT count(*) FROM shops) AS rows UNION ALL SELECT 'keys', (SELECT count(*) FROM keys)
      UNION ALL SELECT 'members', (SELECT count(*) FROM members) UNION ALL SELECT 'entries', (SELECT count(*) FROM entries)
      UNION ALL SELECT 'orders', (SELECT count(*) FROM orders) UNION ALL SELECT 'programs', (SELECT count(*) FROM programs)
      UNION ALL SELECT 'credit_entries', (SELECT count(*) FROM credit_entries)
      UNION ALL SELECT 'activities', (SELECT count(*) FROM activities) UNION ALL SELECT 'budgets', (SELECT count(*) FROM budgets)
      UNION ALL SELECT 'days', (SELECT count(*) FROM days) UNION ALL SELECT 'events', (SELECT count(*) FROM events)
      UNION ALL SELECT 'refunds', (SELECT count(*) FROM refunds) UNION ALL SELECT 'redemptions', (SELECT count(*) FROM redemptions)
      UNION ALL SELECT 'transfers', (SELECT count(*) FROM transfers) UNION ALL SELECT 'newcomers', (SELECT count(*) FROM newcomers)
    ) WHERE rows = 0";

fn member(shop: &Shop, name: &str) -> MemberRow {
    let [found] = shop
        .batch(&[members::load_by_id("market", name)])
        .expect("rows");
    members::member(&found).expect("a row").expect("a member")
}

#[test]
fn what_the_former_release_kept_is_read_and_gone_on_with() {
    let shop = former();
    let ada = member(&shop, "ada").snapshot().expect("a snapshot");
    assert_eq!(
        (ada.orders, ada.holdings.reserved(), ada.holdings.points()),
        (1, 30, 95)
    );
    assert_eq!(ada.credits, [("credit".to_owned(), 250)]);
    let [entries] = shop
        .batch(&[chain::load("market", "ada", 1, 9)])
        .expect("rows");
    let entries = chain::entries(&entries).expect("entries");
    assert_eq!(entries.len(), 6);
    assert!(entries.iter().all(|it| it.by.is_none()));
    let [history] = shop
        .batch(&[events::load_history("market", "ada", None, 9)])
        .expect("rows");
    assert_eq!(events::events(&history).expect("events").len(), 1);
    let [used] = shop.batch(&[budgets::load("market")]).expect("rows");
    assert_eq!(
        budgets::budgets(&used),
        Ok(vec![("reward:coffee".to_owned(), 1)])
    );
    let [activity] = shop
        .batch(&[activities::load("market", "a1")])
        .expect("rows");
    assert!(activities::activity(&activity).expect("a row").is_some());
    let ids = ["held".to_owned(), "spent".to_owned()];
    let [kept] = shop
        .batch(&[redemptions::load("market", &ids)])
        .expect("rows");
    assert_eq!(redemptions::redemptions(&kept).expect("rows").len(), 2);
    // What adjustments took of that day is told beside what they gave.
    let [expected] = shop
        .batch(&[Bookkeeping::estimates("market")])
        .expect("rows");
    let day = Period {
        from: 20_590,
        to: 20_590,
    };
    let books = Bookkeeping::new(day, &expected).expect("estimates");
    let [before, within] = shop.batch(&books.days("market")).expect("rows");
    let told = books.books(&before, &within).expect("books").points_in_all;
    assert_eq!(
        (told.issued, told.clawed_back, told.redeemed, told.closing),
        (170, 50, 10, 95)
    );

    // And today's code goes on.
    assert_eq!(shop.bring(), 1);
    assert_eq!(shop.balance("bea"), 15);
    let end = RedemptionEnd {
        shop: "market",
        redemption_id: "held",
        ending: Ending::Commit,
    };
    assert_eq!(shop.book(&end), Ok(true));
    let mut next: Order = order(&shop, "o3", "ada");
    next.customer.email_hash = None;
    next.customer.member_id = Some("ada".to_owned());
    assert_eq!(shop.book(&booking(&next)), Ok(true));
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &ReturnContent {
            order_id: "o1".to_owned(),
            lines: None,
        },
    };
    assert_eq!(shop.book(&refund), Ok(true));
    // 95, less the coffee, with the new order, less the old one's.
    assert_eq!(shop.balance("ada"), 65);
}
