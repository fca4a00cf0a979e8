//! A decimal number on the wire: a string such as `"1.25"`, never a float.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A decimal number, not negative. Written as a string; a whole number is read as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecimalText(pub Decimal);

impl Serialize for DecimalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.normalize())
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl Visitor<'_> for DecimalVisitor {
    type Value = DecimalText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number, 0 or more, such as \"1.25\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DecimalText, E> {
        let plain = text.len() <= 28
            && text.starts_with(|c: char| c.is_ascii_digit())
            && text.ends_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let number = if plain {
            Decimal::from_str_exact(text).ok()
        } else {
            None
        };
        number
            .map(|number| DecimalText(number.normalize()))
            .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<DecimalText, E> {
        Ok(DecimalText(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<DecimalText, E> {
        u64::try_from(number)
            .map(|number| DecimalText(number.into()))
            .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(number), &self))
    }
}
