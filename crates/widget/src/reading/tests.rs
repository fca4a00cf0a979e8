use serde_json::{Value, json};

use super::*;

/// Writes what `tape.js` writes for the value.
fn record(value: &Value) -> Vec<u8> {
    fn size(tape: &mut Vec<u8>, mut size: usize) {
        while size > 127 {
            tape.push(u8::try_from(size & 127 | 128).expect("seven bits and the flag"));
            size >>= 7;
        }
        tape.push(u8::try_from(size).expect("seven bits"));
    }
    fn text(tape: &mut Vec<u8>, text: &str) {
        size(tape, text.len());
        tape.extend(text.bytes());
    }
    fn write(tape: &mut Vec<u8>, value: &Value) {
        match value {
            Value::Null => tape.push(0),
            Value::Bool(flag) => tape.push(1 + u8::from(*flag)),
            Value::Number(number) => {
                tape.push(3);
                text(tape, &number.to_string());
            }
            Value::String(string) => {
                tape.push(4);
                text(tape, string);
            }
            Value::Array(list) => {
                tape.push(5);
                size(tape, list.len());
                for value in list {
                    write(tape, value);
                }
            }
            Value::Object(map) => {
                tape.push(6);
                size(tape, map.len());
                for (key, value) in map {
                    text(tape, key);
                    write(tape, value);
                }
            }
        }
    }
    let mut tape = Vec::new();
    write(&mut tape, value);
    tape
}

fn full_program() -> Value {
    let when = json!({"products": ["p"], "categories": ["c"], "tags": ["t"], "tiers": ["silver"],
                      "from": 1, "until": 2});
    json!({
        "version": 3, "name": "Beans", "digest": "sha256:0",
        "points": {"one": "bean", "other": "beans", "worth": {"EUR": "0.01"}},
        "starts_at": 1_700_000_000_000_i64, "ends_at": 1_800_000_000_000_i64,
        "earn": {"per_unit": {"EUR": "1.5", "JPY": "0.01"}, "minimum_order": {"EUR": "5"},
                 "include_tax": false, "include_shipping": true,
                 "rounding": "half-even", "round_per": "line"},
        "welcome_points": 100,
        "tiers": [{"id": "silver", "name": "Silver", "from_points": 300, "multiplier": "1.25"}],
        "exclusions": [{"id": "x", "label": "X", "when": when}],
        "rules": [{"id": "a", "label": "A", "when": when, "grant": {"multiply": "2"}},
                  {"id": "b", "label": "B", "grant": {"bonus": 25, "per": "item"}}],
    })
}

fn full_cart() -> Value {
    json!({
        "currency": "EUR", "prices_include_tax": false, "discount": "4.00", "shipping": "4.90",
        "shipping_tax": "0.32",
        "lines": [{"id": "1", "product": "p", "categories": ["c"], "tags": ["t"], "quantity": 2,
                   "unit_price": "19.99", "discount": "1.00", "tax": "2.62"},
                  {"id": "ü", "product": "p", "quantity": 1, "unit_price": "1.00"}],
    })
}

/// Each value within, and the key it stands at, changed one at a time.
fn each_place(value: &Value, change: &dyn Fn(&mut Value)) -> Vec<Value> {
    let mut pointers = vec![String::new()];
    let mut nth = 0;
    while let Some(pointer) = pointers.get(nth).cloned() {
        match value.pointer(&pointer) {
            Some(Value::Object(map)) => {
                pointers.extend(map.keys().map(|key| format!("{pointer}/{key}")));
            }
            Some(Value::Array(list)) => {
                pointers.extend((0..list.len()).map(|at| format!("{pointer}/{at}")));
            }
            _ => {}
        }
        nth += 1;
    }
    let changed = pointers.iter().map(|pointer| {
        let mut changed = value.clone();
        change(changed.pointer_mut(pointer).expect("a place that is there"));
        changed
    });
    changed.collect()
}

/// Reads as serde does: the same document, or neither reads it.
fn check<T>(value: &Value, read: impl Fn(&mut Tape<'_>) -> Read<T>)
where
    T: PartialEq + std::fmt::Debug + for<'de> Deserialize<'de>,
{
    let ours = read(&mut Tape::new(&record(value)));
    let serdes = serde_json::from_value::<T>(value.clone());
    match (ours, serdes) {
        (Ok(ours), Ok(serdes)) => assert_eq!(ours, serdes),
        (Err(_), Err(_)) => {}
        (ours, serdes) => panic!("{value}\nhere: {ours:?}\nserde: {serdes:?}"),
    }
}

#[test]
fn documents_are_read_as_serde_reads_them() {
    let changes: [&dyn Fn(&mut Value); 6] = [
        &|_| {},
        &|value| *value = Value::Null,
        &|value| *value = json!("text"),
        &|value| *value = json!(7),
        &|value| {
            if let Some(map) = value.as_object_mut() {
                map.insert("surprise".to_owned(), Value::Null);
            }
        },
        &|value| {
            if let Some(map) = value.as_object_mut() {
                map.clear();
            }
        },
    ];
    for change in changes {
        for value in each_place(&full_program(), change) {
            check(&value, program);
        }
        for value in each_place(&full_cart(), change) {
            check(&value, cart);
        }
        for value in each_place(
            &json!({"tier": "silver", "balance_points": 1, "earned_points": 2}),
            change,
        ) {
            check(&value, member);
        }
    }
}

#[test]
fn a_misreading_says_where_and_what_would_be_right() {
    let check = |change: &dyn Fn(&mut Value), pointer: &str, message: &str| {
        let mut value = full_cart();
        change(&mut value);
        let misread =
            cart(&mut Tape::new(&record(&value))).expect_err("a cart that cannot be read");
        assert_eq!(
            (misread.pointer().as_str(), misread.message().as_str()),
            (pointer, message)
        );
    };
    check(
        &|cart| cart["lines"][1]["quantity"] = json!("2"),
        "/lines/1/quantity",
        "must be a whole number",
    );
    check(
        &|cart| cart["lines"][0]["quantity"] = json!(1.5),
        "/lines/0/quantity",
        "must be a whole number",
    );
    check(
        &|cart| cart["lines"][0]["unit_price"] = json!(19.99),
        "/lines/0/unit_price",
        "must be a text",
    );
    check(
        &|cart| cart["lines"] = json!({}),
        "/lines",
        "must be a list",
    );
    check(&|cart| *cart = json!({}), "/currency", "is required");
    check(
        &|cart| cart["lines"][0]["a/b~c"] = json!(1),
        "/lines/0/a~1b~0c",
        "is not known here; remove it or mend its name",
    );
}

#[test]
fn reading_ends_on_any_bytes() {
    let whole = record(&full_program());
    for end in 0..whole.len() {
        let _cut = program(&mut Tape::new(&whole[..end]));
        for byte in [0, 3, 5, 6, 7, 255] {
            let mut torn = whole.clone();
            torn[end] = byte;
            let _torn = program(&mut Tape::new(&torn));
            let _torn = cart(&mut Tape::new(&torn));
        }
    }
}
