//! From a program document to a program: every check that a program needs, each problem with its place.
//!
//! Owns the walk over the document and the checks that several parts share; what currencies, tiers and
//! rules must be is told in the files below. All problems are gathered, so that an author mends them in
//! one go.

mod rates;
mod rules;
mod tiers;

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::ProgramDocument;
use crate::limits::{MAX_BONUS_POINTS, MAX_ID_BYTES, MAX_RULES, MAX_TEXT_BYTES};
use crate::{Counts, Points, Program, ProgramRef, Timestamp};

/// One thing that is wrong with a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct ProgramProblem {
    /// A JSON pointer (RFC 6901) into the document: `/rules/2/grant/multiply`.
    pub pointer: String,
    /// Whether the key at the pointer is wrong, and not its value.
    pub is_about_key: bool,
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
            is_about_key: false,
            message: message.into(),
        });
    }

    fn problem_with_key(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(ProgramProblem {
            pointer: pointer.to_owned(),
            is_about_key: true,
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
        self.at_most(MAX_RULES, "/tiers", document.tiers.len());
        self.at_most(MAX_RULES, "/exclusions", document.exclusions.len());
        self.at_most(MAX_RULES, "/rules", document.rules.len());
        let tiers = self.tiers(document.tiers);
        // Exclusions and rules share their ids: a reason names either by its id alone.
        let mut ids = HashSet::new();
        let exclusions = document.exclusions.into_iter().enumerate();
        let exclusions = exclusions
            .map(|(nth, exclusion)| self.exclusion(nth, exclusion, &tiers, &mut ids))
            .collect();
        let rules = document.rules.into_iter().enumerate();
        let rules = rules
            .map(|(nth, rule)| self.rule(nth, rule, &tiers, &mut ids))
            .collect();
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

    fn at_most(&mut self, most: usize, at: &str, len: usize) {
        if len > most {
            let message = format!("at most {most} are possible, these are {len}");
            self.problem(at, message);
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
