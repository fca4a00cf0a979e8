use super::*;

fn totals() -> CartTotals {
    CartTotals {
        currency: Currency::parse("EUR").expect("a currency"),
        prices_include_tax: true,
        discount_minor: 0,
        shipping_minor: 0,
        shipping_tax_minor: 0,
    }
}

fn line(id: &str) -> Line {
    Line {
        id: id.to_owned(),
        product: "kenya-aa".into(),
        categories: vec!["coffee".into()],
        tags: Vec::new(),
        brand: None,
        vendor: None,
        quantity: 2,
        unit_price_minor: 500,
        discount_minor: 0,
        tax_minor: 0,
    }
}

fn many(count: usize) -> Vec<Line> {
    (0..count).map(|nth| line(&nth.to_string())).collect()
}

/// The rules that a document can break are in `tests/vectors/refused-carts.json`, for every runner.
fn check(totals: CartTotals, lines: Vec<Line>, told: Result<(), (&str, &str)>) {
    let made = Cart::new(totals, lines);
    let made = made.as_ref().map(|_| ());
    let made = made.map_err(|error| (error.kind.code(), error.pointer.as_str()));
    assert_eq!(made, told);
}

#[test]
fn what_is_just_within_the_limits_is_a_cart() {
    check(totals(), Vec::new(), Ok(()));
    check(totals(), many(MAX_LINES), Ok(()));
    let long = "x".repeat(MAX_ID_BYTES);
    let labels = vec!["l".repeat(MAX_LABEL_BYTES); MAX_LABELS_PER_LINE];
    let full = Line {
        id: long.clone(),
        product: long,
        categories: labels.clone(),
        tags: labels,
        brand: None,
        vendor: None,
        quantity: MAX_QUANTITY,
        unit_price_minor: MAX_AMOUNT_MINOR / i64::from(MAX_QUANTITY),
        discount_minor: MAX_AMOUNT_MINOR,
        tax_minor: 0,
    };
    check(totals(), vec![full], Ok(()));
    let discount_minor = 2_000;
    let whole = CartTotals {
        discount_minor,
        ..totals()
    };
    check(whole, many(2), Ok(()));
    let taxed = Line {
        tax_minor: 1_000,
        ..line("a")
    };
    check(totals(), vec![taxed], Ok(()));
}

#[test]
fn one_more_than_the_limits_is_none() {
    let told = Err(("cart_too_many_lines", "/lines"));
    check(totals(), many(MAX_LINES + 1), told);
    let discount_minor = 2_001;
    let more = CartTotals {
        discount_minor,
        ..totals()
    };
    check(more, many(2), Err(("discount_exceeds_cart", "/discount")));
}

#[test]
fn no_amount_is_negative_wherever_it_comes_from() {
    let negative = |pointer| Err(("amount_negative", pointer));
    let lines = |line| vec![line];
    let unit_price_minor = -1;
    let priced = Line {
        unit_price_minor,
        ..line("a")
    };
    check(totals(), lines(priced), negative("/lines/0/unit_price"));
    let discount_minor = -1;
    let dearer = Line {
        discount_minor,
        ..line("a")
    };
    check(totals(), lines(dearer), negative("/lines/0/discount"));
    let taxed = Line {
        tax_minor: i64::MIN,
        ..line("a")
    };
    check(totals(), lines(taxed), negative("/lines/0/tax"));
    let dearer = CartTotals {
        discount_minor,
        ..totals()
    };
    check(dearer, many(1), negative("/discount"));
    let shipped = CartTotals {
        shipping_minor: -1,
        ..totals()
    };
    check(shipped, many(1), negative("/shipping"));
    let taxed = CartTotals {
        shipping_tax_minor: -1,
        ..totals()
    };
    check(taxed, many(1), negative("/shipping_tax"));
}

#[test]
fn the_first_second_line_of_an_id_is_told() {
    let ids = ["b", "a", "c", "a", "b", "a"];
    let lines = ids.map(line).to_vec();
    check(totals(), lines, Err(("line_id_duplicate", "/lines/3/id")));
}
