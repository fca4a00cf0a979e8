//! An entry: one immutable row of a member's ledger.
//!
//! Its invariant: `balance` is the balance of the entry before plus `points`. A mistake is mended by
//! another entry, never by an edit.

use crate::partner::OfPartner;
use crate::{Points, Pool, ProgramRef, Timestamp};

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Points for joining.
    Welcome,
    /// Points for an order.
    Earn,
    /// Points for an activity.
    Activity,
    /// Points for the challenges that an order completed.
    OrderChallenge,
    /// Points for the challenges that an activity completed.
    ActivityChallenge,
    /// Points that somebody gave or took, with a reason.
    Adjust,
    /// What an order earned, taken back by its refund.
    Clawback,
    /// What was earned, and paid off what was owed.
    Repay,
    /// Points spent on rewards.
    Redeem,
    /// Spent points that come back with a refund.
    Return,
    /// Points whose time was up.
    Expire,
    /// Points given to another member.
    TransferOut,
    /// Points that another member gave.
    TransferIn,
    /// All points of a member who is now another one.
    MergeOut,
    /// All points of the member whom she was as well.
    MergeIn,
    /// Points for a friend who was brought, or for coming as one.
    Referral,
    /// Points that an order was given by surprise.
    Surprise,
    /// Points for a place in a competition.
    Competition,
    /// Money of a balance that paid for an order. No entry of points has it.
    Tender,
}

impl EntryKind {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Welcome,
        Self::Earn,
        Self::Activity,
        Self::OrderChallenge,
        Self::ActivityChallenge,
        Self::Adjust,
        Self::Clawback,
        Self::Repay,
        Self::Redeem,
        Self::Return,
        Self::Expire,
        Self::TransferOut,
        Self::TransferIn,
        Self::MergeOut,
        Self::MergeIn,
        Self::Referral,
        Self::Surprise,
        Self::Competition,
        Self::Tender,
    ];

    /// The name in SQL and in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Earn => "earn",
            Self::Activity => "activity",
            Self::OrderChallenge => "order-challenge",
            Self::ActivityChallenge => "activity-challenge",
            Self::Adjust => "adjust",
            Self::Clawback => "clawback",
            Self::Repay => "repay",
            Self::Redeem => "redeem",
            Self::Return => "return",
            Self::Expire => "expire",
            Self::TransferOut => "transfer-out",
            Self::TransferIn => "transfer-in",
            Self::MergeOut => "merge-out",
            Self::MergeIn => "merge-in",
            Self::Referral => "referral",
            Self::Surprise => "surprise",
            Self::Competition => "competition",
            Self::Tender => "tender",
        }
    }
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the member's ledger, from 1 without gaps.
    pub seq: u64,
    /// What it is for.
    pub kind: EntryKind,
    /// What it adds to the balance; negative where it takes away.
    pub points: Points,
    /// The balance after it.
    pub balance: Points,
    /// What it was booked for: the id of an order, a refund, a redemption, a member, or an idempotency key. A
    /// shop has at most one entry of a kind for a source.
    pub source: String,
    /// Why, where a person decided it.
    pub reason: Option<String>,
    /// Who decided it, where that is told: staff, or a system.
    pub by: Option<String>,
    /// The ids of the rules that gave something, in the program's order.
    pub rules: Vec<String>,
    /// The partner whose order it was, and in which currency.
    pub partner: Option<OfPartner>,
    /// The points by currency, for those who account for them.
    pub pools: Vec<Pool>,
    /// The program that decided it.
    pub program: ProgramRef,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The day of the shop on which that was, counted from 1970-01-01.
    pub day: i64,
}

/// One row of the ledger of a balance of money. Its invariant is that of an [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditEntry {
    /// The id of the balance.
    pub balance: String,
    /// What it is for.
    pub kind: EntryKind,
    /// What it adds, in minor units.
    pub minor: i64,
    /// The balance after it, in minor units.
    pub balance_minor: i64,
    /// What it was booked for.
    pub source: String,
    /// The ids of the rules that gave something, in the program's order.
    pub rules: Vec<String>,
    /// The program that decided it.
    pub program: ProgramRef,
    /// When it was booked.
    pub booked_at: Timestamp,
}
