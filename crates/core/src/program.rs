//! A program: the versioned rules of a shop, checked and ready to be evaluated.
//!
//! Owns what a programme is. Its one way in is [`wire::ProgramDocument`](crate::wire::ProgramDocument),
//! which checks it: within the limits, ids distinct, tiers ascending, rules that name tiers it has.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    Currency, Exclusion, Money, Points, PointsWord, Rounding, RoundingScope, Rule, Snapshot, Tier,
    Timestamp,
};

/// Which version of a program decided, to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramRef {
    /// The merchant's own number.
    pub version: u32,
    /// `sha256:` and the hexadecimal digest of the published document.
    pub digest: String,
}

/// What one currency earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What the shopper reads: `1 bean per 1.00 EUR`.
    pub label: String,
    /// Points for each whole unit of the currency (each EUR, not each cent).
    pub per_unit: Decimal,
    /// An order that counts for less earns nothing.
    pub minimum_order: Option<Money>,
    /// What one point takes off a later order, for the shopper to read.
    pub worth: Option<Decimal>,
}

/// What of an order counts, besides its lines after all discounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Tax counts.
    pub tax: bool,
    /// Shipping counts; the lines that earn share it in proportion to their worth.
    pub shipping: bool,
}

/// The versioned rules of a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub(crate) reference: ProgramRef,
    pub(crate) name: String,
    pub(crate) word: PointsWord,
    pub(crate) starts_at: Option<Timestamp>,
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) rates: BTreeMap<Currency, Rate>,
    pub(crate) counts: Counts,
    pub(crate) rounding: Rounding,
    pub(crate) rounding_scope: RoundingScope,
    pub(crate) welcome: Points,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) exclusions: Vec<Exclusion>,
    pub(crate) rules: Vec<Rule>,
}

impl Program {
    /// Which version this is.
    #[must_use]
    pub fn reference(&self) -> &ProgramRef {
        &self.reference
    }

    /// The programme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The shop's word for its points.
    #[must_use]
    pub fn word(&self) -> &PointsWord {
        &self.word
    }

    /// Whether it runs at `now`: from its start, until just before its end.
    #[must_use]
    pub fn runs_at(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// What the currency earns; `None` where it is not covered.
    #[must_use]
    pub fn rate(&self, currency: Currency) -> Option<&Rate> {
        self.rates.get(&currency)
    }

    /// What of an order counts.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How exact points become whole.
    #[must_use]
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// What is rounded: each line, or the order.
    #[must_use]
    pub fn rounding_scope(&self) -> RoundingScope {
        self.rounding_scope
    }

    /// The points that somebody who joins at `now` starts with.
    #[must_use]
    pub fn welcome(&self, now: Timestamp) -> Points {
        if self.runs_at(now) {
            self.welcome
        } else {
            Points::ZERO
        }
    }

    /// The tiers, lowest first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// What earns nothing.
    #[must_use]
    pub fn exclusions(&self) -> &[Exclusion] {
        &self.exclusions
    }

    /// The rules, in the program's order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Somebody who has just joined, with nothing booked yet: what a guest's cart is evaluated for.
    #[must_use]
    pub fn newcomer(&self) -> Snapshot {
        let member = Snapshot::default();
        let tier = self
            .tier_after(&member, Points::ZERO)
            .map(|tier| tier.id.clone());
        Snapshot { tier, ..member }
    }

    /// What so many points take off a later order in that currency, rounded down to its minor unit;
    /// `None` where the programme does not say.
    #[must_use]
    pub fn worth(&self, points: Points, currency: Currency) -> Option<Money> {
        let each = self.rate(currency)?.worth?;
        let worth = each.checked_mul(Decimal::from(points.get()))?;
        let minor =
            worth.checked_mul(Decimal::from(10_i64.checked_pow(currency.minor_digits())?))?;
        Money::from_minor(i64::try_from(minor.floor().mantissa()).ok()?, currency).ok()
    }
}
