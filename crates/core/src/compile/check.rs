//! Every check that a program needs before it is published, each problem with its place.
//!
//! Owns the walk over the document and the checks that several parts share; what currencies, tiers and
//! rules must be is told in the files below. All problems are gathered, so that an author mends them in
//! one go.

mod rates;
mod rules;
mod tiers;

use std::collections::HashSet;

use crate::Decimal;

use crate::limits::{MAX_BONUS_POINTS, MAX_ID_BYTES, MAX_RULES, MAX_TEXT_BYTES};
use crate::wire::ProgramDocument;

/// Everything that is wrong with a program.
pub(super) fn check(document: &ProgramDocument) -> Vec<Problem> {
    let mut check = Check::default();
    check.program(document);
    check.problems
}

/// One thing that is wrong.
pub(super) struct Problem {
    /// A JSON pointer (RFC 6901) into the document: `/rules/2/grant/multiply`.
    pub(super) pointer: String,
    /// Whether the key at the pointer is wrong, and not its value.
    pub(super) is_about_key: bool,
    /// What is wrong, and what would be right.
    pub(super) message: String,
}

/// The problems found so far.
#[derive(Default)]
struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn problem(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            pointer: pointer.to_owned(),
            is_about_key: false,
            message: message.into(),
        });
    }

    fn problem_with_key(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            pointer: pointer.to_owned(),
            is_about_key: true,
            message: message.into(),
        });
    }

    fn program(&mut self, document: &ProgramDocument) {
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
        self.rates(document);
        self.at_most(MAX_RULES, "/tiers", document.tiers.len());
        self.at_most(MAX_RULES, "/exclusions", document.exclusions.len());
        self.at_most(MAX_RULES, "/rules", document.rules.len());
        self.tiers(&document.tiers);
        // Exclusions and rules share their ids: a reason names either by its id alone.
        let mut ids = HashSet::new();
        for (nth, exclusion) in document.exclusions.iter().enumerate() {
            self.exclusion(nth, exclusion, &document.tiers, &mut ids);
        }
        for (nth, rule) in document.rules.iter().enumerate() {
            self.rule(nth, rule, &document.tiers, &mut ids);
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
