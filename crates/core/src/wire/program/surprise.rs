//! Surprises on the wire.

use serde::{Deserialize, Serialize};

use super::UnreadableProgram;
use super::reward::{GiftDocument, amounts, some_points};
use crate::Timestamp;
use crate::surprise::Surprise;
use crate::wire::ByCurrency;

/// A surprise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurpriseDocument {
    /// Names the surprise in entries.
    pub id: String,
    /// What members read.
    pub label: String,
    /// On average one order in so many gets it.
    pub one_in: u32,
    /// What they get.
    pub gives: GiftDocument,
    /// What each takes out of the budget, in points.
    #[serde(default, skip_serializing_if = "is_none")]
    pub costs: i64,
    /// What there is to give in all, in points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// An order that counts for less does not take part.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub minimum_order: ByCurrency,
    /// The first instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The first instant that is too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// `sha256:` and the digest of the seed.
    pub commitment: String,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a field over by reference; wide only on some machines"
)]
fn is_none(points: &i64) -> bool {
    *points == 0
}

impl TryFrom<SurpriseDocument> for Surprise {
    type Error = UnreadableProgram;

    fn try_from(document: SurpriseDocument) -> Result<Self, UnreadableProgram> {
        let commitment = document.commitment.parse();
        Ok(Self {
            id: document.id,
            label: document.label,
            one_in: document.one_in,
            gives: document.gives.try_into()?,
            costs: some_points(document.costs)?,
            budget: document.budget.map(some_points).transpose()?,
            minimum_order: amounts(&document.minimum_order)?,
            from: document.from.map(Timestamp::from_millis),
            until: document.until.map(Timestamp::from_millis),
            commitment: commitment.map_err(|_| UnreadableProgram("a commitment"))?,
        })
    }
}
