//! What a JSON or TOML document should say, in words of the document.
//!
//! Owns the way from what serde says of a cart, a member or a case, in words of Rust, to what would be right. A
//! program's are told by its compiler.

/// What is wrong and how it is written, with the place that the message ends with.
pub(crate) fn in_plain_words(message: &str) -> String {
    let (said, place) = match message.rfind(" at line ") {
        Some(at) => message.split_at(at),
        None => (message, ""),
    };
    match mend(said) {
        Some(mend) => format!("{mend}{place}"),
        None => message.to_owned(),
    }
}

fn mend(said: &str) -> Option<String> {
    if let Some(field) = said.strip_prefix("missing field `") {
        let field = field.trim_end_matches('`');
        return Some(match example(field) {
            Some(value) => format!("{field} is missing; write it, such as {value}"),
            None => format!("{field} is missing; write it"),
        });
    }
    let (found, expected) = said.strip_prefix("invalid ")?.rsplit_once(", expected ")?;
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    let number = found.split('`').nth(1);
    let text = found.strip_prefix("string ").map(|it| it.trim_matches('"'));
    Some(match expected {
        "a string" => match number {
            Some(number) if number.contains('.') => format!(
                "write it in quotes, \"{number}\": amounts are texts, so that none is rounded on its way"
            ),
            Some(number) => format!("write it in quotes, \"{number}\""),
            None => "write a text in quotes".into(),
        },
        "u32" | "i64" | "u64" | "usize" => {
            let least = if expected == "i64" { "" } else { ", 0 or more" };
            match text.filter(|text| text.parse::<i64>().is_ok()) {
                Some(digits) => format!("write a whole number without quotes, {digits}"),
                None => format!("write a whole number{least}, found {found}"),
            }
        }
        "a boolean" => "write true or false".into(),
        "a sequence" => match text {
            Some(text) => format!("write a list, such as [\"{text}\"]"),
            None => "write a list, in [ ]".into(),
        },
        it if it.starts_with("struct ") || it == "a map" => "write an object, in { }".into(),
        _ => return None,
    })
}

/// What may stand in a field that must be there.
fn example(field: &str) -> Option<&'static str> {
    Some(match field {
        "currency" => "\"EUR\"",
        "lines" => {
            "[{ \"id\": \"1\", \"product\": \"tea\", \"quantity\": 1, \"unit_price\": \"4.20\" }]"
        }
        "id" => "\"1\"",
        "product" => "\"tea\"",
        "quantity" => "1",
        "unit_price" => "\"4.20\"",
        "kind" => "\"review\"",
        "name" => "\"Gold members earn half again\"",
        "at" => "2026-05-01T12:00:00Z",
        "expect" => "{ points = 18 }",
        "cases" => "[[cases]]",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_says_is_told_with_the_mend() {
        for (said, told) in [
            (
                "invalid type: floating point `19.99`, expected a string at line 1 column 9",
                "write it in quotes, \"19.99\": amounts are texts, so that none is rounded on its way at line 1 column 9",
            ),
            (
                "invalid type: integer `5`, expected a string",
                "write it in quotes, \"5\"",
            ),
            (
                "invalid type: null, expected a string",
                "write a text in quotes",
            ),
            (
                "invalid type: string \"2\", expected u32",
                "write a whole number without quotes, 2",
            ),
            (
                "invalid value: integer `-1`, expected u32",
                "write a whole number, 0 or more, found integer `-1`",
            ),
            (
                "invalid type: string \"tea\", expected a sequence",
                "write a list, such as [\"tea\"]",
            ),
            (
                "missing field `unit_price` at line 3 column 1",
                "unit_price is missing; write it, such as \"4.20\" at line 3 column 1",
            ),
            (
                "trailing comma at line 3 column 1",
                "trailing comma at line 3 column 1",
            ),
        ] {
            assert_eq!(in_plain_words(said), told);
        }
    }
}
