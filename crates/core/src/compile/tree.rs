//! The program file as a tree that knows where each key and value stands.
//!
//! Owns the way from TOML to the wire's JSON, and from a JSON pointer back to a line. Decimals keep the
//! digits that were written, so no float is involved; dates stay as they were written.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Diagnostics, MAX_TOLD};

pub(super) struct Tree<'source> {
    source: &'source str,
    root: Spanned<DeTable<'source>>,
}

/// What was read of a tree.
pub(super) struct Reading<T> {
    /// The document; `None` where a value made it impossible.
    pub(super) document: Option<T>,
    /// What is wrong with it so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Pointers to the keys that the document does not know, among what is wrong.
    pub(super) unknown_keys: Vec<String>,
    /// How many problems there are at least that were not looked at.
    pub(super) more: usize,
}

impl<'source> Tree<'source> {
    pub(super) fn parse(source: &'source str) -> Result<Self, Diagnostics> {
        let (root, errors) = DeTable::parse_recoverable(source);
        if errors.is_empty() {
            return Ok(Self { source, root });
        }
        let told = errors
            .iter()
            .take(MAX_TOLD)
            .map(|error| Diagnostic::at(source, error.span().unwrap_or(0..0), error.message()));
        let more = errors.len().saturating_sub(MAX_TOLD);
        Err(Diagnostics::new(told.collect(), more))
    }

    /// Reads the tree as a document. Keys that the document does not know are told and passed over, so
    /// that the rest is read too; not without end, as each takes another reading.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Reading<T> {
        let mut reading = Reading {
            document: None,
            diagnostics: Vec::new(),
            unknown_keys: Vec::new(),
            more: 0,
        };
        let told = &mut reading.diagnostics;
        let mut json = self.table_to_json(self.root.get_ref());
        loop {
            let error = match serde_path_to_error::deserialize::<_, T>(&json) {
                Ok(document) => {
                    reading.document = Some(document);
                    return reading;
                }
                Err(error) => error,
            };
            if told.len() >= MAX_TOLD {
                reading.more = 1;
                return reading;
            }
            let pointer = pointer_to(error.path());
            let message = in_plain_words(error.inner().to_string());
            if message.starts_with("unknown field") && remove(&mut json, &pointer) {
                told.push(self.key(&pointer, message));
                reading.unknown_keys.push(pointer);
            } else {
                told.push(self.value(&pointer, message));
                return reading;
            }
        }
    }

    /// A problem with the value at a pointer, or with the nearest table that holds its place.
    pub(super) fn value(&self, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(self.source, self.spans(pointer).1, message)
    }

    /// A problem with the last key of a pointer.
    pub(super) fn key(&self, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(self.source, self.spans(pointer).0, message)
    }

    /// Where the last key of the pointer stands, and its value; what is missing is where its table is.
    fn spans(&self, pointer: &str) -> (Range<usize>, Range<usize>) {
        let mut table = Some(self.root.get_ref());
        let mut array: Option<&[Spanned<DeValue<'_>>]> = None;
        let mut found = (0..0, 0..0);
        for step in pointer.split('/').skip(1) {
            let next = match (table, array) {
                (Some(table), _) => table.iter().find(|(key, _)| key.get_ref() == step),
                (None, Some(items)) => {
                    let item = step.parse().ok().and_then(|nth: usize| items.get(nth));
                    let Some(item) = item else { break };
                    found = (item.span(), item.span());
                    (table, array) = inner(item.get_ref());
                    continue;
                }
                (None, None) => None,
            };
            let Some((key, value)) = next else { break };
            found = (key.span(), value.span());
            (table, array) = inner(value.get_ref());
        }
        found
    }

    fn table_to_json(&self, table: &DeTable<'_>) -> Value {
        let entries = table.iter().map(|(key, value)| {
            let key = key.get_ref().to_string();
            (key, self.value_to_json(value))
        });
        Value::Object(entries.collect())
    }

    fn value_to_json(&self, value: &Spanned<DeValue<'_>>) -> Value {
        match value.get_ref() {
            DeValue::String(text) => text.to_string().into(),
            DeValue::Boolean(yes) => (*yes).into(),
            // The digits that were written: `1.5` is exactly 1.5.
            DeValue::Float(number) => number.as_str().into(),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| number.to_string().into(), Value::from),
            // What it means depends on the shop's time zone.
            DeValue::Datetime(date) => date.to_string().into(),
            DeValue::Array(items) => items.iter().map(|item| self.value_to_json(item)).collect(),
            DeValue::Table(table) => self.table_to_json(table),
        }
    }
}

type Inner<'t, 's> = (Option<&'t DeTable<'s>>, Option<&'t [Spanned<DeValue<'s>>]>);

fn inner<'t, 's>(value: &'t DeValue<'s>) -> Inner<'t, 's> {
    match value {
        DeValue::Table(table) => (Some(table), None),
        DeValue::Array(items) => (None, Some(items)),
        _ => (None, None),
    }
}

/// What would be right, where serde tells what it found, which the caret shows, in words of Rust.
fn in_plain_words(message: String) -> String {
    if let Some(meant) = meant(&message) {
        return meant;
    }
    let expected = message
        .strip_prefix("invalid ")
        .and_then(|it| it.rsplit_once(", expected "));
    match expected {
        None => message,
        Some((_, "u32")) => "write a whole number, 0 or more".into(),
        Some((_, "i64")) => "write a whole number".into(),
        Some((_, "a string")) => "write a text in quotes".into(),
        Some((_, "a boolean")) => "write true or false".into(),
        Some((_, "a sequence")) => "write a list, such as [\"coffee\", \"tea\"]".into(),
        Some((_, it)) if it.starts_with("struct ") || it == "a map" => "write a table".into(),
        Some((_, it)) => format!("write {it}"),
    }
}

/// `unknown field x; did you mean y`, where one of the known names is near enough to be meant.
fn meant(message: &str) -> Option<String> {
    let unknown = message.strip_prefix("unknown ")?;
    let (unknown, known) = unknown.split_once(", expected ")?;
    let written = unknown.split('`').nth(1)?;
    let likeness = |name: &&str| strsim::jaro_winkler(written, name);
    let nearest = known
        .split('`')
        .skip(1)
        .step_by(2)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&nearest) > 0.8).then(|| format!("unknown {unknown}; did you mean `{nearest}`?"))
}

fn pointer_to(path: &serde_path_to_error::Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{key}")),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(step).collect()
}

/// Takes the key at the pointer out of its object; false where there is none.
fn remove(json: &mut Value, pointer: &str) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let object = json.pointer_mut(parent).and_then(Value::as_object_mut);
    object.is_some_and(|object| object.remove(key).is_some())
}
