//! Parcels: what travels from one member to another, as it is kept on its way.
//!
//! Invariant: what is read is what was written; the bytes are read by later versions, so they are pinned.

use earnest_core::wire::{HoldingsDocument, LotDocument, SnapshotDocument, read_lots, write_lots};
use earnest_core::{Holdings, Lot, Snapshot};
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// Points that are given, by their lots.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PointsParcel {
    pub(crate) points: i64,
    lots: Vec<LotDocument>,
}

/// All that a member was.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberParcel {
    member: SnapshotDocument,
    holdings: HoldingsDocument,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) household: Option<String>,
}

impl PointsParcel {
    pub(crate) fn new(points: i64, lots: &[Lot]) -> Self {
        let lots = write_lots(lots);
        Self { points, lots }
    }

    pub(crate) fn read(content: &str) -> Result<Self, StoreError> {
        serde_json::from_str(content).map_err(|error| broken(&error))
    }

    pub(crate) fn lots(self) -> Result<Vec<Lot>, StoreError> {
        read_lots(self.lots).map_err(|error| broken(&error))
    }
}

impl MemberParcel {
    /// Of a member without what all members share.
    pub(crate) fn new(member: &Snapshot, household: Option<&str>) -> Self {
        let document = SnapshotDocument {
            budgets: Vec::new(),
            ..member.into()
        };
        Self {
            member: document,
            holdings: (&member.holdings).into(),
            household: household.map(str::to_owned),
        }
    }

    pub(crate) fn read(content: &str) -> Result<Self, StoreError> {
        serde_json::from_str(content).map_err(|error| broken(&error))
    }

    pub(crate) fn member(self) -> Result<Snapshot, StoreError> {
        let member = Snapshot::try_from(self.member).map_err(|error| broken(&error))?;
        Ok(Snapshot {
            holdings: Holdings::try_from(self.holdings).map_err(|error| broken(&error))?,
            ..member
        })
    }
}

fn broken(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("what travels cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use earnest_core::{Points, Timestamp};

    use super::*;
    use crate::json;

    #[test]
    fn what_travels_comes_as_it_went() {
        let lot = Lot {
            points: 7,
            matures_at: Timestamp::from_millis(5),
            expires_at: None,
            currency: None,
        };
        let sent = json(&PointsParcel::new(7, &[lot]));
        expect_test::expect![[r#"{"points":7,"lots":[[7,5,null,null]]}"#]].assert_eq(&sent);
        let parcel = PointsParcel::read(&sent).expect("a parcel");
        assert_eq!(parcel.lots(), Ok(vec![lot]));

        let member = Snapshot {
            balance: Points::new(7).expect("points"),
            holdings: Holdings {
                lots: vec![lot],
                owed: 2,
                ..Holdings::default()
            },
            credits: vec![("credit".to_owned(), 250)],
            orders: 3,
            ..Snapshot::default()
        };
        let sent = json(&MemberParcel::new(&member, Some("smith")));
        expect_test::expect![[r#"{"member":{"tier":null,"balance_points":7,"earned_points":0,"credits":[["credit",250]],"orders":3},"holdings":{"lots":[[7,5,null,null]],"owed":2},"household":"smith"}"#]].assert_eq(&sent);
        let parcel = MemberParcel::read(&sent).expect("a parcel");
        assert_eq!(parcel.member(), Ok(member));
    }
}
