//! Orders: whole, and kept as they were booked.

use super::{Ledger, accepts, refuses};

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
        (
            "UPDATE orders SET member_id = 'bea', email_hash = NULL, answer = '[]' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET member_id = 'bea', email_hash = NULL, order_id = '1003' WHERE order_id = '1002'",
            "kept as it was booked",
        ),
        (
            "UPDATE orders SET member_id = 'bea', email_hash = NULL, signs = '{}' WHERE order_id = '1002'",
            "kept as it was booked, with its signs",
        ),
        ("DELETE FROM orders", "an order is kept"),
    ]);
    // A guest's becomes hers once, with what is booked of it then.
    accepts(&[
        "UPDATE orders SET member_id = 'bea', email_hash = NULL, points = 3, evaluated = '{}' WHERE order_id = '1002'",
    ]);
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
fn a_quote_is_given_to_one_order_and_stays_with_it() {
    let order = |shop: &str, id: &str, quote: &str| {
        format!(
            "INSERT INTO orders (shop, order_id, content, answer, points, program_version, program_digest, placed_at, booked_at, quote_id) \
             VALUES ('{shop}', '{id}', '{{}}', '{{}}', 5, 1, 'sha256:0', 1, 1, {quote})"
        )
    };
    let ledger = Ledger::new();
    ledger.run(&order("alpha", "q1", "'quo_1'"));
    let refused = |sql: &str, words: &str| {
        let error = ledger
            .0
            .execute_batch(sql)
            .expect_err("a refusal")
            .to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(&order("alpha", "q2", "'quo_1'"), "UNIQUE constraint failed");
    refused(&order("alpha", "q2", "''"), "CHECK constraint failed");
    for change in ["'quo_2'", "NULL"] {
        let change = format!("UPDATE orders SET quote_id = {change} WHERE order_id = 'q1'");
        refused(&change, "kept as it was booked");
    }
    // Orders without one are as many as there are, and shops do not meet.
    ledger.run(&order("alpha", "q3", "NULL"));
    ledger.run(&order("beta", "q1", "'quo_1'"));
}
