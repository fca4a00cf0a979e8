//! Referrals as a merchant writes them.

use serde::Deserialize;

use crate::wire::{ByCurrency, ReferralStepName};

/// What you give when a member brings a friend. Nobody gets anything where the two look like one person: the
/// same customer, mailbox, means of payment or address.
///
/// ```toml
/// [referral]
/// advocate = { points = 500, on = "first-order" }
/// friend = { reward = "ten-off", on = "joining" }
/// minimum_order = { EUR = 30 }
/// limits = { per_advocate = 20, per_month = 5 }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Referral"))]
#[serde(deny_unknown_fields, default)]
pub struct ReferralSource {
    /// What the member gets who brought her: `{ points = 500 }`.
    pub advocate: Option<ReferralGiftSource>,
    /// What the friend gets: `{ reward = "ten-off", on = "joining" }`.
    pub friend: Option<ReferralGiftSource>,
    /// What the friend's first order must count for, by currency: `{ EUR = 30 }`. First orders in other
    /// currencies then give nothing. Where `refunds.bonuses` is `threshold`, what both were given goes back when less
    /// than this is left of the order; otherwise when nothing is.
    pub minimum_order: ByCurrency,
    /// For how many friends.
    pub limits: ReferralLimitsSource,
}

/// What somebody gets, `points` or a `reward`, and for what.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ReferralGift"))]
#[serde(deny_unknown_fields, default)]
pub struct ReferralGiftSource {
    /// So many points: `500`.
    pub points: Option<i64>,
    /// A reward, by its id: `ten-off`. It costs her nothing.
    pub reward: Option<String>,
    /// When it is given: on the friend's `joining`, or on her `first-order`. Default: `first-order`.
    pub on: ReferralStepName,
}

/// For how many friends a member, and with her the friend, gets something.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ReferralLimits"))]
#[serde(deny_unknown_fields, default)]
pub struct ReferralLimitsSource {
    /// Friends of one member, in all: `20`.
    pub per_advocate: Option<i64>,
    /// Friends of one member in a calendar month: `5`.
    pub per_month: Option<i64>,
}
