//! `POST /v1/redemptions`: points are held for rewards, or spent on them at once. And how it ends without an order:
//! `POST /v1/redemptions/{id}/commit` and `POST /v1/redemptions/{id}/release`.

use std::collections::BTreeMap;

use earnest_core::reward::RewardCode;
use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Decimal, Points};
use earnest_ledger::{Ending, Redemption, RedemptionBooking, RedemptionEnd};
use serde::Deserialize;
use worker::js_sys::decode_uri_component;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::CART_BYTES;
use crate::call::Call;
use crate::customer::CustomerDocument;
use crate::endpoint::booking::book;
use crate::problem::Failure;
use crate::random;
use crate::text::check_name;

/// Rewards that one redemption asks for at most.
const MAX_REWARDS: usize = 20;
/// Decimals of a rate of tax.
const RATE_DECIMALS: u32 = 4;

/// Why a redemption cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RedemptionFieldError {
    #[error("name 1 to {MAX_REWARDS} rewards")]
    Rewards,
    #[error("points are a whole number, 1 or more")]
    Points { nth: usize },
    #[error(
        "a rate of tax is a percentage from 0 to 100 with at most {RATE_DECIMALS} decimals, such as \"19\""
    )]
    TaxRate { line: String },
    #[error("{line:?} is no line of the cart, so it has no rate of tax")]
    TaxRateOfNothing { line: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RedemptionDocument {
    id: String,
    customer: CustomerDocument,
    rewards: Vec<WishDocument>,
    #[serde(default)]
    cart: Option<CartDocument>,
    /// Percentages by the ids of the cart's lines.
    #[serde(default)]
    tax_rates: BTreeMap<String, String>,
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

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let parsed = parse(call, &key.shop).await;
    let redemption = &call.admit_to_refuse(&key, parsed).await?;
    let booking = RedemptionBooking {
        shop: &key.shop,
        redemption,
        code: RewardCode::from_random(random::bytes()?),
    };
    book(call, &key, &booking).await
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
        if !(1..=MAX_REWARDS).contains(&self.rewards.len()) {
            return Err(RedemptionFieldError::Rewards.into());
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
            let rate = text.parse::<Decimal>().ok();
            let is_rate = |rate: &Decimal| {
                let scaled = rate.scaled(RATE_DECIMALS);
                scaled.is_some_and(|it| (0..=1_000_000).contains(&it))
            };
            match rate.filter(is_rate) {
                Some(rate) => Ok((line, rate)),
                None => Err(RedemptionFieldError::TaxRate { line }),
            }
        });
        let tax_rates: Result<_, RedemptionFieldError> = rates.collect();
        let tax_rates = tax_rates?;
        let cart = self.cart.map(Cart::try_from).transpose()?;
        check_lines(&tax_rates, cart.as_ref())?;
        Ok(Redemption {
            id: self.id,
            customer: self.customer.check(shop, pepper)?,
            wishes: wishes?,
            cart,
            tax_rates,
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
