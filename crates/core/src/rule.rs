//! A rule: when it applies, and what it grants.
//!
//! Owns conditions and grants, each a type of its own that can grow. Nothing here computes points:
//! [`evaluate`](crate::evaluate()) does.

use crate::Decimal;

use crate::{Line, Points, Timestamp};

/// A rule that adds to what a line earns at the programme's rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names the rule in reasons and entries.
    pub id: String,
    /// What the shopper reads: `2x on coffee`.
    pub label: String,
    /// The lines, members and times that it applies to.
    pub when: Condition,
    /// What it gives.
    pub grant: Grant,
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

/// All that a rule asks for. Of each list that is not empty, one item must fit; all parts must hold;
/// an empty condition always does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Product ids.
    pub products: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Ids of the member's tier.
    pub tiers: Vec<String>,
    /// The first instant.
    pub from: Option<Timestamp>,
    /// The first instant that is too late.
    pub until: Option<Timestamp>,
}

/// What a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Multiplies the base points of each line that fits. More than 1. Several factors on one line
    /// add their bonuses: 1.5x and 2x together are 2.5x.
    Multiply(Decimal),
    /// Adds points, whatever the price.
    Bonus {
        /// How many.
        points: Points,
        /// How often.
        per: BonusScope,
    },
}

/// How often a fixed bonus is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BonusScope {
    /// Once for each unit of a line that fits.
    Item,
    /// Once for each line that fits.
    Line,
    /// Once for the order, if any line fits; the lines that fit share it.
    Order,
}

impl Grant {
    /// The factor of a multiplier.
    #[must_use]
    pub fn factor(self) -> Option<Decimal> {
        match self {
            Self::Multiply(factor) => Some(factor),
            Self::Bonus { .. } => None,
        }
    }
}

impl Condition {
    /// Whether the time and the member's tier fit: what is the same for every line.
    #[must_use]
    pub fn fits_order(&self, tier: Option<&str>, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
            && (self.tiers.is_empty() || tier.is_some_and(|id| self.tiers.iter().any(|t| t == id)))
    }

    /// Whether the line fits.
    #[must_use]
    pub fn fits_line(&self, line: &Line) -> bool {
        let one_of = |wanted: &[String], has: &[String]| {
            wanted.is_empty() || wanted.iter().any(|label| has.contains(label))
        };
        (self.products.is_empty() || self.products.contains(&line.product))
            && one_of(&self.categories, &line.categories)
            && one_of(&self.tags, &line.tags)
    }
}
