//! Membership as a merchant writes it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::PerkSource;
use crate::wire::DecimalText;

/// A membership that members pay for. Your shop takes the money and tells until when it is paid; while it
/// is, rules with `paid_member = true` apply. Who lets it lapse keeps her points. Without a fee it is everybody's
/// who joined: then it is its perks.
///
/// ```toml
/// [membership]
/// name = "Harbour Plus"
/// yearly = { EUR = 49 }
/// trial_days = 30
/// perks = [{ kind = "free-shipping", label = "Free shipping" }]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Membership"))]
#[serde(deny_unknown_fields)]
pub struct MembershipSource {
    /// What members call it: `Harbour Plus`.
    pub name: String,
    /// The fee for a month, by currency: `{ EUR = 4.99 }`. Default: none.
    #[serde(default)]
    pub monthly: BTreeMap<String, DecimalText>,
    /// The fee for a year, by currency: `{ EUR = 49, USD = 59 }`. Default: none.
    #[serde(default)]
    pub yearly: BTreeMap<String, DecimalText>,
    /// Days for which a member may try it for nothing, once: `30`. Your shop's server starts her trial by `POST
    /// /v1/members/{id}/trial`; when it is over, what she paid is told as ever, or it lapses. Default: no trial.
    #[serde(default)]
    pub trial_days: i64,
    /// What it gives while it is paid, or always where there is no fee.
    #[serde(default)]
    pub perks: Vec<PerkSource>,
}
