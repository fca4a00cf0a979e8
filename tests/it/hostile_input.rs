//! Whatever is sent, the core answers: with what it asked for, or with an error. It never panics.
//!
//! What an answer must be is said in `tests/fuzz/src/lib.rs`, which libFuzzer drives as well. Its invariant:
//! every seed of the corpus still means what it was written for, so that what is made of it is worth trying.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::LazyLock;

use earnest_core::presets::PRESETS;
use earnest_core::wire::CartDocument;
use earnest_core::{Cart, compile};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is a crate of its own, too")]
mod fuzz;

use self::fuzz::{FULL_CART, LANGUAGE};

/// Inputs that the mutator makes for each kind, where `EARNEST_FUZZ_ROUNDS` does not say how many.
const ROUNDS: u64 = 2_000;

static PUBLISHED: LazyLock<String> = LazyLock::new(|| {
    compile::compile(LANGUAGE)
        .expect("a valid program")
        .document
});

/// Pieces that mean something, or nearly do, in either format.
const PIECES: [&str; 46] = [
    "version",
    "earn",
    "EUR",
    "from",
    "ends_at",
    "rules",
    "when",
    "grant",
    "multiply",
    "per_step",
    "bands",
    "up_to",
    "limits",
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
    "9007199254740993",
    "0.00001",
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
    fn any_text_is_a_program_or_told_what_is_wrong(text in any_text(LANGUAGE)) {
        fuzz::program(text.as_bytes());
    }

    #[test]
    fn any_text_is_a_published_program_that_can_be_evaluated_or_refused(text in any_text(&PUBLISHED)) {
        fuzz::document(text.as_bytes());
    }

    #[test]
    fn any_text_is_a_cart_that_can_be_evaluated_or_refused(text in any_text(FULL_CART)) {
        fuzz::cart(text.as_bytes());
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

#[test]
fn whatever_becomes_of_a_program_file_is_answered() {
    let mut seeds = corpus("program");
    seeds.extend(PRESETS.iter().map(|preset| preset.source.into()));
    hold(&seeds, fuzz::program);
}

#[test]
fn whatever_becomes_of_a_published_program_is_answered() {
    let sources = corpus("program").into_iter().map(|source| {
        let source = String::from_utf8(source).expect("a program in UTF-8");
        compile::compile(&source)
    });
    let documents = sources.filter_map(|compiled| Some(compiled.ok()?.document.into_bytes()));
    let presets = PRESETS.iter().map(|preset| {
        let compiled = compile::compile(preset.source);
        compiled.expect("a preset").document.into_bytes()
    });
    let seeds: Vec<_> = documents.chain(presets).collect();
    hold(&seeds, fuzz::document);
}

#[test]
fn whatever_becomes_of_a_cart_is_answered() {
    hold(&corpus("cart"), fuzz::cart);
}

#[test]
fn every_seed_is_what_it_was_written_for() {
    let compiles = |source: &[u8]| {
        let source = str::from_utf8(source).expect("a program in UTF-8");
        compile::compile(source).is_ok()
    };
    let is_cart = |cart: &[u8]| {
        let cart: CartDocument = serde_json::from_slice(cart).expect("a cart document");
        Cart::try_from(cart).is_ok()
    };
    for path in paths("program") {
        let is_wrong = path.ends_with("wrong.toml");
        assert_eq!(compiles(&read(&path)), !is_wrong, "{}", path.display());
    }
    for path in paths("cart") {
        let is_refused = path.ends_with("refused.json");
        assert_eq!(is_cart(&read(&path)), !is_refused, "{}", path.display());
    }
}

/// Answers every seed, and as many inputs made of them as are asked for. They are the same in every run.
fn hold(seeds: &[Vec<u8>], answer: fn(&[u8])) {
    assert!(!seeds.is_empty(), "no seeds");
    let rounds = std::env::var("EARNEST_FUZZ_ROUNDS").map_or(ROUNDS, |rounds| {
        rounds.parse().expect("EARNEST_FUZZ_ROUNDS is a number")
    });
    for seed in seeds {
        answer(seed);
    }
    let mut mutator = Mutator { state: 1 };
    for round in 0..rounds {
        let input = mutator.mutated(seeds);
        let answered = catch_unwind(AssertUnwindSafe(|| answer(&input)));
        let text = String::from_utf8_lossy(&input);
        assert!(answered.is_ok(), "round {round} has no answer:\n{text}");
    }
}

/// Makes inputs of others: cuts, repeats, writes over, changes numbers, and joins two.
struct Mutator {
    /// Never 0.
    state: u64,
}

impl Mutator {
    fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.one_of(seeds).clone();
        for _ in 0..=self.below(6) {
            let (start, end) = self.range(&input);
            match self.below(7) {
                0 => drop(input.drain(start..end)),
                1 => {
                    let twice = input[start..end].repeat(2);
                    input.splice(start..end, twice);
                }
                2 => {
                    let piece = self.one_of(&PIECES).bytes();
                    input.splice(start..end, piece);
                }
                3 => {
                    let piece = self.one_of(&PIECES).bytes();
                    input.splice(start..start, piece);
                }
                4 => self.change_number(&mut input),
                5 => {
                    let other = self.one_of(seeds);
                    let (from, to) = self.range(other);
                    input.splice(start..end, other[from..to].iter().copied());
                }
                _ => {
                    let bit = self.below(8);
                    if let Some(byte) = input.get_mut(start) {
                        *byte ^= 1 << bit;
                    }
                }
            }
        }
        input
    }

    /// Another number in the place of one that is there.
    fn change_number(&mut self, input: &mut Vec<u8>) {
        const NUMBERS: [&str; 12] = [
            "0",
            "1",
            "-1",
            "2",
            "5",
            "99",
            "100",
            "101",
            "1000001",
            "1e3",
            "0.5",
            "4294967296",
        ];
        let digits = input.iter().enumerate();
        let digits = digits.filter(|(_, byte)| byte.is_ascii_digit());
        let places: Vec<usize> = digits.map(|(place, _)| place).collect();
        if places.is_empty() {
            return;
        }
        let start = *self.one_of(&places);
        let digits = input[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let end = start + digits.count();
        input.splice(start..end, self.one_of(&NUMBERS).bytes());
    }

    /// Some bytes, mostly few.
    fn range(&mut self, of: &[u8]) -> (usize, usize) {
        let start = self.below(of.len() + 1);
        let most = if self.below(4) == 0 { 400 } else { 16 };
        let end = start + self.below(most);
        (start, end.min(of.len()))
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A number from 0 to below `end`. Marsaglia's xorshift64 is random enough to break things with.
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let end = u64::try_from(end).expect("a small number");
        usize::try_from(self.state % end).expect("less than a small number")
    }
}

fn corpus(of: &str) -> Vec<Vec<u8>> {
    paths(of).iter().map(read).collect()
}

fn paths(of: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(of);
    let entries = fs::read_dir(folder).expect("the folder of the corpus");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no seeds of {of}");
    paths
}

fn read(path: &PathBuf) -> Vec<u8> {
    fs::read(path).expect("a file of the corpus")
}
