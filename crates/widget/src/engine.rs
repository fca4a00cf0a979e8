//! The engine: carts in, earnings out.
//!
//! Owns the crossing between JavaScript and the core; computes nothing itself. The view, the shared test
//! vectors and the benches all come through here, so what is measured and tested is what is shown. Only
//! bytes, numbers and texts cross, so that the glue needs no table of JavaScript's objects; `engine.js`
//! makes them what a page hands in and reads.
//!
//! What is asked is a tape of a cart, a member and the time. The answer is its points; the reasons, eighty
//! of them for a cart of 20 lines, are worked out again from the same tape if somebody reads them. To tell
//! them each time takes five times as long as to earn them, and keeping them here would need someone to
//! free them.

use std::mem::ManuallyDrop;

use earnest_core::wire::Tape;
use earnest_core::{Cart, Earning, Program, Snapshot, evaluate};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::telling::{complaint, tell};

/// Evaluates carts under one program. It lives as long as its page: the module has no code to take a
/// program apart again.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Engine {
    /// Or what is wrong with it, as JSON.
    program: ManuallyDrop<Result<Program, String>>,
}

#[wasm_bindgen]
impl Engine {
    /// Takes a program's tape.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &[u8]) -> Engine {
        let program = Program::read(&mut Tape::new(program))
            .map_err(|error| complaint("program_malformed", &error.message(), ""));
        Self {
            program: ManuallyDrop::new(program),
        }
    }

    /// The points that are earned; no number where [`tell`](Self::tell) has a complaint.
    pub fn points(&self, asked: &[u8]) -> f64 {
        let earned = self.earn(asked);
        earned.map_or(f64::NAN, |(_, _, earning)| number(earning.points.get()))
    }

    /// The earning as JSON, with all its reasons: what `POST /v1/preview` answers with. Where the cart or
    /// the member is not one, or before all the program: `{code, message, pointer}`.
    pub fn tell(&self, asked: &[u8]) -> String {
        self.earn(asked).map_or_else(
            |complaint| complaint,
            |(program, cart, earning)| tell(program, &cart, &earning),
        )
    }
}

impl Engine {
    /// The one evaluation of this module.
    #[inline(never)]
    fn earn(&self, asked: &[u8]) -> Result<(&Program, Cart, Earning), String> {
        let program = self.program.as_ref().map_err(Clone::clone)?;
        let mut asked = Tape::new(asked);
        let cart = Cart::read(&mut asked)
            .map_err(|error| complaint(error.kind.code(), &error.kind.message(), &error.pointer))?;
        let member = Snapshot::read(&mut asked).map_err(|error| {
            let mut pointer = String::from("/");
            pointer.push_str(error.field);
            complaint("member_malformed", &error.message(), &pointer)
        })?;
        let member = member.unwrap_or_else(|| program.newcomer());
        let now = asked.instant();
        let earning = evaluate(program, &member, &cart, now)
            .map_err(|error| complaint("points_too_many", &error.message(), ""))?;
        Ok((program, cart, earning))
    }
}

#[expect(clippy::cast_precision_loss, reason = "points are within 2^53 - 1")]
fn number(points: i64) -> f64 {
    points as f64
}

#[cfg(test)]
mod tests;
