//! An earning on the wire: the answer of a preview, and the `earning` of a booked order.

use std::borrow::Cow;
use std::fmt;

use crate::Decimal;
use serde::{Serialize, Serializer};

use crate::{
    Activity, Cart, Cause, Currency, ENGINE_VERSION, Earning, ExactPoints, Giver, Program, Reason,
    Spend, explain,
};

/// What a cart earns, line by line, each with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EarningDocument<'a> {
    /// The total.
    pub points: i64,
    /// ISO 4217 code of the amounts; empty for an activity, which has none.
    pub currency: &'static str,
    /// What of the cart counts for earning.
    #[serde(serialize_with = "as_text")]
    pub counted: Decimal,
    /// One for each line of the cart, in its order; their points sum to the total.
    pub lines: Vec<LineEarningDocument<'a>>,
    /// Why; the exact points sum to the total.
    pub reasons: Vec<ReasonDocument<'a>>,
    /// What balances of money get.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditDocument<'a>>,
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

/// What a balance of money gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditDocument<'a> {
    /// The balance's id.
    pub balance: &'a str,
    /// What members call it.
    pub name: &'a str,
    /// ISO 4217 code of the amounts.
    pub currency: &'static str,
    /// How much.
    #[serde(serialize_with = "as_text")]
    pub amount: Decimal,
    /// Each line's share, in the cart's order.
    #[serde(serialize_with = "as_texts")]
    pub lines: Vec<Decimal>,
    /// Why; their `points_exact` are minor units and sum to the amount's.
    pub reasons: Vec<ReasonDocument<'a>>,
}

/// One step on the way to the points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonDocument<'a> {
    /// What made the step: `rate`, `fixed`, `multiplier`, `tier`, `bonus`, `capped`, `outdone`,
    /// `limit_reached`, `rounding`, `excluded`, `below_minimum`, `currency_not_covered`, `partner_not_covered` or `not_running`.
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
        let ids = cart.lines().iter().map(|line| line.id.as_str());
        Self::of_lines(program, ids, earning)
    }

    /// Tells what `evaluate_activity` found for this program and activity.
    #[must_use]
    pub fn of_activity(program: &'a Program, activity: &'a Activity, earning: &Earning) -> Self {
        Self::of_lines(program, std::iter::once(activity.id()), earning)
    }

    fn of_lines(
        program: &'a Program,
        ids: impl Iterator<Item = &'a str>,
        earning: &Earning,
    ) -> Self {
        let digits = earning.currency.map_or(0, Currency::minor_digits);
        let counted = |minor| Decimal::new(minor, digits);
        let mut lines = Vec::with_capacity(earning.lines.len());
        for (id, earned) in ids.zip(&earning.lines) {
            lines.push(LineEarningDocument {
                id,
                points: earned.points.get(),
                counted: counted(earned.counted_minor),
                reasons: told(program, earning, &earned.reasons),
            });
        }
        let mut credits = Vec::with_capacity(earning.credits.len());
        for credit in &earning.credits {
            let Some(balance) = program.balances().get(credit.balance) else {
                continue;
            };
            let amount = |minor: i64| Decimal::new(minor, balance.currency.minor_digits());
            credits.push(CreditDocument {
                balance: &balance.id,
                name: &balance.name,
                currency: balance.currency.code(),
                amount: amount(credit.minor),
                lines: credit
                    .lines_minor
                    .iter()
                    .map(|minor| amount(*minor))
                    .collect(),
                reasons: told(program, earning, &credit.reasons),
            });
        }
        Self {
            points: earning.points.get(),
            currency: earning.currency.map_or("", Currency::code),
            counted: counted(earning.counted_minor),
            lines,
            reasons: told(program, earning, &earning.reasons),
            credits,
            program: program.into(),
            engine: ENGINE_VERSION,
        }
    }
}

fn told<'a>(
    program: &'a Program,
    earning: &Earning,
    reasons: &[Reason],
) -> Vec<ReasonDocument<'a>> {
    let mut told = Vec::with_capacity(reasons.len());
    for reason in reasons {
        told.push(ReasonDocument::new(program, earning, *reason));
    }
    told
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
        let tier = |nth: usize| program.tiers().get(nth);
        let id_of = |giver: Giver| match giver {
            Giver::Rule(nth) => rule_id(nth),
            Giver::Tier(nth) => tier(nth).map(|tier| tier.id.as_str()),
        };
        let (code, rule, factor) = match cause {
            Cause::Rate { rate } => {
                let rate = program.rates().get(rate);
                let spend = rate.and_then(|rate| rate.spend.as_ref());
                ("rate", None, spend.and_then(Spend::per_unit))
            }
            Cause::Fixed { rule } => ("fixed", rule_id(rule), None),
            Cause::Multiplier(Giver::Rule(nth)) => {
                let rule = program.rules().get(nth);
                (
                    "multiplier",
                    rule_id(nth),
                    rule.and_then(|rule| rule.grant.factor()),
                )
            }
            Cause::Multiplier(by @ Giver::Tier(nth)) => {
                ("tier", id_of(by), tier(nth).map(|tier| tier.factor))
            }
            Cause::Bonus { rule } => ("bonus", rule_id(rule), None),
            Cause::Capped(by) => ("capped", by.and_then(id_of), None),
            Cause::Outdone(by) => ("outdone", id_of(by), None),
            Cause::LimitReached(by) => ("limit_reached", id_of(by), None),
            Cause::Rounding(_) | Cause::RoundingShare => ("rounding", None, None),
            Cause::Excluded { exclusion } => {
                let exclusion = program.exclusions().get(exclusion);
                let id = exclusion.map(|exclusion| exclusion.id.as_str());
                ("excluded", id, None)
            }
            Cause::BelowMinimum { .. } => ("below_minimum", None, None),
            Cause::CurrencyNotCovered => ("currency_not_covered", None, None),
            Cause::PartnerNotCovered => ("partner_not_covered", None, None),
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

fn as_texts<S: Serializer>(numbers: &[Decimal], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().map(Decimal::to_string))
}
