//! What members' gains are measured in: points, or, where a program has balances of money, that money.
//!
//! Owns the choice, and what points and money come to in it. Its invariant: both programs are measured alike.

use earnest_core::{Currency, Points, Program};

use crate::figure::{grouped, money};
use crate::shop::Booked;

/// Points, or the money of a currency, in minor units.
#[derive(Clone, Copy)]
pub(super) struct Measure(pub(super) Option<Currency>);

/// What a member was given under one program.
#[derive(Clone, Copy, Default)]
pub(super) struct Given {
    pub(super) points: i64,
    /// The money on the balances of the measure's currency.
    pub(super) minor: i64,
}

impl Measure {
    /// Money where one of the programs has a balance, in the currency of the first.
    pub(super) fn of(old: &Program, new: &Program) -> Self {
        let first = old.balances().iter().chain(new.balances()).next();
        Self(first.map(|balance| balance.currency))
    }

    pub(super) fn name(self) -> &'static str {
        self.0.map_or("points", Currency::code)
    }

    pub(super) fn value(self, program: &Program, given: Given) -> i64 {
        self.0.map_or(given.points, |currency| {
            worth_minor(program, given.points, currency).unwrap_or(0) + given.minor
        })
    }

    pub(super) fn tell(self, value: i64) -> String {
        self.0
            .map_or_else(|| grouped(value), |currency| money(value, currency))
    }
}

/// What points are worth, in minor units; `None` where the program does not say.
pub(super) fn worth_minor(program: &Program, points: i64, currency: Currency) -> Option<i64> {
    let worth = program.worth(Points::new(points).ok()?, currency)?;
    Some(worth.minor())
}

/// The money that was put on balances of a currency.
pub(super) fn credited_minor(program: &Program, booked: &Booked, wanted: Currency) -> i64 {
    let credits = booked.credits.iter();
    let credits = credits.filter(|(place, _)| {
        let balance = program.balances().get(*place);
        balance.is_some_and(|balance| balance.currency == wanted)
    });
    credits.map(|(_, minor)| minor).sum()
}
