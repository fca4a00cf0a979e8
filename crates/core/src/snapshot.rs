//! A member as evaluation and planning see her: what she has, and what she is. No personal data.

use crate::Points;

/// A member at one moment. [`Snapshot::default`] is somebody who has nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The number of her entries; the next one is `seq + 1`.
    pub seq: u64,
    /// The sum of her entries. Never negative.
    pub balance: Points,
    /// What her orders have earned since she joined; it decides her tier. Spending leaves it alone.
    pub earned: Points,
    /// The id of her tier, if she has one.
    pub tier: Option<String>,
}
