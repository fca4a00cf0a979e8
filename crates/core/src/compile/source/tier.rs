//! Tiers, what they go by, and perks, as a merchant writes them.

use serde::Deserialize;

use crate::wire::DecimalText;

/// What tiers go by. Without this table they go by the points that orders have earned since a member joined,
/// and nobody ever falls.
///
/// ```toml
/// [tiers_by]
/// what = "spend"
/// currency = "EUR"
/// period = "calendar-year"
/// soft_landing = true
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TiersBy"))]
#[serde(deny_unknown_fields, default)]
pub struct TiersBySource {
    /// What lifts a member: the `points` that her orders earn, what she `spend`s, or how many `orders` she
    /// places. Default: `points`.
    pub what: MeasureName,
    /// The one currency in which spending counts: `"EUR"`. Orders in others lift nobody.
    pub currency: Option<String>,
    /// Over which time it is summed: the `lifetime`; a `calendar-year`; a `program-year`, which begins on a
    /// day of yours; `rolling-12-months`, the running month and the eleven before; or the years since she
    /// joined, by `anniversary`. Default: `lifetime`.
    pub period: TierPeriodName,
    /// The first day of a program year, as month and day: `"07-01"`.
    pub starts: Option<String>,
    /// How long a tier is kept that is not reached again: to the end of the `next-period`, or only of the
    /// `period` in which it was reached. Default: `next-period`.
    pub keep: KeepName,
    /// Days after the end of a period before anybody falls: `30`. Default: 0.
    pub grace_days: i64,
    /// Whether who falls, falls one tier a period: from platinum to gold, not to nothing. Default: false.
    pub soft_landing: bool,
}

/// What is summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Measure"))]
#[serde(rename_all = "kebab-case")]
pub enum MeasureName {
    /// Points that orders earn.
    #[default]
    Points,
    /// What of orders counts, in one currency.
    Spend,
    /// Orders of which something counts.
    Orders,
}

/// Over which time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TierPeriod"))]
#[serde(rename_all = "kebab-case")]
pub enum TierPeriodName {
    /// All the time since she joined.
    #[default]
    Lifetime,
    /// From 1 January to 31 December.
    CalendarYear,
    /// A year that begins on a day of the shop's.
    ProgramYear,
    /// The calendar month and the eleven before.
    #[serde(rename = "rolling-12-months")]
    Rolling12Months,
    /// A year that begins on the day on which she joined.
    Anniversary,
}

/// How long a tier is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Keep"))]
#[serde(rename_all = "kebab-case")]
pub enum KeepName {
    /// To the end of the period after the one in which it was reached.
    #[default]
    NextPeriod,
    /// To the end of the period in which it was reached.
    Period,
}

/// A tier. List them from the lowest up.
///
/// ```toml
/// [[tiers]]
/// id = "gold"
/// name = "Gold"
/// from_points = 1000
/// multiplier = 1.5
/// perks = [
///   { kind = "free-shipping", label = "Free shipping" },
///   { kind = "percent-off", percent = 10, label = "10% off every order" },
/// ]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Tier"))]
#[serde(deny_unknown_fields)]
pub struct TierSource {
    /// Names the tier in rules: `gold`.
    pub id: String,
    /// What members call it: `Gold`.
    pub name: String,
    /// Where tiers go by points: how many reach it. `0` for the tier that everybody is in.
    #[serde(default)]
    pub from_points: Option<i64>,
    /// Where tiers go by spending: the amount that reaches it, `1000`.
    #[serde(default)]
    pub from_spend: Option<DecimalText>,
    /// Where tiers go by orders: how many reach it, `5`.
    #[serde(default)]
    pub from_orders: Option<i64>,
    /// Whether nobody reaches it and members are invited to it. Default: false.
    #[serde(default)]
    pub invitation_only: bool,
    /// What base points are multiplied by. Default: 1.
    #[serde(default)]
    pub multiplier: Option<DecimalText>,
    /// The group in which its multiplier combines with rules. Default: its bonus is added to all others.
    #[serde(default)]
    pub group: Option<String>,
    /// What it gives besides. A tier has the perks that it lists, and not those of the tiers below.
    #[serde(default)]
    pub perks: Vec<PerkSource>,
}

/// Something that a tier or a membership gives besides points. Your shop honours it; shoppers read it.
///
/// ```toml
/// perks = [{ kind = "birthday-gift", label = "A cake on your birthday" }]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Perk"))]
#[serde(deny_unknown_fields)]
pub struct PerkSource {
    /// What your shop acts on: `free-shipping`, `percent-off`, `early-access`, `birthday-gift`,
    /// `free-returns`, or `other`.
    pub kind: PerkName,
    /// What the shopper reads: `Free shipping`.
    pub label: String,
    /// How many percent `percent-off` takes off: `10`.
    #[serde(default)]
    pub percent: Option<DecimalText>,
}

/// The kinds of perks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "PerkKind"))]
#[serde(rename_all = "kebab-case")]
pub enum PerkName {
    /// Orders are sent for nothing.
    FreeShipping,
    /// So many percent off every order.
    PercentOff,
    /// New products and sales before others.
    EarlyAccess,
    /// A gift around the birthday.
    BirthdayGift,
    /// Parcels are sent back for nothing.
    FreeReturns,
    /// Anything else; the label says what.
    #[default]
    Other,
}
