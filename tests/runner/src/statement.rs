//! Statements as somebody keeps them, and what a check of each finds.
//!
//! Nobody is asked: the hashes in the file are another implementation's. Its invariant: of a statement that is found good
//! its end is told, and of another one the first place that is not as it should be.

use earnest_core::EntryHash;
use earnest_core::statement::verify;
use earnest_core::wire::StatementDocument;
use serde::Deserialize;

use crate::{Outcome, difference, parsed};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    statement: StatementDocument,
    /// A hash that somebody kept of an earlier one.
    kept: Option<String>,
    expect: Told,
}

/// What is found.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
enum Told {
    Good {
        entries: usize,
        balance: i64,
        /// The hash at the end.
        hash: Option<String>,
        /// Whether the ledger still has what was kept; absent where nothing was.
        holds_kept: Option<bool>,
    },
    Broken {
        rule: String,
        pointer: String,
        seq: Option<u64>,
    },
}

pub(crate) fn run(text: &str) -> Outcome {
    let vectors: Vectors = parsed(text);
    let mut outcome = Outcome::default();
    for case in &vectors.cases {
        let differs = difference(&case.expect, &case.found(), |told| format!("{told:?}"));
        outcome.add(&case.name, &case.why, differs);
    }
    outcome
}

impl Case {
    fn found(&self) -> Told {
        let kept = self.kept.as_deref();
        let kept = kept.map(|text| text.parse::<EntryHash>().expect("a hash"));
        match verify(&self.statement) {
            Ok(found) => Told::Good {
                entries: found.entries,
                balance: found.balance,
                hash: found.head().map(ToString::to_string),
                holds_kept: kept.map(|kept| found.holds(&kept)),
            },
            Err(found) => Told::Broken {
                rule: found.rule.code().to_owned(),
                pointer: found.pointer,
                seq: found.seq,
            },
        }
    }
}
