//! Rewards that are given for nothing: what they cost a shop, and the draws of those that are given by chance.
//!
//! Owns the cost. Its invariant: a reward costs what the program says of it: the money that it gives, or what its price
//! in points is worth, or the most that it takes off; where it says neither, there is no cost to tell.

use earnest_core::reward::Benefit;
use earnest_core::surprise::{Drawn, draw};
use earnest_core::{Currency, EntryKind, Given, Money, Present, Program};

use crate::orders::Order;

/// The seed of a shop is nobody's to know before it is revealed: a simulation draws with one of its own.
const SEED: &[u8] = b"a simulation draws with this seed";

/// What is drawn for an order in a simulation.
pub(crate) fn drawn<'p>(program: &'p Program, order: &Order) -> Vec<Drawn<'p>> {
    let surprises = program.surprises().iter();
    let drawn = surprises.map(|surprise| Drawn {
        surprise: &surprise.id,
        number: draw(SEED, &surprise.id, &order.id),
    });
    drawn.collect()
}

/// The id of the reward that was given; `None` where it was points or money, which are booked as such.
pub(crate) fn reward_of(given: &Given) -> Option<&str> {
    match &given.what {
        Present::Reward { id, .. } => Some(id),
        Present::Points(_) | Present::Money { .. } => None,
    }
}

/// What kind of thing gave it.
pub(crate) fn giver_of(given: &Given) -> &'static str {
    match given.kind {
        EntryKind::Surprise => "surprise",
        EntryKind::OrderChallenge | EntryKind::ActivityChallenge => "challenge",
        _ => "rule",
    }
}

/// What a reward costs its shop in a currency, in minor units, where points are worth so much in it; `None` where nobody
/// says.
pub(crate) fn cost_minor(
    program: &Program,
    reward: &str,
    currency: Currency,
    worth: impl Fn(i64) -> Option<i64>,
) -> Option<i64> {
    let reward = program.rewards().iter().find(|it| it.id == reward)?;
    let listed = |amounts: &[Money]| {
        let amount = amounts.iter().find(|it| it.currency() == currency)?;
        Some(amount.minor())
    };
    let priced = || worth(reward.points?.get());
    match &reward.gives {
        Benefit::AmountOff(amounts)
        | Benefit::GiftCard(amounts)
        | Benefit::Donation { amounts, .. } => listed(amounts),
        Benefit::StoreCredit { amount, .. } => listed(std::slice::from_ref(amount)),
        Benefit::PercentOff { up_to, .. }
        | Benefit::Category { up_to, .. }
        | Benefit::FreeShipping { up_to } => priced().or_else(|| listed(up_to)),
        Benefit::Product { .. } | Benefit::Experience(_) => priced(),
    }
}

/// What rewards that were given cost together, as far as the program says.
pub(crate) fn costs_minor(
    program: &Program,
    gifts: &[Given],
    currency: Currency,
    worth: impl Fn(i64) -> Option<i64>,
) -> i64 {
    let rewards = gifts.iter().filter_map(reward_of);
    let costs = rewards.filter_map(|reward| cost_minor(program, reward, currency, &worth));
    costs.fold(0, i64::saturating_add)
}
