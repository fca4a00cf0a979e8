//! The answer of the core: points for a cart, line by line, each with its reasons.
//!
//! Its invariants: the lines' points sum to the total; the exact points of the reasons sum, for the
//! cart and for each line, to its whole points.

use crate::{Currency, ExactPoints, Points, Rounding};

/// What a cart earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earning {
    /// The total.
    pub points: Points,
    /// The currency of the cart; an activity has none.
    pub currency: Option<Currency>,
    /// What of the cart counts for earning, in minor units.
    pub counted_minor: i64,
    /// One for each line of the cart, in its order.
    pub lines: Vec<LineEarning>,
    /// Why, for the cart as a whole.
    pub reasons: Vec<Reason>,
    /// What money balances get, in the program's order; those that get nothing are not named.
    pub credits: Vec<CreditEarning>,
}

/// What one line earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEarning {
    /// Its share of the total.
    pub points: Points,
    /// What of the line counts for earning, in minor units.
    pub counted_minor: i64,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a money balance gets. Its reasons are in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditEarning {
    /// The place of the balance in the program.
    pub balance: usize,
    /// The total, in minor units.
    pub minor: i64,
    /// Each line's share of it, in the cart's order.
    pub lines_minor: Vec<i64>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// One step on the way to the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What made the step.
    pub cause: Cause,
    /// How many points it gave or took, exactly. Rounding takes or gives a fraction.
    pub points_exact: ExactPoints,
}

/// What may give by a rule of its own. Numbers are places in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// A rule.
    Rule(usize),
    /// The member's tier.
    Tier(usize),
}

/// What made a step. Numbers name rules, tiers and exclusions by their place in the program. The order
/// of declaration is the order in which reasons are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The programme's rate for the currency.
    Rate {
        /// Its place among the rates.
        rate: usize,
    },
    /// A rule's fixed points in the place of the rate.
    Fixed {
        /// Its place among the rules.
        rule: usize,
    },
    /// A factor.
    Multiplier(Giver),
    /// A rule's bonus, or what it gives for money spent.
    Bonus {
        /// Its place among the rules.
        rule: usize,
    },
    /// What a limit takes off again: of a giver, or, where there is none, of the order.
    Capped(Option<Giver>),
    /// It would have given something, and another of its group gives more.
    Outdone(Giver),
    /// It would have given something, and has given all that it may.
    LimitReached(Giver),
    /// The rounding to whole points.
    Rounding(Rounding),
    /// The line's part in the rounding of its order; it may go the other way.
    RoundingShare,
    /// The order counts for less than the programme's minimum.
    BelowMinimum {
        /// What is missing, in minor units of the cart's currency.
        missing_minor: i64,
    },
    /// The programme has no rate for the cart's currency.
    CurrencyNotCovered,
    /// The programme has rates of partners, and none of the one whose order it is.
    PartnerNotCovered,
    /// The programme has not started, or has ended.
    NotRunning,
    /// The line is left out by an exclusion.
    Excluded {
        /// Its place among the exclusions.
        exclusion: usize,
    },
}

impl Earning {
    /// The reasons that a giver stands behind, of points and of money.
    pub fn given_by(&self, giver: Giver) -> impl Iterator<Item = &Reason> {
        let credits = self.credits.iter().flat_map(|credit| &credit.reasons);
        self.reasons
            .iter()
            .chain(credits)
            .filter(move |reason| reason.cause.giver() == Some(giver))
    }
}

impl Cause {
    /// Who gave what the step gave, or had it taken off again.
    #[must_use]
    pub fn giver(self) -> Option<Giver> {
        match self {
            Self::Fixed { rule } | Self::Bonus { rule } => Some(Giver::Rule(rule)),
            Self::Multiplier(by) | Self::Capped(Some(by)) => Some(by),
            _ => None,
        }
    }
}
