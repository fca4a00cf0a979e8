//! An earning on the wire: the answer of a preview, and the `earning` of a booked order.

use std::borrow::Cow;
use std::fmt;

use crate::Decimal;
use serde::{Serialize, Serializer};

use crate::{Cart, Cause, ENGINE_VERSION, Earning, ExactPoints, Program, Reason, explain};

/// What a cart earns, line by line, each with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EarningDocument<'a> {
    /// The total.
    pub points: i64,
    /// ISO 4217 code of the amounts.
    pub currency: &'static str,
    /// What of the cart counts for earning.
    #[serde(serialize_with = "as_text")]
    pub counted: Decimal,
    /// One for each line of the cart, in its order; their points sum to the total.
    pub lines: Vec<LineEarningDocument<'a>>,
    /// Why; the exact points sum to the total.
    pub reasons: Vec<ReasonDocument<'a>>,
    /// The program that decided.
    pub program: ProgramRefDocument<'a>,
    /// The version of the engine that computed.
    pub engine: &'static str,
}

/// What one line earns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineEarningDocument<'a> {
    /// The line's id.
    pub id: &'a str,
    /// Its share of the total.
    pub points: i64,
    /// What of the line counts for earning.
    #[serde(serialize_with = "as_text")]
    pub counted: Decimal,
    /// Why; the exact points sum to the line's.
    pub reasons: Vec<ReasonDocument<'a>>,
}

/// One step on the way to the points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonDocument<'a> {
    /// What made the step: `rate`, `multiplier`, `tier`, `bonus`, `rounding`, `excluded`,
    /// `below_minimum`, `currency_not_covered` or `not_running`.
    pub code: &'static str,
    /// The id of the rule, exclusion or tier, where there is one.
    pub rule: Option<&'a str>,
    /// One sentence for a shopper.
    pub label: Cow<'a, str>,
    /// The rate or the factor, where there is one.
    #[serde(serialize_with = "as_optional_text")]
    pub factor: Option<Decimal>,
    /// How many points it gave or took, exactly.
    #[serde(serialize_with = "as_text")]
    pub points_exact: ExactPoints,
}

/// Which program decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProgramRefDocument<'a> {
    /// The merchant's number.
    pub version: u32,
    /// The digest of the published document.
    pub digest: &'a str,
}

impl<'a> EarningDocument<'a> {
    /// Tells what `evaluate` found for this program and cart.
    #[must_use]
    pub fn new(program: &'a Program, cart: &'a Cart, earning: &Earning) -> Self {
        let counted = |minor| Decimal::new(minor, earning.currency.minor_digits());
        let reasons = |told: &[Reason]| {
            told.iter()
                .map(|reason| ReasonDocument::new(program, earning, *reason))
                .collect()
        };
        let lines = cart
            .lines()
            .iter()
            .zip(&earning.lines)
            .map(|(line, earned)| LineEarningDocument {
                id: &line.id,
                points: earned.points.get(),
                counted: counted(earned.counted_minor),
                reasons: reasons(&earned.reasons),
            });
        Self {
            points: earning.points.get(),
            currency: earning.currency.code(),
            counted: counted(earning.counted_minor),
            lines: lines.collect(),
            reasons: reasons(&earning.reasons),
            program: program.into(),
            engine: ENGINE_VERSION,
        }
    }
}

impl<'a> From<&'a Program> for ProgramRefDocument<'a> {
    fn from(program: &'a Program) -> Self {
        let reference = program.reference();
        Self {
            version: reference.version,
            digest: &reference.digest,
        }
    }
}

impl<'a> ReasonDocument<'a> {
    fn new(
        program: &'a Program,
        earning: &Earning,
        Reason {
            cause,
            points_exact,
        }: Reason,
    ) -> Self {
        let rule_id = |nth: usize| program.rules().get(nth).map(|rule| rule.id.as_str());
        let (code, rule, factor) = match cause {
            Cause::Rate => (
                "rate",
                None,
                program.rate(earning.currency).map(|rate| rate.per_unit),
            ),
            Cause::Multiplier { rule } => {
                let factor = program
                    .rules()
                    .get(rule)
                    .and_then(|rule| rule.grant.factor());
                ("multiplier", rule_id(rule), factor)
            }
            Cause::Tier { tier } => {
                let tier = program.tiers().get(tier);
                (
                    "tier",
                    tier.map(|tier| tier.id.as_str()),
                    tier.map(|tier| tier.factor),
                )
            }
            Cause::Bonus { rule } => ("bonus", rule_id(rule), None),
            Cause::Rounding(_) | Cause::RoundingShare => ("rounding", None, None),
            Cause::Excluded { exclusion } => {
                let exclusion = program.exclusions().get(exclusion);
                (
                    "excluded",
                    exclusion.map(|exclusion| exclusion.id.as_str()),
                    None,
                )
            }
            Cause::BelowMinimum { .. } => ("below_minimum", None, None),
            Cause::CurrencyNotCovered => ("currency_not_covered", None, None),
            Cause::NotRunning => ("not_running", None, None),
        };
        let label = explain(cause, program, earning.currency);
        Self {
            code,
            rule,
            label,
            factor,
            points_exact,
        }
    }
}

fn as_text<S: Serializer>(number: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

#[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
fn as_optional_text<S: Serializer>(n: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match n {
        Some(number) => as_text(number, serializer),
        None => serializer.serialize_none(),
    }
}
