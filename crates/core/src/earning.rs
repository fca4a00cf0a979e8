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
    /// The currency of the cart.
    pub currency: Currency,
    /// What of the cart counts for earning, in minor units.
    pub counted_minor: i64,
    /// One for each line of the cart, in its order.
    pub lines: Vec<LineEarning>,
    /// Why, for the cart as a whole.
    pub reasons: Vec<Reason>,
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

/// One step on the way to the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What made the step.
    pub cause: Cause,
    /// How many points it gave or took, exactly. Rounding takes or gives a fraction.
    pub points_exact: ExactPoints,
}

/// What made a step. Numbers name rules, tiers and exclusions by their place in the program. The order
/// of declaration is the order in which reasons are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The programme's rate for the currency.
    Rate,
    /// A rule's factor.
    Multiplier {
        /// Its place among the rules.
        rule: usize,
    },
    /// The factor of the member's tier.
    Tier {
        /// Its place among the tiers.
        tier: usize,
    },
    /// A rule's fixed bonus.
    Bonus {
        /// Its place among the rules.
        rule: usize,
    },
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
    /// The programme has not started, or has ended.
    NotRunning,
    /// The line is left out by an exclusion.
    Excluded {
        /// Its place among the exclusions.
        exclusion: usize,
    },
}
