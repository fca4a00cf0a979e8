//! A rule: when it applies, what it grants, how it combines with others, and how much at most.
//!
//! Owns the parts of a rule and the groups in which rules compete. Nothing here computes points:
//! [`evaluate`](crate::evaluate()) does.

use crate::reward::Gift;
use crate::{Condition, Currency, Decimal, Limits, Points, Rounding, Spend, Timestamp};

/// What a rule answers to that answers to orders, as merchants write it; no activity is of this kind.
pub const ON_ORDER: &str = "order";

/// The kind of the one activity that is reported by itself: somebody joined.
pub const ON_ACCOUNT_CREATED: &str = "account-created";

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names the rule in reasons and entries.
    pub id: String,
    /// What the shopper reads: `2x on coffee`.
    pub label: String,
    /// The kind of the activity that it answers to; `None` for an order.
    pub activity: Option<String>,
    /// When it applies.
    pub when: Condition,
    /// What it gives.
    pub grant: Grant,
    /// The place of the money balance that it gives to; `None` for points.
    pub balance: Option<usize>,
    /// The place of the group that it competes in; without one its grant is added to all others.
    pub group: Option<usize>,
    /// The greater wins where a group takes one.
    pub priority: i64,
    /// The place of the campaign that it belongs to.
    pub campaign: Option<usize>,
    /// How its own grant becomes whole, before it is added to others; `None` to leave it exact.
    pub rounding: Option<Rounding>,
    /// How much it gives at most.
    pub limits: Limits,
}

/// A rule that gives a reward. It stands beside the others: what is earned does not depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleGift {
    /// Names the rule in gifts and entries.
    pub id: String,
    /// What the shopper reads: `A coffee for your birthday`.
    pub label: String,
    /// The kind of the activity that it answers to; `None` for an order.
    pub activity: Option<String>,
    /// When it applies.
    pub when: Condition,
    /// The place of the campaign that it belongs to: it gives while that runs.
    pub campaign: Option<usize>,
    /// What it gives.
    pub gift: Gift,
    /// How often it gives at most: points stand for times.
    pub limits: Limits,
}

/// Lines that earn nothing at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Names the exclusion in reasons.
    pub id: String,
    /// What the shopper reads: `Gift cards don't earn beans`.
    pub label: String,
    /// The lines that it leaves out.
    pub when: Condition,
}

/// What a rule gives. Points stand for minor units where it gives to a money balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Multiplies the base points of each line that fits. More than 1.
    Multiply(Decimal),
    /// Adds points, whatever the price.
    Bonus {
        /// How many.
        points: Points,
        /// How often.
        per: GrantScope,
    },
    /// Gives so many points in the place of the base.
    Fixed {
        /// How many.
        points: Points,
        /// For each item, or each line.
        per: GrantScope,
    },
    /// Adds what the money spent on the lines that fit earns, by currency.
    Spend(Vec<(Currency, Spend)>),
}

/// How often a grant is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantScope {
    /// Once for each unit of a line that fits.
    Item,
    /// Once for each line that fits.
    Line,
    /// Once for the order, if any line fits; the lines that fit share it.
    Order,
}

/// Rules that combine with each other in their own way. What a group gives is added to what others give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Names the group in the program.
    pub id: String,
    /// How its rules combine.
    pub combine: Combine,
}

/// How the rules of a group combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// The one of the highest priority, of these the one that gives most, of these the first; for each line
    /// by itself.
    BestPerLine,
    /// The same, for the order as a whole.
    BestPerOrder,
    /// Each adds its bonus: 1.5x and 5x are 5.5x.
    Add,
    /// Factors multiply each other: 1.5x and 5x are 7.5x.
    Multiply,
}

/// Rules that run, are shown and are limited together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Names the campaign.
    pub id: String,
    /// What the shopper reads: `Double beans in December`.
    pub label: String,
    /// The first instant.
    pub from: Option<Timestamp>,
    /// The first instant that is too late.
    pub until: Option<Timestamp>,
    /// How much its rules give together at most.
    pub limits: Limits,
}

/// A balance of money beside the points, such as store credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Names the balance.
    pub id: String,
    /// What members call it.
    pub name: String,
    /// Its currency; only orders in it earn.
    pub currency: Currency,
}

impl Grant {
    /// The factor of a multiplier.
    #[must_use]
    pub fn factor(&self) -> Option<Decimal> {
        match self {
            Self::Multiply(factor) => Some(*factor),
            Self::Bonus { .. } | Self::Fixed { .. } | Self::Spend(_) => None,
        }
    }
}

impl Campaign {
    /// Whether it runs at `now`: from its start, until just before its end.
    #[must_use]
    pub fn runs_at(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}
