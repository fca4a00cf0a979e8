//! What a member is offered, takes, and uses.
//!
//! Owns the three questions; the rules that answer them are in `counter.rs`. How often a reward was had is
//! counted by a shell, and handed in. Its invariant: what is offered can be taken, and what is taken was
//! offered.

use super::counter::Counter;
use super::taken_off::{Chosen, TakenOff, in_order, take_off};
use super::{Reward, RewardRefusal, holder_of};
use crate::{Cart, Points, Program, Snapshot, Timestamp};

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

/// How often rewards were had, by their ids: what a [`Taker`] is asked for besides her points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Had {
    /// By the member.
    pub by_her: Vec<(String, i64)>,
    /// By all members together.
    pub by_all: Vec<(String, i64)>,
}

impl Had {
    /// What a snapshot says of it.
    #[must_use]
    pub fn of(rewards: &[Reward], member: &Snapshot) -> Self {
        let count = |times: &dyn Fn(&str) -> i64| {
            let of = |reward: &Reward| (reward.id.clone(), times(&holder_of(&reward.id)));
            rewards.iter().map(of).collect()
        };
        Self {
            by_her: count(&|holder| member.usage_of(holder).map_or(0, |usage| usage.times)),
            by_all: count(&|holder| member.budget_used(holder)),
        }
    }
}

impl<'a> Taker<'a> {
    /// A member with all the points that she may spend at `now`, in the tier that she is in then.
    #[must_use]
    pub fn new(program: &'a Program, member: &Snapshot, had: &'a Had, now: Timestamp) -> Self {
        let available = Points::new(member.holdings.available(now));
        let tier = program.tier_at(member, now);
        Self {
            points: available.unwrap_or(Points::ZERO),
            tier: tier.map(|(_, tier)| tier.id.as_str()),
            had: &had.by_her,
            gone: &had.by_all,
        }
    }
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

/// A reward that somebody has: by a code that she took, or as a gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held<'r> {
    /// The reward, and the points that were paid for it.
    pub chosen: Chosen<'r>,
    /// From when on it is of no more use; see [`Reward::code_expires_at`].
    pub expires_at: Option<Timestamp>,
}

/// What rewards that somebody has take off a cart: all of them, or none. What a code is worth beyond the cart is
/// lost.
///
/// # Errors
/// The first reward that cannot be used, in the order in which rewards take off a cart.
pub fn redeem(held: &[Held<'_>], cart: &Cart, now: Timestamp) -> Result<TakenOff, Refused> {
    let nobody = Taker::default();
    let mut counter = Counter::with(&nobody, Some(cart), &[], now);
    for nth in in_order(held.iter().map(|it| it.chosen.reward)) {
        if let Some(Held { chosen, expires_at }) = held.get(nth) {
            let used = counter.use_held(*chosen, *expires_at);
            used.map_err(|refusal| Refused { nth, refusal })?;
        }
    }
    let chosen: Vec<_> = held.iter().map(|it| it.chosen).collect();
    Ok(take_off(cart, &chosen))
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests;
