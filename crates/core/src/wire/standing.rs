//! A member's standing and her challenges on the wire.

use serde::{Deserialize, Serialize};

use crate::Standing;
use crate::challenge::{ChallengeProgress, Mark};

/// More periods than any standing keeps.
const MAX_BUCKETS: usize = 64;

/// What her tier comes from, besides what her whole time has earned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingDocument {
    /// What it was settled by: `EUR year`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// The period in which it was last settled.
    #[serde(default)]
    pub period: i64,
    /// What qualified: periods and amounts, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<(i64, i64)>,
    /// The tier that she was invited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<String>,
}

impl StandingDocument {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&Standing> for StandingDocument {
    fn from(standing: &Standing) -> Self {
        Self {
            basis: standing.basis.clone(),
            period: standing.period,
            buckets: standing.buckets.clone(),
            invited: standing.invited.clone(),
        }
    }
}

impl From<StandingDocument> for Standing {
    fn from(document: StandingDocument) -> Self {
        let mut buckets = document.buckets;
        // Nobody has more; who sends them makes work for herself only.
        buckets.truncate(MAX_BUCKETS);
        // Whoever sends them in another order means the same.
        buckets.sort_unstable();
        Self {
            basis: document.basis,
            period: document.period,
            buckets,
            invited: document.invited,
        }
    }
}

/// How far she is in a challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeProgressDocument {
    /// The challenge's id.
    pub challenge: String,
    /// What counts for the round that she is in: its day, week or month, how much, and of which category.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(i64, i64, String)>,
    /// Steps that have given in this round.
    #[serde(default)]
    pub steps: u32,
    /// Rounds that she has completed.
    #[serde(default)]
    pub rounds: i64,
    /// The last week or month that a completed streak has used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_until: Option<i64>,
    /// Steps that stay, whatever comes back: what reached them is too long ago to be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<u32>,
}

impl From<&ChallengeProgress> for ChallengeProgressDocument {
    fn from(progress: &ChallengeProgress) -> Self {
        let marks = progress.marks.iter();
        Self {
            challenge: progress.challenge.clone(),
            marks: marks
                .map(|it| (it.at, it.amount, it.name.clone()))
                .collect(),
            steps: u32::try_from(progress.steps).unwrap_or(u32::MAX),
            rounds: progress.rounds,
            used_until: progress.used_until,
            firm: (progress.firm > 0).then(|| u32::try_from(progress.firm).unwrap_or(u32::MAX)),
        }
    }
}

impl From<ChallengeProgressDocument> for ChallengeProgress {
    fn from(document: ChallengeProgressDocument) -> Self {
        let mut marks = Vec::with_capacity(document.marks.len());
        for (at, amount, name) in document.marks {
            marks.push(Mark { at, name, amount });
        }
        marks.sort_unstable();
        Self {
            challenge: document.challenge,
            marks,
            steps: usize::try_from(document.steps).unwrap_or(usize::MAX),
            rounds: document.rounds,
            used_until: document.used_until,
            firm: usize::try_from(document.firm.unwrap_or(0)).unwrap_or(usize::MAX),
        }
    }
}
