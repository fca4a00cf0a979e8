//! A program on the wire: the compact document that is published, cached and sent to browsers.
//!
//! It is what the compiler makes of a merchant's file: labels are written, dates are milliseconds, the time
//! zone is a table, conditions are lists of tests, names of other parts are their places. Nothing is left
//! to be found out by who reads it.

mod challenge;
mod competition;
mod custody;
mod lifetime;
mod membership;
mod partner;
mod read;
mod referral;
mod reward;
mod rule;
mod surprise;
mod tier;

use serde::{Deserialize, Serialize};

pub use self::challenge::{ChallengeDocument, ChallengeStepDocument};
pub use self::competition::CompetitionDocument;
pub use self::custody::{
    AccountingDocument, BonusesName, GuestsDocument, RedemptionsDocument, RefundsDocument,
    TransfersDocument,
};
pub use self::lifetime::{ExpiryDocument, ExpiryRuleDocument, PendingDocument};
pub use self::membership::MembershipDocument;
pub use self::partner::PartnerDocument;
pub use self::read::UnreadableProgram;
pub use self::referral::{ReferralDocument, ReferralGiftDocument, ReferralStepName};
pub use self::reward::{BenefitDocument, GiftDocument, RewardDocument, StepsDocument};
pub use self::rule::{
    BandDocument, CampaignDocument, CombineName, ExclusionDocument, GrantDocument, GroupDocument,
    LimitsDocument, RangeDocument, RuleDocument, RuleGiftDocument, SpendDocument, StepDocument,
    TestDocument,
};
pub use self::surprise::SurpriseDocument;
pub use self::tier::{PerkDocument, TierDocument, TiersByDocument};
use super::ByCurrency;
use crate::{GrantScope, Rounding, RoundingScope};

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
    /// From which instants on how many minutes are added to UTC, earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offsets: Vec<(i64, i64)>,
    /// What every order earns.
    pub earn: EarnDocument,
    /// Points for joining.
    #[serde(default)]
    pub welcome_points: i64,
    /// How somebody becomes a member. Default: she is asked.
    #[serde(default, skip_serializing_if = "JoiningName::is_asked")]
    pub joining: JoiningName,
    /// Balances of money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balances: Vec<BalanceDocument>,
    /// What tiers go by. Default: points over the lifetime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers_by: Option<TiersByDocument>,
    /// Tiers, lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierDocument>,
    /// What earns nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<ExclusionDocument>,
    /// Campaigns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<CampaignDocument>,
    /// Groups of rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupDocument>,
    /// Rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleDocument>,
    /// Rules that give rewards. Earning asks nothing of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule_gifts: Vec<RuleGiftDocument>,
    /// The membership, paid or free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership: Option<MembershipDocument>,
    /// Challenges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub challenges: Vec<ChallengeDocument>,
    /// Competitions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competitions: Vec<CompetitionDocument>,
    /// Rewards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<RewardDocument>,
    /// What is given for a friend who was brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<ReferralDocument>,
    /// Surprises.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surprises: Vec<SurpriseDocument>,
    /// Partners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<PartnerDocument>,
    /// How long points wait before they may be spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingDocument>,
    /// Until when points live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<ExpiryDocument>,
    /// What a refund takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunds: Option<RefundsDocument>,
    /// How members redeem their points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redemptions: Option<RedemptionsDocument>,
    /// Orders of guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<GuestsDocument>,
    /// Between whom points move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfers: Option<TransfersDocument>,
    /// What the books are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounting: Option<AccountingDocument>,
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
    /// What is said of each currency.
    pub rates: Vec<RateDocument>,
    /// Whether tax counts.
    pub include_tax: bool,
    /// Whether shipping counts.
    pub include_shipping: bool,
    /// `floor`, `ceil`, `half-up` or `half-even`.
    pub rounding: RoundingName,
    /// What is rounded: the `order`, or each `line`.
    pub round_per: RoundingScopeName,
    /// What limits everything together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsDocument>,
}

/// What is said of a currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateDocument {
    /// Its code.
    pub currency: String,
    /// The id of the partner at which it is earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// What the shopper reads: `1 bean per 1.00 EUR`. Empty where money spent earns nothing as such.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What money spent earns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<SpendDocument>,
    /// An order that counts for less earns nothing, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order_minor: Option<i64>,
}

/// A balance of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceDocument {
    /// Names the balance.
    pub id: String,
    /// What members call it.
    pub name: String,
    /// The code of its currency.
    pub currency: String,
}

/// How somebody becomes a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Joining"))]
#[serde(rename_all = "lowercase")]
pub enum JoiningName {
    /// She joins, and agrees to the terms.
    #[default]
    Asked,
    /// Who has an account at the shop is a member.
    Automatic,
}

impl JoiningName {
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde gives a reference to the field; wide only on some machines"
    )]
    fn is_asked(&self) -> bool {
        *self == Self::Asked
    }
}

/// The name of a [`Rounding`](crate::Rounding).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// The name of a [`GrantScope`](crate::GrantScope).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[expect(
    missing_docs,
    reason = "the names of `GrantScope`, which says what they mean"
)]
pub enum GrantScopeName {
    Item,
    Line,
    Order,
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

impl From<GrantScopeName> for GrantScope {
    fn from(name: GrantScopeName) -> Self {
        match name {
            GrantScopeName::Item => Self::Item,
            GrantScopeName::Line => Self::Line,
            GrantScopeName::Order => Self::Order,
        }
    }
}
