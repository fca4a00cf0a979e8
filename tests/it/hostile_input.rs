//! Whatever is sent, the core answers: with what it asked for, or with an error. It never panics.

use std::sync::LazyLock;

use earnest_core::wire::{CartDocument, ProgramDocument};
use earnest_core::{Cart, Program, Timestamp, compile, evaluate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const PROGRAM: &str = r#"version = 3
name = "Café ☕ club"
welcome_points = 100
starts_at = 2026-03-01T00:00:00+01:00
points = { one = "bean", other = "beans", worth = { EUR = "0.01" } }

[earn]
per_unit = { EUR = 1.5, JPY = "0.01" }
minimum_order = { EUR = 5 }
rounding = "half-even"

[[tiers]]
id = "silver"
name = "Silver"
from_points = 300
multiplier = 1.25

[[exclusions]]
id = "gift-cards"
label = "Gift cards don't earn"
when = { categories = ["gift-cards"] }

[[rules]]
id = "double"
label = "2x on coffee"
when = { categories = ["coffee"], tiers = ["silver"], until = 2027-01-01T00:00:00Z }
grant = { multiply = 2 }
"#;

const CART: &str = r#"{"currency":"EUR","prices_include_tax":true,"lines":[
{"id":"l1","product":"kenya-aa","categories":["coffee"],"tags":["new"],"quantity":2,"unit_price":"19.99","discount":"0.00","tax":"2.62"},
{"id":"l2","product":"card","categories":["gift-cards"],"quantity":1,"unit_price":"50.00"}],
"discount":"4.00","shipping":"4.90","shipping_tax":"0.32"}"#;

static PUBLISHED: LazyLock<String> =
    LazyLock::new(|| compile::compile(PROGRAM).expect("a valid program").document);

/// Pieces that mean something, or nearly do, in either format.
const PIECES: [&str; 40] = [
    "version",
    "earn",
    "EUR",
    "from",
    "ends_at",
    "rules",
    "when",
    "grant",
    "multiply",
    "lines",
    "id",
    "quantity",
    "=",
    ".",
    ",",
    ":",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'",
    "'''",
    "\\",
    "\n",
    "#",
    "-",
    "0",
    "1e400",
    "nan",
    "0x1F",
    "99999999999999999999",
    "2026-02-30",
    "25:61:61",
    "null",
    "\u{0}",
    "☕",
    "/~1",
];

/// The text with a few places cut out, repeated, or written over.
fn edited(text: &'static str) -> impl Strategy<Value = String> {
    let edit = (
        any::<Index>(),
        0..20_usize,
        select(PIECES.as_slice()),
        0..3_u8,
    );
    vec(edit, 1..6).prop_map(|edits| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, len, piece, kind) in edits {
            let start = at.index(text.len() + 1);
            let end = (start + len).min(text.len());
            let put: Vec<char> = match kind {
                0 => Vec::new(),
                1 => text[start..end].repeat(2),
                _ => piece.chars().collect(),
            };
            text.splice(start..end, put);
        }
        text.into_iter().collect()
    })
}

fn any_text(of: &'static str) -> impl Strategy<Value = String> {
    let soup = vec(select(PIECES.as_slice()), 0..40).prop_map(|pieces| pieces.concat());
    prop_oneof![6 => edited(of), 2 => soup, 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_a_program_or_told_what_is_wrong(text in any_text(PROGRAM)) {
        match compile::compile(&text) {
            Ok(compiled) => {
                let document: ProgramDocument =
                    serde_json::from_str(&compiled.document).expect("what was just written");
                let read = Program::try_from(document).expect("what was just checked");
                prop_assert_eq!(read, compiled.program);
            }
            Err(problems) => {
                prop_assert!(problems.iter().next().is_some());
                for problem in problems.iter() {
                    prop_assert!((1..=text.matches('\n').count() + 1).contains(&problem.line));
                    prop_assert!(problem.column > 0 && problem.width > 0);
                }
                prop_assert!(problems.to_string().contains('^'));
            }
        }
    }

    #[test]
    fn any_text_is_a_published_program_that_can_be_evaluated_or_refused(text in any_text(&PUBLISHED)) {
        let document: Result<ProgramDocument, _> = serde_json::from_str(&text);
        if let Ok(Ok(program)) = document.map(Program::try_from) {
            let cart: CartDocument = serde_json::from_str(CART).expect("a cart document");
            let cart = Cart::try_from(cart).expect("a valid cart");
            // A program that nobody checked may earn nonsense, but it is nonsense that sums.
            if let Ok(earning) = evaluate(&program, &program.newcomer(), &cart, Timestamp::from_millis(0)) {
                let lines = earning.lines.iter().map(|line| line.points.get());
                prop_assert_eq!(lines.sum::<i64>(), earning.points.get());
            }
        }
    }

    #[test]
    fn any_text_is_a_cart_that_can_be_evaluated_or_refused(text in any_text(CART)) {
        let program = compile::compile(PROGRAM).expect("a valid program").program;
        let document: Result<CartDocument, _> = serde_json::from_str(&text);
        if let Ok(cart) = document.map(Cart::try_from) {
            match cart {
                Ok(cart) => {
                    let now = Timestamp::from_millis(i64::MAX);
                    evaluate(&program, &program.newcomer(), &cart, now).expect("few points");
                }
                Err(refused) => prop_assert!(!refused.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn any_amounts_are_read_or_refused(
        price in "-?[0-9]{0,20}[.,]?[0-9]{0,6}", quantity in any::<u32>(), discount in "[0-9]{1,18}",
    ) {
        let line = serde_json::json!({
            "id": "a", "product": "b", "quantity": quantity, "unit_price": price, "discount": discount,
        });
        let cart = serde_json::json!({ "currency": "EUR", "lines": [line] });
        let cart: CartDocument = serde_json::from_value(cart).expect("a cart document");
        if let Ok(cart) = Cart::try_from(cart) {
            prop_assert!(cart.discounted_minor().iter().all(|minor| *minor >= 0));
        }
    }
}
