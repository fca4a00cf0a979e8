//! Bodies: read up to a limit, and turned from JSON into a request.
//!
//! Owns the limits on size and the pointer to what is wrong. What the fields mean is their endpoint's.
//! Invariant: no more than the limit is ever held, whatever `Content-Length` claims.

use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use worker::Request;

/// Bytes in a body that carries a cart: 1,000 lines with their categories and tags.
pub(crate) const CART_BYTES: usize = 512 * 1024;
/// Bytes in any other body.
pub(crate) const SMALL_BYTES: usize = 16 * 1024;
/// Bytes beyond a limit that are read and dropped. A connection whose body is left unread is closed, and
/// with it goes the answer that would say why.
const DRAINED_BYTES: usize = 1024 * 1024;

/// Why a body is no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("send JSON, with \"Content-Type: application/json\"")]
    NotJson,
    #[error("the body is too large: at most {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body broke off before its end")]
    BrokenOff,
    #[error("the body is not JSON: {0}")]
    Malformed(String),
    #[error("{message}")]
    FieldMissing { pointer: String, message: String },
    #[error("{message}")]
    FieldUnknown { pointer: String, message: String },
    #[error("{message}")]
    FieldInvalid { pointer: String, message: String },
}

/// Reads the body of a request that has at most `limit` bytes.
pub(crate) async fn read(request: &mut Request, limit: usize) -> Result<Vec<u8>, BodyError> {
    let header = |name| request.headers().get(name).ok().flatten();
    if !is_json(header("content-type").as_deref()) {
        return Err(BodyError::NotJson);
    }
    let too_large = BodyError::TooLarge { limit };
    // An honest length is refused before a byte is read. It is no promise: the bytes are counted too.
    let announced = header("content-length").and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large);
    }
    if request.inner().body().is_none() {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0));
    let mut chunks = request.stream().map_err(|_| BodyError::BrokenOff)?;
    let mut dropped = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::BrokenOff)?;
        if dropped == 0 && bytes.len() + chunk.len() <= limit {
            bytes.extend(chunk);
        } else {
            dropped += chunk.len();
            if dropped > DRAINED_BYTES {
                break;
            }
        }
    }
    if dropped == 0 {
        Ok(bytes)
    } else {
        Err(too_large)
    }
}

/// Turns JSON into a request, or says where it is not one.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let at = pointer(error.path());
        explain(error.inner(), at)
    })?;
    json.end()
        .map_err(|error| BodyError::Malformed(error.to_string()))?;
    Ok(parsed)
}

fn explain(error: &serde_json::Error, pointer: String) -> BodyError {
    let text = error.to_string();
    if error.classify() != Category::Data {
        return BodyError::Malformed(text);
    }
    // The pointer says where; line and column would say it again, less well.
    let message = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(m, _)| m);
    let message = in_plain_words(message);
    let named = |pointer: String| {
        let name = message.split('`').nth(1).unwrap_or_default();
        let last = format!("/{}", escaped(name));
        if pointer.ends_with(&last) {
            pointer
        } else {
            pointer + &last
        }
    };
    if message.starts_with("missing field") {
        BodyError::FieldMissing {
            pointer: named(pointer),
            message,
        }
    } else if message.starts_with("unknown field") {
        BodyError::FieldUnknown {
            pointer: named(pointer),
            message,
        }
    } else {
        BodyError::FieldInvalid { pointer, message }
    }
}

/// What was expected, as JSON has it and not as our types are called.
fn in_plain_words(message: &str) -> String {
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let expected = match expected {
        "i64" | "u32" => "a whole number within the limits",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        rust if rust.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{found}, expected {expected}")
}

fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// A name as a JSON pointer writes it (RFC 6901).
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn is_json(content_type: Option<&str>) -> bool {
    content_type
        .and_then(|text| text.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        cart: earnest_core::wire::CartDocument,
    }

    fn check(json: &str, expected: &Expect) {
        let error = parse::<Request>(json.as_bytes()).expect_err("a case of the test is wrong");
        expected.assert_eq(&format!("{error:?}"));
    }

    #[test]
    fn errors_point_at_the_field() {
        check(
            "",
            &expect![[r#"Malformed("EOF while parsing a value at line 1 column 0")"#]],
        );
        check(
            "{\"cart\":",
            &expect![[r#"Malformed("EOF while parsing a value at line 1 column 8")"#]],
        );
        check(
            "\u{feff}{}",
            &expect![[r#"Malformed("expected value at line 1 column 1")"#]],
        );
        check(
            "{}",
            &expect![[r#"FieldMissing { pointer: "/cart", message: "missing field `cart`" }"#]],
        );
        check(
            "[]",
            &expect![[
                r#"FieldInvalid { pointer: "", message: "invalid length 0, expected an object" }"#
            ]],
        );
        check(
            "7",
            &expect![[
                r#"FieldInvalid { pointer: "", message: "invalid type: integer `7`, expected an object" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR"}}"#,
            &expect![[
                r#"FieldMissing { pointer: "/cart/lines", message: "missing field `lines`" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","lines":[],"a/b":1}}"#,
            &expect![[
                r#"FieldUnknown { pointer: "/cart/a~1b", message: "unknown field `a/b`, expected one of `currency`, `prices_include_tax`, `lines`, `discount`, `shipping`, `shipping_tax`" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","lines":[{"id":1}]}}"#,
            &expect![[
                r#"FieldInvalid { pointer: "/cart/lines/0/id", message: "invalid type: integer `1`, expected a string" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","lines":[{"id":"a","product":"p","quantity":1.5,"unit_price":"1"}]}}"#,
            &expect![[
                r#"FieldInvalid { pointer: "/cart/lines/0/quantity", message: "invalid type: floating point `1.5`, expected a whole number within the limits" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","lines":[{"id":"a","product":"p","quantity":-1,"unit_price":"1"}]}}"#,
            &expect![[
                r#"FieldInvalid { pointer: "/cart/lines/0/quantity", message: "invalid value: integer `-1`, expected a whole number within the limits" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","currency":"EUR","lines":[]}}"#,
            &expect![[
                r#"FieldInvalid { pointer: "/cart", message: "duplicate field `currency`" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","lines":[]}} x"#,
            &expect![[r#"Malformed("trailing characters at line 1 column 40")"#]],
        );
        check(
            &"[".repeat(200),
            &expect![[
                r#"FieldInvalid { pointer: "/0/0", message: "invalid type: sequence, expected a string" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"\ud800","lines":[]}}"#,
            &expect![[r#"Malformed("unexpected end of hex escape at line 1 column 28")"#]],
        );
    }

    #[test]
    fn json_is_asked_for_by_its_media_type() {
        assert!(is_json(Some("application/json")));
        assert!(is_json(Some("Application/JSON; charset=utf-8")));
        assert!(!is_json(Some("text/plain")));
        assert!(!is_json(Some("application/jsonp")));
        assert!(!is_json(None));
    }
}
