//! Redemptions as a member's shop looks them up: what was asked for, what was given, and what became of each.

use earnest_core::{Holdings, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::store::StoreError;
use crate::store::redemptions::ListedRow;
use crate::{json, rfc3339};

/// Redemptions that are told of a member at most, the newest.
pub const MAX_LISTED: u32 = 100;

/// A redemption, as it is now.
#[derive(Serialize)]
struct ListedRedemption {
    redemption_id: String,
    status: &'static str,
    points: i64,
    /// What it was given for, where nobody asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<Box<RawValue>>,
    /// What stands for it, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    rewards: Box<RawValue>,
    booked_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    spent_at: Option<String>,
}

/// Of what was answered first.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    code: Option<String>,
    rewards: Box<RawValue>,
}

/// Of what is kept.
#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    given: Option<Box<RawValue>>,
}

impl ListedRedemption {
    fn new(row: ListedRow, holdings: &Holdings, now: Timestamp) -> Result<Self, StoreError> {
        let broken = |error| StoreError::Broken(format!("a redemption cannot be read: {error}"));
        let answer: Answer = serde_json::from_str(&row.answer).map_err(broken)?;
        let content: Content = serde_json::from_str(&row.content).map_err(broken)?;
        let instant = |millis| rfc3339(Timestamp::from_millis(millis));
        let held = holdings.reservation(&row.redemption_id);
        let is_held = held.is_some_and(|it| now < it.ends_at);
        let is_over = row.ends_at.is_some_and(|end| end <= now.as_millis());
        let status = match (row.spent_at, row.gift_of) {
            (Some(_), _) => "spent",
            (None, Some(_)) if row.withdrawn_at.is_some() || is_over => "over",
            (None, Some(_)) => "given",
            (None, None) if is_held => "held",
            (None, None) => "released",
        };
        Ok(Self {
            redemption_id: row.redemption_id,
            status,
            points: row.points,
            given: content.given,
            code: answer.code,
            rewards: answer.rewards,
            booked_at: instant(row.booked_at),
            spent_at: row.spent_at.map(instant),
        })
    }
}

/// The redemptions of somebody who has this, as JSON.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn list_redemptions(
    rows: Vec<ListedRow>,
    holdings: &Holdings,
    now: Timestamp,
) -> Result<String, StoreError> {
    #[derive(Serialize)]
    struct ListDocument {
        redemptions: Vec<ListedRedemption>,
    }
    let told = |row| ListedRedemption::new(row, holdings, now);
    let redemptions = rows.into_iter().map(told).collect::<Result<_, _>>()?;
    Ok(json(&ListDocument { redemptions }))
}
