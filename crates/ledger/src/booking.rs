//! Bookings: one request each, from what it reads to what it writes.
//!
//! A shell does the same for all of them: it runs the reads in one batch, hands over their rows, and has
//! either the answer that was given the first time, or statements to run in one batch and the answer to give
//! once they have run. Invariant: the same booking on the same rows decides the same, so who meets another
//! writer begins again and nothing is lost.

use earnest_core::{EvaluateError, Program, Refusal, Timestamp};

use crate::store::{Rows, Statement, StoreError};
use crate::{
    EnrolError, OrderError, ProfileError, RedemptionError, ReportError, ReturnError, TransferError,
};

/// Something to book, once.
pub trait Booking<const READS: usize> {
    /// What was found, where nothing has been booked yet.
    type Known;

    /// What to read, in one batch.
    fn reads(&self) -> [Statement; READS];

    /// Looks at what was read: `rows` are of the reads, in their order.
    ///
    /// # Errors
    /// Where it cannot be booked, or was booked as another.
    fn find<R: Rows>(&self, rows: &[R; READS]) -> Result<Found<Self::Known>, BookingError>;

    /// Decides what to write under the program that is in force.
    ///
    /// # Errors
    /// Where a rule says no.
    fn decide(
        &self,
        program: &Program,
        known: Self::Known,
        now: Timestamp,
    ) -> Result<Written, BookingError>;
}

/// What became of a booking so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<K> {
    /// It has been booked: this was the answer, JSON, byte for byte.
    Booked(String),
    /// It has not, and this is known.
    Open(K),
}

/// What a booking writes, all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The statements of one batch.
    pub statements: Vec<Statement>,
    /// What to answer once they have run, JSON.
    pub answer: String,
}

/// Why something is not booked. Nothing has been written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookingError {
    /// The database did not do it, or gave what no ledger holds.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request is about a member whom the shop does not have.
    #[error("there is no such member")]
    MemberUnknown,
    /// The request is about a member who was merged into another one.
    #[error("she was merged into another member: she is {into} now")]
    MemberMerged {
        /// Who she is now.
        into: String,
        /// A JSON pointer into the request; `None` for its path.
        pointer: Option<&'static str>,
    },
    /// The core refused, with the field of the request that is the reason, where there is one.
    #[error("{refusal}")]
    Refused {
        /// The rule that says no.
        refusal: Refusal,
        /// A JSON pointer into the request.
        pointer: Option<&'static str>,
    },
    /// The core could not evaluate a field of the request, which is empty for the whole.
    #[error("{error}")]
    Evaluate {
        /// Why.
        error: EvaluateError,
        /// A JSON pointer into the request.
        pointer: &'static str,
    },
    /// The key of an adjustment was used for another one.
    #[error("the key was used for another adjustment")]
    KeyReused,
    /// About an order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// About an activity.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// About a transfer or a merge.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// About who joins.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    /// About a refund.
    #[error(transparent)]
    Return(#[from] ReturnError),
    /// About a redemption.
    #[error(transparent)]
    Redemption(#[from] RedemptionError),
    /// About a profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

impl BookingError {
    /// Whether another writer was first, so that to read again and decide again is all it takes.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_conflict())
    }

    /// A refusal of the core, about a field of the request.
    pub fn refused(refusal: Refusal, pointer: Option<&'static str>) -> Self {
        Self::Refused { refusal, pointer }
    }

    /// What cannot be evaluated, at a field of the request.
    pub fn evaluate(error: EvaluateError, pointer: &'static str) -> Self {
        Self::Evaluate { error, pointer }
    }
}
