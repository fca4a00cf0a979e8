//! `POST /v1/redemptions`: points are held for rewards, or spent on them at once. And how it ends without an order:
//! `POST /v1/redemptions/{id}/commit` and `POST /v1/redemptions/{id}/release`.

use std::collections::BTreeMap;

use earnest_core::reward::{RewardCode, RewardRefusal};
use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Decimal, Points};
use earnest_ledger::{Ending, Redemption, RedemptionBooking, RedemptionEnd, RedemptionError};
use serde::Deserialize;
use worker::js_sys::decode_uri_component;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::CART_BYTES;
use crate::call::{Call, now};
use crate::customer::CustomerDocument;
use crate::endpoint::booking::book;
use crate::problem::Failure;
use crate::random;
use crate::settling;
use crate::text::check_name;

/// Rewards that one redemption asks for at most, and balances that it pays with.
const MAX_REWARDS: usize = 20;
/// Decimals of a rate of tax.
const RATE_DECIMALS: u32 = 4;

/// Why a redemption cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RedemptionFieldError {
    #[error("name 1 to {MAX_REWARDS} rewards, or a balance to pay with")]
    Rewards,
    #[error("name at most {MAX_REWARDS} balances")]
    Credits,
    #[error("points are a whole number, 1 or more")]
    Points { nth: usize },
    #[error(
        "a rate of tax is a percentage from 0 to 100 with at most {RATE_DECIMALS} decimals, such as \"19\""
    )]
    TaxRate { line: String },
    #[error("{line:?} is no line of the cart, so it has no rate of tax")]
    TaxRateOfNothing { line: String },
    #[error(
        "a rate of tax is a percentage from 0 to 100 with at most {RATE_DECIMALS} decimals, such as \"19\""
    )]
    ShippingTaxRate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RedemptionDocument {
    id: String,
    customer: CustomerDocument,
    #[serde(default)]
    rewards: Vec<WishDocument>,
    /// Money of balances that pays besides.
    #[serde(default)]
    credits: Vec<CreditWishDocument>,
    #[serde(default)]
    cart: Option<CartDocument>,
    /// Percentages by the ids of the cart's lines.
    #[serde(default)]
    tax_rates: BTreeMap<String, String>,
    /// The percentage of the shipping.
    #[serde(default)]
    shipping_tax_rate: Option<String>,
    #[serde(default)]
    commit: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WishDocument {
    id: String,
    #[serde(default)]
    points: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CreditWishDocument {
    balance: String,
    amount: String,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let parsed = parse(call, &key.shop).await;
    let redemption = &call.admit_to_refuse(&key, parsed).await?;
    let booking = RedemptionBooking {
        shop: &key.shop,
        redemption,
        code: RewardCode::from_random(random::bytes()?),
    };
    let answered = book(call, &key, &booking).await;
    let is_out_of_stock = match &answered {
        Err(Failure::Redemption(RedemptionError::Refused { refusal, .. })) => {
            *refusal == RewardRefusal::OutOfStock
        }
        _ => false,
    };
    if !is_out_of_stock {
        return answered;
    }
    // What holds that have ended took from a stock comes back as who had them is settled: at once, where somebody asks
    // for it. By the true clock, which others' holds go by.
    match settling::run_briefly(&call.env, &key.shop, now()).await {
        Ok(round) if round.is_idle() => answered,
        Ok(_) => book(call, &key, &booking).await,
        Err(failure) => {
            crate::tell(&failure);
            answered
        }
    }
}

/// Ends a redemption without an order.
pub(crate) async fn answer_end(
    call: &mut Call,
    redemption_id: &str,
    ending: Ending,
) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    // The shop chose the id, so it may have signs that paths write otherwise.
    let decoded = decode_uri_component(redemption_id).map(String::from);
    let booking = RedemptionEnd {
        shop: &key.shop,
        redemption_id: decoded.as_deref().unwrap_or(redemption_id),
        ending,
    };
    // It makes nothing, so there is no first time to tell apart.
    Ok(book(call, &key, &booking).await?.with_status(200))
}

async fn parse(call: &mut Call, shop: &str) -> Result<Redemption, Failure> {
    let document: RedemptionDocument = call.body(CART_BYTES).await?;
    document.check(shop, &call.pepper()?)
}

impl RedemptionDocument {
    fn check(self, shop: &str, pepper: &str) -> Result<Redemption, Failure> {
        check_name(&self.id).map_err(|error| Failure::name(error, "/id"))?;
        let asked = self.rewards.len().saturating_add(self.credits.len());
        if asked == 0 || self.rewards.len() > MAX_REWARDS {
            return Err(RedemptionFieldError::Rewards.into());
        }
        if self.credits.len() > MAX_REWARDS {
            return Err(RedemptionFieldError::Credits.into());
        }
        let wishes = self.rewards.into_iter().enumerate();
        let wishes = wishes.map(|(nth, wish)| {
            let points = wish.points.map(|points| {
                let points = Points::new(points).ok();
                let points = points.filter(|points| *points > Points::ZERO);
                points.ok_or(RedemptionFieldError::Points { nth })
            });
            Ok((wish.id, points.transpose()?))
        });
        let wishes: Result<_, RedemptionFieldError> = wishes.collect();
        let rates = self.tax_rates.into_iter().map(|(line, text)| {
            let rate = tax_rate(&text);
            let rate = rate.map(|rate| (line.clone(), rate));
            rate.ok_or(RedemptionFieldError::TaxRate { line })
        });
        let tax_rates: Result<_, RedemptionFieldError> = rates.collect();
        let tax_rates = tax_rates?;
        let cart = self.cart.map(Cart::try_from).transpose()?;
        check_lines(&tax_rates, cart.as_ref())?;
        let shipping = self.shipping_tax_rate.as_deref().map(|text| {
            let rate = tax_rate(text);
            rate.ok_or(RedemptionFieldError::ShippingTaxRate)
        });
        let credits = self.credits.into_iter();
        Ok(Redemption {
            id: self.id,
            customer: self.customer.check(shop, pepper)?,
            wishes: wishes?,
            credits: credits.map(|it| (it.balance, it.amount)).collect(),
            cart,
            tax_rates,
            shipping_tax_rate: shipping.transpose()?,
            is_spent_at_once: self.commit,
        })
    }
}

/// Each rate is of a line: one that is misspelt would leave its line without, and nobody would know.
fn check_lines(
    tax_rates: &BTreeMap<String, Decimal>,
    cart: Option<&Cart>,
) -> Result<(), RedemptionFieldError> {
    let lines = cart.map_or(&[][..], Cart::lines);
    let is_line = |id: &&String| lines.iter().any(|line| line.id == **id);
    match tax_rates.keys().find(|id| !is_line(id)) {
        Some(line) => Err(RedemptionFieldError::TaxRateOfNothing { line: line.clone() }),
        None => Ok(()),
    }
}

/// A percentage of tax.
fn tax_rate(text: &str) -> Option<Decimal> {
    let rate: Decimal = text.parse().ok()?;
    let scaled = rate.scaled(RATE_DECIMALS)?;
    (0..=1_000_000).contains(&scaled).then_some(rate)
}
