//! Something in a file that is not of its kind: a key that nobody knows, one that is missing, a value of another kind.
//!
//! Owns the way from what serde says, in words of Rust, to what would be right in words of the file, and what can
//! stand in its place so that the rest is read too.

use serde_json::{Value, json};

/// The key of the program that no author writes, and that is therefore not offered.
const NOT_OFFERED: &str = "`digest`, ";

/// One thing that could not be read.
pub(super) struct Fault {
    /// Where serde found it: the value, or the table that lacks something.
    pub(super) pointer: String,
    pub(super) kind: FaultKind,
    /// What serde says of it.
    said: String,
}

pub(super) enum FaultKind {
    /// A key that its table does not have.
    Unknown,
    /// A key that its table must have.
    Missing(String),
    /// A value that is not of its kind.
    Value,
}

impl Fault {
    pub(super) fn new(pointer: String, said: &str) -> Self {
        let missing = said.strip_prefix("missing field `");
        let kind = match missing.and_then(|it| it.split('`').next()) {
            Some(field) => FaultKind::Missing(field.to_owned()),
            None if said.starts_with("unknown field") => FaultKind::Unknown,
            None => FaultKind::Value,
        };
        let said = said.replace(NOT_OFFERED, "");
        Self {
            pointer,
            kind,
            said,
        }
    }

    /// The place that is at fault.
    pub(super) fn place(&self) -> String {
        match &self.kind {
            FaultKind::Missing(field) => format!("{}/{field}", self.pointer),
            FaultKind::Unknown | FaultKind::Value => self.pointer.clone(),
        }
    }

    pub(super) fn wants_list(&self) -> bool {
        self.expected() == Some("a sequence")
    }

    fn expected(&self) -> Option<&str> {
        let wrong = self.said.strip_prefix("invalid ")?;
        wrong.rsplit_once(", expected ").map(|(_, it)| it)
    }

    /// Something of the kind that is wanted, as far as that was said. Nothing is told of it.
    pub(super) fn stand_in(&self) -> Value {
        let variant = self.said.strip_prefix("unknown variant");
        let first = variant.and_then(|it| it.split('`').nth(3));
        match (first, self.expected()) {
            (Some(variant), _) => variant.into(),
            (None, Some("a sequence")) => json!([]),
            (None, Some("a string")) => "".into(),
            (None, Some("a boolean")) => false.into(),
            (None, Some(it)) if !is_table(it) => {
                // An enum, of which the next reading tells the variants; else a number.
                let is_enum = it.starts_with("enum ")
                    || it.starts_with("variant ")
                    || it.starts_with("string or map");
                if is_enum { "".into() } else { 1.into() }
            }
            _ => json!({}),
        }
    }

    /// What is wrong and what would be right, of the value that stands there.
    pub(super) fn in_plain_words(&self, value: Option<&Value>) -> String {
        if let FaultKind::Missing(field) = &self.kind {
            return match example(&self.pointer, field) {
                Some(example) => format!("`{field}` is missing; write it, such as `{example}`"),
                None => format!("`{field}` is missing; write it"),
            };
        }
        if let Some(meant) = meant(&self.said) {
            return meant;
        }
        match self.expected() {
            None => self.said.clone(),
            Some("u32") => "write a whole number, 0 or more".into(),
            Some("i64") => "write a whole number".into(),
            Some("a string") => "write a text in quotes".into(),
            Some("a boolean") => "write true or false".into(),
            Some("a sequence") => self.list(value),
            Some(it) if is_table(it) => "write a table".into(),
            Some(it) => format!("write {it}"),
        }
    }

    /// How the list is written that this value is no list of.
    fn list(&self, value: Option<&Value>) -> String {
        let key = self.pointer.rsplit('/').next().unwrap_or_default();
        let is_of_the_program = self.pointer.matches('/').count() == 1;
        match value {
            _ if is_of_the_program => {
                format!("this is a list of tables; begin each with `[[{key}]]`, in two brackets")
            }
            Some(Value::Object(_)) => {
                format!("this is a list of tables; write `{key} = [{{ … }}]`")
            }
            Some(Value::String(text)) => format!("write a list, such as [{text:?}]"),
            Some(Value::Number(number)) => format!("write a list, such as [{number}]"),
            _ => "write a list, such as [\"coffee\", \"tea\"]".into(),
        }
    }
}

fn is_table(expected: &str) -> bool {
    expected.starts_with("struct ") || expected == "a map"
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

/// How a key that must be there is written, in the part of the program that the pointer begins with.
fn example(pointer: &str, field: &str) -> Option<&'static str> {
    let part = pointer.split('/').nth(1).unwrap_or_default();
    Some(match (part, field) {
        ("", "version") => "version = 1",
        ("", "name") => "name = \"Coffee club\"",
        (_, "one") => "one = \"star\"",
        (_, "other") => "other = \"stars\"",
        ("balances", "id") => "id = \"credit\"",
        ("balances", "name") => "name = \"Store credit\"",
        ("tiers", "id") => "id = \"gold\"",
        ("tiers", "name") => "name = \"Gold\"",
        ("tiers" | "membership", "label") => "label = \"Free shipping\"",
        ("membership", "name") => "name = \"Coffee club plus\"",
        ("rewards", "id") => "id = \"five-off\"",
        ("rewards", "name") => "name = \"5.00 off\"",
        ("rewards", "gives") => "gives = { amount_off = { EUR = 5 } }",
        ("surprises", "gives") => "gives = { points = 50 }",
        ("challenges", "id") => "id = \"three-orders\"",
        ("challenges", "label") => "label = \"3 orders in a month\"",
        ("partners", "id") => "id = \"harbour-hotel\"",
        ("partners", "name") => "name = \"Harbour Hotel\"",
        ("exclusions", "id") => "id = \"gift-cards\"",
        ("exclusions", "label") => "label = \"Gift cards earn nothing\"",
        (_, "when") => "when = { categories = [\"gift-cards\"] }",
        (_, "id") => "id = \"double-coffee\"",
        (_, "label") => "label = \"2x on coffee\"",
        (_, "grant") => "grant = { multiply = 2 }",
        (_, "combine") => "combine = \"best\"",
        (_, "every") => "every = 10",
        (_, "points") => "points = 5",
        (_, "count") => "count = \"orders\"",
        (_, "steps") => "steps = [{ at = 3, points = 50 }]",
        (_, "at") => "at = 3",
        (_, "kind") => "kind = \"free-shipping\"",
        (_, "currency") => "currency = \"EUR\"",
        (_, "from") => "from = 2027-06-01",
        (_, "until") => "until = 2027-08-31",
        (_, "one_in") => "one_in = 20",
        (_, "commitment") => "commitment = \"sha256:…\"",
        (_, "return_days") => "return_days = 14",
        _ => return None,
    })
}
