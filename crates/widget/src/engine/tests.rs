use earnest_core::compile;
use serde_json::Value;

use super::*;

fn engine() -> Engine {
    let source = "version = 1\nname = 'Beans'\npoints = { one = 'bean', other = 'beans' }\n\
                  earn.per_unit = { EUR = 2 }";
    let program = compile::compile(source)
        .expect("a program of the test")
        .program;
    Engine {
        program: ManuallyDrop::new(Ok(program)),
    }
}

fn text(tape: &mut Vec<u8>, text: &str) {
    tape.push(u8::try_from(text.len()).expect("a short text"));
    tape.extend(text.bytes());
}

/// As `tape.js` writes it: a cart of one tea, asked about by a guest.
fn asked(currency: &str, unit_price: &str) -> Vec<u8> {
    let mut tape = Vec::new();
    text(&mut tape, currency);
    tape.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    text(&mut tape, "1");
    text(&mut tape, "tea");
    tape.extend([0, 0, 0, 0]);
    tape.extend(1_i64.to_le_bytes());
    text(&mut tape, unit_price);
    tape.extend([0, 0, 0]);
    tape.extend(0_i64.to_le_bytes());
    tape
}

fn told(engine: &Engine, asked: &[u8]) -> Value {
    serde_json::from_str(&engine.tell(asked)).expect("JSON")
}

#[test]
fn what_is_told_has_the_points_that_were_given() {
    let (engine, asked) = (engine(), asked("EUR", "9.50"));
    assert!((engine.points(&asked) - 19.0).abs() < f64::EPSILON);
    assert_eq!(told(&engine, &asked)["points"], 19);
}

#[test]
fn a_cart_that_is_none_earns_no_number_and_is_told_with_its_place() {
    let check = |currency, unit_price, code: &str, pointer: &str| {
        let (engine, asked) = (engine(), asked(currency, unit_price));
        assert!(engine.points(&asked).is_nan());
        let complaint = told(&engine, &asked);
        assert_eq!(complaint["code"], code);
        assert_eq!(complaint["pointer"], pointer);
        assert_ne!(complaint["message"], "");
    };
    check("EUX", "9.50", "currency_unknown", "/currency");
    check("EUR", "9,50", "amount_malformed", "/lines/0/unit_price");
}

#[test]
fn under_a_program_that_is_none_its_trouble_is_the_answer() {
    let trouble = complaint("program_malformed", "no program", "");
    let engine = Engine {
        program: ManuallyDrop::new(Err(trouble.clone())),
    };
    let asked = asked("EUR", "9.50");
    assert!(engine.points(&asked).is_nan());
    assert_eq!(engine.tell(&asked), trouble);
    assert_eq!(engine.tell(&[]), trouble);
}

#[test]
fn whatever_is_asked_is_answered() {
    let (engine, whole) = (engine(), asked("EUR", "9.50"));
    for end in 0..whole.len() {
        let _cut = told(&engine, &whole[..end]);
        for byte in 0..=255 {
            let mut torn = whole.clone();
            torn[end] = byte;
            let _torn = told(&engine, &torn);
        }
    }
}
