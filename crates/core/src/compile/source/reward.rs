//! Rewards and gifts as a merchant writes them.

use serde::Deserialize;

use super::condition::something;
use crate::wire::{ByCurrency, DecimalText};

/// Something that members take for their points.
///
/// ```toml
/// [[rewards]]
/// id = "five-off"
/// name = "5.00 off"
/// points = 500
/// gives = { amount_off = { EUR = 5 } }
/// minimum_order = { EUR = 30 }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Reward"))]
#[serde(deny_unknown_fields)]
pub struct RewardSource {
    /// Names the reward in the ledger, and wherever it is given: `five-off`.
    pub id: String,
    /// What members read: `5.00 off`.
    pub name: String,
    /// What it costs: `500`, or 0 for nothing. Without a price it is only given: by a rule, a challenge,
    /// a referral or a surprise.
    #[serde(default)]
    pub points: Option<i64>,
    /// What it gives.
    pub gives: BenefitSource,
    /// Lets members decide how many points they pay. `points` and `amount_off` then stand for one step: with
    /// `points = 100`, `gives = { amount_off = { EUR = 1 } }` and `steps = { at_least = 500 }`, 100 points are
    /// 1.00, from 500 points on.
    #[serde(default)]
    pub steps: Option<RewardStepsSource>,
    /// What an order must be worth, after all discounts, by currency: `{ EUR = 30 }`.
    #[serde(default)]
    pub minimum_order: ByCurrency,
    /// The tiers that may have it: `["silver", "gold"]`. Default: all members.
    #[serde(default, deserialize_with = "something")]
    pub tiers: Vec<String>,
    /// From when: a day, or a date with its time.
    #[serde(default)]
    pub from: Option<String>,
    /// Until when. A day on its own is the last one.
    #[serde(default)]
    pub until: Option<String>,
    /// How often it can be had by all members together: `100`. Default: no end.
    #[serde(default)]
    pub stock: Option<i64>,
    /// How often one member can have it: `1` for once. Default: no end.
    #[serde(default)]
    pub per_member: Option<i64>,
    /// Days for which its code can be used: `30` is until the end of the 30th day after it was taken. Default:
    /// for good.
    #[serde(default)]
    pub valid_days: Option<i64>,
    /// Whether it can be used on one order with other rewards that can. Default: false.
    #[serde(default)]
    pub combinable: bool,
}

/// What a reward gives: one of `amount_off`, `percent_off`, `product`, `category`, `free_shipping`, `gift_card`,
/// `store_credit`, `experience` and `donation`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Benefit"))]
#[serde(deny_unknown_fields, default)]
pub struct BenefitSource {
    /// So much off the order, by currency: `{ EUR = 5, USD = 6 }`. Never more than the order is worth.
    pub amount_off: ByCurrency,
    /// So many percent off the order: `20`. Rounded down to the smallest coin.
    pub percent_off: Option<DecimalText>,
    /// The most that `percent_off`, `category` or `free_shipping` takes off, by currency: `{ EUR = 25 }`. Orders
    /// in a currency that it does not name then do not get it.
    pub up_to: ByCurrency,
    /// A product for nothing, by its id in your shop: `enamel-mug`. It has to be in the cart.
    pub product: Option<String>,
    /// Any product of a category for nothing: `coffee`. One has to be in the cart; of several the cheapest unit is
    /// free, after all discounts, so that what a reward costs you does not grow with what else she buys.
    pub category: Option<String>,
    /// How many units of `product` or `category`. Default: 1.
    pub quantity: Option<u32>,
    /// Shipping for nothing: `true`.
    pub free_shipping: bool,
    /// A gift card of this worth, by currency: `{ EUR = 25 }`.
    pub gift_card: ByCurrency,
    /// So much on the balance of money that `balance` names, in its currency: `5`.
    pub store_credit: Option<DecimalText>,
    /// The balance that `store_credit` goes to: `credit`.
    pub balance: Option<String>,
    /// An experience or an event, in words: `A tasting with our roaster`.
    pub experience: Option<String>,
    /// So much given in the member's name, by currency: `{ EUR = 5 }`.
    pub donation: ByCurrency,
    /// To whom `donation` is given: `Sea rescue`.
    pub to: Option<String>,
}

/// How many points a member may pay at once, in full steps.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "RewardSteps"))]
#[serde(deny_unknown_fields, default)]
pub struct RewardStepsSource {
    /// The least points: `500`. Default: one step.
    pub at_least: Option<i64>,
    /// The most points: `5000`. Default: no end.
    pub at_most: Option<i64>,
    /// The largest share of the order that can be paid so, in percent: `50`. Default: all of it.
    pub share: Option<DecimalText>,
}

/// What somebody gets: `points` or a `reward`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Gift"))]
#[serde(deny_unknown_fields, default)]
pub struct GiftSource {
    /// So many points: `50`.
    pub points: Option<i64>,
    /// A reward, by its id: `free-coffee`. It costs her nothing.
    pub reward: Option<String>,
}
