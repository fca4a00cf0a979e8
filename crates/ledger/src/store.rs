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
pub mod credits;
pub mod days;
pub mod entries;
pub mod events;
mod facts;
pub mod gifts_sent;
pub mod joining;
pub mod members;
pub mod newcomers;
pub mod orders;
pub mod partner_days;
pub mod programs;
pub mod redemptions;
pub mod referrals;
pub mod refunds;
mod rows;
pub mod scores;
pub mod seeds;
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
mod tests;
