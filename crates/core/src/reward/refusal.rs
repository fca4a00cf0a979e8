//! Why somebody cannot have a reward.
//!
//! Owns the names of the rules of taking. Its invariant: their order of declaration is their precedence.

use crate::Points;

/// Why somebody cannot have a reward. Where several apply, the first declared is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RewardRefusal {
    /// The program has no such reward.
    #[error("there is no such reward")]
    RewardUnknown,
    /// It has not started, or has ended.
    #[error("the reward is not to be had now")]
    NotNow,
    /// Its code was good until a day that is over.
    #[error("the code is no longer valid")]
    CodeExpired,
    /// It is for members of other tiers.
    #[error("the reward is for other tiers")]
    NotInTier,
    /// It has no price in points.
    #[error("the reward is only given, and cannot be had for points")]
    NotForPoints,
    /// She has fewer points than it costs.
    #[error("{missing} points are missing")]
    NotEnoughPoints {
        /// How many are missing.
        missing: Points,
    },
    /// All members together have had all of it.
    #[error("there is none left")]
    OutOfStock,
    /// She has had it as often as one member may.
    #[error("she has had it as often as a member may")]
    LimitReached,
    /// It says nothing about the cart's currency.
    #[error("the reward is not for orders in this currency")]
    CurrencyNotCovered,
    /// The cart is worth too little.
    #[error("the order is worth too little")]
    BelowMinimum {
        /// What is missing, in minor units of the cart's currency.
        missing_minor: i64,
    },
    /// It gives a product, or one of a category, that the cart does not have.
    #[error("the product is not in the cart")]
    ProductNotInCart,
    /// There is nothing left that it could take off.
    #[error("there is nothing that it could take off")]
    NothingToTakeOff,
    /// With what else an order is paid with it takes off, or pays, more than there is.
    #[error("what the order is paid with is together more than it comes to")]
    BeyondCart,
    /// It is chosen already.
    #[error("the reward is chosen already, and is taken once")]
    Twice,
    /// It, or what is chosen already, does not go with other rewards.
    #[error("the reward cannot be used together with others")]
    NotCombinable,
    /// The points are not full steps of it.
    #[error("points are taken in steps of {every}")]
    NotInSteps {
        /// The points of one step.
        every: Points,
    },
    /// The points are fewer than it takes.
    #[error("at least {least} points are taken")]
    TooFewPoints {
        /// The least.
        least: Points,
    },
    /// The points are more than can be of use.
    #[error("at most {most} points can be of use")]
    TooManyPoints {
        /// The most.
        most: Points,
    },
}

impl RewardRefusal {
    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RewardUnknown => "reward_unknown",
            Self::NotNow => "reward_not_now",
            Self::CodeExpired => "reward_code_expired",
            Self::NotInTier => "reward_not_in_tier",
            Self::NotForPoints => "reward_not_for_points",
            Self::NotEnoughPoints { .. } => "not_enough_points",
            Self::OutOfStock => "reward_out_of_stock",
            Self::LimitReached => "reward_limit_reached",
            Self::CurrencyNotCovered => "currency_not_covered",
            Self::BelowMinimum { .. } => "order_below_minimum",
            Self::ProductNotInCart => "product_not_in_cart",
            Self::NothingToTakeOff => "nothing_to_take_off",
            Self::BeyondCart => "discounts_exceed_cart",
            Self::Twice => "reward_taken_twice",
            Self::NotCombinable => "reward_not_combinable",
            Self::NotInSteps { .. } => "points_not_in_steps",
            Self::TooFewPoints { .. } => "too_few_points",
            Self::TooManyPoints { .. } => "too_many_points",
        }
    }
}
