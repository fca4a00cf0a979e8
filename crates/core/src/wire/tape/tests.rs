use super::*;
use crate::wire::{CartDocument, LineDocument};
use crate::{Cart, Program, Snapshot};

fn text(tape: &mut Vec<u8>, text: &str) {
    tape.push(u8::try_from(text.len()).expect("a short text"));
    tape.extend(text.bytes());
}

/// A tape as `crates/widget/src/tape.js` writes it for the sample below.
fn sample(unit_price: &str, discount: &str) -> Vec<u8> {
    let mut tape = Vec::new();
    text(&mut tape, "EUR");
    tape.extend([0, 1]);
    text(&mut tape, discount);
    tape.extend([0, 0, 0, 1]);
    text(&mut tape, "app");
    tape.extend([0, 0, 0, 0, 1]);
    for part in ["1", "tea"] {
        text(&mut tape, part);
    }
    tape.push(1);
    text(&mut tape, "drinks");
    tape.extend([0, 1]);
    text(&mut tape, "Leaf");
    tape.push(0);
    tape.extend(2_i64.to_le_bytes());
    text(&mut tape, unit_price);
    tape.extend([0, 1]);
    text(&mut tape, "1.60");
    tape
}

#[test]
fn a_cart_is_read_as_its_document_is() {
    let line = LineDocument {
        id: "1".to_owned(),
        product: "tea".to_owned(),
        categories: vec!["drinks".to_owned()],
        brand: Some("Leaf".to_owned()),
        quantity: 2,
        unit_price: "9.99".to_owned(),
        tax: Some("1.60".to_owned()),
        ..LineDocument::default()
    };
    let document = CartDocument {
        currency: "EUR".to_owned(),
        prices_include_tax: false,
        lines: vec![line],
        discount: Some("0.50".to_owned()),
        channel: Some("app".to_owned()),
        ..CartDocument::default()
    };
    let tape = sample("9.99", "0.50");
    assert_eq!(
        Cart::read(&mut Tape::new(&tape)),
        Cart::try_from(document.clone())
    );
}

#[test]
fn the_first_amount_that_is_none_is_the_one_that_is_told() {
    let check = |unit_price, discount, pointer: &str| {
        let tape = sample(unit_price, discount);
        let error = Cart::read(&mut Tape::new(&tape)).expect_err("an amount that is none");
        assert_eq!(
            (error.kind.code(), &*error.pointer),
            ("amount_malformed", pointer)
        );
    };
    check("9,99", "0.50", "/lines/0/unit_price");
    check("9,99", "none", "/discount");
}

#[test]
fn nothing_on_a_tape_is_nobody() {
    assert_eq!(Snapshot::read(&mut Tape::new(&[])), Ok(None));
}

#[test]
fn what_a_program_says_and_nobody_knows_is_named() {
    // As far as its first currency: version, digest, two words, neither start nor end, no offset, one rate.
    let mut tape = 1_i64.to_le_bytes().to_vec();
    tape.extend([0, 0, 0, 0, 0, 0, 1]);
    text(&mut tape, "EUX");
    let error = Program::read(&mut Tape::new(&tape)).expect_err("a currency that is none");
    assert_eq!(
        error.to_string(),
        "the published program cannot be read: a currency"
    );
}

#[test]
fn reading_ends_on_any_bytes() {
    let whole = sample("9.99", "0.50");
    for end in 0..whole.len() {
        let _cut = Cart::read(&mut Tape::new(whole.get(..end).expect("a part")));
        for byte in 0..=255 {
            let mut torn = whole.clone();
            *torn.get_mut(end).expect("a byte") = byte;
            let _torn = Cart::read(&mut Tape::new(&torn));
            let _torn = Program::read(&mut Tape::new(&torn));
            let _torn = Snapshot::read(&mut Tape::new(&torn));
        }
    }
}
