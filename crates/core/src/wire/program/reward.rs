//! Rewards and gifts on the wire.

use serde::{Deserialize, Serialize};

use super::UnreadableProgram;
use crate::reward::{Benefit, Gift, Reward, Steps};
use crate::wire::{ByCurrency, DecimalText};
use crate::{Currency, Money, Points, Timestamp};

/// A reward.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewardDocument {
    /// Names the reward in entries.
    pub id: String,
    /// What members read.
    pub name: String,
    /// What it costs, or one step of it; without one it is only given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// What it gives, or one step of it.
    pub gives: BenefitDocument,
    /// How many steps at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<StepsDocument>,
    /// An order that is worth less does not get it.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub minimum_order: ByCurrency,
    /// The ids of the tiers that may have it; none for all members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
    /// The first instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The first instant that is too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// How often all members together can have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    /// How often one member can have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_member: Option<i64>,
    /// Days for which its code can be used, the day of taking it not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<i64>,
    /// Whether it goes with other rewards that do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub combinable: bool,
}

/// What a reward gives: an object with one key, `{"amount_off":{"EUR":"5"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BenefitDocument {
    /// So much off.
    AmountOff(ByCurrency),
    /// So many percent off.
    PercentOff {
        /// How many.
        percent: DecimalText,
        /// The most that it takes off.
        #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
        up_to: ByCurrency,
    },
    /// A product for nothing.
    Product {
        /// The shop's product id.
        id: String,
        /// Units.
        quantity: u32,
    },
    /// The cheapest units of a category for nothing.
    Category {
        /// The category.
        id: String,
        /// Units.
        quantity: u32,
        /// The most that it takes off.
        #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
        up_to: ByCurrency,
    },
    /// Shipping for nothing.
    FreeShipping {
        /// The most that it takes off.
        #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
        up_to: ByCurrency,
    },
    /// A gift card.
    GiftCard(ByCurrency),
    /// Money on a balance.
    StoreCredit {
        /// The id of the balance.
        balance: String,
        /// How much, in the balance's currency alone.
        amount: ByCurrency,
    },
    /// An experience, in words.
    Experience(String),
    /// A donation.
    Donation {
        /// To whom.
        to: String,
        /// How much.
        amount: ByCurrency,
    },
}

impl Default for BenefitDocument {
    fn default() -> Self {
        Self::AmountOff(ByCurrency::default())
    }
}

/// How many steps of a reward at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepsDocument {
    /// The least points.
    pub at_least: i64,
    /// The most points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
    /// The largest share of the order, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<DecimalText>,
}

/// What somebody gets: an object with one key, `{"points":50}` or `{"reward":"five-off"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GiftDocument {
    /// Points.
    Points(i64),
    /// The id of a reward.
    Reward(String),
}

impl Default for GiftDocument {
    fn default() -> Self {
        Self::Points(0)
    }
}

impl TryFrom<RewardDocument> for Reward {
    type Error = UnreadableProgram;

    fn try_from(document: RewardDocument) -> Result<Self, UnreadableProgram> {
        Ok(Self {
            id: document.id,
            name: document.name,
            points: document.points.map(some_points).transpose()?,
            gives: benefit(document.gives)?,
            steps: document.steps.map(steps).transpose()?,
            minimum_order: amounts(&document.minimum_order)?,
            tiers: document.tiers,
            from: document.from.map(Timestamp::from_millis),
            until: document.until.map(Timestamp::from_millis),
            stock: document.stock,
            per_member: document.per_member,
            valid_days: document.valid_days,
            is_combinable: document.combinable,
        })
    }
}

fn benefit(document: BenefitDocument) -> Result<Benefit, UnreadableProgram> {
    Ok(match document {
        BenefitDocument::AmountOff(amount) => Benefit::AmountOff(amounts(&amount)?),
        BenefitDocument::PercentOff { percent, up_to } => Benefit::PercentOff {
            percent: percent.0,
            up_to: amounts(&up_to)?,
        },
        BenefitDocument::Product { id, quantity } => Benefit::Product {
            product: id,
            quantity,
        },
        BenefitDocument::Category {
            id,
            quantity,
            up_to,
        } => Benefit::Category {
            category: id,
            quantity,
            up_to: amounts(&up_to)?,
        },
        BenefitDocument::FreeShipping { up_to } => Benefit::FreeShipping {
            up_to: amounts(&up_to)?,
        },
        BenefitDocument::GiftCard(amount) => Benefit::GiftCard(amounts(&amount)?),
        BenefitDocument::StoreCredit { balance, amount } => Benefit::StoreCredit {
            balance,
            amount: match amounts(&amount)?.as_slice() {
                [amount] => *amount,
                _ => return Err(UnreadableProgram("a store credit")),
            },
        },
        BenefitDocument::Experience(what) => Benefit::Experience(what),
        BenefitDocument::Donation { to, amount } => Benefit::Donation {
            to,
            amounts: amounts(&amount)?,
        },
    })
}

fn steps(document: StepsDocument) -> Result<Steps, UnreadableProgram> {
    Ok(Steps {
        at_least: some_points(document.at_least)?,
        at_most: document.at_most.map(some_points).transpose()?,
        share: document.share.map(|share| share.0),
    })
}

impl TryFrom<GiftDocument> for Gift {
    type Error = UnreadableProgram;

    fn try_from(document: GiftDocument) -> Result<Self, UnreadableProgram> {
        Ok(match document {
            GiftDocument::Points(points) => Self::Points(some_points(points)?),
            GiftDocument::Reward(id) => Self::Reward(id),
        })
    }
}

/// An amount for each currency.
pub(super) fn amounts(amounts: &ByCurrency) -> Result<Vec<Money>, UnreadableProgram> {
    let mut read = Vec::new();
    for (code, DecimalText(amount)) in amounts.iter() {
        let currency = Currency::parse(code).map_err(|_| UnreadableProgram("a currency"))?;
        let amount = Money::parse(&amount.to_string(), currency);
        read.push(amount.map_err(|_| UnreadableProgram("an amount"))?);
    }
    Ok(read)
}

/// A number of points, 0 or more.
pub(super) fn some_points(count: i64) -> Result<Points, UnreadableProgram> {
    let points = Points::new(count).ok();
    points
        .filter(|points| *points >= Points::ZERO)
        .ok_or(UnreadableProgram("a number of points"))
}
