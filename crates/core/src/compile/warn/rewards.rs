//! Rewards that give more than they take.
//!
//! Owns the two ways to see that: by what the program says that a point is worth, and by what must be spent to
//! earn the price. What has no amount, a product or a percentage, is not judged.

use super::super::check::Problem;
use super::warning;
use crate::limits::MAX_RATE_DECIMALS;
use crate::reward::{Benefit, Reward};
use crate::{Decimal, Money, Points, Program, Spend};

/// What there is only some of, or is only for some tiers, is an offer, and real programmes double the worth there.
/// What is beyond this many times is a slip of a digit.
const MOST_TIMES_OF_OFFER: i64 = 3;

/// Every reward that is worth more than it costs.
pub(super) fn worth_more_than_they_cost(program: &Program) -> Vec<Problem> {
    let rewards = program.rewards().iter().enumerate();
    rewards
        .filter_map(|(nth, reward)| {
            // What is given for nothing is meant so.
            let price = reward.points.filter(|price| *price > Points::ZERO)?;
            let mut amounts = amounts_of(reward).iter();
            let why = amounts.find_map(|amount| why_too_cheap(program, reward, price, *amount))?;
            Some(warning(format!("/rewards/{nth}/points"), why))
        })
        .collect()
}

fn amounts_of(reward: &Reward) -> &[Money] {
    match &reward.gives {
        Benefit::AmountOff(amounts) | Benefit::GiftCard(amounts) => amounts,
        Benefit::StoreCredit { amount, .. } => std::slice::from_ref(amount),
        Benefit::PercentOff { .. }
        | Benefit::Product { .. }
        | Benefit::Category { .. }
        | Benefit::FreeShipping { .. }
        | Benefit::Experience(_)
        | Benefit::Donation { .. } => &[],
    }
}

fn why_too_cheap(
    program: &Program,
    reward: &Reward,
    price: Points,
    amount: Money,
) -> Option<String> {
    let is_offer = reward.stock.is_some() || !reward.tiers.is_empty();
    let times = if is_offer { MOST_TIMES_OF_OFFER } else { 1 };
    let rate = program.rate(amount.currency())?;
    let mend = "raise its price, or lower what it gives";
    if let Some(worth) = rate.worth
        && product(amount.amount(), Decimal::ONE)?
            > product(worth, price.get().into())?.checked_mul(times.into())?
    {
        return Some(format!(
            "this gives {amount} for {price} points, more than the {worth} each that points.worth says they are \
             worth; {mend}"
        ));
    }
    let is_earned_back = match rate.spend.as_ref()? {
        Spend::PerUnit(each) => {
            product(amount.amount(), *each)? >= product(Decimal::ONE, price.get().into())?
        }
        Spend::PerStep {
            every_minor,
            points,
        } => {
            let steps = amount.minor().checked_div(*every_minor)?;
            steps.checked_mul(points.get())? >= price.get()
        }
        Spend::Bands(_) => false,
    };
    if is_earned_back {
        return Some(format!(
            "orders of {amount} earn the {price} points that this costs, and it gives {amount} \
             back; {mend}"
        ));
    }
    None
}

/// A product in hundred-millionths, which an amount and a rate never have more decimals than.
fn product(a: Decimal, b: Decimal) -> Option<i128> {
    let scaled = |number: Decimal| number.normalize().scaled(MAX_RATE_DECIMALS);
    i128::from(scaled(a)?).checked_mul(scaled(b)?.into())
}
