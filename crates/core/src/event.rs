//! Events: what a member or her shop wants to hear of, beside the entries.
//!
//! Its invariant: an event is planned with what it tells of, and stored in the same batch, so that neither is
//! there without the other.

use crate::{Points, Timestamp};

/// What happened, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When: the instant at which it came to pass, however late it was booked.
    pub happened_at: Timestamp,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The return window of points is over: they may be spent.
    Matured {
        /// How many.
        points: Points,
    },
    /// Points expire in so many days, if nothing is done.
    ExpiringSoon {
        /// How many.
        points: Points,
        /// Days until then.
        days: i64,
        /// The first instant at which they are gone.
        expires_at: Timestamp,
    },
    /// Points have expired.
    Expired {
        /// How many.
        points: Points,
    },
    /// The member is in another tier.
    TierChanged {
        /// The id of the one before; `None` for none.
        from: Option<String>,
        /// The id of the one now; `None` for none.
        to: Option<String>,
    },
    /// She tries the membership.
    TrialStarted {
        /// The first instant at which that is over.
        until: Timestamp,
    },
    /// Her trial is over and nothing was paid: she has the membership no more. Her points stay.
    TrialLapsed,
    /// A step of a challenge gave a badge.
    BadgeGiven {
        /// The id of the challenge.
        challenge: String,
        /// What it says: `Regular`.
        badge: String,
    },
    /// The time of a redemption that was not used is up; its points are back.
    RedemptionTimedOut {
        /// Its id.
        redemption: String,
    },
    /// A refund ended a redemption that was held, because it took the points; what is left of them is back.
    RedemptionCancelled {
        /// Its id.
        redemption: String,
    },
    /// A refund took back points that were spent already: she owes them.
    Owing {
        /// How many in all.
        points: Points,
    },
}

impl EventKind {
    /// The name in SQL and in the API: an object and what happened to it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Matured { .. } => "points.matured",
            Self::ExpiringSoon { .. } => "points.expiring_soon",
            Self::Expired { .. } => "points.expired",
            Self::TierChanged { .. } => "tier.changed",
            Self::TrialStarted { .. } => "trial.started",
            Self::TrialLapsed => "trial.lapsed",
            Self::BadgeGiven { .. } => "badge.given",
            Self::RedemptionTimedOut { .. } => "redemption.timed_out",
            Self::RedemptionCancelled { .. } => "redemption.cancelled",
            Self::Owing { .. } => "points.owed",
        }
    }
}
