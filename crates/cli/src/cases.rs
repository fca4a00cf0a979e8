//! `earnest test`: a merchant's own cases against a program, for their CI.
//!
//! Owns the file of cases and the telling of what differs. Its invariant: a case that expects nothing is
//! unusable, so a run that passes has judged something.

use std::collections::BTreeMap;

use clap::Args;
use earnest_core::wire::{CartDocument, EarningDocument, SnapshotDocument};
use earnest_core::{Activity, Cart, Program, Snapshot, Timestamp, evaluate, evaluate_activity};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::Datetime;

use crate::Verdict;
use crate::input::{read_program, read_text};
use crate::members::known_tier;
use crate::orders::instant::parse_instant;
use crate::output::{Output, Paint};
use crate::preview::reason_lines;
use crate::unusable::Unusable;
use crate::wording::in_plain_words;

/// A program, and what it is expected to do.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest test club.toml cases.toml\n  \
                        earnest test club.toml cases.toml --json\n\n\
                        A file of cases; reasons are written as `earnest preview` tells them, and what is\n\
                        not expected is not judged:\n  \
                        [[cases]]\n  name = \"Gold members earn half again on coffee\"\n  \
                        at = 2026-05-01T12:00:00Z\n  member = { tier = \"gold\" }\n  \
                        cart.currency = \"EUR\"\n  \
                        cart.lines = [{ id = \"1\", product = \"kenya-aa\", quantity = 2, unit_price = \"6.00\" }]\n  \
                        expect = { points = 18, counted = \"12.00\", lines = { 1 = 18 } }\n  \
                        expect.reasons = [\"rate +12\", \"tier gold +6\"]\n\n  \
                        [[cases]]\n  name = \"A review with a photo\"\n  at = 2026-05-01\n  \
                        activity = { kind = \"review\", tags = [\"photo\"] }\n  \
                        expect = { points = 50 }")]
pub(crate) struct Test {
    /// The program file
    program: String,
    /// The file of cases; - is standard input
    cases: String,
    /// Answer with {passed, failed, cases}
    #[arg(long)]
    json: bool,
}

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesDocument {
    cases: Vec<CaseDocument>,
}

/// One case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseDocument {
    name: Spanned<String>,
    at: Datetime,
    member: Option<SnapshotDocument>,
    /// What she buys …
    cart: Option<CartDocument>,
    /// … or does.
    activity: Option<ActivityDocument>,
    expect: Expectation,
}

/// Something that a member does, other than to buy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActivityDocument {
    kind: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default = "one")]
    quantity: u32,
}

fn one() -> u32 {
    1
}

/// What a case expects; what it does not say is not judged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    points: Option<i64>,
    counted: Option<String>,
    lines: Option<BTreeMap<String, i64>>,
    /// Money by the id of its balance: `"0.42"`.
    credits: Option<BTreeMap<String, String>>,
    reasons: Option<Vec<String>>,
}

/// How a case went.
#[derive(Serialize)]
struct Outcome {
    name: String,
    line: usize,
    passed: bool,
    /// `- ` what was expected and is not, `+ ` what is and was not expected, `  ` both.
    difference: Vec<String>,
}

impl Test {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let program = read_program(&self.program)?;
        let text = read_text(&self.cases)?;
        let unusable = |message| Unusable::Document {
            path: self.cases.clone(),
            message,
        };
        let document: CasesDocument = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let said = error.message();
            unusable(error.to_string().replacen(said, &in_plain_words(said), 1))
        })?;
        let outcomes = document.cases.into_iter().map(|case| {
            let line = 1 + text[..case.name.span().start].matches('\n').count();
            let name = case.name.get_ref().clone();
            let difference = judge(&program, case)
                .map_err(|message| unusable(format!("line {line}, case {name:?}: {message}")))?;
            Ok(Outcome {
                passed: difference.iter().all(|line| line.starts_with("  ")),
                name,
                line,
                difference,
            })
        });
        let outcomes = outcomes.collect::<Result<Vec<_>, Unusable>>()?;
        let passed = outcomes.iter().filter(|outcome| outcome.passed).count();
        let failed = outcomes.len() - passed;
        if self.json {
            let answer =
                serde_json::json!({ "passed": passed, "failed": failed, "cases": outcomes });
            output.say_json(&answer);
        } else {
            let told: String = outcomes
                .iter()
                .map(|outcome| outcome.for_people(&self.cases, output.paint()))
                .collect();
            output.say(&format!("{told}\n{passed} passed, {failed} failed\n"));
        }
        Ok(Verdict::from(failed == 0))
    }
}

impl Outcome {
    fn for_people(&self, file: &str, paint: Paint) -> String {
        if self.passed {
            return format!("{} {}\n", paint.green("pass"), self.name);
        }
        let place = paint.quiet(format!("{file}:{}", self.line));
        let mut text = format!("{} {}  {place}\n", paint.red("FAIL"), self.name);
        for line in &self.difference {
            let line = match line.as_bytes().first() {
                Some(b'-') => paint.red(line),
                Some(b'+') => paint.green(line),
                _ => line.clone(),
            };
            text += &format!("     {line}\n");
        }
        text
    }
}

/// The difference between what a case expects and what is.
fn judge(program: &Program, case: CaseDocument) -> Result<Vec<String>, String> {
    let CaseDocument {
        at,
        member,
        cart,
        activity,
        expect,
        ..
    } = case;
    let now = instant(at, program)?;
    let member = match member {
        None => program.newcomer(),
        Some(document) => {
            Snapshot::try_from(document).map_err(|error| format!("member: {error}"))?
        }
    };
    known_tier(&member, program)?;
    match (cart, activity) {
        (Some(cart), None) => {
            let cart =
                Cart::try_from(cart).map_err(|error| format!("cart{}: {error}", error.pointer))?;
            let earning = evaluate(program, &member, &cart, now);
            let earning = earning.map_err(|error| error.to_string())?;
            compare(expect, &EarningDocument::new(program, &cart, &earning))
        }
        (
            None,
            Some(ActivityDocument {
                kind,
                tags,
                quantity,
            }),
        ) => {
            let activity = Activity::new("1".into(), kind, tags, quantity);
            let activity = activity.map_err(|error| format!("activity: {error}"))?;
            let earning = evaluate_activity(program, &member, &activity, now);
            let earning = earning.map_err(|error| error.to_string())?;
            compare(
                expect,
                &EarningDocument::of_activity(program, &activity, &earning),
            )
        }
        _ => Err("write either a cart or an activity".into()),
    }
}

/// The difference between what is expected and what is earned.
fn compare(expect: Expectation, earning: &EarningDocument<'_>) -> Result<Vec<String>, String> {
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    if let Some(points) = expect.points {
        expected.push(format!("points {points}"));
        found.push(format!("points {}", earning.points));
    }
    if let Some(counted) = expect.counted {
        expected.push(format!("counted {counted}"));
        found.push(format!("counted {}", earning.counted));
    }
    for (id, points) in expect.lines.into_iter().flatten() {
        let line = earning.lines.iter().find(|line| line.id == id);
        let line = line.ok_or_else(|| format!("expect.lines: the cart has no line {id:?}"))?;
        expected.push(format!("line {id} {points}"));
        found.push(format!("line {id} {}", line.points));
    }
    for (id, amount) in expect.credits.into_iter().flatten() {
        let credit = earning.credits.iter().find(|credit| credit.balance == id);
        let credit = credit.map_or("nothing".into(), |credit| credit.amount.to_string());
        expected.push(format!("credit {id} {amount}"));
        found.push(format!("credit {id} {credit}"));
    }
    if let Some(reasons) = expect.reasons {
        expected.extend(reasons);
        found.extend(reason_lines(earning));
    }
    if expected.is_empty() && found.is_empty() {
        return Err("it expects nothing; write expect = { points = 18 }".into());
    }
    Ok(difference(&expected, &found))
}

/// An instant of the file; without an offset it is the time of the shop's clocks.
fn instant(at: Datetime, program: &Program) -> Result<Timestamp, String> {
    let read = parse_instant(at.to_string().as_bytes(), program.calendar());
    let mend = "at: write a date with its time, such as 2026-05-01T12:00:00Z";
    read.ok_or_else(|| mend.to_owned())
}

/// The shortest way from one list to the other, by their longest common subsequence.
fn difference(expected: &[String], found: &[String]) -> Vec<String> {
    // `common[i][j]`: how long it is for what begins at i and at j.
    let mut common = vec![vec![0_usize; found.len() + 1]; expected.len() + 1];
    for i in (0..expected.len()).rev() {
        for j in (0..found.len()).rev() {
            common[i][j] = if expected[i] == found[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut told = Vec::new();
    while i < expected.len() || j < found.len() {
        let is_found = |j: usize| j < found.len();
        if i < expected.len() && is_found(j) && expected[i] == found[j] {
            told.push(format!("  {}", expected[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < expected.len() && (!is_found(j) || common[i + 1][j] >= common[i][j + 1]) {
            told.push(format!("- {}", expected[i]));
            i += 1;
        } else {
            told.push(format!("+ {}", found[j]));
            j += 1;
        }
    }
    told
}
