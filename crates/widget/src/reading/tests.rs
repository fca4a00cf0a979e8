use super::*;

/// A tape as `tape.js` writes it for the sample below.
fn sample() -> Vec<u8> {
    let mut tape = Vec::new();
    let text = |tape: &mut Vec<u8>, text: &str| {
        tape.push(u8::try_from(text.len()).expect("a short text"));
        tape.extend(text.bytes());
    };
    text(&mut tape, "EUR");
    tape.extend([0, 1]);
    for part in ["1", "tea"] {
        text(&mut tape, part);
    }
    tape.push(1);
    text(&mut tape, "drinks");
    tape.extend([0, 1]);
    text(&mut tape, "Leaf");
    tape.push(0);
    tape.extend(2_f64.to_le_bytes());
    text(&mut tape, "9.99");
    tape.push(0);
    tape.push(1);
    text(&mut tape, "1.60");
    tape.push(1);
    text(&mut tape, "0.50");
    tape.extend([0, 0, 0, 1]);
    text(&mut tape, "app");
    tape.extend([0, 0, 0]);
    tape
}

#[test]
fn a_cart_is_read_field_by_field() {
    let line = LineDocument {
        id: "1".to_owned(),
        product: "tea".to_owned(),
        categories: vec!["drinks".to_owned()],
        tags: Vec::new(),
        brand: Some("Leaf".to_owned()),
        vendor: None,
        quantity: 2,
        unit_price: "9.99".to_owned(),
        discount: None,
        tax: Some("1.60".to_owned()),
    };
    let expected = CartDocument {
        currency: "EUR".to_owned(),
        prices_include_tax: false,
        lines: vec![line],
        discount: Some("0.50".to_owned()),
        channel: Some("app".to_owned()),
        ..CartDocument::default()
    };
    assert_eq!(cart(&mut Tape::new(&sample())), expected);
}

#[test]
fn nothing_on_a_tape_is_nobody() {
    assert_eq!(member(&mut Tape::new(&[])), None);
}

#[test]
fn reading_ends_on_any_bytes() {
    let whole = sample();
    for end in 0..whole.len() {
        let _cut = cart(&mut Tape::new(&whole[..end]));
        for byte in 0..=255 {
            let mut torn = whole.clone();
            torn[end] = byte;
            let _torn = cart(&mut Tape::new(&torn));
            let _torn = program(&mut Tape::new(&torn));
            let _torn = member(&mut Tape::new(&torn));
        }
    }
}
