//! Earnings and complaints as JSON text.
//!
//! Owns the writing of the core's document, in the core's own order of keys. Its invariant, held by a
//! test: it writes what serde writes. Why not `serde_json`: it would take 4 KB of the shopper's download
//! for one document without floats or maps.

use earnest_core::wire::{EarningDocument, ReasonDocument};
use earnest_core::{Cart, Decimal, Earning, Program, tell_whole};

/// The earning as `POST /v1/preview` answers it.
pub(crate) fn tell(program: &Program, cart: &Cart, earning: &Earning) -> String {
    let document = EarningDocument::new(program, cart, earning);
    let mut json = String::new();
    json.push('{');
    plain(&mut json, "points", document.points);
    quoted(&mut json, "currency", document.currency);
    quoted(&mut json, "counted", &document.counted.told());
    key(&mut json, "lines");
    list(&mut json, &document.lines, |json, line| {
        quoted(json, "id", line.id);
        plain(json, "points", line.points);
        quoted(json, "counted", &line.counted.told());
        reasons(json, &line.reasons);
    });
    reasons(&mut json, &document.reasons);
    if !document.credits.is_empty() {
        key(&mut json, "credits");
        list(&mut json, &document.credits, |json, credit| {
            quoted(json, "balance", credit.balance);
            quoted(json, "name", credit.name);
            quoted(json, "currency", credit.currency);
            quoted(json, "amount", &credit.amount.told());
            key(json, "lines");
            json.push('[');
            for amount in &credit.lines {
                separate(json);
                quote(json, &amount.told());
            }
            json.push(']');
            reasons(json, &credit.reasons);
        });
    }
    key(&mut json, "program");
    json.push('{');
    plain(&mut json, "version", document.program.version.into());
    quoted(&mut json, "digest", document.program.digest);
    json.push('}');
    quoted(&mut json, "engine", document.engine);
    json.push('}');
    json
}

/// What is wrong with what the page handed in, for its developer and never for a shopper. `pointer` is a
/// JSON pointer (RFC 6901) into what was handed in.
pub(crate) fn complaint(code: &str, message: &str, pointer: &str) -> String {
    let mut json = String::new();
    json.push('{');
    quoted(&mut json, "code", code);
    quoted(&mut json, "message", message);
    quoted(&mut json, "pointer", pointer);
    json.push('}');
    json
}

fn reasons(json: &mut String, reasons: &[ReasonDocument<'_>]) {
    key(json, "reasons");
    list(json, reasons, |json, reason| {
        quoted(json, "code", reason.code);
        quoted_or_null(json, "rule", reason.rule);
        quoted(json, "label", &reason.label);
        let factor = reason.factor.map(Decimal::told);
        quoted_or_null(json, "factor", factor.as_deref());
        quoted(json, "points_exact", &reason.points_exact.told());
    });
}

fn list<T>(json: &mut String, items: &[T], tell: impl Fn(&mut String, &T)) {
    json.push('[');
    for item in items {
        separate(json);
        json.push('{');
        tell(json, item);
        json.push('}');
    }
    json.push(']');
}

fn plain(json: &mut String, name: &str, number: i64) {
    key(json, name);
    json.push_str(&tell_whole(number));
}

fn quoted(json: &mut String, name: &str, text: &str) {
    key(json, name);
    quote(json, text);
}

fn quoted_or_null(json: &mut String, name: &str, text: Option<&str>) {
    key(json, name);
    match text {
        Some(text) => quote(json, text),
        None => json.push_str("null"),
    }
}

fn key(json: &mut String, name: &str) {
    separate(json);
    quote(json, name);
    json.push(':');
}

fn separate(json: &mut String) {
    if !json.ends_with(['{', '[']) {
        json.push(',');
    }
}

fn quote(json: &mut String, text: &str) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                json.push('\\');
                json.push(letter);
            }
            '\0'..='\x1f' => {
                json.push_str("\\u00");
                for digit in [u32::from(letter) >> 4, u32::from(letter) & 15] {
                    json.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            letter => json.push(letter),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests;
