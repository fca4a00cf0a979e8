//! A program on the wire: the compact document that is published, cached and sent to browsers.
//!
//! The same shape is written in TOML by merchants; there dates are dates, here they are milliseconds.

mod read;

use serde::{Deserialize, Serialize};

pub use self::read::UnreadableProgram;
use super::{ByCurrency, DecimalText};
use crate::{BonusScope, Rounding, RoundingScope};

// Unknown keys are refused throughout: an engine that does not know a rule must not evaluate without it.

/// A published program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramDocument {
    /// The merchant's own number, 1 or more; each published change gets a new one.
    pub version: u32,
    /// The programme's name.
    pub name: String,
    /// `sha256:` and the digest of this document without this field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// The shop's word for its points.
    pub points: PointsWordDocument,
    /// The first instant of the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<i64>,
    /// The first instant after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// What every order earns.
    pub earn: EarnDocument,
    /// Points for joining.
    #[serde(default)]
    pub welcome_points: i64,
    /// Tiers, lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierDocument>,
    /// What earns nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<ExclusionDocument>,
    /// Multipliers and bonuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleDocument>,
}

/// The shop's word for its points, and what they are worth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsWordDocument {
    /// The word for one.
    pub one: String,
    /// The word for any other number.
    pub other: String,
    /// What one point takes off a later order, by currency.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub worth: ByCurrency,
}

/// What every order earns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarnDocument {
    /// Points per currency unit, by currency.
    pub per_unit: ByCurrency,
    /// An order that counts for less earns nothing, by currency.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub minimum_order: ByCurrency,
    /// Whether tax counts. Default: true.
    #[serde(default = "yes")]
    pub include_tax: bool,
    /// Whether shipping counts. Default: false.
    #[serde(default)]
    pub include_shipping: bool,
    /// `floor` (the default), `ceil`, `half-up` or `half-even`.
    #[serde(default)]
    pub rounding: RoundingName,
    /// What is rounded: the `order` (the default) or each `line`.
    #[serde(default)]
    pub round_per: RoundingScopeName,
}

/// The name of a [`Rounding`](crate::Rounding).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "the names of `Rounding`, which says what they mean"
)]
pub enum RoundingName {
    #[default]
    Floor,
    Ceil,
    HalfUp,
    HalfEven,
}

/// The name of a [`RoundingScope`](crate::RoundingScope).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    missing_docs,
    reason = "the names of `RoundingScope`, which says what they mean"
)]
pub enum RoundingScopeName {
    Line,
    #[default]
    Order,
}

/// A tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierDocument {
    /// Names the tier in rules.
    pub id: String,
    /// What members call it.
    pub name: String,
    /// Points earned by orders from which a member is in it.
    pub from_points: i64,
    /// What base points are multiplied by. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<DecimalText>,
}

/// Lines that earn nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionDocument {
    /// Names the exclusion in reasons.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// The lines.
    pub when: ConditionDocument,
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDocument {
    /// Names the rule in reasons.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// When it applies. Default: always.
    #[serde(default, skip_serializing_if = "ConditionDocument::is_empty")]
    pub when: ConditionDocument,
    /// What it gives.
    pub grant: GrantDocument,
}

/// When a rule applies: all parts must hold, and of each list one item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionDocument {
    /// Product ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// Categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Ids of tiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
    /// The first instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The first instant that is too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

impl ConditionDocument {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a rule gives: `multiply`, or `bonus` with `per`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantDocument {
    /// The factor on base points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiply: Option<DecimalText>,
    /// Points, whatever the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bonus: Option<i64>,
    /// How often the bonus is given: `item`, `line`, or `order` (the default).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<BonusScopeName>,
}

/// The name of a [`BonusScope`](crate::BonusScope).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    missing_docs,
    reason = "the names of `BonusScope`, which says what they mean"
)]
pub enum BonusScopeName {
    Item,
    Line,
    Order,
}

fn yes() -> bool {
    true
}

impl From<RoundingName> for Rounding {
    fn from(name: RoundingName) -> Self {
        match name {
            RoundingName::Floor => Self::Floor,
            RoundingName::Ceil => Self::Ceil,
            RoundingName::HalfUp => Self::HalfUp,
            RoundingName::HalfEven => Self::HalfEven,
        }
    }
}

impl From<RoundingScopeName> for RoundingScope {
    fn from(name: RoundingScopeName) -> Self {
        match name {
            RoundingScopeName::Line => Self::Line,
            RoundingScopeName::Order => Self::Order,
        }
    }
}

impl From<BonusScopeName> for BonusScope {
    fn from(name: BonusScopeName) -> Self {
        match name {
            BonusScopeName::Item => Self::Item,
            BonusScopeName::Line => Self::Line,
            BonusScopeName::Order => Self::Order,
        }
    }
}
