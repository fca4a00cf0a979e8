//! A bargain: what was agreed when rewards were asked for.
//!
//! Owns what a redemption needs of the program that judged it. Its invariant: it says the same from then on, so what is
//! spent gives what was promised for it, and what is let go goes back to the stock that it was taken from, whatever
//! the program says by then.

use crate::Program;
use crate::reward::{Benefit, Reward};

/// What was agreed when rewards were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bargain {
    /// Money that they put on balances once they are paid for, by the id of the balance, in minor units.
    pub gives: Vec<(String, i64)>,
    /// The ids of those that were taken from a stock.
    pub counted: Vec<String>,
}

impl Bargain {
    /// The bargain of rewards as they are.
    pub fn on<'r>(rewards: impl IntoIterator<Item = &'r Reward>) -> Self {
        let mut bargain = Self::default();
        for reward in rewards {
            if let Benefit::StoreCredit { balance, amount } = &reward.gives {
                let mut known = bargain.gives.iter_mut();
                match known.find(|(known, _)| known == balance) {
                    Some((_, sum)) => *sum = sum.saturating_add(amount.minor()),
                    None => bargain.gives.push((balance.clone(), amount.minor())),
                }
            }
            if reward.stock.is_some() {
                bargain.counted.push(reward.id.clone());
            }
        }
        bargain
    }

    /// The bargain of rewards as a program has them: one that it has not gives nothing, and has no stock.
    #[must_use]
    pub fn under(program: &Program, rewards: &[String]) -> Self {
        let known = |id: &String| program.rewards().iter().find(|it| it.id == *id);
        Self::on(rewards.iter().filter_map(known))
    }
}
