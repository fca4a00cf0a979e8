//! Balances of money, activities and budgets: append-only, each for one source, none overspent.

use super::{accepts, refuses};

/// An entry on Ada's credit as `balance, seq, kind, source, minor, balance_minor`, and the rest as usual.
fn credit(values: &str) -> String {
    format!(
        "INSERT INTO credit_entries (shop, member_id, balance, seq, kind, source, minor, balance_minor, program_version, program_digest, booked_at)
         VALUES ('alpha', 'ada', {values}, 1, 'sha256:0', 4);"
    )
}

#[test]
fn a_balance_of_money_is_the_sum_of_its_entries() {
    refuses(&[
        (
            &credit("'credit', 2, 'earn', '1003', 10, 261"),
            "must continue the balance",
        ),
        (
            &credit("'credit', 3, 'earn', '1003', 10, 260"),
            "must continue the balance",
        ),
        (
            &credit("'credit', 1, 'earn', '1003', 10, 10"),
            "UNIQUE constraint failed: credit_entries",
        ),
        (
            &credit("'credit', 2, 'earn', '1001', 10, 260"),
            "UNIQUE constraint failed: credit_entries.shop, credit_entries.balance",
        ),
        (
            &credit("'credit', 2, 'adjust', 'k', -251, -1"),
            "CHECK constraint failed: balance_minor",
        ),
        (
            &credit("'credit', 2, 'adjust', 'k', 0, 250"),
            "CHECK constraint failed: minor",
        ),
        (&credit("'credit', 2, 'gift', 'k', 1, 251"), "FOREIGN KEY"),
        (
            &credit("'credit', 1, 'earn', '1003', 10, 10").replace("'ada'", "'nobody'"),
            "FOREIGN KEY",
        ),
        ("UPDATE credit_entries SET minor = 1", "append-only"),
        ("DELETE FROM credit_entries", "append-only"),
    ]);
    accepts(&[
        &credit("'credit', 2, 'activity', '1001', 10, 260"),
        &credit("'credit', 3, 'adjust', 'k', -260, 0"),
        &credit("'miles', 1, 'earn', '1001', 7, 7"),
    ]);
}

#[test]
fn an_activity_is_of_a_member_and_kept_as_it_was_booked() {
    let activity = |values: &str| {
        format!(
            "INSERT INTO activities (shop, activity_id, member_id, kind, content, answer, points, program_version, program_digest, occurred_at, booked_at)
             VALUES ({values}, 1, 'sha256:0', 4, 4)"
        )
    };
    refuses(&[
        ("UPDATE activities SET points = 5", "kept as it was booked"),
        ("DELETE FROM activities", "an activity is kept"),
        (
            &activity("'alpha', 'a1', 'ada', 'review', '{}', '{}', 0"),
            "UNIQUE constraint failed: activities.shop, activities.activity_id",
        ),
        (
            &activity("'alpha', 'a2', 'cleo', 'review', '{}', '{}', 0"),
            "FOREIGN KEY",
        ),
        (
            &activity("'alpha', 'a2', NULL, 'review', '{}', '{}', 0"),
            "NOT NULL",
        ),
        (
            &activity("'alpha', 'a2', 'ada', '', '{}', '{}', 0"),
            "CHECK constraint failed: length(kind)",
        ),
        (
            &activity("'alpha', 'a2', 'ada', 'review', 'no JSON', '{}', 0"),
            "CHECK constraint failed: json_valid(content)",
        ),
        (
            &activity("'alpha', 'a2', 'ada', 'review', '{}', '{}', -1"),
            "CHECK constraint failed: points",
        ),
    ]);
    accepts(&[
        &activity("'beta', 'a1', 'cleo', 'review', '{}', '{}', 0"),
        &activity("'alpha', 'a2', 'ada', 'review', '{}', '{}', 0"),
    ]);
}

/// As the Worker takes from a budget: added to whatever is there.
fn take(holder: &str, points: i64, budget: i64) -> String {
    format!(
        "INSERT INTO budgets (shop, holder, used_points, limit_points) VALUES ('alpha', '{holder}', {points}, {budget})
         ON CONFLICT (shop, holder) DO UPDATE SET used_points = used_points + excluded.used_points, limit_points = excluded.limit_points"
    )
}

#[test]
fn a_budget_is_never_overspent() {
    refuses(&[
        (&take("opening", 21, 50), "a_budget_is_not_overspent"),
        (&take("opening", 1, 30), "a_budget_is_not_overspent"),
        (&take("other", 6, 5), "a_budget_is_not_overspent"),
        (
            &take("opening", -31, 50),
            "CHECK constraint failed: used_points",
        ),
        (&take("", 1, 5), "CHECK constraint failed: length(holder)"),
    ]);
    accepts(&[
        &take("opening", 20, 50),
        // A later program has a larger one.
        &take("opening", 1, 60),
        &take("other", 5, 5),
    ]);
}

#[test]
fn the_rules_of_an_entry_are_a_list() {
    let entry = |rules: &str, partner: &str| {
        format!(
            "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, program_digest, booked_at, day, pools, hash, rules, partner)
             VALUES ('alpha', 'ada', 3, 'activity', 'a1', 10, 130, 1, 'sha256:0', 4, 20000, '[[null,10,0]]', printf('%064d', 4), {rules}, {partner})"
        )
    };
    refuses(&[
        (
            &entry("'{}'", "NULL"),
            "CHECK constraint failed: rules IS NULL",
        ),
        (&entry("'review'", "NULL"), "malformed JSON"),
        (
            &entry("NULL", "''"),
            "CHECK constraint failed: length(partner)",
        ),
    ]);
    accepts(&[&entry("'[\"review\"]'", "'sauna'")]);
}
