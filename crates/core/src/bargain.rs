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

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::compile;

    const CLUB: &str = "version = 1\nname = 'Club'\npoints = { one = 'p', other = 'p' }\n\
        [[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n\
        [[rewards]]\nid = 'five'\nname = '5'\npoints = 500\ngives = { store_credit = 5, balance = 'credit' }\n\
        [[rewards]]\nid = 'coffee'\nname = 'Coffee'\npoints = 30\nstock = 5\ngives = { product = 'coffee' }\n\
        [[rewards]]\nid = 'three'\nname = '3'\npoints = 300\ngives = { store_credit = 3, balance = 'credit' }\n";

    fn money(money: &[(&str, i64)]) -> Vec<(String, i64)> {
        let money = money.iter();
        money
            .map(|(id, minor)| ((*id).to_owned(), *minor))
            .collect()
    }

    #[test]
    fn it_says_what_each_balance_gets_and_which_rewards_had_a_stock() {
        let program = compile::compile(CLUB).expect("a program").program;
        let check = |ids: &[&str], gives: &[(&str, i64)], counted: u32| {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            let found = Bargain::under(&program, &ids);
            let expected = Bargain {
                money: money(gives),
                counted: Some(counted),
            };
            assert_eq!(found, expected, "{ids:?}");
        };
        check(&[], &[], 0);
        check(&["five"], &[("credit", 500)], 0);
        check(&["five", "coffee", "three"], &[("credit", 800)], 0b10);
        // One that the program has not gives nothing, and keeps its place.
        check(&["gone", "coffee", "five"], &[("credit", 500)], 0b10);
        let all = Bargain::on(program.rewards());
        assert_eq!(
            (all.money, all.counted),
            (money(&[("credit", 800)]), Some(0b10))
        );
    }

    #[test]
    fn what_is_paid_with_is_told_apart_from_what_rewards_give() {
        let bargain = Bargain {
            money: money(&[("credit", 800)]),
            counted: Some(u32::MAX),
        };
        let bargain = bargain.with(&money(&[("credit", 200), ("other", 50)]));
        assert_eq!(
            bargain.money,
            money(&[("credit", 800), ("credit", -200), ("other", -50)])
        );
        let tendered = ["credit", "other", "gone"].map(|id| bargain.tendered(id));
        assert_eq!(tendered, [200, 50, 0]);
        assert_eq!(
            [0, 31, 32, 99].map(|nth| bargain.is_counted(nth)),
            [true, true, false, false]
        );
        let second = Bargain {
            counted: Some(0b10),
            ..bargain.clone()
        };
        assert_eq!([0, 1].map(|nth| second.is_counted(nth)), [false, true]);
        let unknown = Bargain {
            counted: None,
            ..bargain
        };
        assert!(!unknown.is_counted(0));
    }
}
