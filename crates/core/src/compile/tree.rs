//! The program file as a tree that knows where each key and value stands.
//!
//! Owns the way from TOML to the wire's JSON, and from a JSON pointer back to a line. Decimals keep the
//! digits that were written, so no float is involved; dates stay as they were written. What is said of a value that
//! is not what it should be is told in `fault.rs`.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Diagnostics, MAX_TOLD};
use super::fault::{Fault, FaultKind};

/// How often a file is read at most: each time at least one fault is found, and what must be there takes some more.
const MAX_READINGS: usize = 300;

/// What the parser says of a key that is there twice, and what its author is told.
const DUPLICATE: &str = "duplicate key";
const TWICE: &str = "this is written twice in its table; keep one, with all that belongs to it";

pub(super) struct Tree<'source> {
    source: &'source str,
    root: Spanned<DeTable<'source>>,
    /// The keys that are there twice.
    twice: Vec<Diagnostic>,
}

/// What was read of a tree.
pub(super) struct Reading<T> {
    /// The document; `None` where a value made it impossible.
    pub(super) document: Option<T>,
    /// What is wrong with it so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Pointers to what was passed over: keys that the document does not know, what is missing, and values of
    /// another kind. Of what stands there in their place nothing more is told.
    pub(super) passed_over: Vec<String>,
    /// How many problems there are at least that were not looked at.
    pub(super) more: usize,
}

impl<'source> Tree<'source> {
    pub(super) fn parse(source: &'source str) -> Result<Self, Diagnostics> {
        let (root, errors) = DeTable::parse_recoverable(source);
        let told = errors.iter().take(MAX_TOLD).map(|error| {
            let message = match error.message() {
                DUPLICATE => TWICE,
                message => message,
            };
            Diagnostic::at(source, error.span().unwrap_or(0..0), message)
        });
        let told = told.collect();
        let more = errors.len().saturating_sub(MAX_TOLD);
        // Of a file in which only keys are there twice, the rest is still what was written.
        if errors.iter().all(|error| error.message() == DUPLICATE) && more == 0 {
            let twice = told;
            return Ok(Self {
                source,
                root,
                twice,
            });
        }
        Err(Diagnostics::new(told, more))
    }

    /// Reads the tree as a document. What cannot be read is told and taken out, and in the place of what must be
    /// there stands something of its kind, so that the rest is read too; not without end, as each takes another
    /// reading.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Reading<T> {
        let mut reading = Reading {
            document: None,
            diagnostics: self.twice.clone(),
            passed_over: Vec::new(),
            more: 0,
        };
        let mut json = self.table_to_json(self.root.get_ref());
        for _ in 0..MAX_READINGS {
            let error = match serde_path_to_error::deserialize::<_, T>(&json) {
                Ok(document) => {
                    reading.document = Some(document);
                    return reading;
                }
                Err(error) => error,
            };
            let fault = Fault::new(pointer_to(error.path()), &error.inner().to_string());
            let at = fault.place();
            let is_new = !is_within(&at, &reading.passed_over);
            if is_new {
                if reading.diagnostics.len() >= MAX_TOLD {
                    break;
                }
                let message = fault.in_plain_words(json.pointer(&fault.pointer));
                reading.diagnostics.push(match fault.kind {
                    FaultKind::Unknown => self.key(&at, message),
                    FaultKind::Missing(_) | FaultKind::Value => self.value(&fault.pointer, message),
                });
            }
            let lists = is_new && wrap(&mut json, &fault);
            if lists {
                continue;
            }
            if is_new {
                reading.passed_over.push(at.clone());
            }
            let is_to_go = is_new && !matches!(fault.kind, FaultKind::Missing(_));
            let is_gone = is_to_go && remove(&mut json, &at);
            if !is_gone && !put(&mut json, &at, fault.stand_in()) {
                break;
            }
        }
        reading.more = 1;
        reading
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
            let step = unescaped(step);
            let next = match (table, array) {
                (Some(table), _) => {
                    let next = table.iter().find(|(key, _)| *key.get_ref() == step);
                    // The one table that was read as a list of one.
                    if next.is_none() && step == "0" {
                        continue;
                    }
                    next
                }
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

fn pointer_to(path: &serde_path_to_error::Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(step).collect()
}

/// Whether the place is one of these or inside one.
pub(super) fn is_within(pointer: &str, places: &[String]) -> bool {
    places.iter().any(|place| {
        let inside = pointer.strip_prefix(place.as_str());
        inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Makes a list of the one table that is where a list of tables is wanted; false where that is not the fault.
fn wrap(json: &mut Value, fault: &Fault) -> bool {
    match json.pointer_mut(&fault.pointer) {
        Some(table) if fault.wants_list() && table.is_object() => {
            *table = Value::Array(vec![table.take()]);
            true
        }
        _ => false,
    }
}

/// Puts a value at the pointer; false where there is no such place, or where it is there already.
fn put(json: &mut Value, pointer: &str, value: Value) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let place = match json.pointer_mut(parent) {
        Some(Value::Object(object)) => object.entry(unescaped(key)).or_insert(Value::Null),
        Some(Value::Array(items)) => {
            let item = key.parse().ok().and_then(|nth: usize| items.get_mut(nth));
            let Some(item) = item else { return false };
            item
        }
        _ => return false,
    };
    let is_other = *place != value;
    *place = value;
    is_other
}

/// Takes the key at the pointer out of its object; false where there is none.
fn remove(json: &mut Value, pointer: &str) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let object = json.pointer_mut(parent).and_then(Value::as_object_mut);
    object.is_some_and(|object| object.remove(&unescaped(key)).is_some())
}

/// A step of a pointer as the key that it means (RFC 6901, 4).
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
