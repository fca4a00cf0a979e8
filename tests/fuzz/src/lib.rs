//! What the core must make of any bytes: an answer that adds up, or a refusal that says why. Never a panic.
//!
//! Two drivers feed these functions. `tests/it/hostile_input.rs` runs them with every `cargo test`, over the
//! corpus of this folder and what a small mutator makes of it; `EARNEST_FUZZ_ROUNDS=1000000` makes it a long
//! run. The targets of this crate run them under libFuzzer, which looks for inputs that reach new code:
//!
//! ```sh
//! cd tests/fuzz && mkdir -p target/found
//! cargo +nightly fuzz run --fuzz-dir . program target/found corpus/program ../../crates/core/presets
//! ```
//!
//! Where there is no nightly toolchain, a stable one and a C++ compiler will do, without the address sanitizer,
//! which has nothing to find in code that forbids `unsafe`:
//!
//! ```sh
//! cd tests/fuzz && mkdir -p target/found
//! RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
//!   -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
//!   -Cllvm-args=-sanitizer-coverage-trace-compares" \
//!   cargo build --release --target x86_64-unknown-linux-gnu
//! target/x86_64-unknown-linux-gnu/release/program target/found corpus/program ../../crates/core/presets \
//!   -max_total_time=300
//! ```
//!
//! What libFuzzer keeps goes to the first folder that is named. An input that has no answer is added to the
//! corpus by hand, as small as it gets, once the answer is there.

use std::sync::LazyLock;

use earnest_core::wire::{CartDocument, ProgramDocument, SnapshotDocument};
use earnest_core::{
    Cart, Earning, ExactPoints, Points, Program, Reason, Snapshot, Timestamp, compile, evaluate,
};

/// 2026-06-15T12:00:00Z.
const NOON_MS: i64 = 1_781_524_800_000;

/// A program of every part of the language that decides what a cart earns.
pub const LANGUAGE: &str = include_str!("../corpus/program/language.toml");

/// A cart of which everything is said.
pub const FULL_CART: &str = include_str!("../corpus/cart/full.json");

static PROGRAM: LazyLock<Program> =
    LazyLock::new(|| compile::compile(LANGUAGE).expect("a valid program").program);

static CART: LazyLock<Cart> = LazyLock::new(|| {
    let cart: CartDocument = serde_json::from_str(FULL_CART).expect("a cart document");
    Cart::try_from(cart).expect("a valid cart")
});

static MEMBER: LazyLock<Snapshot> = LazyLock::new(|| {
    let member: SnapshotDocument = serde_json::from_str(
        r#"{ "tier": "silver", "orders": 4, "birthday": "06-15", "segments": ["vip"], "tags": ["staff"],
        "joined_at": 1750000000000, "last_order_at": 1770000000000, "paid_until": 1800000000000,
        "usage": [{ "holder": "", "day": 20619, "day_points": 5, "month_points": 9, "year_points": 12, "points": 20, "times": 3 }],
        "budgets": [["summer", 100]] }"#,
    )
    .expect("a snapshot document");
    Snapshot::try_from(member).expect("a valid snapshot")
});

/// Text of a program file: what compiles reads back from its document as the same program, and can be evaluated;
/// what does not is told, where.
///
/// # Panics
/// When that is not so.
pub fn program(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    match compile::compile(text) {
        Ok(compiled) => {
            let document: ProgramDocument =
                serde_json::from_str(&compiled.document).expect("what was just written");
            let read = Program::try_from(document).expect("what was just checked");
            assert_eq!(read, compiled.program);
            for member in [&read.newcomer(), &*MEMBER] {
                if let Ok(earning) = evaluate(&read, member, &CART, Timestamp::from_millis(NOON_MS))
                {
                    assert_sound(&earning);
                }
            }
        }
        Err(problems) => {
            assert!(problems.iter().next().is_some());
            for problem in problems.iter() {
                assert!((1..=text.matches('\n').count() + 1).contains(&problem.line));
                assert!(problem.column > 0 && problem.width > 0);
            }
            assert!(problems.to_string().contains('^'));
        }
    }
}

/// Text of a published program, which nobody checked: it may earn nonsense, but it is nonsense that sums.
///
/// # Panics
/// When it does not.
pub fn document(bytes: &[u8]) {
    let document: Result<ProgramDocument, _> = serde_json::from_slice(bytes);
    if let Ok(Ok(program)) = document.map(Program::try_from) {
        for millis in [0, NOON_MS, i64::MIN, i64::MAX] {
            let now = Timestamp::from_millis(millis);
            if let Ok(earning) = evaluate(&program, &program.newcomer(), &CART, now) {
                let lines = earning.lines.iter().map(|line| line.points.get());
                assert_eq!(lines.sum::<i64>(), earning.points.get());
            }
        }
    }
}

/// Text of a cart: it is refused in words, or it is the same cart in its canonical form and can be evaluated.
///
/// # Panics
/// When that is not so.
pub fn cart(bytes: &[u8]) {
    let Ok(document) = serde_json::from_slice::<CartDocument>(bytes) else {
        return;
    };
    match Cart::try_from(document) {
        Err(refused) => assert!(!refused.to_string().is_empty()),
        Ok(cart) => {
            let canonical = CartDocument::from(&cart);
            assert_eq!(Cart::try_from(canonical), Ok(cart.clone()));
            for (member, millis) in [(&PROGRAM.newcomer(), i64::MAX), (&*MEMBER, NOON_MS)] {
                let now = Timestamp::from_millis(millis);
                if let Ok(earning) = evaluate(&PROGRAM, member, &cart, now) {
                    assert_sound(&earning);
                }
            }
        }
    }
}

/// Nothing is negative, and lines and reasons sum to what they explain.
fn assert_sound(earning: &Earning) {
    let lines = &earning.lines;
    assert!(lines.iter().all(|line| line.points >= Points::ZERO));
    let points = lines.iter().map(|line| line.points.get());
    assert_eq!(points.sum::<i64>(), earning.points.get());
    assert_eq!(sum(&earning.reasons), earning.points.into());
    for credit in &earning.credits {
        assert!(credit.lines_minor.iter().all(|minor| *minor >= 0));
        assert_eq!(credit.lines_minor.iter().sum::<i64>(), credit.minor);
        assert_eq!(
            sum(&credit.reasons),
            ExactPoints::whole(credit.minor.into())
        );
    }
}

fn sum(reasons: &[Reason]) -> ExactPoints {
    reasons.iter().fold(ExactPoints::ZERO, |sum, reason| {
        sum.checked_add(reason.points_exact)
            .expect("what was summed before")
    })
}
