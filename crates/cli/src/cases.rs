//! `earnest test`: a merchant's own cases against a program, for their CI.
//!
//! Owns the file of cases and the telling of what differs. Its invariant: a case that expects nothing is
//! unusable, so a run that passes has judged something.

use std::collections::BTreeMap;

use clap::Args;
use earnest_core::wire::{CartDocument, EarningDocument, SnapshotDocument};
use earnest_core::{
    Activity, Cart, Decimal, Program, Snapshot, Timestamp, evaluate, evaluate_activity,
};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::Datetime;

use crate::Verdict;
use crate::input::{read_program, read_text};
use crate::members::known_tier;
use crate::orders::instant::parse_instant;
use crate::outcome::{Occasion, Outcome, outcome};
use crate::output::{Output, Paint};
use crate::preview::{known_kind, reason_lines};
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
                        expect = { points = 18, counted = \"12.00\", lines = { 1 = 18 }, reasons = [\"rate +12\", \"tier gold +6\"] }\n\n  \
                        [[cases]]\n  name = \"A review with a photo\"\n  at = 2026-05-01\n  \
                        activity = { kind = \"review\", tags = [\"photo\"] }\n  \
                        expect = { points = 50, challenge_points = 100, badges = [\"Critic\"], rewards = [], tier = \"gold\" }")]
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
    /// Points for joining, where the case has no member.
    welcome_points: Option<i64>,
    /// Points for the steps of challenges.
    challenge_points: Option<i64>,
    /// The ids of the rewards that are given.
    rewards: Option<Vec<String>>,
    badges: Option<Vec<String>>,
    /// The id of the tier afterwards; an empty text for none.
    tier: Option<String>,
}

/// How a case went.
#[derive(Serialize)]
struct Judged {
    name: String,
    line: usize,
    passed: bool,
    /// Why it cannot be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    unusable: Option<String>,
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
        if document.cases.is_empty() {
            return Err(unusable(
                "it has no cases; begin each with [[cases]]".into(),
            ));
        }
        let outcomes = document.cases.into_iter().map(|case| {
            let line = 1 + text[..case.name.span().start].matches('\n').count();
            let name = case.name.get_ref().clone();
            let (difference, unusable) = match judge(&program, case) {
                Ok(difference) => (difference, None),
                Err(message) => (Vec::new(), Some(message)),
            };
            Judged {
                passed: unusable.is_none() && difference.iter().all(|line| line.starts_with("  ")),
                name,
                line,
                unusable,
                difference,
            }
        });
        let outcomes: Vec<Judged> = outcomes.collect();
        let cannot = outcomes.iter().filter(|it| it.unusable.is_some());
        let cannot: Vec<String> = cannot
            .map(|it| {
                let message = it.unusable.as_deref().unwrap_or_default();
                format!("line {}, case {:?}: {message}", it.line, it.name)
            })
            .collect();
        let passed = outcomes.iter().filter(|outcome| outcome.passed).count();
        let failed = outcomes.len() - passed - cannot.len();
        if self.json {
            let answer =
                serde_json::json!({ "passed": passed, "failed": failed, "cases": outcomes });
            output.say_json(&answer);
        } else {
            let told: String = outcomes
                .iter()
                .filter(|it| it.unusable.is_none())
                .map(|outcome| outcome.for_people(&self.cases, output.paint()))
                .collect();
            output.say(&format!("{told}\n{passed} passed, {failed} failed\n"));
        }
        if !cannot.is_empty() {
            return Err(unusable(cannot.join("\n  ")));
        }
        Ok(Verdict::from(failed == 0))
    }
}

impl Judged {
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
    let hers = member
        .map(|document| Snapshot::try_from(document).map_err(|error| format!("member: {error}")));
    let hers = hers.transpose()?;
    let newcomer = program.newcomer();
    let member = hers.as_ref().unwrap_or(&newcomer);
    known_tier(member, program)?;
    match (cart, activity) {
        (Some(cart), None) => {
            let cart =
                Cart::try_from(cart).map_err(|error| format!("cart{}: {error}", error.pointer))?;
            let earning = evaluate(program, member, &cart, now);
            let earning = earning.map_err(|error| error.to_string())?;
            let outcome = outcome(
                program,
                hers.as_ref(),
                Occasion::Order(&cart),
                &earning,
                now,
            )?;
            let document = EarningDocument::new(program, &cart, &earning);
            compare(expect, &document, &outcome)
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
            known_kind(program, activity.kind()).map_err(|error| format!("activity.{error}"))?;
            let earning = evaluate_activity(program, member, &activity, now);
            let earning = earning.map_err(|error| error.to_string())?;
            let occasion = Occasion::Activity(&activity);
            let outcome = outcome(program, hers.as_ref(), occasion, &earning, now)?;
            let document = EarningDocument::of_activity(program, &activity, &earning);
            compare(expect, &document, &outcome)
        }
        _ => Err("write either a cart or an activity".into()),
    }
}

/// The difference between what is expected and what is earned.
fn compare(
    expect: Expectation,
    earning: &EarningDocument<'_>,
    outcome: &Outcome,
) -> Result<Vec<String>, String> {
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    if let Some(points) = expect.points {
        expected.push(format!("points {points}"));
        found.push(format!("points {}", earning.points));
    }
    if let Some(counted) = expect.counted {
        // 10 and 10.00 are the same amount.
        let is = earning.counted.to_string();
        let is_same = same_amount(&counted, &is);
        let counted = if is_same { is } else { counted };
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
        let is_same = same_amount(&amount, &credit);
        let amount = if is_same { credit.clone() } else { amount };
        expected.push(format!("credit {id} {amount}"));
        found.push(format!("credit {id} {credit}"));
    }
    for (what, points, is) in [
        (
            "welcome points",
            expect.welcome_points,
            outcome.welcome_points,
        ),
        (
            "challenge points",
            expect.challenge_points,
            outcome.challenge_points,
        ),
    ] {
        if let Some(points) = points {
            expected.push(format!("{what} {points}"));
            found.push(format!("{what} {is}"));
        }
    }
    let rewards = outcome
        .rewards
        .iter()
        .map(|it| it.reward.as_str())
        .collect();
    let badges = outcome.badges.iter().map(|it| it.badge.as_str()).collect();
    for (what, wanted, given) in [
        ("reward", expect.rewards, rewards),
        ("badge", expect.badges, badges),
    ] {
        let given: Vec<&str> = given;
        let Some(wanted) = wanted else {
            continue;
        };
        // None at all is said by an empty list, and told as one.
        let or_none = |list: Vec<String>| match list.as_slice() {
            [] => vec![format!("no {what}")],
            _ => list,
        };
        expected.extend(or_none(
            wanted.iter().map(|it| format!("{what} {it}")).collect(),
        ));
        found.extend(or_none(
            given.iter().map(|it| format!("{what} {it}")).collect(),
        ));
    }
    if let Some(tier) = expect.tier {
        let in_words = |id: &str| {
            if id.is_empty() {
                "no tier".into()
            } else {
                format!("tier {id}")
            }
        };
        expected.push(in_words(&tier));
        found.push(in_words(outcome.tier.as_deref().unwrap_or_default()));
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

/// Whether both are the same amount, as 10 and 10.00 are.
fn same_amount(one: &str, other: &str) -> bool {
    let amount = |text: &str| text.parse::<Decimal>().ok();
    let both = amount(one).zip(amount(other));
    both.is_some_and(|(one, other)| one.normalize() == other.normalize())
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
