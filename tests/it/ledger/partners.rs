//! The days of partners: the sums of the entries that carry one, those of before the table included.

use super::{Ledger, ROWS, entry, migrations, refuses};

/// An order and a redemption at partners, what came back of both, a redemption that was asked without a cart.
/// All of it could be there before the twenty-first migration.
const BEFORE: &str = r#"
    INSERT INTO orders (shop, order_id, member_id, content, answer, points, program_version, program_digest, placed_at, booked_at) VALUES
      ('alpha', 'o1', 'ada', '{"cart":{"currency":"CHF","partner":"bakery"}}', '{}', 30, 2, 'sha256:0', 3, 3);
    INSERT INTO refunds (shop, order_id, refund_id, content, answer, nth, booked_at) VALUES
      ('alpha', 'o1', 'f1', '{}', '{}', 1, 6);
    INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at) VALUES
      ('alpha', 'r1', 'ada', '{"cart":{"currency":"CHF","partner":"bakery"}}', '{}', 15, '[]', 6),
      ('alpha', 'r2', 'ada', '{}', '{}', 8, '[]', 6);
"#;

fn at(values: &str, version: u32, partner: &str) -> String {
    entry(values)
        .replace("reason,", "reason, partner,")
        .replace("'why',", &format!("'why', '{partner}',"))
        .replace("1, 'sha256:0', 4", &format!("{version}, 'sha256:0', 4"))
}

fn days(ledger: &Ledger) -> String {
    let told = "SELECT coalesce(group_concat(day || ' ' || partner || ' ' || currency || ' v' || program_version || ' ' \
                || earned_points || ' ' || spent_points, ', '), '') FROM partner_days";
    let told = ledger.0.query_row(told, [], |row| row.get(0));
    told.expect("the days")
}

#[test]
fn what_was_booked_before_is_summed_with_the_currency_of_its_order() {
    let ledger = Ledger::empty();
    let migrations = migrations();
    let (before, later) = migrations.split_at(20);
    for (nth, sql) in before.iter().enumerate() {
        ledger.run(sql);
        if nth == 0 {
            ledger.run(ROWS);
        }
    }
    ledger.run(BEFORE);
    ledger.run(&at("3, 'redeem', 'r1', -15, 105", 2, "bakery"));
    ledger.run(&at("4, 'earn', 'o1', 30, 135", 2, "bakery"));
    ledger.run(&at("5, 'return', 'f1', 5, 140", 3, "bakery"));
    ledger.run(&at("6, 'clawback', 'f1', -10, 130", 2, "bakery"));
    ledger.run(&at("7, 'redeem', 'r2', -8, 122", 3, "cinema"));
    for sql in later {
        ledger.run(sql);
    }
    let summed = "20000 bakery CHF v2 20 15, 20000 bakery CHF v3 0 -5, 20000 cinema  v3 0 8";
    assert_eq!(days(&ledger), summed);
    // A release of before, which goes on for a moment, says no currency.
    ledger.run(&at("8, 'earn', 'o2', 9, 131", 3, "cinema"));
    assert_eq!(
        days(&ledger),
        summed.replace("cinema  v3 0 8", "cinema  v3 9 8")
    );
}

#[test]
fn only_entries_that_carry_a_partner_are_summed() {
    let ledger = Ledger::new();
    ledger.run(&entry("3, 'earn', '1003', 10, 130"));
    assert_eq!(days(&ledger), "");
}

#[test]
fn a_day_of_a_partner_is_kept_and_a_currency_is_one() {
    let insert = |currency: &str| {
        format!(
            "INSERT INTO partner_days (shop, day, partner, currency, program_version, earned_points, spent_points)
             VALUES ('alpha', 1, 'bakery', '{currency}', 1, 1, 0)"
        )
    };
    refuses(&[
        (&insert("EURO"), "CHECK constraint failed: currency"),
        (
            &at("3, 'earn', '1003', 10, 130", 1, "bakery")
                .replace("reason,", "reason, partner_currency,")
                .replace("'why',", "'why', 'EURO',"),
            "CHECK constraint failed: partner_currency",
        ),
    ]);
    let ledger = Ledger::new();
    ledger.run(&insert("EUR"));
    let gone = ledger.0.execute_batch("DELETE FROM partner_days");
    let message = gone.map_or_else(|error| error.to_string(), |()| "it was done".to_owned());
    assert!(message.contains("a day is kept"), "{message}");
}
