//! What differs between two contents that came under one id: where, and in words.
//!
//! Lines are compared by their ids: their order means nothing. An e-mail's hash is compared but not told.

use serde_json::Value;

/// Differences that are listed; a report of a thousand helps nobody.
const MAX_LISTED: usize = 50;
/// Differences that are told in words.
const MAX_TOLD: usize = 3;
/// Characters of a value that are told.
const MAX_VALUE_CHARS: usize = 60;

/// Where an order or an activity is not the one that was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences {
    /// JSON pointers to some of the places.
    pub pointers: Vec<String>,
    words: String,
}

impl Differences {
    /// In words, for what is called `an order`.
    pub fn told(&self, what: &str) -> String {
        let words = &self.words;
        format!("{what} with this id has been booked, and it was another: {words}")
    }
}

/// One place where two contents differ.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Difference {
    pointer: String,
    was: Option<Value>,
    is: Option<Value>,
}

/// Compares what was booked with what came under the same id. `Ok` when it is the same.
///
/// # Errors
/// Where they differ.
pub fn check_same(was: &str, is: &str) -> Result<(), Differences> {
    if was == is {
        return Ok(());
    }
    let parse = |text| serde_json::from_str(text).unwrap_or(Value::Null);
    let mut found = Vec::new();
    compare("", Some(&parse(was)), Some(&parse(is)), &mut found);
    if found.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = found.iter().take(MAX_TOLD).map(Difference::told).collect();
    let more = match found.len().saturating_sub(MAX_TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let pointers = found.into_iter().take(MAX_LISTED);
    Err(Differences {
        pointers: pointers.map(|difference| difference.pointer).collect(),
        words: told.join("; ") + &more,
    })
}

fn compare(pointer: &str, was: Option<&Value>, is: Option<&Value>, found: &mut Vec<Difference>) {
    let child = |name: &dyn std::fmt::Display| format!("{pointer}/{name}");
    match (was, is) {
        (Some(Value::Object(was)), Some(Value::Object(is))) => {
            for (name, was) in was {
                compare(&child(&escaped(name)), Some(was), is.get(name), found);
            }
            for (name, is) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
                compare(&child(&escaped(name)), None, Some(is), found);
            }
        }
        (Some(Value::Array(was)), Some(Value::Array(is))) => {
            for (nth, item) in is.iter().enumerate() {
                compare(&child(&nth), twin(was, nth, item), Some(item), found);
            }
            for (nth, item) in was.iter().enumerate() {
                if twin(is, nth, item).is_none() {
                    compare(&child(&nth), Some(item), None, found);
                }
            }
        }
        (was, is) if present(was) == present(is) => {}
        (was, is) => found.push(Difference {
            pointer: pointer.to_owned(),
            was: was.cloned(),
            is: is.cloned(),
        }),
    }
}

/// What stands for an item in the other list: what has its id, or else its place.
fn twin<'a>(others: &'a [Value], nth: usize, item: &Value) -> Option<&'a Value> {
    match item.get("id") {
        Some(id) => others.iter().find(|other| other.get("id") == Some(id)),
        None => others.get(nth),
    }
}

/// Null says as much as nothing.
fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

impl Difference {
    fn told(&self) -> String {
        let pointer = &self.pointer;
        if pointer == "/customer/email" {
            return format!("{pointer} was another");
        }
        match (present(self.was.as_ref()), present(self.is.as_ref())) {
            (Some(was), Some(is)) => format!("{pointer} was {} and is {}", short(was), short(is)),
            (Some(was), None) => format!("{pointer} was {} and is missing", short(was)),
            (None, Some(is)) => format!("{pointer} was missing and is {}", short(is)),
            (None, None) => format!("{pointer} differs"),
        }
    }
}

fn short(value: &Value) -> String {
    if let Some(id) = value.get("id") {
        return format!("the line {}", short(id));
    }
    let text = value.to_string();
    if text.chars().count() <= MAX_VALUE_CHARS {
        return text;
    }
    let start: String = text.chars().take(MAX_VALUE_CHARS).collect();
    format!("{start}…")
}

/// A name as a JSON pointer writes it (RFC 6901).
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const WAS: &str = r#"{"customer":{"email":"aaaa","id":null},"cart":{"currency":"EUR","lines":[
        {"id":"a","quantity":2},{"id":"b","quantity":1,"tags":["x","y"]}]}}"#;

    fn check(from: &str, to: &str, expected: &Expect) {
        let is = WAS.replace(from, to);
        assert_ne!(is, WAS, "{from} is not in the order of the test");
        let told = match check_same(WAS, &is) {
            Ok(()) => "the same".to_owned(),
            Err(found) => format!("{} ({})", found.pointers.join(" "), found.words),
        };
        expected.assert_eq(&told);
    }

    #[test]
    fn a_difference_is_told_with_its_place() {
        check(
            r#"y":2"#,
            r#"y":3"#,
            &expect!["/cart/lines/0/quantity (/cart/lines/0/quantity was 2 and is 3)"],
        );
        check(
            r#""y"]"#,
            r#""z"]"#,
            &expect![[r#"/cart/lines/1/tags/1 (/cart/lines/1/tags/1 was "y" and is "z")"#]],
        );
        check(
            r#","y"]"#,
            "]",
            &expect![[r#"/cart/lines/1/tags/1 (/cart/lines/1/tags/1 was "y" and is missing)"#]],
        );
        check(
            r#""EUR","#,
            r#""EUR","discount":"4.00","#,
            &expect![[r#"/cart/discount (/cart/discount was missing and is "4.00")"#]],
        );
        check(
            r#""currency":"EUR","#,
            "",
            &expect![[r#"/cart/currency (/cart/currency was "EUR" and is missing)"#]],
        );
        check(
            "aaaa",
            "bbbb",
            &expect!["/customer/email (/customer/email was another)"],
        );
        check(
            r#"{"id":"a","quantity":2},"#,
            "",
            &expect![[r#"/cart/lines/0 (/cart/lines/0 was the line "a" and is missing)"#]],
        );
        check(
            r#"{"id":"a","#,
            r#"{"id":"c","#,
            &expect![[
                r#"/cart/lines/0 /cart/lines/0 (/cart/lines/0 was missing and is the line "c"; /cart/lines/0 was the line "a" and is missing)"#
            ]],
        );
        check(
            r#""id":null"#,
            r#""id":"9""#,
            &expect![[r#"/customer/id (/customer/id was missing and is "9")"#]],
        );
    }

    #[test]
    fn what_means_nothing_is_no_difference() {
        let reordered = r#"{"cart":{"lines":[{"id":"b","tags":["x","y"],"quantity":1},
            {"id":"a","quantity":2}],"currency":"EUR"},"customer":{"email":"aaaa"}}"#;
        assert_eq!(check_same(WAS, reordered), Ok(()));
        assert_eq!(check_same(WAS, WAS), Ok(()));
    }

    #[test]
    fn many_differences_are_counted_and_not_all_told() {
        let lines = |quantity: u32| {
            let line = |nth: usize| format!(r#"{{"id":"{nth}","quantity":{quantity}}}"#);
            let lines: Vec<String> = (0..60).map(line).collect();
            format!(r#"{{"lines":[{}]}}"#, lines.join(","))
        };
        let found = check_same(&lines(1), &lines(2)).expect_err("sixty quantities differ");
        assert_eq!(found.pointers.len(), MAX_LISTED);
        let told = found.told("an order");
        assert!(told.starts_with("an order with this id"), "{told}");
        assert!(told.ends_with("; and 57 more"), "{told}");
    }
}
