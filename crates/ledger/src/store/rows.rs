//! Rows: what one statement gave, whatever database it ran on.

use serde::de::DeserializeOwned;

use super::StoreError;

/// The rows that one statement of a batch gave. Columns are found by their names.
pub trait Rows {
    /// All rows.
    ///
    /// # Errors
    /// Where a row is of another shape.
    fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError>;

    /// The only row, if there is one.
    ///
    /// # Errors
    /// Where it is of another shape.
    fn first<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        self.all().map(|rows| rows.into_iter().next())
    }
}
