//! The further facts of a member's snapshot as they are kept: canonical JSON of the core's own shape.
//!
//! Invariant: what has a column of its own, or is all members' together, is not among them, so nothing is
//! kept twice. Whatever the core adds to a snapshot is kept without a word here.

use earnest_core::Snapshot;
use earnest_core::wire::SnapshotDocument;
use serde_json::Value;

use super::StoreError;

/// The fields that are not facts: they have columns, or are the shop's budgets.
const KEPT_ELSEWHERE: [&str; 5] = [
    "tier",
    "balance_points",
    "earned_points",
    "joined_at",
    "budgets",
];

/// The facts of a snapshot.
pub(super) fn write(snapshot: &Snapshot) -> String {
    let document = serde_json::to_value(SnapshotDocument::from(snapshot));
    let mut document = document.expect("a snapshot is plain JSON");
    if let Value::Object(fields) = &mut document {
        fields.retain(|name, _| !KEPT_ELSEWHERE.contains(&name.as_str()));
    }
    document.to_string()
}

/// Facts as a snapshot that has nothing else.
pub(super) fn read(facts: &str) -> Result<Snapshot, StoreError> {
    let broken = |error: &dyn std::fmt::Display| {
        StoreError::Broken(format!("the facts of a member cannot be read: {error}"))
    };
    let document: SnapshotDocument = serde_json::from_str(facts).map_err(|error| broken(&error))?;
    Snapshot::try_from(document).map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use earnest_core::{Points, Timestamp, Usage};
    use expect_test::expect;

    use super::*;

    // Stored facts are read by later versions: their bytes are pinned.
    #[test]
    fn facts_come_back_as_they_went_and_hold_nothing_that_is_kept_elsewhere() {
        let points = |count| Points::new(count).expect("points of the test");
        let instant = |millis| Some(Timestamp::from_millis(millis));
        let facts = Snapshot {
            credits: vec![("credit".to_owned(), 250)],
            orders: 3,
            last_order_at: instant(1_776_677_400_000),
            birthday: Some((5, 14)),
            segments: vec!["vip".to_owned()],
            tags: vec!["press".to_owned()],
            paid_until: instant(1_800_000_000_000),
            usage: vec![Usage {
                holder: "double".to_owned(),
                day: 20_563,
                day_points: 5,
                month_points: 6,
                year_points: 6,
                points: 7,
                times: 2,
            }],
            ..Snapshot::default()
        };
        let whole = Snapshot {
            seq: 4,
            balance: points(100),
            earned: points(50),
            tier: Some("silver".to_owned()),
            joined_at: instant(1),
            budgets: vec![("double".to_owned(), 9_000)],
            ..facts.clone()
        };
        let written = write(&whole);
        expect![[r#"{"birthday":"05-14","credits":[["credit",250]],"last_order_at":1776677400000,"orders":3,"paid_until":1800000000000,"segments":["vip"],"tags":["press"],"usage":[{"day":20563,"day_points":5,"holder":"double","month_points":6,"points":7,"times":2,"year_points":6}]}"#]]
        .assert_eq(&written);
        assert_eq!(read(&written), Ok(facts));
        assert_eq!(read("{}"), Ok(Snapshot::default()));
        assert_eq!(write(&Snapshot::default()), "{}");
        for broken in ["", r#"{"tier2":1}"#, r#"{"orders":-1}"#] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}
