//! The shared vectors, read and run: what the core says, beside what was worked out by hand.
//!
//! Owns the files' formats, which `tests/vectors/README.md` tells. Native tests call [`run`], and so does a page, as a
//! module, so that both hold the same against the same; a running edge is asked by `tests/it`, which reads the cases by
//! the types of this crate. Its invariant: a file that cannot be read stops the run, and what differs is told with
//! how it was worked out.

mod accounting;
pub mod benefits;
pub mod earning;
pub mod life;
#[cfg(target_family = "wasm")]
pub mod page;
mod statement;

use std::collections::BTreeMap;
use std::fmt::Display;

use earnest_core::wire::ProgramDocument;
use earnest_core::{Program, Timestamp, compile};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A case without a time has a program that does not ask for it.
pub const ANY_DAY: &str = "2026-06-15T12:00:00Z";

/// What came of a file.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// How many cases it has.
    pub cases: usize,
    /// What differs from what was worked out by hand, a text for each case.
    pub differing: Vec<String>,
}

impl Outcome {
    /// One more case.
    fn add(&mut self, name: &str, why: &str, differs: Option<String>) {
        self.cases = self.cases.saturating_add(1);
        let told = differs.map(|differs| format!("{name}\n  by hand: {why}\n  {differs}"));
        self.differing.extend(told);
    }
}

/// Runs a file: `name` is its path below `tests/vectors`, without the ending.
///
/// # Panics
/// When it is not as the format has it, or has a name that no format is known by.
#[must_use]
pub fn run(name: &str, text: &str) -> Outcome {
    match name.split_once('/') {
        Some(("life", _)) => life::run(text),
        Some(("benefits", topic)) => benefits::run(topic, text),
        Some(("presets", preset)) => earning::run_preset(preset, text),
        Some(_) => panic!("no vectors are of the folder of {name}"),
        None if name == "accounting" => accounting::run(text),
        None if name == "statements" => statement::run(text),
        None if name == "refused-carts" => earning::run_refused(text),
        None => earning::run(text),
    }
}

/// The program as a shell has it: compiled once, then read from the published document.
///
/// # Panics
/// When the source has mistakes.
#[must_use]
pub fn published(name: &str, source: &str) -> Program {
    let compiled =
        compile::compile(source).unwrap_or_else(|problems| panic!("{name}:\n{problems}"));
    let document: ProgramDocument = parsed(&compiled.document);
    Program::try_from(document).expect("a published program")
}

/// The programs of a file.
fn all_published(sources: &BTreeMap<String, String>) -> BTreeMap<&str, Program> {
    let programs = sources.iter();
    let programs = programs.map(|(name, source)| (name.as_str(), published(name, source)));
    programs.collect()
}

/// A document of the vectors.
///
/// # Panics
/// When it is not as its format has it.
pub fn parsed<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("a file of the vectors: {error}"))
}

/// An instant of the vectors.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn instant(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().expect("an instant of the vectors");
    Timestamp::from_millis(at.as_millisecond())
}

/// How an answer differs, where it does.
fn difference<T: PartialEq>(
    expected: &T,
    found: &T,
    told: impl Fn(&T) -> String,
) -> Option<String> {
    let differs = || format!("expected {}\n  found    {}", told(expected), told(found));
    (expected != found).then(differs)
}

/// Of documents.
fn document_difference<T: PartialEq + Display>(expected: &T, found: &T) -> Option<String> {
    difference(expected, found, ToString::to_string)
}
