//! A decimal number on the wire: a string such as `"1.25"`, never a float.

use std::fmt;

use crate::Decimal;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A decimal number, not negative. Written as a string; a whole number is read as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecimalText(pub Decimal);

impl DecimalText {
    /// Reads the digits; zeros at the end say nothing and are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Decimal>()
            .ok()
            .map(|number| Self(number.normalize()))
    }
}

impl Default for DecimalText {
    fn default() -> Self {
        Self(Decimal::from(0))
    }
}

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
        DecimalText::parse(text)
            .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<DecimalText, E> {
        i64::try_from(number)
            .map(|number| DecimalText(number.into()))
            .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<DecimalText, E> {
        match u64::try_from(number) {
            Ok(whole) => self.visit_u64(whole),
            Err(_) => Err(E::invalid_value(
                serde::de::Unexpected::Signed(number),
                &self,
            )),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for DecimalText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A decimal number, 0 or more: 1.25 or \"1.25\".",
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$" }
            ]
        })
    }
}
