//! Bodies: read up to a limit, and turned from JSON into a request, or from TOML into text.
//!
//! Owns the limits on size and the pointer to what is wrong. What the fields mean is their endpoint's.
//! Invariant: no more than the limit is ever held, whatever `Content-Length` claims.

mod objects;

use earnest_ledger::escaped;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use worker::Request;

use self::objects::Objects;

/// Bytes in a body that carries a cart: 1,000 lines with their categories and tags.
pub(crate) const CART_BYTES: usize = 512 * 1024;
/// Bytes in a body that is a program file: its largest list of rules, each with a comment.
pub(crate) const PROGRAM_BYTES: usize = 256 * 1024;
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
    #[error(
        "send the program file itself, with \"Content-Type: application/toml\" or \"text/plain\""
    )]
    NotToml,
    #[error("the body is too large: at most {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body broke off before its end")]
    BrokenOff,
    #[error("the body is not JSON: {0}")]
    Malformed(String),
    #[error("the body is not UTF-8, which a program file is: see its byte {0}")]
    NotText(usize),
    #[error("{message}")]
    FieldMissing { pointer: String, message: String },
    #[error("{message}")]
    FieldUnknown { pointer: String, message: String },
    #[error("{message}")]
    FieldInvalid { pointer: String, message: String },
}

/// Reads a JSON body of at most `limit` bytes.
pub(crate) async fn read(request: &mut Request, limit: usize) -> Result<Vec<u8>, BodyError> {
    if !is_one_of(content_type(request).as_deref(), &["application/json"]) {
        return Err(BodyError::NotJson);
    }
    read_bytes(request, limit).await
}

/// Reads a TOML body, as text: what a file says is for its own reader to find out.
pub(crate) async fn read_toml(request: &mut Request, limit: usize) -> Result<String, BodyError> {
    let kinds = ["application/toml", "text/plain"];
    if !is_one_of(content_type(request).as_deref(), &kinds) {
        return Err(BodyError::NotToml);
    }
    let bytes = read_bytes(request, limit).await?;
    String::from_utf8(bytes).map_err(|error| BodyError::NotText(error.utf8_error().valid_up_to()))
}

async fn read_bytes(request: &mut Request, limit: usize) -> Result<Vec<u8>, BodyError> {
    let too_large = BodyError::TooLarge { limit };
    // An honest length is refused before a byte is read. It is no promise: the bytes are counted too.
    let announced = request.headers().get("content-length").ok().flatten();
    let announced = announced.and_then(|length| length.parse::<usize>().ok());
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
    let parsed = serde_path_to_error::deserialize(Objects(&mut json)).map_err(|error| {
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

fn content_type(request: &Request) -> Option<String> {
    request.headers().get("content-type").ok().flatten()
}

/// Whether a `Content-Type` is one of these media types, whatever its parameters.
fn is_one_of(content_type: Option<&str>, kinds: &[&str]) -> bool {
    let said = content_type.and_then(|text| text.split(';').next());
    said.is_some_and(|said| {
        let said = said.trim();
        kinds.iter().any(|kind| said.eq_ignore_ascii_case(kind))
    })
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

    #[derive(Debug, Deserialize)]
    struct Optional {
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        member: Option<earnest_core::wire::SnapshotDocument>,
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
                r#"FieldInvalid { pointer: "", message: "invalid type: sequence, expected an object" }"#
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
                r#"FieldUnknown { pointer: "/cart/a~1b", message: "unknown field `a/b`, expected one of `currency`, `prices_include_tax`, `lines`, `discount`, `shipping`, `shipping_tax`, `payment_method`, `channel`, `location`, `delivery`, `partner`, `coupons`" }"#
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
                r#"FieldInvalid { pointer: "", message: "invalid type: sequence, expected an object" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"\ud800","lines":[]}}"#,
            &expect![[r#"Malformed("unexpected end of hex escape at line 1 column 28")"#]],
        );
    }

    // What serde derives would take each of these lists, field by field.
    #[test]
    fn a_list_is_no_object_however_deep_it_stands() {
        check(
            r#"[{"currency":"EUR","lines":[]}]"#,
            &expect![[
                r#"FieldInvalid { pointer: "", message: "invalid type: sequence, expected an object" }"#
            ]],
        );
        check(
            r#"{"cart":["EUR",true,[],null,null,null]}"#,
            &expect![[
                r#"FieldInvalid { pointer: "/cart", message: "invalid type: sequence, expected an object" }"#
            ]],
        );
        check(
            r#"{"cart":{"currency":"EUR","lines":[["a","p",[],[],1,"1.00",null,null]]}}"#,
            &expect![[
                r#"FieldInvalid { pointer: "/cart/lines/0", message: "invalid type: sequence, expected an object" }"#
            ]],
        );
        assert!(parse::<Optional>(br#"{"member":null}"#).is_ok());
        assert!(parse::<Optional>(br#"{"member":{"tier":null}}"#).is_ok());
        assert_eq!(
            parse::<Optional>(br#"{"member":[null,0,0]}"#).map(drop),
            Err(BodyError::FieldInvalid {
                pointer: "/member".to_owned(),
                message: "invalid type: sequence, expected an object".to_owned(),
            })
        );
    }

    #[test]
    fn a_body_is_asked_for_by_its_media_type() {
        let is_json = |said| is_one_of(said, &["application/json"]);
        assert!(is_json(Some("application/json")));
        assert!(is_json(Some("Application/JSON; charset=utf-8")));
        assert!(!is_json(Some("text/plain")));
        assert!(!is_json(Some("application/jsonp")));
        assert!(!is_json(None));
        let both = ["application/toml", "text/plain"];
        assert!(is_one_of(Some("text/plain;charset=UTF-8"), &both));
        assert!(is_one_of(Some("application/toml"), &both));
        assert!(!is_one_of(Some("text/html"), &both));
    }
}
