//! The store: what the database remembers, read and written.
//!
//! Owns every SQL statement, and what a database may say to one. What is read together is read by one batch, and
//! what is written together by one; a batch is one transaction that happens whole or not at all. Statements are
//! plain values, so they can be looked at, and run elsewhere, without a database. Invariant: every statement names
//! the shop, but for the one that finds what is due, in all of them.

pub mod access;
pub mod activities;
pub mod append;
pub mod budgets;
pub mod chain;
pub mod days;
pub mod entries;
pub mod events;
mod facts;
pub mod members;
pub mod orders;
pub mod programs;
pub mod redemptions;
pub mod refunds;
mod rows;
mod statement;
pub mod transfers;

pub use rows::Rows;
pub use statement::{Statement, Value, exact};

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else was first: there is a row already where one was to be added. Nothing was written.
    #[error("another writer was first: {0}")]
    Conflict(String),
    /// Others have taken what a plan counted on of a budget. Nothing was written.
    #[error("a budget is spent: {0}")]
    BudgetSpent(String),
    /// The database was away, several times in a row. It may or may not have written.
    #[error("the database is away: {0}")]
    Away(String),
    /// A number that D1's interface would not carry unharmed.
    #[error("{0} is beyond 2^53 - 1")]
    NumberBeyondLimit(i64),
    /// What should not happen: a statement that the database refuses, a row of another shape.
    #[error("{0}")]
    Broken(String),
}

impl StoreError {
    /// Whether others wrote meanwhile, so that to read again and decide again is all it takes.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::BudgetSpent(_))
    }

    /// Tells the errors of D1 apart, which it does by words alone.
    pub fn from_message(message: String) -> Self {
        // D1's documentation names these as safe to retry, where the statements are.
        const AWAY: [&str; 3] = [
            "Network connection lost",
            "storage caused object to be reset",
            "reset because its code was updated",
        ];
        // The second is how our own triggers say it.
        const CONFLICT: [&str; 2] = ["UNIQUE constraint failed", "another writer was first"];
        if CONFLICT.iter().any(|words| message.contains(words)) {
            Self::Conflict(message)
        } else if message.contains("a_budget_is_not_overspent") {
            Self::BudgetSpent(message)
        } else if AWAY.iter().any(|words| message.contains(words)) {
            Self::Away(message)
        } else {
            Self::Broken(message)
        }
    }
}

#[cfg(test)]
mod tests {
    use earnest_core::{
        BudgetUse, CreditEntry, Entry, EntryKind, Event, EventKind, Plan, Points, ProgramRef,
        Snapshot, Timestamp, compile,
    };

    use super::*;
    use crate::EmailHash;

    /// Each names the shop first, binds each parameter and uses each value.
    fn check(statements: Vec<Statement>) {
        for Statement { sql, values } in statements {
            assert_eq!(values.first(), Some(&Value::from("demo")), "{sql}");
            assert!(
                sql.contains("shop = ?1") || sql.contains("(shop, "),
                "{sql}"
            );
            let last = values.len();
            assert!(sql.contains(&format!("?{last}")), "{sql}");
            assert!(!sql.contains(&format!("?{}", last + 1)), "{sql}");
        }
    }

    fn program() -> ProgramRef {
        ProgramRef {
            version: 1,
            digest: String::new(),
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    #[test]
    fn every_statement_about_members_names_the_shop_first() {
        let hash = EmailHash::new(&[7; 32]);
        let joining = members::Joining {
            member_id: "m",
            customer_id: None,
            email_hash: &hash,
            marketing: false,
        };
        check(vec![
            access::load_doors("demo", "secret"),
            members::load_by_id("demo", "m"),
            members::load_by_customer("demo", Some("c")),
            members::load_by_email("demo", &hash),
            members::load_by_traces("demo", members::Traces::default()),
            members::store_joining("demo", joining, now()),
            members::store_link("demo", joining, now()),
            members::store_due("demo", "m", 0, now()),
            chain::load("demo", "m", 1, 500),
            members::store_facts("demo", "m", 0, &Snapshot::default(), None),
            members::load_household("demo", "m", 1),
            members::store_merged("demo", "m", "n"),
            members::store_followers("demo", "m", "n"),
            members::store_taken_over("demo", "m", now(), None),
            entries::load_page("demo", "m", None, 1),
            entries::load_by_source("demo", EntryKind::Adjust, "k"),
        ]);
    }

    #[test]
    fn every_statement_of_a_plan_names_the_shop_first() {
        let rules = compile::compile(
            "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\nearn.per_unit = { EUR = 1 }",
        );
        let rules = rules.expect("a program").program;
        let entry = Entry {
            seq: 1,
            kind: EntryKind::Welcome,
            points: Points::ZERO,
            balance: Points::ZERO,
            source: String::new(),
            reason: None,
            rules: Vec::new(),
            partner: None,
            pools: Vec::new(),
            program: program(),
            booked_at: now(),
            day: 0,
        };
        let credit = CreditEntry {
            balance: "credit".to_owned(),
            kind: EntryKind::Earn,
            minor: 1,
            balance_minor: 1,
            source: String::new(),
            rules: Vec::new(),
            program: program(),
            booked_at: now(),
        };
        let taken = BudgetUse {
            holder: "double".to_owned(),
            points: 1,
            budget: 2,
        };
        let plan = Plan {
            entries: vec![entry],
            credits: vec![credit],
            budgets: vec![
                BudgetUse {
                    points: -1,
                    ..taken.clone()
                },
                taken,
            ],
            drawn: Vec::new(),
            events: vec![Event {
                kind: EventKind::Matured {
                    points: Points::ZERO,
                },
                happened_at: now(),
            }],
            snapshot: Snapshot::default(),
        };
        let base = append::Base::newcomer("m");
        let due = append::Base {
            due_at: Some(now()),
            ..base
        };
        let stored = |plan: &Plan| {
            for base in [base, due] {
                check(append::store_plan("demo", &base, &rules, plan, now()));
            }
        };
        stored(&plan);
        let without_entries = Plan {
            entries: Vec::new(),
            ..plan
        };
        stored(&without_entries);
        check(vec![budgets::load("demo"), events::load_page("demo", 0, 1)]);
    }

    #[test]
    fn every_statement_about_what_was_sent_names_the_shop_first() {
        let program = program();
        let order = orders::NewOrder {
            order_id: "o",
            member_id: None,
            email_hash: None,
            content: "{}",
            answer: "{}",
            points: Points::ZERO,
            program: &program,
            quote_id: Some("quo_1"),
            placed_at: now(),
            booked_at: now(),
            evaluated: "{}",
            spent: &[],
        };
        let activity = activities::NewActivity {
            activity_id: "a",
            member_id: "m",
            kind: "review",
            content: "{}",
            answer: "{}",
            points: Points::ZERO,
            program: &program,
            occurred_at: now(),
            booked_at: now(),
        };
        let published = programs::NewProgram {
            reference: &program,
            source: "version = 1",
            document: "{}",
            published_at: now(),
        };
        check(vec![
            orders::load_by_quote("demo", Some("quo_1")),
            orders::load("demo", "o"),
            orders::store("demo", order),
            activities::load("demo", "a"),
            activities::store("demo", activity),
            programs::load_version_and_newest("demo", 1),
            programs::load("demo", 1),
            programs::load_newest("demo"),
            programs::load_page("demo", None, 1),
            days::load_estimates("demo"),
            days::load("demo", 0, 1),
            days::load_sums_before("demo", 9, &[3, 5]),
            programs::store("demo", published),
        ]);
    }

    #[test]
    fn every_statement_about_transfers_names_the_shop_first() {
        let transfer = transfers::NewTransfer {
            transfer_id: "t",
            kind: transfers::ParcelKind::Merge,
            from_member: "m",
            to_member: "n",
            content: "{}",
        };
        check(vec![
            transfers::load("demo", "t"),
            transfers::load_receiver("demo", "t"),
            transfers::load_entries("demo", "t"),
            transfers::store("demo", transfer, now()),
            transfers::store_arrival("demo", "t", now()),
        ]);
    }

    #[test]
    fn errors_are_told_apart_by_their_words() {
        let kind = |message: &str| StoreError::from_message(message.to_owned());
        assert!(matches!(
            kind(
                "D1_ERROR: UNIQUE constraint failed: entries.shop, entries.seq: SQLITE_CONSTRAINT"
            ),
            StoreError::Conflict(_)
        ));
        assert!(matches!(
            kind(
                "D1_ERROR: another writer was first: a newer version has been published: SQLITE_CONSTRAINT"
            ),
            StoreError::Conflict(_)
        ));
        assert!(matches!(
            kind("D1_ERROR: CHECK constraint failed: a_budget_is_not_overspent: SQLITE_CONSTRAINT"),
            StoreError::BudgetSpent(_)
        ));
        assert!(matches!(
            kind("D1_ERROR: Network connection lost."),
            StoreError::Away(_)
        ));
        assert!(matches!(
            kind("D1_ERROR: CHECK constraint failed: balance_points: SQLITE_CONSTRAINT"),
            StoreError::Broken(_)
        ));
        assert!(matches!(kind(""), StoreError::Broken(_)));
    }
}
