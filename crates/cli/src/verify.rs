//! `earnest verify`: whether a member's statement is what her ledger was.
//!
//! Owns the telling; what holds in a statement is the core's to know. Nothing is asked of anybody: who has the
//! file can check it.

use std::collections::BTreeMap;

use clap::Args;
use earnest_core::EntryHash;
use earnest_core::statement::{Break, Verified, verify};
use earnest_core::wire::StatementDocument;
use serde::Serialize;

use crate::Verdict;
use crate::figure::grouped;
use crate::input::read_json;
use crate::output::{Output, Paint};
use crate::unusable::Unusable;

/// A statement, and what was kept of an earlier one.
#[derive(Args)]
#[command(after_help = "Examples:\n  earnest verify statement.json\n  \
                        earnest verify later.json --kept \
                        8fa2cd3c0efe0a10ad1817ea20aca55894affc52aa96b8525992f2048ce1034c\n\n\
                        A statement is what GET /v1/members/{id}/statement answers. Keep the hash that is told: \
                        while a later statement holds it, nothing up to it was changed, left out or put in.")]
pub(crate) struct Verify {
    /// The statement, as JSON; - is standard input
    statement: String,
    /// A hash kept from an earlier statement: one of these entries must have it
    #[arg(long, value_name = "HASH")]
    kept: Option<EntryHash>,
    /// Answer with {good, entries, hash, …}, or {good, pointer, rule, written, right, …}
    #[arg(long)]
    json: bool,
}

/// What was found, for programs.
#[derive(Serialize)]
#[serde(untagged)]
enum Told<'a> {
    Good {
        good: bool,
        entries: usize,
        chained_from: Option<u64>,
        balance_points: i64,
        hash: Option<String>,
        /// Balances of money by their ids, in minor units.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        credits: BTreeMap<&'a str, i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        holds_kept: Option<bool>,
    },
    Broken {
        good: bool,
        pointer: &'a str,
        seq: Option<u64>,
        rule: &'static str,
        message: String,
        written: &'a str,
        right: &'a str,
    },
}

impl Verify {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let statement: StatementDocument = read_json(&self.statement).map_err(no_statement)?;
        let found = verify(&statement);
        let holds_kept = found.as_ref().ok().and_then(|verified| {
            let kept = self.kept.as_ref()?;
            Some(verified.holds(kept))
        });
        let is_good = found.is_ok() && holds_kept != Some(false);
        if self.json {
            output.say_json(&Told::new(&found, is_good, holds_kept));
        } else {
            let paint = output.paint();
            let told = match &found {
                Ok(verified) => good_for_people(&statement, verified, holds_kept, paint),
                Err(found) => break_for_people(found, paint),
            };
            output.say(&format!("{}: {told}", self.statement));
        }
        Ok(Verdict::from(is_good))
    }
}

/// What is wrong in a document, with where a right one is had.
fn no_statement(error: Unusable) -> Unusable {
    match error {
        Unusable::Document { path, message } => Unusable::Document {
            path,
            message: format!(
                "{message}; a statement is what GET /v1/members/{{id}}/statement answers"
            ),
        },
        other => other,
    }
}

impl<'a> Told<'a> {
    fn new(found: &'a Result<Verified, Break>, good: bool, holds_kept: Option<bool>) -> Self {
        match found {
            Ok(verified) => Self::Good {
                good,
                entries: verified.entries,
                chained_from: verified.chained_from,
                balance_points: verified.balance,
                hash: verified.head().map(ToString::to_string),
                credits: verified
                    .credits
                    .iter()
                    .map(|(id, minor)| (&**id, *minor))
                    .collect(),
                holds_kept,
            },
            Err(found) => Self::Broken {
                good,
                pointer: &found.pointer,
                seq: found.seq,
                rule: found.rule.code(),
                message: found.to_string(),
                written: &found.written,
                right: &found.right,
            },
        }
    }
}

fn good_for_people(
    statement: &StatementDocument,
    verified: &Verified,
    holds_kept: Option<bool>,
    paint: Paint,
) -> String {
    let verdict = match holds_kept {
        Some(false) => paint.red("rewritten"),
        _ => paint.green("good"),
    };
    let entries = match verified.entries {
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    };
    let balance = grouped(verified.balance);
    let (member, shop) = (&statement.member_id, &statement.shop);
    let mut text = format!("{verdict}. {member} of {shop}, {entries}, balance {balance}\n");
    for (id, minor) in &verified.credits {
        text += &format!(
            "balance of money {id}: {} in minor units\n",
            grouped(*minor)
        );
    }
    let first = statement.opening.seq.saturating_add(1);
    if first > 1 {
        text += &format!("begins with entry {first}: what is before is taken as it is told\n");
    }
    let chained_from = verified
        .chained_from
        .unwrap_or(statement.closing.seq.saturating_add(1));
    if chained_from > first {
        let last = chained_from.saturating_sub(1);
        text += &format!(
            "entries {first} to {last} are from before the chain began: only their sums can be checked\n"
        );
    }
    match holds_kept {
        Some(true) => text += "holds the hash that was kept: nothing up to it was changed since\n",
        Some(false) => {
            return text
                + "no entry here has the hash that was kept: it is of another ledger, or something \
                   up to it was changed since\n";
        }
        None => {}
    }
    if let Some(holdings) = &statement.holdings {
        let is_over = |end: i64| end <= statement.exported_at;
        let over = (holdings.lots.iter()).filter(|lot| lot.2.is_some_and(is_over));
        let over = over.fold(0_i64, |sum, lot| sum.saturating_add(lot.0));
        if over > 0 {
            let over = grouped(over);
            text += &format!("of the balance {over} had expired, which the cron books next\n");
        }
        text +=
            "not checked, as no entry says it: when points mature and expire, and what is owed\n";
    }
    if !verified.credits.is_empty() {
        text += "only added up, as no hash holds it: the money, and what its entries say\n";
    }
    if let Some(head) = verified.head() {
        text += &format!("keep this hash: {head}\n");
    }
    text
}

fn break_for_people(found: &Break, paint: Paint) -> String {
    let entry = found.seq.map(|seq| format!(" at entry {seq},"));
    format!(
        "{}{} {}\n{}\n  written  {}\n  right    {}\n",
        paint.red("broken"),
        entry.unwrap_or_default(),
        found.pointer,
        found.rule.sentence(),
        found.written,
        found.right,
    )
}
