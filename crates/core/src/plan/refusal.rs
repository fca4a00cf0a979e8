//! Why something is not written: an expected no, named after the rule that says so.
//!
//! Its invariant: the order of declaration is the precedence. What rewards refuse is `reward/refusal.rs`'s.

use crate::limits::{MAX_BY_CHARS, MAX_ID_BYTES, MAX_TEXT_BYTES};
use crate::{EvaluateError, Holdings, PointsError, Timestamp};

/// An expected no, named after the rule that says so. Where several apply, the first declared is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// There is a member with this id already.
    #[error("the member has joined already")]
    AlreadyEnrolled,
    /// There is no such member.
    #[error("there is no such member; enrol her first")]
    NotEnrolled,
    /// The key of the command is empty or too long.
    #[error("the key of a command has 1 to {MAX_ID_BYTES} bytes")]
    KeyUnusable,
    /// An adjustment of zero changes nothing.
    #[error("an adjustment adds or takes at least one point")]
    AdjustmentOfZero,
    /// An adjustment without a reason cannot be audited, and one in control characters cannot be read.
    #[error(
        "an adjustment needs a reason, of at most {MAX_TEXT_BYTES} bytes and no control characters"
    )]
    ReasonUnusable,
    /// Who is to be named cannot be: the name is empty, too long, or in control characters.
    #[error("who adjusts has 1 to {MAX_BY_CHARS} characters, and no control characters")]
    ByUnusable,
    /// The program does not let her give points to this one: to nobody, or to those of her household alone.
    #[error("the programme does not let her give points to this member")]
    TransfersNotAllowed,
    /// The program offers no trial of its membership.
    #[error("the programme has no trial; to offer one, write trial_days in its [membership]")]
    TrialNotOffered,
    /// She has had her trial.
    #[error(
        "a trial is once for each member, and she has had hers; when she has paid, say so by paid_until in her profile"
    )]
    TrialTaken,
    /// Her membership is paid, so there is nothing to try.
    #[error("her membership is active already; a trial is for who has none, or whose has lapsed")]
    MembershipActive,
    /// A transfer is of one point or more.
    #[error("a transfer is of at least one point")]
    TransferOfNothing,
    /// Somebody would give points to herself, or be merged into herself.
    #[error("this is one and the same member")]
    SameMember,
    /// Points are held for rewards; they must be committed or released first.
    #[error("points are held for a redemption: commit or release it first")]
    RedemptionOpen,
    /// Nothing is held under this id: it was committed, released, or its time was up.
    #[error("nothing is held for this redemption: it is committed, released, or its time was up")]
    RedemptionNotHeld,
    /// A redemption of this id holds points already.
    #[error("a redemption of this id holds points already")]
    RedemptionHeld,
    /// The points or the balance would be beyond 2^53 - 1.
    #[error("the points would be beyond 9007199254740991 (2^53 - 1)")]
    PointsBeyondLimit,
    /// More points would be taken than there are.
    #[error("the balance would go below zero")]
    BalanceBelowZero,
    /// More points would be spent than may be spent now.
    #[error("{needed} points are needed, and {available} may be spent now")]
    NotEnoughAvailable {
        /// How many would be spent.
        needed: i64,
        /// How many may be.
        available: i64,
    },
    /// More money would be paid with than is on a balance.
    #[error("there is less than that on the balance")]
    NotEnoughCredit,
}

impl Refusal {
    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyEnrolled => "already_enrolled",
            Self::NotEnrolled => "not_enrolled",
            Self::KeyUnusable => "key_unusable",
            Self::AdjustmentOfZero => "adjustment_of_zero",
            Self::ReasonUnusable => "reason_unusable",
            Self::ByUnusable => "by_unusable",
            Self::TransfersNotAllowed => "transfers_not_allowed",
            Self::TrialNotOffered => "trial_not_offered",
            Self::TrialTaken => "trial_taken",
            Self::MembershipActive => "membership_active",
            Self::TransferOfNothing => "transfer_of_nothing",
            Self::SameMember => "same_member",
            Self::RedemptionOpen => "redemption_open",
            Self::RedemptionNotHeld => "redemption_not_held",
            Self::RedemptionHeld => "redemption_held",
            Self::PointsBeyondLimit => "points_beyond_limit",
            Self::BalanceBelowZero => "balance_below_zero",
            Self::NotEnoughAvailable { .. } => "not_enough_available",
            Self::NotEnoughCredit => "not_enough_credit",
        }
    }
}

/// Checks that so many points may be spent now.
pub(super) fn check_available(
    holdings: &Holdings,
    needed: i64,
    now: Timestamp,
) -> Result<(), Refusal> {
    let available = holdings.available(now);
    if needed > available {
        return Err(Refusal::NotEnoughAvailable { needed, available });
    }
    Ok(())
}

impl From<EvaluateError> for Refusal {
    fn from(EvaluateError::TooManyPoints(error): EvaluateError) -> Self {
        error.into()
    }
}

impl From<PointsError> for Refusal {
    fn from(_: PointsError) -> Self {
        Self::PointsBeyondLimit
    }
}
