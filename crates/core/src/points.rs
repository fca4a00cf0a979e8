//! Points: whole numbers, and the shop's own word for them.
//!
//! Its invariant: the count is within ±[`MAX_POINTS`], so that JSON and D1 carry it unharmed.

use std::fmt;

use crate::ExactPoints;
use crate::limits::MAX_POINTS;

/// A number of points. Negative in an entry that takes points away; never negative in a balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i64);

/// The number of points is beyond 2^53 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", Self::MESSAGE)]
pub struct PointsError;

impl PointsError {
    /// What is wrong.
    pub const MESSAGE: &str = "the number of points is beyond 9007199254740991 (2^53 - 1)";
}

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// # Errors
    /// When the count is beyond ±(2^53 - 1).
    pub fn new(count: i64) -> Result<Self, PointsError> {
        if count.checked_abs().is_some_and(|size| size <= MAX_POINTS) {
            Ok(Self(count))
        } else {
            Err(PointsError)
        }
    }

    /// The count.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    /// So many points, `count` times. No limit applies to exact points; a ledger's is checked later.
    #[must_use]
    pub fn times(self, count: u32) -> ExactPoints {
        ExactPoints::whole(i128::from(self.0).saturating_mul(i128::from(count)))
    }

    /// # Errors
    /// When the sum is beyond ±(2^53 - 1).
    pub fn checked_add(self, other: Self) -> Result<Self, PointsError> {
        self.0
            .checked_add(other.0)
            .ok_or(PointsError)
            .and_then(Self::new)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the shop calls its points: stars, beans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsWord {
    /// The word for one of them: `bean`.
    pub one: String,
    /// The word for any other number of them: `beans`.
    pub other: String,
}
