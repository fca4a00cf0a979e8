//! The reference page of the program language, from the same doc comments as the JSON Schema.
//!
//! Owns the way from a JSON Schema (draft 2020-12, as `schemars` writes it) to Markdown: one section for each
//! table of the file, named by where it stands, one item for each key. Its invariant: every key of the
//! schema is told once, wherever the type that has it is used.

use std::collections::VecDeque;

use serde_json::{Map, Value};

/// The page. `schema` is a root schema of an object.
pub(super) fn reference(schema: &Value) -> String {
    let mut page = Page {
        definitions: schema.get("$defs").and_then(Value::as_object),
        sections: Vec::new(),
        waiting: VecDeque::new(),
    };
    let title = text(schema, "title").unwrap_or("Reference");
    let mut told = format!("# {title}\n");
    if let Some(description) = text(schema, "description") {
        told += &format!("\n{description}\n");
    }
    told += &page.keys(schema, "");
    while let Some((name, place)) = page.waiting.pop_front() {
        let Some(definition) = page.definition(&name) else {
            continue;
        };
        told += &format!("\n## {}\n", heading(&place));
        if let Some(description) = text(definition, "description") {
            told += &format!("\n{description}\n");
        }
        told += &page.keys(definition, &place);
    }
    told
}

struct Page<'schema> {
    definitions: Option<&'schema Map<String, Value>>,
    /// Definitions with a section of their own, and the place that names it.
    sections: Vec<(String, String)>,
    waiting: VecDeque<(String, String)>,
}

impl<'schema> Page<'schema> {
    fn definition(&self, name: &str) -> Option<&'schema Value> {
        self.definitions?.get(name)
    }

    /// The keys of an object, those that it must have first; or the choices of a type that is no object.
    fn keys(&mut self, schema: &Value, place: &str) -> String {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |key: &str| {
            let mut keys = required.into_iter().flatten();
            keys.any(|it| it == key)
        };
        let mut told = String::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut properties: Vec<_> = properties.into_iter().flatten().collect();
        properties.sort_by_key(|(key, _)| (!is_required(key), *key));
        for (key, property) in properties {
            let inside = join(place, key, property);
            let kind = self.kind(property, &inside);
            let must = if is_required(key) { ", required" } else { "" };
            // A comment tells its default in words.
            let is_told = text(property, "description").is_some_and(|it| it.contains("Default: "));
            let default = property.get("default");
            let default = default.filter(|it| !is_told && !is_nothing(it));
            let default = default.map_or(String::new(), |it| format!(", default `{}`", toml(it)));
            told += &format!("\n- **`{key}`** ({kind}{must}{default})");
            told += &self.description(property);
        }
        told + &choices(schema, "")
    }

    /// The description of a property, or of the small type that it has, indented below its item.
    fn description(&self, property: &Value) -> String {
        let own = text(property, "description");
        let small = referred(property).and_then(|name| {
            let definition = self.definition(name)?;
            (!is_table(definition)).then_some(definition)
        });
        let mut told = String::new();
        let description = own.or_else(|| text(small?, "description"));
        if let Some(description) = description {
            told += &format!(": {}", indented(description));
        }
        told.push('\n');
        told + &small.map_or_else(|| choices(property, "  "), |small| choices(small, "  "))
    }

    /// What a value is, in words.
    fn kind(&mut self, schema: &Value, place: &str) -> String {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(last) {
            return self.kind_of_definition(name, place);
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            let choices = schema.get(key).and_then(Value::as_array);
            if let Some(choices) = choices {
                if choices
                    .iter()
                    .all(|it| it.get("const").is_some() || it.get("enum").is_some())
                {
                    return "one of these".into();
                }
                let choices = choices
                    .iter()
                    .filter(|it| it.get("type") != Some(&"null".into()));
                let kinds: Vec<String> = choices.map(|it| self.kind(it, place)).collect();
                return kinds.join(" or ");
            }
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values = values.iter().filter(|it| !it.is_null());
            let values: Vec<String> = values.map(|it| format!("`{}`", toml(it))).collect();
            return values.join(", ");
        }
        match schema.get("type") {
            Some(Value::String(name)) => self.kind_of_type(name, schema, place),
            Some(Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                let names = names.filter(|name| *name != "null");
                let kinds: Vec<String> = names
                    .map(|name| self.kind_of_type(name, schema, place))
                    .collect();
                kinds.join(" or ")
            }
            _ => "any value".into(),
        }
    }

    fn kind_of_type(&mut self, name: &str, schema: &Value, place: &str) -> String {
        match name {
            "string" => match text(schema, "format") {
                Some(format) => format!("text, {format}"),
                None => "text".into(),
            },
            "integer" => "whole number".into(),
            "number" => "number".into(),
            "boolean" => "`true` or `false`".into(),
            "array" => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                let kind = self.kind(items, place);
                match kind.strip_prefix("table, ") {
                    Some(see) => format!("list of tables, {see}"),
                    None => format!("list of {kind}"),
                }
            }
            _ => {
                let values = schema.get("additionalProperties");
                let values = values.filter(|it| it.is_object());
                values.map_or_else(
                    || "table".into(),
                    |values| format!("table of {} by name", self.kind(values, place)),
                )
            }
        }
    }

    fn kind_of_definition(&mut self, name: &str, place: &str) -> String {
        let Some(definition) = self.definition(name) else {
            return "any value".into();
        };
        if !is_table(definition) {
            return self.kind(definition, place);
        }
        let known = self.sections.iter().find(|(known, _)| known == name);
        let at = known.map_or(place, |(_, at)| at).to_owned();
        if known.is_none() {
            self.sections.push((name.to_owned(), at.clone()));
            self.waiting.push_back((name.to_owned(), at.clone()));
        }
        format!("table, see [{}](#{})", heading(&at), anchor(&at))
    }
}

/// The values that may be chosen, each with what it means, where the schema says so.
fn choices(schema: &Value, indent: &str) -> String {
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"));
    let choices = choices.and_then(Value::as_array).into_iter().flatten();
    let told = choices.filter_map(|choice| {
        let value = choice.get("const").or_else(|| {
            let values = choice.get("enum").and_then(Value::as_array)?;
            values.first()
        })?;
        let means = text(choice, "description").map_or(String::new(), |it| format!(": {it}"));
        Some(format!(
            "{indent}- `{}`{}\n",
            toml(value),
            means.replace('\n', " ")
        ))
    });
    told.collect()
}

/// The name of the definition that a schema is, itself or among choices with nothing.
fn referred(schema: &Value) -> Option<&str> {
    if let Some(name) = schema.get("$ref") {
        return last(name.as_str()?);
    }
    if let Some(items) = schema.get("items") {
        return referred(items);
    }
    let choices = schema.get("anyOf").or_else(|| schema.get("allOf"));
    choices?.as_array()?.iter().find_map(referred)
}

fn is_table(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(keys) => keys.is_empty(),
        _ => false,
    }
}

fn text<'value>(schema: &'value Value, key: &str) -> Option<&'value str> {
    schema.get(key).and_then(Value::as_str)
}

fn last(path: &str) -> Option<&str> {
    path.rsplit('/').next()
}

/// `rules[]` for a list of tables, `rules[].when` for a table in it.
fn join(place: &str, key: &str, property: &Value) -> String {
    let list = if has_items(property) { "[]" } else { "" };
    let dot = if place.is_empty() { "" } else { "." };
    format!("{place}{dot}{key}{list}")
}

fn has_items(property: &Value) -> bool {
    property.get("items").is_some()
        || property
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|choices| choices.iter().any(has_items))
}

/// As the file has it: `[[rules]]`, `[earn]`, `when` in `[[rules]]`.
fn heading(place: &str) -> String {
    let header = |part: &str| match part.strip_suffix("[]") {
        Some(list) => format!("[[{list}]]"),
        None => format!("[{part}]"),
    };
    match place.rsplit_once('.') {
        None => format!("`{}`", header(place)),
        Some((outer, key)) => {
            let key = key.strip_suffix("[]").unwrap_or(key);
            format!("`{key}` in {}", heading(outer))
        }
    }
}

/// The anchor that GitHub gives to a heading.
fn anchor(place: &str) -> String {
    let heading = heading(place).to_lowercase();
    let kept = heading.chars().filter_map(|char| match char {
        ' ' => Some('-'),
        '-' | '_' => Some(char),
        _ => char.is_alphanumeric().then_some(char),
    });
    kept.collect()
}

/// A value as the file has it.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(keys) => {
            let keys = keys
                .iter()
                .map(|(key, value)| format!("{key} = {}", toml(value)));
            format!("{{ {} }}", keys.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// Paragraphs and code below an item of a list.
fn indented(description: &str) -> String {
    let lines = description.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!("  {line}")
        }
    });
    lines.collect::<Vec<_>>().join("\n").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_key_is_told_where_it_stands() {
        let schema = json!({
            "title": "Program",
            "description": "What a shop gives.",
            "type": "object",
            "properties": {
                "name": { "description": "What members call it.\n\n```toml\nname = \"Club\"\n```", "type": "string" },
                "version": { "type": "integer", "format": "uint32", "minimum": 0 },
                "time_zone": { "description": "Where the shop is.", "type": ["string", "null"], "default": "UTC" },
                "earn": { "anyOf": [{ "$ref": "#/$defs/EarnSource" }, { "type": "null" }] },
                "rules": { "description": "Rules.", "type": "array", "items": { "$ref": "#/$defs/RuleSource" }, "default": [] },
                "exclusions": { "type": "array", "items": { "$ref": "#/$defs/RuleSource" } },
            },
            "required": ["name", "version"],
            "$defs": {
                "EarnSource": {
                    "description": "The base.",
                    "type": "object",
                    "properties": {
                        "per_unit": { "type": "object", "additionalProperties": { "type": "number" } },
                        "rounding": { "description": "How.", "$ref": "#/$defs/Rounding" },
                    },
                },
                "RuleSource": {
                    "type": "object",
                    "properties": { "when": { "$ref": "#/$defs/ConditionSource" } },
                    "required": ["when"],
                },
                "ConditionSource": {
                    "type": "object",
                    "properties": {
                        "birthday": { "enum": ["day", "week", null] },
                        "tags": { "type": "array", "items": { "type": "string" } },
                        "first_order": { "type": "boolean", "default": false },
                    },
                },
                "Rounding": {
                    "oneOf": [
                        { "const": "floor", "description": "Down." },
                        { "const": "ceil", "description": "Up." },
                    ],
                },
            },
        });
        expect![[r#"
            # Program

            What a shop gives.

            - **`name`** (text, required): What members call it.

              ```toml
              name = "Club"
              ```

            - **`version`** (whole number, required)

            - **`earn`** (table, see [`[earn]`](#earn))

            - **`exclusions`** (list of tables, see [`[[exclusions]]`](#exclusions))

            - **`rules`** (list of tables, see [`[[exclusions]]`](#exclusions)): Rules.

            - **`time_zone`** (text, default `"UTC"`): Where the shop is.

            ## `[earn]`

            The base.

            - **`per_unit`** (table of number by name)

            - **`rounding`** (one of these): How.
              - `"floor"`: Down.
              - `"ceil"`: Up.

            ## `[[exclusions]]`

            - **`when`** (table, see [`when` in `[[exclusions]]`](#when-in-exclusions), required)

            ## `when` in `[[exclusions]]`

            - **`birthday`** (`"day"`, `"week"`)

            - **`first_order`** (`true` or `false`, default `false`)

            - **`tags`** (list of text)
        "#]]
        .assert_eq(&reference(&schema));
    }
}
