//! Rules, groups, campaigns and conditions in a published program.

use serde::{Deserialize, Serialize};

use super::{GrantScopeName, RoundingName};
use crate::wire::DecimalText;

/// Lines that earn nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionDocument {
    /// Names the exclusion in reasons.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// The lines.
    pub when: Vec<TestDocument>,
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDocument {
    /// Names the rule in reasons.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// The kind of the activity that it answers to. Default: an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// When it applies: every test must hold. Default: always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<TestDocument>,
    /// What it gives.
    pub grant: GrantDocument,
    /// The place of the money balance that it gives to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<u32>,
    /// The place of its group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
    /// Its priority. Default: 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: i64,
    /// The place of its campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<u32>,
    /// How its own grant is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<RoundingName>,
    /// How much it gives at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsDocument>,
}

/// A rule that gives a reward.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleGiftDocument {
    /// Names the rule.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// The kind of the activity that it answers to. Default: an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// When it applies: every test must hold. Default: always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<TestDocument>,
    /// The id of the reward.
    pub reward: String,
    /// The place of its campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<u32>,
    /// How often it gives at most: points stand for times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsDocument>,
}

/// A test of one fact: of texts, or of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestDocument {
    /// The name of the fact: `category`.
    pub fact: String,
    /// Whether none of the texts must fit. Default: one must.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
    /// The texts; empty for a test of a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// The ranges, one of which must hold the number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<RangeDocument>,
}

/// Some whole numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeDocument {
    /// The code of the currency in whose minor units an amount is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// Only every n-th, counted from the least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
}

/// What a rule gives: one of `multiply`, `bonus`, `fixed`, `spend`. On a money balance points are minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantDocument {
    /// The factor on base points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiply: Option<DecimalText>,
    /// Points, whatever the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus: Option<i64>,
    /// Points in the place of the base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<i64>,
    /// How often bonus or fixed points are given: `item`, `line` or `order`. Default: `order`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<GrantScopeName>,
    /// What money spent on the lines that fit earns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spend: Vec<SpendDocument>,
}

/// How money earns points in a currency: one of `per_unit`, `per_step`, `bands`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpendDocument {
    /// The code of the currency.
    pub currency: String,
    /// Points for each unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_unit: Option<DecimalText>,
    /// Points for each full step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_step: Option<StepDocument>,
    /// Points by band.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<BandDocument>,
}

/// Points for each full step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDocument {
    /// The step, in minor units.
    pub every_minor: i64,
    /// Points for each.
    pub points: i64,
}

/// A row of a table of bands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandDocument {
    /// The most that the sum is, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_minor: Option<i64>,
    /// What it earns.
    pub points: i64,
}

/// How much at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsDocument {
    /// Points in one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_order: Option<i64>,
    /// Points for a member on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<i64>,
    /// Points for a member in one calendar month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<i64>,
    /// Points for a member in one calendar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_year: Option<i64>,
    /// Points for a member in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_member: Option<i64>,
    /// Points for all members together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// Times that a member gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<i64>,
    /// Days from one time to the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_days: Option<i64>,
}

/// A campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignDocument {
    /// Names the campaign.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// The first instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The first instant that is too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// How much its rules give together at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsDocument>,
}

/// A group of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDocument {
    /// Names the group.
    pub id: String,
    /// How its rules combine.
    pub combine: CombineName,
}

/// The name of a [`Combine`](crate::Combine).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "the names of `Combine`, which says what they mean"
)]
pub enum CombineName {
    BestPerLine,
    BestPerOrder,
    #[default]
    Add,
    Multiply,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to the field; wide only on some machines"
)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}
