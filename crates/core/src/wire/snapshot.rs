//! A member's snapshot on the wire: only what evaluation needs, no personal data.

use serde::{Deserialize, Serialize};

use crate::{Points, PointsError, Snapshot};

/// What the shop's server hands to the page for a member who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotDocument {
    /// The id of her tier, or null.
    #[serde(default)]
    pub tier: Option<String>,
    /// The points that she has.
    #[serde(default)]
    pub balance_points: i64,
    /// The points that her orders have earned since she joined.
    #[serde(default)]
    pub earned_points: i64,
}

/// A snapshot with points that nobody can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is a whole number from 0 to 9007199254740991")]
pub struct SnapshotError {
    /// Which field.
    pub field: &'static str,
}

impl From<&Snapshot> for SnapshotDocument {
    fn from(member: &Snapshot) -> Self {
        Self {
            tier: member.tier.clone(),
            balance_points: member.balance.get(),
            earned_points: member.earned.get(),
        }
    }
}

impl TryFrom<SnapshotDocument> for Snapshot {
    type Error = SnapshotError;

    fn try_from(member: SnapshotDocument) -> Result<Self, SnapshotError> {
        let points = |count: i64, field| {
            let whole = Points::new(count).and_then(|points| {
                if points < Points::ZERO {
                    Err(PointsError)
                } else {
                    Ok(points)
                }
            });
            whole.map_err(|_| SnapshotError { field })
        };
        Ok(Self {
            seq: 0,
            balance: points(member.balance_points, "balance_points")?,
            earned: points(member.earned_points, "earned_points")?,
            tier: member.tier,
        })
    }
}
