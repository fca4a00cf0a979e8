//! Rewards that a simulation gave for nothing: which, by what, how often, and what they cost.
//!
//! Owns the sums. Its invariant: a reward costs in the month in which it was given, as if it were used at once.

use earnest_core::{Currency, Program};

use super::worth::Worth;
use crate::figure::{amount, count, money};
use crate::gift::{cost_minor, giver_of, reward_of};
use crate::shop::Booked;

/// All that was given.
pub(crate) struct Gifts<'a> {
    program: &'a Program,
    worth: Worth<'a>,
    sums: Vec<Sum>,
}

struct Sum {
    /// The place of the book of the order's points.
    book: usize,
    /// What gave it: its kind and its id.
    by: (&'static str, String),
    reward: String,
    times: u64,
    /// What one costs, in minor units; `None` where the program does not say.
    each_minor: Option<i64>,
}

/// A reward that something gave.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct GivenReward {
    pub(crate) reward: String,
    /// As members read it.
    pub(crate) name: String,
    /// What kind of thing gave it: `rule`, `challenge`, `surprise`.
    pub(crate) code: &'static str,
    /// The id of what gave it.
    pub(crate) giver: String,
    pub(crate) times: u64,
    #[serde(skip)]
    minor: Option<i64>,
    cost: Option<String>,
}

impl GivenReward {
    /// The heads of the table of rewards that were given.
    pub(crate) const HEADS: [&str; 4] = ["given for nothing", "by", "times", "cost"];

    /// What is assumed of them.
    pub(crate) const NOTE: &str = "What is given counts as used at once. Surprises are drawn with a seed of the \
                                   simulation's own.";

    pub(crate) fn row(&self, currency: Currency) -> Vec<String> {
        let cost = self.minor.map(|minor| money(minor, currency));
        vec![
            self.name.clone(),
            format!("{} {}", self.code, self.giver),
            count(self.times),
            cost.unwrap_or_else(|| "-".into()),
        ]
    }
}

impl<'a> Gifts<'a> {
    pub(crate) fn new(program: &'a Program, worth: Worth<'a>) -> Self {
        Self {
            program,
            worth,
            sums: Vec::new(),
        }
    }

    /// Adds what came with an order in a currency, and says what it costs, in minor units.
    pub(crate) fn add(&mut self, book: usize, currency: Currency, booked: &Booked) -> i64 {
        let mut cost = 0_i64;
        for given in &booked.gifts {
            let Some(reward) = reward_of(given) else {
                continue;
            };
            let by = (giver_of(given), given.giver.clone());
            let is_same = |sum: &Sum| sum.book == book && sum.by == by && sum.reward == reward;
            let place = self.sums.iter().position(is_same).unwrap_or_else(|| {
                let worth = |points| self.worth.minor(points, currency);
                let each_minor = cost_minor(self.program, reward, currency, worth);
                self.sums.push(Sum {
                    book,
                    by,
                    reward: reward.to_owned(),
                    times: 0,
                    each_minor,
                });
                self.sums.len() - 1
            });
            let sum = &mut self.sums[place];
            sum.times += 1;
            cost = cost.saturating_add(sum.each_minor.unwrap_or(0));
        }
        cost
    }

    /// What was given with the orders of a book, the most frequent first.
    pub(crate) fn told(&self, book: usize, currency: Currency) -> Vec<GivenReward> {
        let sums = self.sums.iter().filter(|sum| sum.book == book);
        let told = sums.map(|sum| {
            let times = i64::try_from(sum.times).unwrap_or(i64::MAX);
            let minor = sum.each_minor.map(|each| each.saturating_mul(times));
            let mut rewards = self.program.rewards().iter();
            let reward = rewards.find(|it| it.id == sum.reward);
            GivenReward {
                reward: sum.reward.clone(),
                name: reward.map_or_else(|| sum.reward.clone(), |it| it.name.clone()),
                code: sum.by.0,
                giver: sum.by.1.clone(),
                times: sum.times,
                minor,
                cost: minor.map(|minor| amount(minor, currency)),
            }
        });
        let mut told: Vec<GivenReward> = told.collect();
        told.sort_by_key(|it| std::cmp::Reverse(it.times));
        told
    }
}
