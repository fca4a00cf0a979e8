//! Refunds, redemptions, guests, transfers and the books as a merchant writes them.

use serde::Deserialize;

use crate::wire::{BonusesName, DecimalText};

/// What a refund takes back, and what it gives back.
///
/// What comes back counts for no challenge any more, and an order of which nothing counts is none: what steps gave that
/// are not reached without it is taken back with it, and they may be reached again. Of a streak that begins anew, what a
/// round gave stays.
///
/// ```toml
/// [refunds]
/// bonuses = "threshold"
/// deficit = true
/// minimum_days = 14
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Refunds"))]
#[serde(deny_unknown_fields, default)]
pub struct RefundsSource {
    /// What becomes of bonuses where a part of an order comes back. `proportional`: each line takes its share with
    /// it, and rewards that rules gave go when nothing is left. `threshold`: as if only what is kept had been bought, so
    /// a bonus for orders from 50.00 goes whole when less is kept, and so does a reward that has not been used. Default:
    /// `proportional`.
    pub bonuses: BonusesName,
    /// Whether a member owes points that she spent before the refund took them back. She earns them off before
    /// anything else. Otherwise they are forgiven. Default: false.
    pub deficit: bool,
    /// Days that spent points live at least when they come back: `14`. Default: 30.
    pub minimum_days: Option<i64>,
}

/// How members redeem their points.
///
/// ```toml
/// [redemptions]
/// hold_minutes = 30
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Redemptions"))]
#[serde(deny_unknown_fields, default)]
pub struct RedemptionsSource {
    /// Minutes for which points are held for a reward in a cart: `30`. Unless the order comes by then, they are the
    /// member's to spend again. Default: 60.
    pub hold_minutes: Option<i64>,
}

/// Orders of guests.
///
/// ```toml
/// [guests]
/// days = 14
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Guests"))]
#[serde(deny_unknown_fields, default)]
pub struct GuestsSource {
    /// A guest who joins with the same e-mail within so many days is credited her orders: `14`. With `0` she is not.
    /// Default: 30.
    pub days: Option<i64>,
}

/// Between whom points move.
///
/// ```toml
/// [transfers]
/// household = true
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Transfers"))]
#[serde(deny_unknown_fields, default)]
pub struct TransfersSource {
    /// Whether a member may give points to another member. Default: false.
    pub between_members: bool,
    /// Whether members of one household may give each other points. Default: false.
    pub household: bool,
}

/// What your books are told. What a point is worth is `points.worth`.
///
/// ```toml
/// [accounting]
/// redeemed_percent = 80
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Accounting"))]
#[serde(deny_unknown_fields, default)]
pub struct AccountingSource {
    /// How many percent of all points you expect members to redeem, ever: `80`. Deferred revenue goes by it.
    /// Default: 100.
    pub redeemed_percent: Option<DecimalText>,
}
