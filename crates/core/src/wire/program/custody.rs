//! Refunds, redemptions, guests, transfers and the books on the wire: what differs from the defaults.

use serde::{Deserialize, Serialize};

use super::ProgramDocument;
use crate::custody::{AccountingRules, Bonuses, Custody, RefundRules, TransferRules};
use crate::wire::DecimalText;

/// What a refund takes back, and what it gives back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundsDocument {
    /// What becomes of bonuses where a part of an order comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonuses: Option<BonusesName>,
    /// Whether a member owes what she has spent already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deficit: bool,
    /// Days that spent points live at least when they come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_days: Option<i64>,
}

/// The name of a [`Bonuses`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Bonuses"))]
#[serde(rename_all = "kebab-case")]
pub enum BonusesName {
    /// Each line takes its share with it.
    #[default]
    Proportional,
    /// As if only what is kept had been bought.
    Threshold,
}

/// How members redeem their points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedemptionsDocument {
    /// Minutes for which points are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_minutes: Option<i64>,
}

/// Orders of guests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuestsDocument {
    /// Days for which they wait; 0 where they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
}

/// Between whom points move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransfersDocument {
    /// A member may give hers to another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub between_members: bool,
    /// Members of one household may.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub household: bool,
}

/// What the books are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountingDocument {
    /// The percentage of all points issued that is ever redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeemed_percent: Option<DecimalText>,
}

/// What a document says of booked points; the defaults where it is silent.
pub(super) fn custody(document: &ProgramDocument) -> Custody {
    let usual = Custody::default();
    let refunds = document.refunds.unwrap_or_default();
    let redemptions = document.redemptions.unwrap_or_default();
    let guests = document.guests.unwrap_or_default();
    let transfers = document.transfers.unwrap_or_default();
    let accounting = document.accounting.unwrap_or_default();
    Custody {
        refunds: RefundRules {
            bonuses: match refunds.bonuses.unwrap_or_default() {
                BonusesName::Proportional => Bonuses::Proportional,
                BonusesName::Threshold => Bonuses::Threshold,
            },
            allows_deficit: refunds.deficit,
            minimum_days: refunds.minimum_days.unwrap_or(usual.refunds.minimum_days),
        },
        hold_minutes: redemptions.hold_minutes.unwrap_or(usual.hold_minutes),
        guest_days: guests.days.unwrap_or(usual.guest_days),
        transfers: TransferRules {
            between_members: transfers.between_members,
            household: transfers.household,
        },
        accounting: AccountingRules {
            redeemed_percent: accounting
                .redeemed_percent
                .map_or(usual.accounting.redeemed_percent, |percent| percent.0),
        },
    }
}
