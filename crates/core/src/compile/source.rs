//! The program file, as a merchant writes it.
//!
//! Owns every key of the file and what is said of it: these comments are the reference and the JSON Schema
//! that editors read. What a key means is checked in `check/`, which also turns the file into the document
//! that is published.

mod challenge;
mod competition;
mod condition;
mod custody;
mod lifetime;
mod membership;
mod partner;
mod referral;
mod reward;
mod rule;
mod surprise;
mod tier;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use self::challenge::{ChallengeSource, ChallengeStepSource, CountName};
pub use self::competition::CompetitionSource;
pub use self::condition::{AmountSource, BirthdayName, ConditionSource, CountSource, NotSource};
pub use self::custody::{
    AccountingSource, GuestsSource, RedemptionsSource, RefundsSource, TransfersSource,
};
pub use self::lifetime::{ExpirySource, PendingSource, PeriodName};
pub use self::membership::MembershipSource;
pub use self::partner::PartnerSource;
pub use self::referral::{ReferralGiftSource, ReferralLimitsSource, ReferralSource};
pub use self::reward::{BenefitSource, GiftSource, RewardSource, RewardStepsSource};
pub use self::rule::{
    BandSource, CampaignSource, CombineName, CombineScopeName, ExclusionSource, GrantSource,
    GroupSource, LimitsSource, RuleSource, StepSource,
};
pub use self::surprise::SurpriseSource;
pub use self::tier::{
    KeepName, MeasureName, PerkName, PerkSource, TierPeriodName, TierSource, TiersBySource,
};
use crate::wire::{ByCurrency, JoiningName, RoundingName, RoundingScopeName};

/// A loyalty programme: what a member earns, and why.
///
/// ```toml
/// version = 1
/// name = "Bakery club"
/// points = { one = "star", other = "stars" }
/// earn.per_unit = { EUR = 1 }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Program"))]
#[serde(deny_unknown_fields)]
pub struct ProgramSource {
    /// Your own number for this version, 1 or more. Each change that you publish gets a higher one.
    pub version: u32,
    /// The programme's name, as shoppers read it.
    pub name: String,
    /// Not yours to write: it is computed when the program is published.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub digest: String,
    /// Where your days begin and end: an IANA time zone such as `Europe/Berlin`. Default: `UTC`.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Your word for points. Default: `point` and `points`.
    #[serde(default)]
    pub points: PointsWordSource,
    /// When the programme starts: a day, or a date with its time. Default: it has always run.
    #[serde(default)]
    pub starts_at: Option<String>,
    /// When the programme ends. A day on its own is the last one. Default: never.
    #[serde(default)]
    pub ends_at: Option<String>,
    /// What every order earns.
    #[serde(default)]
    pub earn: EarnSource,
    /// Points for joining. Default: none.
    #[serde(default)]
    pub welcome_points: i64,
    /// How somebody becomes a member: `asked`, in the box or by your server, or `automatic`: who has an account at
    /// your shop is one. Then the box asks nobody to join, and the first order that names a customer of yours
    /// (`customer.id`) makes her a member, so that nothing is lost. Send her `customer.email` with it: who joined in
    /// the box before is then found by that, and is your customer of this id from then on, not a second member. That
    /// you tell her so is for the terms of your account; she has agreed to nothing by this, and your server reads so
    /// of her (`consent`). Default: `asked`.
    #[serde(default)]
    pub joining: JoiningName,
    /// Balances of money beside the points, such as store credit.
    #[serde(default)]
    pub balances: Vec<BalanceSource>,
    /// What tiers go by. Default: the points that orders have earned since a member joined.
    #[serde(default)]
    pub tiers_by: Option<TiersBySource>,
    /// Tiers, lowest first.
    #[serde(default)]
    pub tiers: Vec<TierSource>,
    /// What earns nothing.
    #[serde(default)]
    pub exclusions: Vec<ExclusionSource>,
    /// Campaigns: rules that run, are shown and are limited together.
    #[serde(default)]
    pub campaigns: Vec<CampaignSource>,
    /// Groups in which rules combine in a way of their own.
    #[serde(default)]
    pub groups: Vec<GroupSource>,
    /// Rules: what else is earned, on orders and by activities.
    #[serde(default)]
    pub rules: Vec<RuleSource>,
    /// A membership that members pay for, or that all of them have.
    #[serde(default)]
    pub membership: Option<MembershipSource>,
    /// Challenges: goals over several orders or activities.
    #[serde(default)]
    pub challenges: Vec<ChallengeSource>,
    /// Competitions: boards of members who want to be on them.
    #[serde(default)]
    pub competitions: Vec<CompetitionSource>,
    /// Rewards: what members take for their points.
    #[serde(default)]
    pub rewards: Vec<RewardSource>,
    /// What you give when a member brings a friend. Default: nothing.
    #[serde(default)]
    pub referral: Option<ReferralSource>,
    /// Surprises: what an order is given now and then.
    #[serde(default)]
    pub surprises: Vec<SurpriseSource>,
    /// Partners: other brands at which points are earned and spent.
    #[serde(default)]
    pub partners: Vec<PartnerSource>,
    /// How long points wait before they may be spent. Default: not at all.
    #[serde(default)]
    pub pending: Option<PendingSource>,
    /// Until when points live. Default: for good.
    #[serde(default)]
    pub expiry: Option<ExpirySource>,
    /// What a refund takes back, and what it gives back.
    #[serde(default)]
    pub refunds: RefundsSource,
    /// How members redeem their points.
    #[serde(default)]
    pub redemptions: RedemptionsSource,
    /// Orders of guests.
    #[serde(default)]
    pub guests: GuestsSource,
    /// Between whom points move.
    #[serde(default)]
    pub transfers: TransfersSource,
    /// What your books are told.
    #[serde(default)]
    pub accounting: AccountingSource,
}

/// Your word for points, and what they are worth.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Points"))]
#[serde(deny_unknown_fields)]
pub struct PointsWordSource {
    /// The word for one: `star`.
    pub one: String,
    /// The word for any other number: `stars`.
    pub other: String,
    /// What one point takes off a later order, by currency: `{ EUR = 0.01 }`. Shoppers read it.
    #[serde(default)]
    pub worth: ByCurrency,
}

impl Default for PointsWordSource {
    fn default() -> Self {
        Self {
            one: "point".to_owned(),
            other: "points".to_owned(),
            worth: ByCurrency::default(),
        }
    }
}

/// What every order earns, before any rule. Each currency is named in at most one of `per_unit`, `per_step`
/// and `bands`; an order in a currency that none of them names earns nothing. With none of them, orders in
/// every currency earn what the rules give.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Earn"))]
#[serde(deny_unknown_fields, default)]
pub struct EarnSource {
    /// Points for each unit of the currency: `{ EUR = 1 }` is 1 point per 1.00.
    pub per_unit: ByCurrency,
    /// Points for each full step of the order: `{ EUR = { every = 10, points = 2 } }`.
    pub per_step: BTreeMap<String, StepSource>,
    /// Points by how much the order is worth: `{ EUR = [{ up_to = 30, points = 2 }, { points = 5 }] }`.
    pub bands: BTreeMap<String, Vec<BandSource>>,
    /// An order that counts for less earns nothing, by currency: `{ EUR = 5 }`.
    pub minimum_order: ByCurrency,
    /// Whether tax counts. Default: true.
    pub include_tax: bool,
    /// Whether shipping counts. Default: false.
    pub include_shipping: bool,
    /// How fractions of a point become whole ones. Default: `floor`.
    pub rounding: RoundingName,
    /// What is rounded: the `order`, or each `line`. Default: `order`.
    pub round_per: RoundingScopeName,
    /// How many points a member earns at most by orders and activities, whatever the rules say.
    pub limits: LimitsSource,
}

impl Default for EarnSource {
    fn default() -> Self {
        Self {
            per_unit: ByCurrency::default(),
            per_step: BTreeMap::new(),
            bands: BTreeMap::new(),
            minimum_order: ByCurrency::default(),
            include_tax: true,
            include_shipping: false,
            rounding: RoundingName::default(),
            round_per: RoundingScopeName::default(),
            limits: LimitsSource::default(),
        }
    }
}

/// A balance of money beside the points.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Balance"))]
#[serde(deny_unknown_fields)]
pub struct BalanceSource {
    /// Names the balance: `credit`.
    pub id: String,
    /// What members call it: `Store credit`.
    pub name: String,
    /// Its currency: `USD`. Only orders in this currency earn on it.
    pub currency: String,
}
