//! What members' gains are measured in: the money that both programs state, else points that are alike.
//!
//! Owns the choice, and what points and money come to in it. Its invariant: both programs are measured alike, and
//! where that cannot be, nothing is compared.

use earnest_core::reward::Gift;
use earnest_core::{Currency, Points, Program};

use crate::figure::{grouped, money};
use crate::perks::Perks;
use crate::shop::Booked;

/// In what the two programs can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Points, of which one is worth the same in both.
    Points,
    /// The money that points and balances are worth in a currency, in minor units.
    Money(Currency),
    /// Nothing.
    None,
}

/// What a member was given under one program.
#[derive(Clone, Copy, Default)]
pub(super) struct Given {
    pub(super) points: i64,
    /// The money on the balances of the measure's currency, and what rewards cost that were given.
    pub(super) minor: i64,
    /// What perks took off her orders.
    pub(super) perks_minor: i64,
}

impl Measure {
    /// The money of the first order's currency where both programs state it, else of another in which both do. Where
    /// both say the same of a point, and give nothing besides, points tell more than whole cents.
    pub(super) fn of(old: &Program, new: &Program, first: Option<Currency>) -> Self {
        let both = [old, new];
        let balances = || both.iter().flat_map(|program| program.balances());
        let rates = both.iter().flat_map(|program| program.rates());
        let stated = first
            .into_iter()
            .chain(balances().map(|balance| balance.currency))
            .chain(rates.map(|rate| rate.currency));
        let has_balance = |program: &Program, currency| {
            let mut balances = program.balances().iter();
            balances.any(|balance| balance.currency == currency)
        };
        let values = |program: &Program, currency| {
            has_balance(program, currency) || worth_minor(program, 0, currency).is_some()
        };
        let mut stated = stated.filter(|currency| both.iter().all(|it| values(it, *currency)));
        let currency = stated.next();
        let of_points = |program: &Program| {
            let rate = program.rate(currency?)?;
            rate.worth
        };
        let has_balances = balances().next().is_some();
        let gives_besides = has_balances || both.into_iter().any(gives_besides_points);
        match currency {
            Some(_) if !gives_besides && of_points(old) == of_points(new) => Self::Points,
            Some(currency) => Self::Money(currency),
            // Unless points are given, what there is besides is all, and it is money.
            None if gives_besides && !has_balances => first.map_or(Self::None, Self::Money),
            None if are_alike(old, new) => Self::Points,
            None => Self::None,
        }
    }

    /// The measure for what was given in the end: where points have none of that value, and all else is the same, they
    /// tell by themselves what differs.
    pub(super) fn for_given(
        self,
        (old, new): (&Program, &Program),
        (old_points, new_points): (i64, i64),
        is_else_the_same: impl FnOnce() -> bool,
    ) -> Self {
        if self.values(old, old_points) && self.values(new, new_points) {
            return self;
        }
        let is_stated = |program| {
            let currency = self.currency();
            currency.is_some_and(|currency| worth_minor(program, 0, currency).is_some())
        };
        let is_unstated = !is_stated(old) && !is_stated(new);
        if is_unstated && are_alike(old, new) && is_else_the_same() {
            Self::Points
        } else {
            Self::None
        }
    }

    /// Whether what a program gave has a value in this measure: points that are worth nothing that was stated have
    /// none in money.
    fn values(self, program: &Program, points: i64) -> bool {
        match self {
            Self::Points => true,
            Self::Money(currency) => points == 0 || worth_minor(program, 0, currency).is_some(),
            Self::None => false,
        }
    }

    /// Its name; none where nothing can be compared.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Points => Some("points"),
            Self::Money(currency) => Some(currency.code()),
            Self::None => None,
        }
    }

    /// The currency of the balances that count in it.
    pub(super) fn currency(self) -> Option<Currency> {
        match self {
            Self::Money(currency) => Some(currency),
            Self::Points | Self::None => None,
        }
    }

    pub(super) fn value(self, program: &Program, given: Given) -> i64 {
        self.currency().map_or(given.points, |currency| {
            worth_minor(program, given.points, currency).unwrap_or(0)
                + given.minor
                + given.perks_minor
        })
    }

    pub(super) fn tell(self, value: i64) -> String {
        self.currency()
            .map_or_else(|| grouped(value), |currency| money(value, currency))
    }
}

/// Whether points of one program seem to be those of the other, and all that either gives but perks and rewards.
fn are_alike(old: &Program, new: &Program) -> bool {
    let word = |program: &Program| (program.word().one.clone(), program.word().other.clone());
    let has_balances = |program: &Program| !program.balances().is_empty();
    word(old) == word(new) && !has_balances(old) && !has_balances(new)
}

/// Whether orders bring more than points: perks that take something off, or rewards for nothing.
fn gives_besides_points(program: &Program) -> bool {
    let mut surprises = program.surprises().iter();
    let mut steps = program.challenges().iter().flat_map(|it| &it.steps);
    Perks::any(program)
        || program.rule_gifts().iter().any(|it| it.activity.is_none())
        || surprises.any(|it| matches!(it.gives, Gift::Reward(_)))
        || steps.any(|it| it.reward.is_some())
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
