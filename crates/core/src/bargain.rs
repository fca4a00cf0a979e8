//! A bargain: what was agreed when rewards were asked for.
//!
//! Owns what a redemption needs of the program that judged it. Its invariant: it says the same from then on, so what is
//! spent gives what was promised for it, and what is let go goes back to the stock that it was taken from, whatever
//! the program says by then. It is part of a member's snapshot, which browsers read too: so it is two plain fields.

use crate::Program;
use crate::reward::{Benefit, Reward};

/// What was agreed when rewards were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bargain {
    /// What it does to balances of money once it is spent, by their ids, in minor units: more than nothing is what
    /// rewards put there, less than nothing what is paid with besides.
    pub money: Vec<(String, i64)>,
    /// Which of the rewards were taken from a stock: the lowest bit is the first one's. `None` where nothing of this was
    /// kept: then it is as the program says today.
    pub counted: Option<u32>,
}

impl Bargain {
    /// The bargain of rewards as they are.
    pub fn on<'r>(rewards: impl IntoIterator<Item = &'r Reward>) -> Self {
        Self::of(rewards.into_iter().map(Some))
    }

    /// The bargain of rewards as a program has them: one that it has not gives nothing, and has no stock.
    #[must_use]
    pub fn under(program: &Program, rewards: &[String]) -> Self {
        let known = |id: &String| program.rewards().iter().find(|it| it.id == *id);
        Self::of(rewards.iter().map(known))
    }

    fn of<'r>(rewards: impl Iterator<Item = Option<&'r Reward>>) -> Self {
        let mut bargain = Self {
            counted: Some(0),
            ..Self::default()
        };
        for (nth, reward) in rewards.enumerate() {
            let Some(reward) = reward else {
                continue;
            };
            if let Benefit::StoreCredit { balance, amount } = &reward.gives {
                let mut known = bargain.money.iter_mut();
                match known.find(|(known, _)| known == balance) {
                    Some((_, sum)) => *sum = sum.saturating_add(amount.minor()),
                    None => bargain.money.push((balance.clone(), amount.minor())),
                }
            }
            if reward.stock.is_some() {
                bargain.counted = bargain.counted.map(|bits| bits | bit(nth));
            }
        }
        bargain
    }

    /// The same, with money that is paid with besides, by the id of the balance, in minor units.
    #[must_use]
    pub fn with(mut self, tenders: &[(String, i64)]) -> Self {
        let tenders = tenders.iter();
        let paid = tenders.map(|(id, minor)| (id.clone(), minor.saturating_neg()));
        self.money.extend(paid);
        self
    }

    /// Whether the n-th reward was taken from a stock.
    #[must_use]
    pub fn is_counted(&self, nth: usize) -> bool {
        self.counted.is_some_and(|bits| bits & bit(nth) != 0)
    }

    /// What is paid with of a balance, in minor units.
    #[must_use]
    pub fn tendered(&self, balance: &str) -> i64 {
        let of_it = self.money.iter().filter(|(id, _)| id == balance);
        of_it.fold(0, |sum, (_, minor)| sum.saturating_sub((*minor).min(0)))
    }
}

/// Nobody takes more rewards at once than there are bits.
fn bit(nth: usize) -> u32 {
    let nth = u32::try_from(nth).unwrap_or(u32::MAX);
    1_u32.checked_shl(nth).unwrap_or(0)
}
