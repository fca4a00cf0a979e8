//! The store: what D1 remembers, read and written.
//!
//! Owns every SQL statement. A request reads by one batch and writes by one batch; a batch is one
//! transaction that happens whole or not at all. Statements are plain values, so they can be looked at,
//! and run elsewhere, without a database. Invariant: every statement names the shop.

pub(crate) mod access;
pub(crate) mod append;
mod database;
pub(crate) mod entries;
pub(crate) mod members;
pub(crate) mod orders;
mod statement;

pub(crate) use database::{Database, Rows};
pub(crate) use statement::{Statement, Value};

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    /// Somebody else was first: there is a row already where one was to be added. Nothing was written.
    #[error("another writer was first: {0}")]
    Conflict(String),
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
    /// Tells the errors of D1 apart, which it does by words alone.
    fn from_message(message: String) -> Self {
        // D1's documentation names these as safe to retry, where the statements are.
        const AWAY: [&str; 3] = [
            "Network connection lost",
            "storage caused object to be reset",
            "reset because its code was updated",
        ];
        if message.contains("UNIQUE constraint failed") {
            Self::Conflict(message)
        } else if AWAY.iter().any(|words| message.contains(words)) {
            Self::Away(message)
        } else {
            Self::Broken(message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
