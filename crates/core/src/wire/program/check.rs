//! From a program document to a program: every check that a program needs, each problem with its place.
//!
//! All problems are gathered, so that an author mends them in one go.

use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;

use super::{
    BonusScopeName, ConditionDocument, GrantDocument, ProgramDocument, RoundingName,
    RoundingScopeName, RuleDocument, TierDocument,
};
use crate::explain::{rate_label, tier_label};
use crate::limits::{
    MAX_BONUS_POINTS, MAX_FACTOR, MAX_FACTOR_DECIMALS, MAX_ID_BYTES, MAX_RATE, MAX_RATE_DECIMALS,
    MAX_RULES, MAX_TEXT_BYTES,
};
use crate::wire::{DecimalText, PointsWordDocument};
use crate::{
    BonusScope, Condition, Counts, Currency, Exclusion, Grant, Money, Points, PointsWord, Program,
    ProgramRef, Rate, Rounding, RoundingScope, Rule, Tier, Timestamp,
};

/// One thing that is wrong with a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct ProgramProblem {
    /// A JSON pointer (RFC 6901) into the document: `/rules/2/grant/multiply`.
    pub pointer: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl TryFrom<ProgramDocument> for Program {
    type Error = Vec<ProgramProblem>;

    fn try_from(document: ProgramDocument) -> Result<Self, Vec<ProgramProblem>> {
        let mut check = Check::default();
        let program = check.program(document);
        if check.problems.is_empty() {
            Ok(program)
        } else {
            Err(check.problems)
        }
    }
}

/// The problems found so far. Each check answers with something usable even where it found one, so that
/// the rest is checked too; the answer is thrown away in that case.
#[derive(Default)]
struct Check {
    problems: Vec<ProgramProblem>,
}

impl Check {
    fn problem(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(ProgramProblem {
            pointer: pointer.to_owned(),
            message: message.into(),
        });
    }

    fn program(&mut self, document: ProgramDocument) -> Program {
        if document.version == 0 {
            self.problem("/version", "versions count from 1");
        }
        self.text("/name", &document.name);
        self.text("/points/one", &document.points.one);
        self.text("/points/other", &document.points.other);
        self.window("/ends_at", document.starts_at, document.ends_at);
        if !(0..=MAX_BONUS_POINTS).contains(&document.welcome_points) {
            self.problem(
                "/welcome_points",
                format!("write 0 to {MAX_BONUS_POINTS} points"),
            );
        }
        let rates = self.rates(&document);
        let tiers = self.tiers(document.tiers);
        let mut ids = HashSet::new();
        let exclusions = document.exclusions.into_iter().enumerate().map(|(nth, exclusion)| {
            let at = format!("/exclusions/{nth}");
            self.id(&format!("{at}/id"), &exclusion.id, &mut ids);
            self.text(&format!("{at}/label"), &exclusion.label);
            if exclusion.when.is_empty() {
                let message = "an empty condition leaves everything out; name products, categories or tags";
                self.problem(&format!("{at}/when"), message);
            }
            let when = self.condition(&format!("{at}/when"), exclusion.when, &tiers);
            Exclusion { id: exclusion.id, label: exclusion.label, when }
        });
        let exclusions: Vec<_> = exclusions.collect();
        let rules = document.rules.into_iter().enumerate();
        let rules: Vec<_> = rules
            .map(|(nth, rule)| self.rule(nth, rule, &tiers, &mut ids))
            .collect();
        for (pointer, len) in [
            ("/tiers", tiers.len()),
            ("/exclusions", exclusions.len()),
            ("/rules", rules.len()),
        ] {
            if len > MAX_RULES {
                self.problem(
                    pointer,
                    format!("at most {MAX_RULES} are possible, these are {len}"),
                );
            }
        }
        Program {
            reference: ProgramRef {
                version: document.version,
                digest: document.digest,
            },
            name: document.name,
            word: document.points.word(),
            starts_at: document.starts_at.map(Timestamp::from_millis),
            ends_at: document.ends_at.map(Timestamp::from_millis),
            rates,
            counts: Counts {
                tax: document.earn.include_tax,
                shipping: document.earn.include_shipping,
            },
            rounding: document.earn.rounding.into(),
            rounding_scope: document.earn.round_per.into(),
            welcome: Points::new(document.welcome_points).unwrap_or_default(),
            tiers,
            exclusions,
            rules,
        }
    }

    fn rates(&mut self, document: &ProgramDocument) -> BTreeMap<Currency, Rate> {
        let at = "/earn/per_unit";
        if document.earn.per_unit.is_empty() {
            self.problem(at, "name at least one currency, such as { EUR = 1 }");
        }
        let word = document.points.word();
        let mut rates = BTreeMap::new();
        for (code, DecimalText(per_unit)) in &document.earn.per_unit {
            let at = format!("{at}/{code}");
            if per_unit.is_zero() || *per_unit > Decimal::from(MAX_RATE) {
                let message = format!(
                    "a rate is more than 0 and at most {MAX_RATE} points per currency unit; \
                     to earn nothing in a currency, leave it out"
                );
                self.problem(&at, message);
            }
            self.decimals(&at, *per_unit, MAX_RATE_DECIMALS);
            if let Some(currency) = self.currency(&at, code) {
                let rate = Rate {
                    label: rate_label(*per_unit, &word, currency),
                    per_unit: *per_unit,
                    minimum_order: None,
                    worth: None,
                };
                rates.insert(currency, rate);
            }
        }
        for (code, minimum) in &document.earn.minimum_order {
            let at = format!("/earn/minimum_order/{code}");
            if let Some(rate) = self.rate_of(&at, code, &mut rates) {
                match Currency::parse(code)
                    .map(|currency| Money::parse(&minimum.0.to_string(), currency))
                {
                    Ok(Ok(money)) => rate.minimum_order = Some(money),
                    Ok(Err(error)) => self.problem(&at, error.to_string()),
                    Err(error) => self.problem(&at, error.to_string()),
                }
            }
        }
        for (code, worth) in &document.points.worth {
            let at = format!("/points/worth/{code}");
            if worth.0.is_zero() || worth.0 > Decimal::from(MAX_RATE) {
                self.problem(
                    &at,
                    format!("a point is worth more than 0 and at most {MAX_RATE}"),
                );
            }
            if let Some(rate) = self.rate_of(&at, code, &mut rates) {
                rate.worth = Some(worth.0);
            }
        }
        rates
    }

    fn rate_of<'r>(
        &mut self,
        at: &str,
        code: &str,
        rates: &'r mut BTreeMap<Currency, Rate>,
    ) -> Option<&'r mut Rate> {
        let currency = self.currency(at, code)?;
        let rate = rates.get_mut(&currency);
        if rate.is_none() {
            self.problem(
                at,
                format!("earn.per_unit has no rate for {code}; add one, or remove this"),
            );
        }
        rate
    }

    fn currency(&mut self, at: &str, code: &str) -> Option<Currency> {
        Currency::parse(code)
            .map_err(|error| self.problem(at, error.to_string()))
            .ok()
    }

    fn tiers(&mut self, documents: Vec<TierDocument>) -> Vec<Tier> {
        let mut ids = HashSet::new();
        let mut tiers: Vec<Tier> = Vec::with_capacity(documents.len());
        for (nth, document) in documents.into_iter().enumerate() {
            let at = format!("/tiers/{nth}");
            self.id(&format!("{at}/id"), &document.id, &mut ids);
            self.text(&format!("{at}/name"), &document.name);
            let from = Points::new(document.from_points).unwrap_or_default();
            if document.from_points != from.get() || from < Points::ZERO {
                self.problem(
                    &format!("{at}/from_points"),
                    "write a whole number of points, 0 or more",
                );
            }
            if let Some(below) = tiers.last().filter(|below| below.from >= from) {
                let message = format!(
                    "tiers are listed from the lowest up; this must be more than the {} points of {:?}",
                    below.from, below.id
                );
                self.problem(&format!("{at}/from_points"), message);
            }
            let factor = document.multiplier.map_or(Decimal::ONE, |factor| factor.0);
            let at = format!("{at}/multiplier");
            if factor < Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
                self.problem(
                    &at,
                    format!("a tier's multiplier is at least 1 and at most {MAX_FACTOR}"),
                );
            }
            self.decimals(&at, factor, MAX_FACTOR_DECIMALS);
            tiers.push(Tier {
                label: tier_label(&document.name, factor),
                id: document.id,
                name: document.name,
                from,
                factor,
            });
        }
        tiers
    }

    fn rule(
        &mut self,
        nth: usize,
        document: RuleDocument,
        tiers: &[Tier],
        ids: &mut HashSet<String>,
    ) -> Rule {
        let at = format!("/rules/{nth}");
        self.id(&format!("{at}/id"), &document.id, ids);
        self.text(&format!("{at}/label"), &document.label);
        let when = self.condition(&format!("{at}/when"), document.when, tiers);
        let grant = self.grant(&format!("{at}/grant"), &document.grant);
        Rule {
            id: document.id,
            label: document.label,
            when,
            grant,
        }
    }

    fn grant(&mut self, at: &str, document: &GrantDocument) -> Grant {
        match (document.multiply, document.bonus) {
            (Some(DecimalText(factor)), None) => {
                if document.per.is_some() {
                    self.problem(&format!("{at}/per"), "only a bonus has `per`; remove it");
                }
                let at = format!("{at}/multiply");
                if factor <= Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
                    let message = format!(
                        "a factor is more than 1 and at most {MAX_FACTOR}; to earn nothing, \
                         write an exclusion"
                    );
                    self.problem(&at, message);
                }
                self.decimals(&at, factor, MAX_FACTOR_DECIMALS);
                Grant::Multiply(factor)
            }
            (None, Some(bonus)) => {
                if !(1..=MAX_BONUS_POINTS).contains(&bonus) {
                    let message = format!("a bonus is 1 to {MAX_BONUS_POINTS} points");
                    self.problem(&format!("{at}/bonus"), message);
                }
                let per = document.per.map_or(BonusScope::Order, BonusScope::from);
                Grant::Bonus {
                    points: Points::new(bonus).unwrap_or_default(),
                    per,
                }
            }
            (_, _) => {
                let message =
                    "write one of `multiply = 2` and `bonus = 50`, not both and not neither";
                self.problem(at, message);
                Grant::Multiply(Decimal::TWO)
            }
        }
    }

    fn condition(&mut self, at: &str, document: ConditionDocument, tiers: &[Tier]) -> Condition {
        let lists = [
            ("products", &document.products),
            ("categories", &document.categories),
            ("tags", &document.tags),
            ("tiers", &document.tiers),
        ];
        for (field, items) in lists {
            let at = format!("{at}/{field}");
            if items.len() > MAX_RULES {
                self.problem(
                    &at,
                    format!(
                        "at most {MAX_RULES} are possible, these are {}",
                        items.len()
                    ),
                );
            }
            for (nth, item) in items.iter().enumerate() {
                if !(1..=MAX_ID_BYTES).contains(&item.len()) {
                    let message = format!("write 1 to {MAX_ID_BYTES} bytes");
                    self.problem(&format!("{at}/{nth}"), message);
                }
            }
        }
        for (nth, tier) in document.tiers.iter().enumerate() {
            if !tiers.iter().any(|known| known.id == *tier) {
                let known: Vec<_> = tiers.iter().map(|tier| format!("{:?}", tier.id)).collect();
                let known = if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                };
                let message =
                    format!("there is no tier {tier:?}; the program's tiers are: {known}");
                self.problem(&format!("{at}/tiers/{nth}"), message);
            }
        }
        self.window(&format!("{at}/until"), document.from, document.until);
        Condition {
            products: document.products,
            categories: document.categories,
            tags: document.tags,
            tiers: document.tiers,
            from: document.from.map(Timestamp::from_millis),
            until: document.until.map(Timestamp::from_millis),
        }
    }

    fn window(&mut self, end: &str, from: Option<i64>, until: Option<i64>) {
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            self.problem(end, "the end must be later than the start");
        }
    }

    fn id(&mut self, at: &str, id: &str, seen: &mut HashSet<String>) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if !(1..=MAX_ID_BYTES).contains(&id.len()) || !id.bytes().all(plain) {
            let message =
                "an id has lower-case letters, digits, - and _, such as \"double-coffee\"";
            self.problem(at, message);
        }
        if !seen.insert(id.to_owned()) {
            self.problem(
                at,
                format!("the id {id:?} is used twice; give each its own"),
            );
        }
    }

    fn text(&mut self, at: &str, text: &str) {
        if text.trim().is_empty() || text.len() > MAX_TEXT_BYTES {
            self.problem(at, format!("write a text of 1 to {MAX_TEXT_BYTES} bytes"));
        }
    }

    fn decimals(&mut self, at: &str, number: Decimal, most: u32) {
        if number.scale() > most {
            self.problem(
                at,
                format!("{number} has too many decimals; at most {most} are possible"),
            );
        }
    }
}

impl PointsWordDocument {
    fn word(&self) -> PointsWord {
        PointsWord {
            one: self.one.clone(),
            other: self.other.clone(),
        }
    }
}

impl From<RoundingName> for Rounding {
    fn from(name: RoundingName) -> Self {
        match name {
            RoundingName::Floor => Self::Floor,
            RoundingName::Ceil => Self::Ceil,
            RoundingName::HalfUp => Self::HalfUp,
            RoundingName::HalfEven => Self::HalfEven,
        }
    }
}

impl From<RoundingScopeName> for RoundingScope {
    fn from(name: RoundingScopeName) -> Self {
        match name {
            RoundingScopeName::Line => Self::Line,
            RoundingScopeName::Order => Self::Order,
        }
    }
}

impl From<BonusScopeName> for BonusScope {
    fn from(name: BonusScopeName) -> Self {
        match name {
            BonusScopeName::Item => Self::Item,
            BonusScopeName::Line => Self::Line,
            BonusScopeName::Order => Self::Order,
        }
    }
}
