//! Something for each of a few currencies: a JSON object whose keys are codes.
//!
//! A list and not a map: a program names a handful, and a tree's code is more than they are.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DecimalText;

/// Decimal numbers by currency code, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByCurrency(Vec<(String, DecimalText)>);

impl ByCurrency {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number for a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<DecimalText> {
        self.iter()
            .find(|(known, _)| *known == code)
            .map(|(_, number)| number)
    }

    /// Sets the number for a code; the last one counts.
    pub fn put(&mut self, code: &str, number: DecimalText) {
        match self.0.iter_mut().find(|(known, _)| known == code) {
            Some((_, known)) => *known = number,
            None => self.0.push((code.to_owned(), number)),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, DecimalText)> {
        self.0.iter().map(|(code, number)| (code.as_str(), *number))
    }
}

impl FromIterator<(String, DecimalText)> for ByCurrency {
    fn from_iter<I: IntoIterator<Item = (String, DecimalText)>>(entries: I) -> Self {
        let mut numbers = Self::default();
        for (code, number) in entries {
            numbers.put(&code, number);
        }
        numbers
    }
}

impl Serialize for ByCurrency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for ByCurrency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByCurrencyVisitor)
    }
}

struct ByCurrencyVisitor;

impl<'de> Visitor<'de> for ByCurrencyVisitor {
    type Value = ByCurrency;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number for each currency, such as { EUR = 1 }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByCurrency, A::Error> {
        let mut numbers = ByCurrency::default();
        while let Some((code, number)) = map.next_entry::<String, DecimalText>()? {
            numbers.put(&code, number);
        }
        Ok(numbers)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ByCurrency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ByCurrency".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let number = generator.subschema_for::<DecimalText>();
        schemars::json_schema!({
            "description": "A number for each currency, by its ISO 4217 code: { EUR = 1 }.",
            "type": "object",
            "propertyNames": { "pattern": "^[A-Z]{3}$" },
            "additionalProperties": number
        })
    }
}
