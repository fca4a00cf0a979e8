//! The answer to an order.

use earnest_core::wire::EarningDocument;
use serde::Serialize;

use super::Comparison;
use crate::redemption::TenderDocument;
use crate::referral::Verdict;
use crate::refund::RefundAnswer;
use crate::{GiftDocument, QuoteOutcome};

/// The answer to an order.
#[derive(Serialize)]
pub(super) struct OrderAnswer<'a> {
    pub(super) order_id: &'a str,
    /// `booked` for a member, `guest` for somebody who is none: then the points are what she would have.
    pub(super) status: &'static str,
    /// Why it is a guest's, where there is a member of her e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    pub(super) member_id: Option<&'a str>,
    pub(super) points: i64,
    pub(super) balance_points: Option<i64>,
    pub(super) earning: EarningDocument<'a>,
    pub(super) booked_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) preview: Option<Comparison>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quote: Option<QuoteOutcome>,
    /// Points that it was paid with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redeemed_points: Option<i64>,
    /// Money of balances that it was paid with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tenders: Vec<TenderDocument>,
    /// Points that refunds which came before it took back at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refunded_points: Option<i64>,
    /// What became of each of these: what it is answered from now on.
    #[serde(skip_serializing_if = "<[RefundAnswer<'_>]>::is_empty")]
    pub(super) refunds: &'a [RefundAnswer<'a>],
    /// What the first order of a friend gave, or why it gave nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) referral: Option<Verdict<'a>>,
    /// What it was given by surprise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) surprises: Vec<GiftDocument<'a>>,
    /// The rewards that rules and challenges gave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) gifts: Vec<GiftDocument<'a>>,
}
