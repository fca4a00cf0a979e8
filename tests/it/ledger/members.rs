//! Members: one for each e-mail and customer, and no points but those of their entries.

use super::{accepts, entry, refuses};

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
            "UPDATE members SET revision = revision + 1, balance_points = 1000 WHERE member_id = 'ada'",
            "of her last entry",
        ),
        (
            "UPDATE members SET revision = revision + 1, balance_points = balance_points + 1",
            "of her last entry",
        ),
        (
            "UPDATE members SET revision = revision + 1, seq = 1, balance_points = 100 WHERE member_id = 'ada'",
            "of her last entry",
        ),
        (
            "UPDATE members SET revision = revision + 1, seq = 3 WHERE member_id = 'ada'",
            "of her last entry",
        ),
        (
            "UPDATE members SET revision = revision + 1, seq = 1, balance_points = 10 WHERE member_id = 'bea'",
            "of her last entry",
        ),
        (
            "UPDATE members SET revision = revision + 1, earned_points = -1 WHERE member_id = 'ada'",
            "CHECK constraint failed: earned_points",
        ),
        (
            "UPDATE members SET revision = revision + 1, tier = x'00' WHERE member_id = 'ada'",
            "cannot store BLOB value in TEXT column",
        ),
        (
            "DELETE FROM members WHERE member_id = 'ada'",
            "a member is kept",
        ),
        (
            "UPDATE members SET revision = revision + 1, member_id = 'eve' WHERE member_id = 'ada'",
            "FOREIGN KEY",
        ),
    ]);
    accepts(&[
        entry("3, 'earn', '1003', 10, 130").as_str(),
        entry("4, 'adjust', 'k', -130, 0").as_str(),
        "UPDATE members SET revision = revision + 1, seq = 4, balance_points = 0, earned_points = 30, tier = 'silver' WHERE member_id = 'ada'",
    ]);
}

/// Who writes names the revision that follows what was read.
#[test]
fn of_two_who_read_the_same_member_one_is_first() {
    refuses(&[
        (
            "UPDATE members SET tier = 'gold' WHERE member_id = 'ada'",
            "another writer was first",
        ),
        (
            "UPDATE members SET tier = 'gold', revision = 3 WHERE member_id = 'ada'",
            "another writer was first",
        ),
        (
            "UPDATE members SET revision = revision + 1, facts = '[]' WHERE member_id = 'ada'",
            "CHECK constraint failed: json_type(facts)",
        ),
        (
            "UPDATE members SET revision = revision + 1, facts = NULL WHERE member_id = 'ada'",
            "NOT NULL constraint failed: members.facts",
        ),
    ]);
    accepts(&[
        "UPDATE members SET revision = 2, facts = '{\"orders\":1}' WHERE member_id = 'bea'",
        "UPDATE members SET revision = 3 WHERE member_id = 'bea'",
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
