//! Who may take which reward, now, for this cart: an offer, or a refusal that names its rule.
//!
//! Owns the rules of taking, not the stock and the counters that they look at: a shell counts, and hands the
//! counts in. Its invariant: what is offered can be taken, and what is taken was offered.

use super::taken_off::{Bill, Chosen, TakenOff, in_order, take_off};
use super::{Benefit, Reward, RewardRefusal, percent_of};
use crate::{Cart, Points, Timestamp};

/// Who asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taker<'a> {
    /// The points that she can spend.
    pub points: Points,
    /// The id of her tier.
    pub tier: Option<&'a str>,
    /// How often she has had each reward, by its id; none where it is not listed.
    pub had: &'a [(String, i64)],
    /// How often all members together have had each.
    pub gone: &'a [(String, i64)],
}

/// A reward, and what it would be for her.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'r> {
    /// The reward.
    pub reward: &'r Reward,
    /// What it costs and takes off, or why she cannot have it.
    pub answer: Result<Terms, RewardRefusal>,
}

/// On what terms a reward can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The least points that it costs.
    pub least: Points,
    /// The most points that can be of use: the same, where it is not taken in steps.
    pub most: Points,
    /// What the most points take off this cart, in minor units; 0 without a cart.
    pub off_minor: i64,
}

/// What a member may take, each reward of the program with its terms or the reason why not. `chosen` is what
/// she takes for this order already; without a cart nothing is said about one.
#[must_use]
pub fn offers<'r>(
    rewards: &'r [Reward],
    taker: &Taker<'_>,
    cart: Option<&Cart>,
    chosen: &[Chosen<'r>],
    now: Timestamp,
) -> Vec<Offer<'r>> {
    let counter = Counter::with(taker, cart, chosen, now);
    let offer = |reward| Offer {
        reward,
        answer: counter.terms(reward),
    };
    rewards.iter().map(offer).collect()
}

/// A reward that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish<'a> {
    /// The id of the reward.
    pub reward: &'a str,
    /// How many points she wants to pay; needed only where it is taken in steps, and else its price.
    pub points: Option<Points>,
}

/// What somebody takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken<'r> {
    /// The rewards, in the order of the wishes.
    pub chosen: Vec<Chosen<'r>>,
    /// What they cost together.
    pub points: Points,
    /// What they take off the cart; nothing without one.
    pub off: TakenOff,
}

/// A set of wishes that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The place of the wish.
    pub nth: usize,
    /// Why.
    pub refusal: RewardRefusal,
}

/// Takes all the rewards that somebody asks for, or none.
///
/// # Errors
/// The first wish that is refused, in the order in which rewards take off a cart.
pub fn take<'r>(
    rewards: &'r [Reward],
    taker: &Taker<'_>,
    cart: Option<&Cart>,
    wishes: &[Wish<'_>],
    now: Timestamp,
) -> Result<Taken<'r>, Refused> {
    let mut found = Vec::with_capacity(wishes.len());
    for (nth, wish) in wishes.iter().enumerate() {
        let reward = rewards.iter().find(|reward| reward.id == wish.reward);
        found.push(reward.ok_or(Refused {
            nth,
            refusal: RewardRefusal::RewardUnknown,
        })?);
    }
    let mut counter = Counter::with(taker, cart, &[], now);
    let mut chosen: Vec<Option<Chosen<'r>>> = vec![None; found.len()];
    for nth in in_order(found.iter().copied()) {
        if let (Some(reward), Some(wish), Some(slot)) =
            (found.get(nth), wishes.get(nth), chosen.get_mut(nth))
        {
            let judged = counter.choice(reward, wish.points);
            let it = judged.map_err(|refusal| Refused { nth, refusal })?;
            counter.add(it);
            *slot = Some(it);
        }
    }
    let chosen: Vec<_> = chosen.into_iter().flatten().collect();
    Ok(Taken {
        off: cart.map_or_else(TakenOff::default, |cart| take_off(cart, &chosen)),
        points: counter.spent(),
        chosen,
    })
}

/// The state of the counter that rewards are taken at: who stands there, and with what so far.
struct Counter<'a, 'r> {
    taker: &'a Taker<'a>,
    now: Timestamp,
    cart: Option<&'a Cart>,
    bill: Option<Bill<'a>>,
    chosen: Vec<Chosen<'r>>,
    points_left: i64,
}

impl<'a, 'r> Counter<'a, 'r> {
    fn with(
        taker: &'a Taker<'a>,
        cart: Option<&'a Cart>,
        chosen: &[Chosen<'r>],
        now: Timestamp,
    ) -> Self {
        let mut counter = Self {
            taker,
            now,
            cart,
            bill: cart.map(Bill::new),
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

    fn add(&mut self, chosen: Chosen<'r>) {
        if let Some(bill) = &mut self.bill {
            bill.take(chosen);
        }
        self.points_left = self.points_left.saturating_sub(chosen.points.get());
        self.chosen.push(chosen);
    }

    fn spent(&self) -> Points {
        let spent = self.taker.points.get().saturating_sub(self.points_left);
        // She had them, so they are points.
        Points::new(spent).unwrap_or(Points::ZERO)
    }

    /// The rules, in the order of the refusals.
    fn terms(&self, reward: &'r Reward) -> Result<Terms, RewardRefusal> {
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
        let goes_with = |other: &Chosen<'_>| {
            other.reward.is_combinable && reward.is_combinable && other.reward.id != reward.id
        };
        if !self.chosen.iter().all(goes_with) {
            return Err(RewardRefusal::NotCombinable);
        }
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
        let (Some(cart), Some(bill)) = (self.cart, &self.bill) else {
            return Ok(Terms {
                least,
                most,
                off_minor: 0,
            });
        };
        let currency = cart.currency();
        if !reward.covers(currency) {
            return Err(RewardRefusal::CurrencyNotCovered);
        }
        let minimum = super::amount_in(&reward.minimum_order, currency).unwrap_or(0);
        let for_a_step = cart_for_share(reward, least, currency);
        let missing_minor = minimum.max(for_a_step).saturating_sub(bill.worth_minor);
        if missing_minor > 0 {
            return Err(RewardRefusal::BelowMinimum { missing_minor });
        }
        if let Benefit::Product { product, .. } = &reward.gives
            && !cart.lines().iter().any(|line| line.product == *product)
        {
            return Err(RewardRefusal::ProductNotInCart);
        }
        if let Some(steps) = reward.steps {
            let share = steps.share.map(|share| percent_of(bill.worth_minor, share));
            let room = bill.left_minor().min(share.unwrap_or(i64::MAX));
            most = most.min(points_within(reward, room, currency));
            if most < least {
                return Err(RewardRefusal::NothingToTakeOff);
            }
        }
        let chosen = Chosen {
            reward,
            points: most,
        };
        let off_minor = bill.clone().take(chosen);
        if off_minor == 0 && is_discount(&reward.gives) {
            return Err(RewardRefusal::NothingToTakeOff);
        }
        Ok(Terms {
            least,
            most,
            off_minor,
        })
    }

    fn choice(
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

fn is_discount(benefit: &Benefit) -> bool {
    match benefit {
        Benefit::AmountOff(_)
        | Benefit::PercentOff { .. }
        | Benefit::Product { .. }
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
fn points_within(reward: &Reward, minor: i64, currency: crate::Currency) -> Points {
    let steps = reward
        .step(currency)
        .and_then(|(each, worth_minor)| minor.checked_div(worth_minor)?.checked_mul(each));
    steps
        .and_then(|count| Points::new(count).ok())
        .unwrap_or(Points::ZERO)
}

/// What a cart must be worth for the least steps to be within their share of it, rounded up.
fn cart_for_share(reward: &Reward, least: Points, currency: crate::Currency) -> i64 {
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

#[cfg(test)]
mod tests;
