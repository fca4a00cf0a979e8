//! The counter at which rewards are taken: the rules, in the order of their refusals.
//!
//! Owns who may have what and on what terms; what a reward takes off is the bill's business. Its invariant:
//! what is added to the counter is paid for out of what is left, of the points and of the cart.

use super::offer::{Taker, Terms};
use super::taken_off::{Bill, Chosen, in_order};
use super::{Benefit, Reward, RewardRefusal, amount_in, percent_of};
use crate::{Cart, Currency, Points, Timestamp};

/// The state of the counter that rewards are taken at: who stands there, and with what so far.
pub(super) struct Counter<'a, 'r> {
    taker: &'a Taker<'a>,
    now: Timestamp,
    bill: Option<(&'a Cart, Bill<'a>)>,
    chosen: Vec<Chosen<'r>>,
    points_left: i64,
}

impl<'a, 'r> Counter<'a, 'r> {
    pub(super) fn with(
        taker: &'a Taker<'a>,
        cart: Option<&'a Cart>,
        chosen: &[Chosen<'r>],
        now: Timestamp,
    ) -> Self {
        let mut counter = Self {
            taker,
            now,
            bill: cart.map(|cart| (cart, Bill::new(cart))),
            chosen: Vec::with_capacity(chosen.len()),
            points_left: taker.points.get(),
        };
        for nth in in_order(chosen.iter().map(|it| it.reward)) {
            if let Some(it) = chosen.get(nth) {
                counter.add(*it);
            }
        }
        counter
    }

    pub(super) fn add(&mut self, chosen: Chosen<'r>) {
        if let Some((_, bill)) = &mut self.bill {
            bill.take(chosen);
        }
        self.points_left = self.points_left.saturating_sub(chosen.points.get());
        self.chosen.push(chosen);
    }

    pub(super) fn spent(&self) -> Points {
        let spent = self.taker.points.get().saturating_sub(self.points_left);
        // She had them, so they are points.
        Points::new(spent).unwrap_or(Points::ZERO)
    }

    /// The rules, in the order of the refusals.
    pub(super) fn terms(&self, reward: &'r Reward) -> Result<Terms, RewardRefusal> {
        if !reward.is_on_at(self.now) {
            return Err(RewardRefusal::NotNow);
        }
        let is_hers = |tier: &String| self.taker.tier == Some(tier);
        if !reward.tiers.is_empty() && !reward.tiers.iter().any(is_hers) {
            return Err(RewardRefusal::NotInTier);
        }
        let price = reward.points.ok_or(RewardRefusal::NotForPoints)?;
        let least = reward.steps.map_or(price, |steps| steps.at_least);
        let missing = least.get().saturating_sub(self.points_left);
        if missing > 0 {
            let missing = Points::new(missing).unwrap_or(least);
            return Err(RewardRefusal::NotEnoughPoints { missing });
        }
        let this_order = self.chosen.iter().filter(|it| it.reward.id == reward.id);
        let this_order = i64::try_from(this_order.count()).unwrap_or(i64::MAX);
        let is_used_up = |most: Option<i64>, counts: &[(String, i64)]| {
            let had = counts.iter().find(|(id, _)| *id == reward.id);
            let had = had.map_or(0, |(_, times)| *times);
            most.is_some_and(|most| had.saturating_add(this_order) >= most)
        };
        if is_used_up(reward.stock, self.taker.gone) {
            return Err(RewardRefusal::OutOfStock);
        }
        if is_used_up(reward.per_member, self.taker.had) {
            return Err(RewardRefusal::LimitReached);
        }
        let terms = self.terms_of_cart(reward, least)?;
        self.goes_with(reward)?;
        Ok(terms)
    }

    fn terms_of_cart(&self, reward: &'r Reward, least: Points) -> Result<Terms, RewardRefusal> {
        let mut most = match reward.steps {
            None => least,
            Some(steps) => {
                let most = steps.at_most.map_or(i64::MAX, Points::get);
                full_steps(reward, self.points_left.min(most)).max(least)
            }
        };
        let mut off_minor = 0;
        if let Some((cart, bill)) = &self.bill {
            let currency = cart.currency();
            let for_a_step = cart_for_share(reward, least, currency);
            fits(reward, cart, bill, for_a_step)?;
            if let Some(steps) = reward.steps {
                let share = steps.share.map(|share| percent_of(bill.worth_minor, share));
                let room = bill.left_minor().min(share.unwrap_or(i64::MAX));
                most = most.min(points_within(reward, room, currency));
                if most < least {
                    return Err(RewardRefusal::NothingToTakeOff);
                }
            }
            let points = most;
            off_minor = off(bill, Chosen { reward, points })?;
        }
        Ok(Terms {
            least,
            most,
            off_minor,
        })
    }

    fn goes_with(&self, reward: &Reward) -> Result<(), RewardRefusal> {
        if self.chosen.iter().any(|it| it.reward.id == reward.id) {
            return Err(RewardRefusal::Twice);
        }
        let goes_with = |other: &Chosen<'_>| other.reward.is_combinable && reward.is_combinable;
        if self.chosen.iter().all(goes_with) {
            Ok(())
        } else {
            Err(RewardRefusal::NotCombinable)
        }
    }

    /// Uses a reward that somebody has: the rules of the cart, and no others.
    pub(super) fn use_held(
        &mut self,
        chosen: Chosen<'r>,
        expires_at: Option<Timestamp>,
    ) -> Result<(), RewardRefusal> {
        if expires_at.is_some_and(|end| end <= self.now) {
            return Err(RewardRefusal::CodeExpired);
        }
        if let Some((cart, bill)) = &self.bill {
            fits(chosen.reward, cart, bill, 0)?;
            off(bill, chosen)?;
        }
        self.goes_with(chosen.reward)?;
        self.add(chosen);
        Ok(())
    }

    pub(super) fn choice(
        &self,
        reward: &'r Reward,
        wished: Option<Points>,
    ) -> Result<Chosen<'r>, RewardRefusal> {
        let terms = self.terms(reward)?;
        let points = wished.unwrap_or(terms.least);
        if full_steps(reward, points.get()) != points && reward.steps.is_some() {
            let every = reward.points.unwrap_or(Points::ZERO);
            return Err(RewardRefusal::NotInSteps { every });
        }
        if points < terms.least {
            return Err(RewardRefusal::TooFewPoints { least: terms.least });
        }
        if points > terms.most {
            return Err(RewardRefusal::TooManyPoints { most: terms.most });
        }
        Ok(Chosen { reward, points })
    }
}

/// The rules of a cart; `least_minor` is what it must be worth besides the reward's own minimum.
fn fits(
    reward: &Reward,
    cart: &Cart,
    bill: &Bill<'_>,
    least_minor: i64,
) -> Result<(), RewardRefusal> {
    let currency = cart.currency();
    if !reward.covers(currency) {
        return Err(RewardRefusal::CurrencyNotCovered);
    }
    let minimum = amount_in(&reward.minimum_order, currency).unwrap_or(0);
    let missing_minor = minimum.max(least_minor).saturating_sub(bill.worth_minor);
    if missing_minor > 0 {
        return Err(RewardRefusal::BelowMinimum { missing_minor });
    }
    let mut lines = cart.lines().iter();
    let is_there = match &reward.gives {
        Benefit::Product { product, .. } => lines.any(|line| line.product == *product),
        Benefit::Category { category, .. } => lines.any(|line| line.categories.contains(category)),
        _ => true,
    };
    if is_there {
        Ok(())
    } else {
        Err(RewardRefusal::ProductNotInCart)
    }
}

/// What it would take off what is left: something, where it is a discount.
fn off(bill: &Bill<'_>, chosen: Chosen<'_>) -> Result<i64, RewardRefusal> {
    let off_minor = bill.clone().take(chosen);
    if off_minor == 0 && is_discount(&chosen.reward.gives) {
        return Err(RewardRefusal::NothingToTakeOff);
    }
    Ok(off_minor)
}

fn is_discount(benefit: &Benefit) -> bool {
    match benefit {
        Benefit::AmountOff(_)
        | Benefit::PercentOff { .. }
        | Benefit::Product { .. }
        | Benefit::Category { .. }
        | Benefit::FreeShipping { .. } => true,
        Benefit::GiftCard(_)
        | Benefit::StoreCredit { .. }
        | Benefit::Experience(_)
        | Benefit::Donation { .. } => false,
    }
}

/// The points of the full steps in so many points, rounded down.
fn full_steps(reward: &Reward, count: i64) -> Points {
    let each = reward.points.map_or(1, Points::get).max(1);
    let rest = count.checked_rem(each).unwrap_or(0);
    Points::new(count.saturating_sub(rest)).unwrap_or(Points::ZERO)
}

/// The points of the full steps whose worth is within an amount, rounded down: none are spent for nothing.
fn points_within(reward: &Reward, minor: i64, currency: Currency) -> Points {
    let steps = reward
        .step(currency)
        .and_then(|(each, worth_minor)| minor.checked_div(worth_minor)?.checked_mul(each));
    steps
        .and_then(|count| Points::new(count).ok())
        .unwrap_or(Points::ZERO)
}

/// What a cart must be worth for the least steps to be within their share of it, rounded up.
fn cart_for_share(reward: &Reward, least: Points, currency: Currency) -> i64 {
    let share = reward.steps.and_then(|steps| steps.share?.scaled(2));
    let Some(worth) = reward.worth_of(least, currency) else {
        return 0;
    };
    let Some(share @ 1..) = share else {
        return worth;
    };
    let product = i128::from(worth).saturating_mul(10_000);
    let share = i128::from(share);
    let up = product.saturating_add(share).saturating_sub(1);
    let needed = up.checked_div(share).unwrap_or(0);
    i64::try_from(needed).unwrap_or(i64::MAX)
}
