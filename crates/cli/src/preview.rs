//! `earnest preview`: what a cart earns, and why.
//!
//! Owns the telling; the earning is that of `evaluate`, as it travels on the wire.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use earnest_core::wire::{CartDocument, EarningDocument, ReasonDocument};
use earnest_core::{Cart, Program, Timestamp, evaluate};

use crate::Verdict;
use crate::input::{parse_at, read_json, read_program};
use crate::members::{known_tier, read_member};
use crate::output::{Output, Paint};
use crate::table::Table;
use crate::unusable::Unusable;

/// A program, a cart, and who buys when.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest preview club.toml cart.json\n  \
                        earnest preview club.toml cart.json --member gold.json --at 2026-12-24T18:00:00Z\n  \
                        earnest preview club.toml - --json < cart.json\n\n\
                        A cart, in the shape of the API:\n  \
                        {\"currency\": \"EUR\", \"lines\": [{\"id\": \"1\", \"product\": \"kenya-aa\", \
                        \"quantity\": 2, \"unit_price\": \"19.99\"}]}\n\
                        A member, as GET /v1/members/{id}/snapshot answers:\n  \
                        {\"tier\": \"gold\", \"balance_points\": 120, \"earned_points\": 1500}")]
pub(crate) struct Preview {
    /// The program file
    program: String,
    /// The cart, as JSON; - is standard input
    cart: String,
    /// The member's snapshot, as JSON; else somebody who has just joined
    #[arg(long, value_name = "FILE")]
    member: Option<String>,
    /// When, by the shop's clocks or with an offset; else now
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Answer with the earning as the API does
    #[arg(long)]
    json: bool,
}

impl Preview {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let program = read_program(&self.program)?;
        let at = self.at.as_deref().map(|at| parse_at(at, &program));
        let at = at.transpose()?.unwrap_or_else(now);
        let member = read_member(self.member.as_deref(), &program)?;
        known_tier(&member, &program).map_err(Unusable::Argument)?;
        let unusable = |message| Unusable::Document {
            path: self.cart.clone(),
            message,
        };
        let document: CartDocument = read_json(&self.cart)?;
        let cart = Cart::try_from(document)
            .map_err(|error| unusable(format!("{}: {error}", error.pointer)))?;
        let earning =
            evaluate(&program, &member, &cart, at).map_err(|error| unusable(error.to_string()))?;
        let document = EarningDocument::new(&program, &cart, &earning);
        if self.json {
            output.say_json(&document);
        } else {
            output.say(&for_people(&program, &cart, &document, output.paint()));
        }
        Ok(Verdict::Good)
    }
}

/// The system's clock: the one place that reads it.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// A reason in one line: `multiplier double-bread +6`. Cases are written so too.
pub(crate) fn reason_line(reason: &ReasonDocument<'_>) -> String {
    let rule = reason.rule.map_or(String::new(), |rule| format!(" {rule}"));
    format!("{}{rule} {}", reason.code, signed(reason))
}

fn signed(reason: &ReasonDocument<'_>) -> String {
    let points = reason.points_exact.to_string();
    let is_given = !points.starts_with('-') && points != "0";
    if is_given {
        format!("+{points}")
    } else {
        points
    }
}

fn for_people(
    program: &Program,
    cart: &Cart,
    earning: &EarningDocument<'_>,
    paint: Paint,
) -> String {
    let word = program.word();
    let word = if earning.points == 1 {
        &word.one
    } else {
        &word.other
    };
    let mut text = format!(
        "{} on {} {} that count, by {}, version {}\n",
        paint.strong(format!("{} {word}", crate::figure::grouped(earning.points))),
        earning.counted,
        earning.currency,
        program.name(),
        earning.program.version,
    );
    let mut reasons = Table::new(2, &["why", "reason", &word[..]]);
    for reason in &earning.reasons {
        let name = reason.rule.map_or(String::new(), |rule| format!(" {rule}"));
        reasons.row(vec![
            reason.label.to_string(),
            format!("{}{name}", reason.code),
            signed(reason),
        ]);
    }
    let mut lines = Table::new(2, &["line", "product", "counts", &word[..]]);
    for (line, earned) in cart.lines().iter().zip(&earning.lines) {
        lines.row(vec![
            line.id.clone(),
            line.product.clone(),
            earned.counted.to_string(),
            crate::figure::grouped(earned.points),
        ]);
    }
    for table in [reasons, lines] {
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
