//! The answer to a redemption: what it costs, and what is to be paid then.

use earnest_core::receipt::{Receipt, ReceiptLine};
use earnest_core::reward::Taken;
use earnest_core::{Cart, Currency, Decimal, Program, Snapshot, Timestamp};
use serde::Serialize;

use super::RedemptionBooking;
use super::tender::TenderDocument;
use crate::rfc3339;

/// The answer to a redemption.
#[derive(Serialize)]
pub(super) struct RedemptionAnswer<'a> {
    redemption_id: &'a str,
    /// `held` until it is committed, or `spent`.
    status: &'static str,
    member_id: &'a str,
    points: i64,
    /// Points that she may still spend.
    available_points: i64,
    /// The first instant at which it is held no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_until: Option<String>,
    /// What stands for the rewards, where they are spent at once: whoever knows it can use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    rewards: Vec<RewardAnswer<'a>>,
    /// Money of balances that pays besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tenders: Vec<TenderDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart: Option<CartAnswer<'a>>,
}

#[derive(Serialize)]
struct RewardAnswer<'a> {
    id: &'a str,
    name: &'a str,
    points: i64,
    /// What it takes off the cart.
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<String>,
    /// The first instant at which its code is of no more use.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_expires_at: Option<String>,
}

/// What is to be paid for the cart after the rewards.
#[derive(Serialize)]
struct CartAnswer<'a> {
    currency: &'static str,
    discount: String,
    shipping_discount: String,
    /// What is left to pay, with its tax, after the rewards and the tenders.
    to_pay: String,
    /// The shipping, where the cart says of its tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping: Option<ShippingAnswer>,
    lines: Vec<LineAnswer<'a>>,
    tax_rates: Vec<RateAnswer>,
}

#[derive(Serialize)]
struct LineAnswer<'a> {
    id: &'a str,
    discount: String,
    net: String,
    tax: String,
}

#[derive(Serialize)]
struct ShippingAnswer {
    discount: String,
    net: String,
    tax: String,
}

#[derive(Serialize)]
struct RateAnswer {
    /// In percent; null for the lines whose rate was not told.
    rate: Option<String>,
    discount: String,
    net: String,
    tax: String,
}

impl<'a> RedemptionAnswer<'a> {
    pub(super) fn new(
        booking: &RedemptionBooking<'a>,
        program: &Program,
        member_id: &'a str,
        taken: &'a Taken<'_>,
        (tenders, receipt): (&[(String, i64)], Option<&Receipt>),
        member: &Snapshot,
        now: Timestamp,
    ) -> Self {
        let redemption = booking.redemption;
        let is_spent = redemption.is_spent_at_once;
        let held = member.holdings.reservation(&redemption.id);
        let cart = redemption.cart.as_ref();
        let offs = taken
            .off
            .by_reward
            .iter()
            .map(Some)
            .chain(std::iter::repeat(None));
        let rewards = taken.chosen.iter().zip(offs).map(|(chosen, off)| {
            let reward = chosen.reward;
            let expires_at = reward.code_expires_at(now, program.calendar());
            RewardAnswer {
                id: &reward.id,
                name: &reward.name,
                points: chosen.points.get(),
                discount: cart
                    .zip(off)
                    .map(|(cart, off)| amount(*off, cart.currency())),
                code_expires_at: expires_at.filter(|_| is_spent).map(rfc3339),
            }
        });
        Self {
            redemption_id: &redemption.id,
            status: if is_spent { "spent" } else { "held" },
            member_id,
            points: taken.points.get(),
            available_points: member.holdings.available(now),
            held_until: held.map(|it| rfc3339(it.ends_at)),
            code: is_spent.then(|| booking.code.to_string()),
            rewards: rewards.collect(),
            cart: cart
                .zip(receipt)
                .map(|(cart, receipt)| CartAnswer::new(cart, taken, tenders, receipt)),
            tenders: TenderDocument::of(program, tenders),
        }
    }
}

impl<'a> CartAnswer<'a> {
    fn new(
        cart: &'a Cart,
        taken: &Taken<'_>,
        tenders: &[(String, i64)],
        receipt: &Receipt,
    ) -> Self {
        let currency = cart.currency();
        let to_pay = tenders
            .iter()
            .fold(receipt.to_pay_minor, |left, (_, paid)| {
                left.saturating_sub(*paid)
            });
        let shipping = receipt.shipping.as_ref().map(|it| {
            let (discount, net, tax) = amounts(it, currency);
            ShippingAnswer { discount, net, tax }
        });
        let lines = cart.lines().iter().zip(&receipt.lines);
        let lines = lines.map(|(line, it)| {
            let (discount, net, tax) = amounts(it, currency);
            let id = &line.id;
            LineAnswer {
                id,
                discount,
                net,
                tax,
            }
        });
        let rates = receipt.rates.iter().map(|rate| {
            let (discount, net, tax) = amounts(&rate.sum, currency);
            let rate = rate.percent.map(|percent| percent.to_string());
            RateAnswer {
                rate,
                discount,
                net,
                tax,
            }
        });
        Self {
            currency: currency.code(),
            discount: amount(taken.off.total_minor(), currency),
            shipping_discount: amount(receipt.shipping_discount_minor, currency),
            to_pay: amount(to_pay, currency),
            shipping,
            lines: lines.collect(),
            tax_rates: rates.collect(),
        }
    }
}

fn amounts(line: &ReceiptLine, currency: Currency) -> (String, String, String) {
    let told = |minor| amount(minor, currency);
    (
        told(line.discount_minor),
        told(line.net_minor),
        told(line.tax_minor),
    )
}

/// An amount with all the decimals of its currency.
fn amount(minor: i64, currency: Currency) -> String {
    Decimal::new(minor, currency.minor_digits()).to_string()
}
