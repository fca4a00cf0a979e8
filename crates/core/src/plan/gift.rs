//! Gifts: what is given for nothing, by a surprise, a referral, a challenge.
//!
//! Owns what becomes of one: points are an entry, money on a balance is a credit entry, and any other reward is a
//! redemption at no points, which a shell issues with its code. Its invariants: what one source gives is one entry
//! of its kind, and of a reward no more is given than its stock holds.

use super::{BudgetUse, Draft, Refusal, Terms, Why};
use crate::reward::{Benefit, Gift, Reward, holder_of};
use crate::{EntryKind, Money, Points, Timestamp};

/// Something that a member was given: what a shell tells of, and, where it is a reward, issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What for: the kind of the entry, where it has one.
    pub kind: EntryKind,
    /// The order, the activity, the referral that it was given for.
    pub source: String,
    /// The id of what gave it: of a surprise, a challenge, a rule.
    pub giver: String,
    /// What.
    pub what: Present,
}

/// What somebody was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Present {
    /// Points: they are booked.
    Points(Points),
    /// Money on one of her balances: it is booked.
    Money {
        /// The id of the balance.
        balance: String,
        /// How much.
        amount: Money,
    },
    /// A reward: a shell keeps it as a redemption at no points, with a code, that is hers until she uses it.
    Reward {
        /// The id of the reward.
        id: String,
        /// The first instant at which its code is of no more use.
        ends_at: Option<Timestamp>,
    },
}

/// What gifts are given for.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    /// The kind of the entries.
    pub(super) kind: EntryKind,
    /// Their source: what the shop has once.
    pub(super) source: &'a str,
    /// How long points live.
    pub(super) terms: Terms,
}

impl<'a> From<(EntryKind, &'a str, Terms)> for Occasion<'a> {
    fn from((kind, source, terms): (EntryKind, &'a str, Terms)) -> Self {
        Self {
            kind,
            source,
            terms,
        }
    }
}

impl Draft<'_> {
    /// Gives a member what an occasion gives her, each gift with the id of its giver. Says which gifts were given: all
    /// but the rewards of which none is left, and those that the program no longer has.
    pub(super) fn give<'g>(
        &mut self,
        occasion: Occasion<'_>,
        gifts: impl IntoIterator<Item = (&'g str, &'g Gift)>,
    ) -> Result<Vec<bool>, Refusal> {
        let Occasion {
            kind,
            source,
            terms,
        } = occasion;
        let mut points = Points::ZERO;
        let mut rules: Vec<String> = Vec::new();
        let mut were_given = Vec::new();
        for (giver, gift) in gifts {
            let what = match gift {
                Gift::Points(more) => {
                    points = points.checked_add(*more)?;
                    if rules.last().is_none_or(|last| last != giver) {
                        rules.push(giver.to_owned());
                    }
                    Some(Present::Points(*more))
                }
                Gift::Reward(id) => self.hand_over(id),
            };
            were_given.push(what.is_some());
            let Some(what) = what else {
                continue;
            };
            if let Present::Money { balance, amount } = &what {
                let giver = giver.to_owned();
                self.credit(balance, amount.minor(), kind, source, &[giver])?;
            }
            self.plan.gifts.push(Given {
                kind,
                source: source.to_owned(),
                giver: giver.to_owned(),
                what,
            });
        }
        if points > Points::ZERO {
            let why = Why {
                rules,
                ..Why::default()
            };
            self.gain(kind, points, source, terms, why)?;
        }
        Ok(were_given)
    }

    /// Takes a reward from its stock.
    fn hand_over(&mut self, id: &str) -> Option<Present> {
        let reward = self.program.rewards().iter().find(|it| it.id == id)?;
        if !self.take_from_stock(reward) {
            return None;
        }
        Some(match &reward.gives {
            Benefit::StoreCredit { balance, amount } => Present::Money {
                balance: balance.clone(),
                amount: *amount,
            },
            _ => Present::Reward {
                id: reward.id.clone(),
                ends_at: reward.code_expires_at(self.now, self.program.calendar()),
            },
        })
    }

    /// Whether there was one left. What a member may have of a reward is for what she takes herself, and says
    /// nothing here.
    fn take_from_stock(&mut self, reward: &Reward) -> bool {
        let Some(budget) = reward.stock else {
            return true;
        };
        let holder = holder_of(&reward.id);
        if self.budget_used(&holder) >= budget {
            return false;
        }
        self.plan.budgets.push(BudgetUse {
            holder,
            points: 1,
            budget,
        });
        true
    }

    /// What all members have had of a budget, with what this plan takes of it.
    pub(super) fn budget_used(&self, holder: &str) -> i64 {
        let before = self.plan.snapshot.budget_used(holder);
        let taken = self.plan.budgets.iter().filter(|it| it.holder == holder);
        taken.fold(before, |used, it| used.saturating_add(it.points))
    }
}
