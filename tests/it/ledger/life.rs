//! What becomes of points: entries that the books are made from, refunds, redemptions and transfers, each kept as
//! it was booked.

use super::{Ledger, accepts, entry, entry_in, refuses};

#[test]
fn an_entry_is_hashed_and_accounted_for_to_the_point() {
    let pools = |pools: &str| entry_in("3, 'earn', '1003', 10, 130", pools);
    let words = "a hash, and pools that sum to its points";
    for wrong in [
        "NULL",
        "'[]'",
        "'[[\"EUR\",9,0]]'",
        "'[[\"EUR\",10,0],[null,1,0]]'",
    ] {
        refuses(&[(pools(wrong).as_str(), words)]);
    }
    refuses(&[
        (pools("'{}'").as_str(), words),
        (
            &entry("3, 'earn', '1003', 10, 130").replace("20000,", "NULL,"),
            words,
        ),
        (
            &entry("3, 'earn', '1003', 10, 130").replace("printf('%064d', 4)", "NULL"),
            words,
        ),
        (
            &entry("3, 'earn', '1003', 10, 130").replace("printf('%064d', 4)", "'abc'"),
            "CHECK constraint failed",
        ),
        (
            pools("'[[\"EURO\",10,0]]'").as_str(),
            "CHECK constraint failed: currency",
        ),
    ]);
    accepts(&[&pools("'[[\"EUR\",7,700],[null,3,0]]'")]);
}

#[test]
fn the_books_are_the_sums_of_the_entries() {
    let ledger = Ledger::new();
    ledger.run(&entry_in(
        "3, 'earn', '1003', 10, 130",
        "'[[\"EUR\",7,700],[null,3,0]]'",
    ));
    ledger.run(&entry_in(
        "4, 'earn', '1004', 5, 135",
        "'[[\"EUR\",5,500]]'",
    ));
    ledger.run(&entry_in(
        "5, 'redeem', 'd1', -6, 129",
        "'[[\"EUR\",-4,0],[null,-2,0]]'",
    ));
    let told: String = ledger
        .0
        .query_row(
            "SELECT group_concat(kind || currency || points || '/' || spent_minor, ' ') FROM days WHERE day = 20000",
            [],
            |row| row.get(0),
        )
        .expect("the books");
    assert_eq!(told, "earn3/0 earnEUR12/1200 redeem-2/0 redeemEUR-4/0");
    let sums: i64 = ledger
        .0
        .query_row(
            "SELECT (SELECT sum(points) FROM days) - (SELECT sum(points) FROM entries)",
            [],
            |row| row.get(0),
        )
        .expect("two sums");
    assert_eq!(sums, 0);
}

#[test]
fn what_was_booked_of_an_order_stays_as_it_was() {
    refuses(&[
        (
            "UPDATE refunds SET answer = '[]'",
            "is kept as it was booked",
        ),
        ("DELETE FROM refunds", "a refund is kept"),
        ("DELETE FROM days", "a day is kept"),
        ("DELETE FROM events", "an event is kept"),
        ("DELETE FROM redemptions", "a redemption is kept"),
        ("DELETE FROM transfers", "a transfer is kept"),
        ("DELETE FROM budgets", "what was had of a budget is kept"),
        (
            "DELETE FROM members WHERE member_id = 'cleo'",
            "a member is kept",
        ),
        (
            "UPDATE redemptions SET points = 1, spent_at = 7",
            "is kept as it was booked",
        ),
        ("UPDATE events SET content = '[]'", "is kept as it was told"),
        (
            "UPDATE orders SET evaluated = '{\"orders\":1}' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET spent = '[]' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        // Two that were decided at once are not both the second.
        (
            "INSERT INTO refunds (shop, order_id, refund_id, content, answer, nth, booked_at) VALUES ('alpha', '1001', 'r2', '{}', '{}', 1, 6)",
            "UNIQUE constraint failed: refunds",
        ),
        (
            "INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at) VALUES ('alpha', 'd1', 'bea', '{}', '{}', 5, '[]', 6)",
            "UNIQUE constraint failed: redemptions",
        ),
        (
            "INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at) VALUES ('alpha', 'd2', 'bea', '{}', '{}', -5, '[]', 6)",
            "CHECK constraint failed: points",
        ),
    ]);
}

#[test]
fn a_transfer_arrives_once_and_as_it_was_sent() {
    refuses(&[
        (
            "UPDATE transfers SET content = '[1]', arrived_at = 7",
            "arrives once, as it was sent",
        ),
        (
            "UPDATE transfers SET to_member = 'cleo', arrived_at = 7",
            "arrives once, as it was sent",
        ),
        (
            "UPDATE transfers SET sent_at = 7",
            "arrives once, as it was sent",
        ),
        (
            "INSERT INTO transfers (shop, transfer_id, kind, from_member, to_member, content, sent_at) VALUES ('alpha', 't2', 'transfer', 'ada', 'ada', '[]', 6)",
            "CHECK constraint failed",
        ),
        (
            "INSERT INTO transfers (shop, transfer_id, kind, from_member, to_member, content, sent_at) VALUES ('alpha', 't2', 'transfer', 'ada', 'cleo', '[]', 6)",
            "FOREIGN KEY",
        ),
    ]);
    // It may be put off until it has.
    accepts(&[
        "UPDATE transfers SET due_at = 7",
        "UPDATE transfers SET arrived_at = 7",
    ]);
    let ledger = Ledger::new();
    ledger.run("UPDATE transfers SET arrived_at = 7");
    for again in ["arrived_at = 8", "due_at = 8"] {
        let again = ledger
            .0
            .execute_batch(&format!("UPDATE transfers SET {again}"));
        assert!(again.is_err());
    }
}

#[test]
fn a_redemption_is_spent_once() {
    let ledger = Ledger::new();
    ledger.run("UPDATE redemptions SET spent_at = 7");
    let again = ledger
        .0
        .execute_batch("UPDATE redemptions SET spent_at = 8");
    let message = again.map_or_else(|error| error.to_string(), |()| "it was done".to_owned());
    assert!(message.contains("another writer was first"), "{message}");
}
