//! Referrals on the wire.

use serde::{Deserialize, Serialize};

use super::UnreadableProgram;
use super::reward::{GiftDocument, amounts};
use crate::referral::{Referral, ReferralGift, ReferralStep};
use crate::wire::ByCurrency;

/// What is given for a friend who was brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralDocument {
    /// What the member gets who brought her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advocate: Option<ReferralGiftDocument>,
    /// What the friend gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend: Option<ReferralGiftDocument>,
    /// A first order that counts for less gives nothing.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub minimum_order: ByCurrency,
    /// Friends for whom a member gets something, in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_advocate: Option<i64>,
    /// The same in a calendar month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<i64>,
}

/// What somebody gets, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralGiftDocument {
    /// What.
    pub gives: GiftDocument,
    /// For what.
    pub on: ReferralStepName,
}

/// The name of a [`ReferralStep`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ReferralStep"))]
#[serde(rename_all = "kebab-case")]
pub enum ReferralStepName {
    /// She joins.
    Joining,
    /// She places her first order.
    #[default]
    FirstOrder,
}

impl TryFrom<ReferralDocument> for Referral {
    type Error = UnreadableProgram;

    fn try_from(document: ReferralDocument) -> Result<Self, UnreadableProgram> {
        Ok(Self {
            advocate: document.advocate.map(ReferralGift::try_from).transpose()?,
            friend: document.friend.map(ReferralGift::try_from).transpose()?,
            minimum_order: amounts(&document.minimum_order)?,
            per_advocate: document.per_advocate,
            per_month: document.per_month,
        })
    }
}

impl TryFrom<ReferralGiftDocument> for ReferralGift {
    type Error = UnreadableProgram;

    fn try_from(document: ReferralGiftDocument) -> Result<Self, UnreadableProgram> {
        Ok(Self {
            gift: document.gives.try_into()?,
            on: match document.on {
                ReferralStepName::Joining => ReferralStep::Joining,
                ReferralStepName::FirstOrder => ReferralStep::FirstOrder,
            },
        })
    }
}
