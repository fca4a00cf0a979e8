//! From a published document to a program.
//!
//! What is published was checked, problem by problem, when it was compiled; here only what cannot be
//! represented is refused, in few words, because every shopper's browser carries this code.

use crate::Decimal;

use super::{
    ConditionDocument, ExclusionDocument, GrantDocument, ProgramDocument, RuleDocument,
    TierDocument,
};
use crate::explain::{rate_label, tier_label};
use crate::wire::DecimalText;
use crate::{
    BonusScope, Condition, Counts, Currency, Exclusion, Grant, Money, Points, PointsWord, Program,
    ProgramRef, Rate, Rule, Tier, Timestamp,
};

/// A document that is no program: it was not compiled, or by an engine that knows more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the published program cannot be read: {0}")]
pub struct UnreadableProgram(&'static str);

impl TryFrom<ProgramDocument> for Program {
    type Error = UnreadableProgram;

    fn try_from(document: ProgramDocument) -> Result<Self, UnreadableProgram> {
        let word = PointsWord {
            one: document.points.one,
            other: document.points.other,
        };
        let mut rates = Vec::new();
        for (code, DecimalText(per_unit)) in document.earn.per_unit.iter() {
            let currency = currency(code)?;
            let minimum = document.earn.minimum_order.get(code);
            let minimum = minimum.map(|minimum| Money::parse(&minimum.0.to_string(), currency));
            let rate = Rate {
                label: rate_label(per_unit, &word, currency),
                per_unit,
                minimum_order: minimum
                    .transpose()
                    .map_err(|_| UnreadableProgram("a minimum"))?,
                worth: document.points.worth.get(code).map(|worth| worth.0),
            };
            rates.push((currency, rate));
        }
        Ok(Self {
            reference: ProgramRef {
                version: document.version,
                digest: document.digest,
            },
            name: document.name,
            word,
            starts_at: document.starts_at.map(Timestamp::from_millis),
            ends_at: document.ends_at.map(Timestamp::from_millis),
            rates,
            counts: Counts {
                tax: document.earn.include_tax,
                shipping: document.earn.include_shipping,
            },
            rounding: document.earn.rounding.into(),
            rounding_scope: document.earn.round_per.into(),
            welcome: points(document.welcome_points)?,
            tiers: all(document.tiers, tier)?,
            exclusions: all(document.exclusions, |it| Ok(exclusion(it)))?,
            rules: all(document.rules, rule)?,
        })
    }
}

/// By a loop: to collect results into a list is several times the code, once for each kind of thing.
fn all<D, T>(
    documents: Vec<D>,
    read: fn(D) -> Result<T, UnreadableProgram>,
) -> Result<Vec<T>, UnreadableProgram> {
    let mut things = Vec::with_capacity(documents.len());
    for document in documents {
        things.push(read(document)?);
    }
    Ok(things)
}

fn tier(document: TierDocument) -> Result<Tier, UnreadableProgram> {
    let factor = document.multiplier.map_or(Decimal::ONE, |factor| factor.0);
    Ok(Tier {
        label: tier_label(&document.name, factor),
        id: document.id,
        name: document.name,
        from: points(document.from_points)?,
        factor,
    })
}

fn exclusion(document: ExclusionDocument) -> Exclusion {
    Exclusion {
        id: document.id,
        label: document.label,
        when: condition(document.when),
    }
}

fn rule(document: RuleDocument) -> Result<Rule, UnreadableProgram> {
    Ok(Rule {
        id: document.id,
        label: document.label,
        when: condition(document.when),
        grant: grant(&document.grant)?,
    })
}

fn condition(document: ConditionDocument) -> Condition {
    Condition {
        products: document.products,
        categories: document.categories,
        tags: document.tags,
        tiers: document.tiers,
        from: document.from.map(Timestamp::from_millis),
        until: document.until.map(Timestamp::from_millis),
    }
}

fn grant(document: &GrantDocument) -> Result<Grant, UnreadableProgram> {
    match (document.multiply, document.bonus) {
        (Some(DecimalText(factor)), None) => Ok(Grant::Multiply(factor)),
        (None, Some(bonus)) => Ok(Grant::Bonus {
            points: points(bonus)?,
            per: document.per.map_or(BonusScope::Order, BonusScope::from),
        }),
        _ => Err(UnreadableProgram("a grant")),
    }
}

fn currency(code: &str) -> Result<Currency, UnreadableProgram> {
    Currency::parse(code).map_err(|_| UnreadableProgram("a currency"))
}

fn points(count: i64) -> Result<Points, UnreadableProgram> {
    let points = Points::new(count)
        .ok()
        .filter(|points| *points >= Points::ZERO);
    points.ok_or(UnreadableProgram("a number of points"))
}
