//! `earnest preview`: what a cart or an activity earns, and why.
//!
//! Owns the telling; the earning is that of the core, as it travels on the wire.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use earnest_core::wire::{CartDocument, CreditDocument, EarningDocument, ReasonDocument};
use earnest_core::{Activity, Cart, Line, Program, Timestamp, evaluate, evaluate_activity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Verdict;
use crate::figure::{exact_amount, grouped, grouped_decimal};
use crate::input::{parse_at, parse_json, read_program, read_text};
use crate::members::read_member;
use crate::orders::instant::parse_instant;
use crate::outcome::{Occasion, Outcome, outcome};
use crate::output::{Output, Paint};
use crate::table::Table;
use crate::unusable::Unusable;

/// A program, a cart or an activity, and who buys or does it when.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest preview club.toml cart.json\n  \
                        earnest preview club.toml cart.json --member gold.json --at 2026-12-24T18:00:00Z\n  \
                        earnest preview club.toml - --json < cart.json\n\n\
                        A cart, in the shape of the API:\n  \
                        {\"currency\": \"EUR\", \"lines\": [{\"id\": \"1\", \"product\": \"kenya-aa\", \
                        \"quantity\": 2, \"unit_price\": \"19.99\"}]}\n\
                        An activity, which has a kind:\n  \
                        {\"kind\": \"review\", \"tags\": [\"photo\"], \"quantity\": 1}\n\
                        A member, as GET /v1/members/{id}/snapshot answers:\n  \
                        {\"tier\": \"gold\", \"balance_points\": 120, \"earned_points\": 1500}")]
pub(crate) struct Preview {
    /// The program file
    program: String,
    /// The cart or the activity, as JSON; - is standard input
    #[arg(value_name = "CART")]
    occasion: String,
    /// The member's snapshot, as JSON; else somebody who has just joined
    #[arg(long, value_name = "FILE")]
    member: Option<String>,
    /// When, by the shop's clocks or with an offset; else when the activity says, else now
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Answer with the earning as the API does, and what else follows, as `outcome`
    #[arg(long)]
    json: bool,
}

/// An activity in the shape of the API. Whose it is, `--member` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityDocument {
    #[serde(default = "any_id")]
    id: String,
    kind: String,
    #[serde(default, rename = "customer")]
    _customer: Value,
    occurred_at: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default = "one")]
    quantity: u32,
}

/// The answer for programs.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    earning: &'a EarningDocument<'a>,
    outcome: &'a Outcome,
}

fn any_id() -> String {
    "1".into()
}

fn one() -> u32 {
    1
}

impl Preview {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let program = read_program(&self.program)?;
        let at = self.at.as_deref().map(|at| parse_at(at, &program));
        let at = at.transpose()?;
        let member = read_member(self.member.as_deref(), &program)?;
        let hers = self.member.as_ref().map(|_| &member);
        let unusable = |message| Unusable::Document {
            path: self.occasion.clone(),
            message,
        };
        let text = read_text(&self.occasion)?;
        // A cart has no kind. What is neither is told as the cart that it is not.
        let is_activity =
            serde_json::from_str::<Value>(&text).is_ok_and(|it| it.get("kind").is_some());
        if is_activity {
            let document: ActivityDocument = parse_json(&self.occasion, &text)?;
            let occurred_at = document.occurred_at.as_deref();
            let occurred_at = occurred_at.map(|text| {
                let wrong = "occurred_at: write a date with its time, such as 2026-11-01T12:00:00Z";
                let read = parse_instant(text.as_bytes(), program.calendar());
                read.ok_or_else(|| unusable(wrong.into()))
            });
            let at = at.or(occurred_at.transpose()?).unwrap_or_else(now);
            let activity =
                Activity::new(document.id, document.kind, document.tags, document.quantity);
            let activity = activity.map_err(|error| unusable(error.to_string()))?;
            known_kind(&program, activity.kind()).map_err(unusable)?;
            let earning = evaluate_activity(&program, &member, &activity, at);
            let earning = earning.map_err(|error| unusable(error.to_string()))?;
            let document = EarningDocument::of_activity(&program, &activity, &earning);
            let occasion = Occasion::Activity(&activity);
            let outcome = outcome(&program, hers, occasion, &earning, at).map_err(unusable)?;
            self.tell(output, &program, &[], &document, &outcome);
        } else {
            let document: CartDocument = parse_json(&self.occasion, &text)?;
            let cart = Cart::try_from(document)
                .map_err(|error| unusable(format!("{}: {error}", error.pointer)))?;
            let at = at.unwrap_or_else(now);
            let earning = evaluate(&program, &member, &cart, at);
            let earning = earning.map_err(|error| unusable(error.to_string()))?;
            let document = EarningDocument::new(&program, &cart, &earning);
            let occasion = Occasion::Order(&cart);
            let outcome = outcome(&program, hers, occasion, &earning, at).map_err(unusable)?;
            self.tell(output, &program, cart.lines(), &document, &outcome);
        }
        Ok(Verdict::Good)
    }

    fn tell(
        &self,
        output: &Output,
        program: &Program,
        lines: &[Line],
        earning: &EarningDocument<'_>,
        outcome: &Outcome,
    ) {
        if self.json {
            output.say_json(&Told { earning, outcome });
        } else {
            output.say(&for_people(
                program,
                lines,
                earning,
                outcome,
                output.paint(),
            ));
        }
    }
}

/// Refuses an activity that the program does not know, as the edge does: its kind is misspelt more often than it is
/// one that earns nothing.
pub(crate) fn known_kind(program: &Program, kind: &str) -> Result<(), String> {
    let of_rules = program.rules().iter().map(|it| &it.activity);
    let of_gifts = program.rule_gifts().iter().map(|it| &it.activity);
    let of_challenges = program.challenges().iter().map(|it| &it.activity);
    let kinds = of_rules.chain(of_gifts).chain(of_challenges);
    let mut kinds: Vec<&str> = kinds.filter_map(Option::as_deref).collect();
    if kinds.contains(&kind) {
        return Ok(());
    }
    kinds.sort_unstable();
    kinds.dedup();
    Err(if kinds.is_empty() {
        "kind: the program has no rules for activities; a rule for one says on = \"review\""
            .to_owned()
    } else {
        format!(
            "kind: the program has no rules for {kind:?}; it has some for {}",
            kinds.join(", ")
        )
    })
}

/// The system's clock: the one place that reads it.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// The reasons of an earning, one line each, as cases are written: `multiplier double-bread +6`, and for a
/// balance of money `credit: bonus store-card +0.42`.
pub(crate) fn reason_lines(earning: &EarningDocument<'_>) -> Vec<String> {
    let points = earning.reasons.iter().map(|reason| {
        let points = signed(&reason.points_exact.to_string());
        format!("{} {points}", name(reason))
    });
    let credits = earning.credits.iter().flat_map(|credit| {
        credit.reasons.iter().map(|reason| {
            let amount = in_money(reason, credit);
            format!("{}: {} {}", credit.balance, name(reason), signed(&amount))
        })
    });
    points.chain(credits).collect()
}

/// `multiplier double-bread`.
fn name(reason: &ReasonDocument<'_>) -> String {
    let rule = reason.rule.map_or(String::new(), |rule| format!(" {rule}"));
    format!("{}{rule}", reason.code)
}

fn signed(figure: &str) -> String {
    let is_given =
        !figure.starts_with('-') && figure.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    let sign = if is_given { "+" } else { "" };
    format!("{sign}{figure}")
}

/// What a reason gave to a balance: its `points_exact` are minor units.
fn in_money(reason: &ReasonDocument<'_>, credit: &CreditDocument<'_>) -> String {
    exact_amount(&reason.points_exact.to_string(), credit.amount.scale())
}

fn for_people(
    program: &Program,
    lines: &[Line],
    earning: &EarningDocument<'_>,
    outcome: &Outcome,
    paint: Paint,
) -> String {
    let word = program.word();
    let word = if earning.points == 1 {
        &word.one
    } else {
        &word.other
    };
    let points = format!("{} {word}", grouped(earning.points));
    let credits = earning.credits.iter().map(|credit| {
        let amount = grouped_decimal(&credit.amount.to_string());
        format!(" and {amount} {} {}", credit.currency, credit.name)
    });
    let gains = credits.fold(points, |gains, credit| gains + &credit);
    let of_money = format!(" on {} {} that count", earning.counted, earning.currency);
    // An activity has no currency, and is its own only line.
    let is_order = !earning.currency.is_empty();
    let mut text = format!(
        "{}{}, by {}, version {}\n",
        paint.strong(gains),
        if is_order { &of_money } else { "" },
        program.name(),
        earning.program.version,
    );
    let mut tables = Vec::new();
    let mut reasons = Table::new(2, &["why", "reason", &word[..]]);
    for reason in &earning.reasons {
        let points = signed(&reason.points_exact.to_string());
        reasons.row(vec![reason.label.to_string(), name(reason), points]);
    }
    tables.push(reasons);
    for credit in &earning.credits {
        let mut reasons = Table::new(2, &[credit.name, "reason", credit.currency]);
        for reason in &credit.reasons {
            let amount = signed(&in_money(reason, credit));
            reasons.row(vec![reason.label.to_string(), name(reason), amount]);
        }
        tables.push(reasons);
    }
    let names = earning.credits.iter().map(|credit| credit.name);
    let heads: Vec<&str> = ["line", "product", "counts", &word[..]]
        .into_iter()
        .chain(names)
        .collect();
    let mut rows = Table::new(2, &heads);
    for (nth, (line, earned)) in lines.iter().zip(&earning.lines).enumerate() {
        let mut row = vec![
            line.id.clone(),
            line.product.clone(),
            earned.counted.to_string(),
            grouped(earned.points),
        ];
        let shares = earning
            .credits
            .iter()
            .filter_map(|credit| credit.lines.get(nth));
        row.extend(shares.map(ToString::to_string));
        rows.row(row);
    }
    if is_order {
        tables.push(rows);
    }
    tables.extend(outcome.table(program));
    for table in tables {
        text.push('\n');
        for (nth, line) in table.lines().iter().enumerate() {
            let line = if nth == 0 {
                paint.quiet(line)
            } else {
                line.clone()
            };
            text += &line;
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_has_a_sign() {
        for (figure, told) in [
            ("6", "+6"),
            ("0", "0"),
            ("0.00", "0.00"),
            ("0.05", "+0.05"),
            ("-1", "-1"),
        ] {
            assert_eq!(signed(figure), told);
        }
    }
}
