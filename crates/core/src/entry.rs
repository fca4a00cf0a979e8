//! An entry: one immutable row of a member's ledger.
//!
//! Its invariant: `balance` is the balance of the entry before plus `points`. A mistake is mended by
//! another entry, never by an edit.

use crate::{Points, ProgramRef, Timestamp};

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Points for joining.
    Welcome,
    /// Points for an order.
    Earn,
    /// Points that somebody gave or took, with a reason.
    Adjust,
}

impl EntryKind {
    /// The name in SQL and in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Earn => "earn",
            Self::Adjust => "adjust",
        }
    }
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the member's ledger, from 1 without gaps.
    pub seq: u64,
    /// What it is for.
    pub kind: EntryKind,
    /// What it adds to the balance; negative where it takes away.
    pub points: Points,
    /// The balance after it.
    pub balance: Points,
    /// What it was booked for: an order's id, an adjustment's idempotency key, the member's id. A shop
    /// has at most one entry of a kind for a source.
    pub source: String,
    /// Why, where a person decided it.
    pub reason: Option<String>,
    /// The program that decided it.
    pub program: ProgramRef,
    /// When it was booked.
    pub booked_at: Timestamp,
}
