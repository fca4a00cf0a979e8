//! A statement and the values that it binds.
//!
//! Owns the one place where numbers cross into the database. On their way to D1 they are JavaScript's, so
//! what does not fit into one exactly is refused here; STRICT columns turn them back into integers.

use earnest_core::limits::MAX_POINTS;
use earnest_core::{Points, Timestamp};

use super::StoreError;

/// One SQL statement with its parameters, in the order `?1`, `?2`, ….
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The SQL.
    pub sql: &'static str,
    /// What it binds.
    pub values: Vec<Value>,
}

/// A value to bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
}

impl Statement {
    /// A statement and its values.
    pub fn new(sql: &'static str, values: impl Into<Vec<Value>>) -> Self {
        Self {
            sql,
            values: values.into(),
        }
    }
}

/// A whole number as it is bound: as JavaScript has it, and exact.
///
/// # Errors
/// Beyond 2^53 - 1, where it would not be.
#[expect(
    clippy::cast_precision_loss,
    reason = "the range was checked: each of these numbers is exact"
)]
pub fn exact(number: i64) -> Result<f64, StoreError> {
    if (-MAX_POINTS..=MAX_POINTS).contains(&number) {
        Ok(number as f64)
    } else {
        Err(StoreError::NumberBeyondLimit(number))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        // Beyond i64 is beyond 2^53 as well: binding it is refused, as it should be.
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<Points> for Value {
    fn from(points: Points) -> Self {
        Self::Whole(points.get())
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Self::Whole(instant.as_millis())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_bound_exactly_or_not_at_all() {
        assert_eq!(exact(MAX_POINTS), Ok(9_007_199_254_740_991.0));
        assert_eq!(exact(-MAX_POINTS), Ok(-9_007_199_254_740_991.0));
        for number in [MAX_POINTS + 1, -MAX_POINTS - 1, i64::MAX, i64::MIN] {
            assert_eq!(exact(number), Err(StoreError::NumberBeyondLimit(number)));
        }
    }
}
