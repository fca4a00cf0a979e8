//! Competitions in a published program.

use serde::{Deserialize, Serialize};

use super::read::{Read, UnreadableProgram, all, points};
use super::tier::measure;
use crate::Timestamp;
use crate::competition::Competition;

/// A competition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompetitionDocument {
    /// Names the competition.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// `points`, `orders`, or the code of the currency in which spending counts.
    pub by: String,
    /// The first instant.
    pub from: i64,
    /// The first instant that is too late.
    pub until: i64,
    /// Places on the board.
    pub places: i64,
    /// Points for the first place, the second, and so on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prizes: Vec<i64>,
}

pub(super) fn competition(document: CompetitionDocument) -> Read<Competition> {
    Ok(Competition {
        id: document.id,
        label: document.label,
        measure: measure(&document.by)?,
        from: Timestamp::from_millis(document.from),
        until: Timestamp::from_millis(document.until),
        places: usize::try_from(document.places).map_err(|_| UnreadableProgram("places"))?,
        prizes: all(document.prizes, points)?,
    })
}
