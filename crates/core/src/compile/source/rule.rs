//! Rules, groups and campaigns as a merchant writes them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ConditionSource;
use crate::wire::{ByCurrency, DecimalText, GrantScopeName, RoundingName};

/// A rule: when it applies, what it grants, how it combines with others, and how much at most.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Rule"))]
#[serde(deny_unknown_fields)]
pub struct RuleSource {
    /// Names the rule in reasons and in the ledger: `double-coffee`. No other rule, and no campaign,
    /// exclusion, challenge, surprise or competition has it.
    pub id: String,
    /// What the shopper reads: `2x on coffee`.
    pub label: String,
    /// What it answers to: an `order`, or the kind of an activity that your server reports, such as `review`
    /// or `newsletter`; `account-created` is reported by itself. Default: `order`.
    #[serde(default)]
    pub on: Option<String>,
    /// When it applies. Default: always.
    #[serde(default)]
    pub when: ConditionSource,
    /// What it gives.
    pub grant: GrantSource,
    /// The balance of money that it gives to. Default: points.
    #[serde(default)]
    pub balance: Option<String>,
    /// The group in which it combines with others. Default: what it gives is added to what others give.
    #[serde(default)]
    pub group: Option<String>,
    /// Where a group takes one, the highest priority wins before the most points do. Default: 0.
    #[serde(default)]
    pub priority: i64,
    /// The campaign that it belongs to.
    #[serde(default)]
    pub campaign: Option<String>,
    /// Rounds what this rule gives on an order by itself. Default: it stays exact until all is summed.
    #[serde(default)]
    pub rounding: Option<RoundingName>,
    /// How much it gives at most.
    #[serde(default)]
    pub limits: LimitsSource,
}

/// What a rule gives: one of these.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Grant"))]
#[serde(deny_unknown_fields, default)]
pub struct GrantSource {
    /// Multiplies the base points of the lines that fit: `2`; more than 1. Several multipliers add their bonuses,
    /// unless a group says otherwise: 1.5x and 2x are 2.5x.
    pub multiply: Option<DecimalText>,
    /// Adds points, whatever the price: `50`. On a money balance an amount: `5.00`.
    pub bonus: Option<DecimalText>,
    /// Gives so many points for the lines that fit, in the place of the rate: `500`. Of two for one line the higher
    /// priority gives, and of equal ones the one that gives more.
    pub fixed: Option<DecimalText>,
    /// How often `bonus` or `fixed` is given: for each `item`, each `line`, or once for the `order`, which only a
    /// bonus can be. Default: `order` for a bonus, `item` for fixed points.
    pub per: Option<GrantScopeName>,
    /// Adds points for each unit of the currency: `{ EUR = 1 }`.
    pub per_unit: ByCurrency,
    /// Adds points for each full step of what the lines that fit are worth together:
    /// `{ EUR = { every = 10, points = 2 } }`.
    pub per_step: BTreeMap<String, StepSource>,
    /// Adds points by how much the lines that fit are worth together:
    /// `{ EUR = [{ up_to = 30, points = 2 }, { points = 5 }] }`.
    pub bands: BTreeMap<String, Vec<BandSource>>,
    /// Gives so many percent of what the lines that fit are worth, to a balance of money: `5`.
    pub percent: Option<DecimalText>,
    /// Gives a reward, by its id: `free-coffee`. It costs her nothing, and is hers until she uses it; limits then
    /// count rewards: `{ per_year = 1 }` is once a year. She gets it with the order or activity, as long as there are
    /// any; the box does not tell it before.
    pub reward: Option<String>,
}

/// Points for each full step.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Step"))]
#[serde(deny_unknown_fields)]
pub struct StepSource {
    /// The step, as an amount: `10`.
    pub every: DecimalText,
    /// Points for each.
    pub points: i64,
}

/// A row of a table of bands.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Band"))]
#[serde(deny_unknown_fields)]
pub struct BandSource {
    /// The most that the sum is, included. The last band may leave it out, and then has no end.
    #[serde(default)]
    pub up_to: Option<DecimalText>,
    /// What the whole sum earns.
    pub points: i64,
}

/// How much at most. Points are counted up to the next whole one. On a rule of a money balance these are
/// amounts, on one that gives a reward rewards.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Limits"))]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSource {
    /// Points in one order.
    pub per_order: Option<DecimalText>,
    /// Points for a member on one day.
    pub per_day: Option<DecimalText>,
    /// Points for a member in one calendar month.
    pub per_month: Option<DecimalText>,
    /// Points for a member in one calendar year.
    pub per_year: Option<DecimalText>,
    /// Points for a member in all.
    pub per_member: Option<DecimalText>,
    /// Points for all members together.
    pub budget: Option<DecimalText>,
    /// Times that a member gets it: 1 for once only.
    pub times: Option<i64>,
    /// Days from one time to the next: 7 for once a week.
    pub cooldown_days: Option<i64>,
}

/// Lines that earn nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Exclusion"))]
#[serde(deny_unknown_fields)]
pub struct ExclusionSource {
    /// Names the exclusion in reasons: `gift-cards`.
    pub id: String,
    /// What the shopper reads: `Gift cards don't earn stars`.
    pub label: String,
    /// The lines.
    pub when: ConditionSource,
}

/// Rules that run, are shown and are limited together. A rule says that it belongs to one.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Campaign"))]
#[serde(deny_unknown_fields)]
pub struct CampaignSource {
    /// Names the campaign: `advent`.
    pub id: String,
    /// What the shopper reads: `Double stars in Advent`.
    pub label: String,
    /// From when: a day, or a date with its time.
    #[serde(default)]
    pub from: Option<String>,
    /// Until when. A day on its own is the last one.
    #[serde(default)]
    pub until: Option<String>,
    /// How much its rules give together at most.
    #[serde(default)]
    pub limits: LimitsSource,
}

/// Rules that combine in a way of their own. What a group gives is added to what others give.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Group"))]
#[serde(deny_unknown_fields)]
pub struct GroupSource {
    /// Names the group: `offers`.
    pub id: String,
    /// How its rules combine.
    pub combine: CombineName,
    /// What the best is found for: each `line` by itself, or the whole `order`. Default: `line`.
    #[serde(default)]
    pub per: Option<CombineScopeName>,
}

/// How the rules of a group combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Combine"))]
#[serde(rename_all = "lowercase")]
pub enum CombineName {
    /// One wins: of the highest priority the one that gives most, before its limits: one that has nothing left
    /// steps aside, one that has a little left does not, so give all of a group the same limits. Points and money compete
    /// apart.
    Best,
    /// Each adds its bonus: 1.5x and 5x are 5.5x.
    Add,
    /// Multipliers multiply each other: 1.5x and 5x are 7.5x.
    Multiply,
}

/// What the best of a group is found for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Per"))]
#[serde(rename_all = "lowercase")]
pub enum CombineScopeName {
    /// Each line by itself.
    Line,
    /// The order as a whole.
    Order,
}
