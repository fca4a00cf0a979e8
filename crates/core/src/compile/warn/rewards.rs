//! Rewards that give more than they take.
//!
//! Owns the two ways to see that: by what the program says that a point is worth, and by what must be spent to
//! earn the price. What has no amount, a product or a share of an order, is not judged; but for all of an order, whatever
//! it comes to, which is more than any price that is next to nothing. What goes to
//! others is judged as an offer is.

use super::super::check::Problem;
use super::warning;
use crate::limits::MAX_RATE_DECIMALS;
use crate::reward::{Benefit, Reward};
use crate::{Decimal, Money, Points, Program, Spend};

/// What there is only some of, or is only for some tiers, or goes to others, is an offer, and real programmes double the
/// worth there. What is beyond this many times is a slip of a digit.
const MOST_TIMES_OF_OFFER: i64 = 3;

/// Every reward that is worth more than it costs.
pub(super) fn worth_more_than_they_cost(program: &Program) -> Vec<Problem> {
    let rewards = program.rewards().iter().enumerate();
    rewards
        .filter_map(|(nth, reward)| {
            // What is given for nothing is meant so.
            let price = reward.points.filter(|price| *price > Points::ZERO)?;
            let (amounts, is_hers) = amounts_of(reward);
            let mut amounts = amounts.iter();
            let why = amounts
                .find_map(|amount| why_too_cheap(program, reward, price, (*amount, is_hers)));
            let why = why.or_else(|| why_almost_free(program, reward, price))?;
            Some(warning(format!("/rewards/{nth}/points"), why))
        })
        .collect()
}

/// The amounts that it gives, and whether it gives them to the member.
fn amounts_of(reward: &Reward) -> (&[Money], bool) {
    match &reward.gives {
        Benefit::AmountOff(amounts) | Benefit::GiftCard(amounts) => (amounts, true),
        Benefit::StoreCredit { amount, .. } => (std::slice::from_ref(amount), true),
        // All of an order, up to an amount, is that amount.
        Benefit::PercentOff { percent, up_to } if takes_all(*percent) => (up_to, true),
        Benefit::Donation { amounts, .. } => (amounts, false),
        Benefit::PercentOff { .. }
        | Benefit::Product { .. }
        | Benefit::Category { .. }
        | Benefit::FreeShipping { .. }
        | Benefit::Experience(_) => (&[], false),
    }
}

fn why_too_cheap(
    program: &Program,
    reward: &Reward,
    price: Points,
    (amount, is_hers): (Money, bool),
) -> Option<String> {
    let is_offer = reward.stock.is_some() || !reward.tiers.is_empty() || !is_hers;
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
    if is_hers && earns(rate.spend.as_ref()?, amount, price)? {
        return Some(format!(
            "orders of {amount} earn the {price} points that this costs, and it gives {amount} \
             back; {mend}"
        ));
    }
    None
}

fn takes_all(percent: Decimal) -> bool {
    percent == Decimal::new(100, 0)
}

/// All of any order, for a price that an order of one unit of a currency earns, or that is worth less than that. What
/// there is only some of may be meant so.
fn why_almost_free(program: &Program, reward: &Reward, price: Points) -> Option<String> {
    let is_endless = matches!(&reward.gives, Benefit::PercentOff { percent, up_to }
        if takes_all(*percent) && up_to.is_empty());
    let is_offer =
        reward.stock.is_some() || reward.per_member.is_some() || !reward.tiers.is_empty();
    if !is_endless || is_offer {
        return None;
    }
    let one = product(Decimal::ONE, Decimal::ONE)?;
    let mut rates = program.rates().iter();
    rates.find_map(|rate| {
        let unit = Money::parse("1", rate.currency).ok()?;
        let worth = rate.worth.and_then(|worth| product(worth, price.get().into()));
        let why = if worth.is_some_and(|worth| worth < one) {
            format!("which points.worth says are worth less than {unit}")
        } else if earns(rate.spend.as_ref()?, unit, price)? {
            format!("which an order of {unit} earns")
        } else {
            return None;
        };
        Some(format!(
            "this takes all of any order off for {price} points, {why}; raise its price, or say what it takes off at \
             most, such as `up_to = {{ {} = 20 }}`",
            rate.currency.code()
        ))
    })
}

/// Whether an order of this amount earns the price, as far as that is sure.
fn earns(spend: &Spend, amount: Money, price: Points) -> Option<bool> {
    Some(match spend {
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
    })
}

/// A product in hundred-millionths, which an amount and a rate never have more decimals than.
fn product(a: Decimal, b: Decimal) -> Option<i128> {
    let scaled = |number: Decimal| number.normalize().scaled(MAX_RATE_DECIMALS);
    i128::from(scaled(a)?).checked_mul(scaled(b)?.into())
}
