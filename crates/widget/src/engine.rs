//! The engine: carts in, earnings out.
//!
//! Owns the crossing between JavaScript and the core; computes nothing itself. The view, the shared test
//! vectors and the benches all come through here, so what is measured and tested is what is shown.
//!
//! A cart comes in as one tape. An earning goes out as its points; the reasons, eighty of them for a cart
//! of 20 lines, are worked out again from the same tapes if somebody reads them. To make those objects
//! each time takes five times as long as to earn them, and keeping them here would need someone to free
//! them.

use std::rc::Rc;

use earnest_core::wire::SnapshotDocument;
use earnest_core::{Cart, Earning, Program, Snapshot, Timestamp, evaluate};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::complaint::{about_cart, complaint};
use crate::reading;
use crate::tape::Tape;
use crate::telling::tell;

#[wasm_bindgen(module = "/src/tape.js")]
extern "C" {
    /// The value as a tape.
    #[wasm_bindgen(catch, js_name = toTape)]
    fn to_tape(kind: &str, value: &JsValue) -> Result<Vec<u8>, JsValue>;

    fn lazily(points: f64, asked: &[u8], tell: &JsValue) -> JsValue;
}

/// Evaluates carts under one program.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Engine {
    program: Rc<Program>,
    /// Tells what was asked, given as a tape, as JSON.
    tell: Closure<dyn Fn(Vec<u8>) -> String>,
}

/// A cart as handed in by the page.
#[derive(Debug)]
pub(crate) struct CartTape(Vec<u8>);

/// A member as handed in by the page; the default is a guest.
#[derive(Debug)]
pub(crate) struct MemberTape(Vec<u8>);

#[wasm_bindgen]
impl Engine {
    /// Takes the document that `GET /v1/program` answers with, as parsed.
    ///
    /// # Errors
    /// `{code, message, pointer}` where it is not a program that this engine knows.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &JsValue) -> Result<Engine, JsValue> {
        let document = reading::program(&mut Tape::new(&to_tape("program", program)?));
        let program = Program::try_from(document)
            .map_err(|error| complaint("program_malformed", &error.to_string(), ""))?;
        let program = Rc::new(program);
        let teller = Rc::clone(&program);
        let tell = Closure::new(move |asked: Vec<u8>| {
            let earned = earn(&teller, &asked);
            // It was earned before, so it cannot fail now.
            earned.map_or_else(
                |_| String::new(),
                |(cart, earning)| tell(&teller, &cart, &earning),
            )
        });
        Ok(Self { program, tell })
    }

    /// What the cart earns, with all its reasons: the object that `POST /v1/preview` answers with.
    /// `member` is a snapshot, or null for a guest; `now` is in milliseconds, as from `Date.now()`.
    ///
    /// # Errors
    /// `{code, message, pointer}` where the cart or the member is not one.
    pub fn evaluate(&self, cart: &JsValue, member: &JsValue, now: f64) -> Result<JsValue, JsValue> {
        let (cart, member) = (CartTape::of(cart)?, MemberTape::of(member)?);
        Ok(self.preview(&cart, &member, now)?.1)
    }
}

impl Engine {
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// What the cart earns, and the same for the page.
    pub(crate) fn preview(
        &self,
        CartTape(cart): &CartTape,
        MemberTape(member): &MemberTape,
        now: f64,
    ) -> Result<(Earning, JsValue), JsValue> {
        let asked = [&cart[..], member, &now.to_le_bytes()].concat();
        let (_, earning) = earn(&self.program, &asked)?;
        let points = points_number(earning.points.get());
        let value = lazily(points, &asked, self.tell.as_ref());
        Ok((earning, value))
    }
}

impl CartTape {
    pub(crate) fn of(cart: &JsValue) -> Result<Self, JsValue> {
        to_tape("cart", cart).map(Self)
    }
}

impl MemberTape {
    pub(crate) fn of(member: &JsValue) -> Result<Self, JsValue> {
        to_tape("member", member).map(Self)
    }

    /// Her snapshot; `None` for a guest.
    pub(crate) fn read(&self) -> Result<Option<Snapshot>, JsValue> {
        snapshot(reading::member(&mut Tape::new(&self.0)))
    }
}

impl Default for MemberTape {
    fn default() -> Self {
        Self(vec![0])
    }
}

/// The one evaluation of this module: of a tape with a cart, a member and the time.
fn earn(program: &Program, asked: &[u8]) -> Result<(Cart, Earning), JsValue> {
    let mut asked = Tape::new(asked);
    let cart = Cart::try_from(reading::cart(&mut asked)).map_err(|error| about_cart(&error))?;
    let member = snapshot(reading::member(&mut asked))?.unwrap_or_else(|| program.newcomer());
    let now = Timestamp::from_millis(asked.whole());
    let earning = evaluate(program, &member, &cart, now);
    let earning = earning.map_err(|error| complaint("points_too_many", &error.to_string(), ""))?;
    Ok((cart, earning))
}

fn snapshot(member: Option<SnapshotDocument>) -> Result<Option<Snapshot>, JsValue> {
    member.map(Snapshot::try_from).transpose().map_err(|error| {
        let pointer = ["/", error.field].concat();
        complaint("member_malformed", &error.to_string(), &pointer)
    })
}

/// Milliseconds as JavaScript has them; what is not a time is the beginning of time.
#[expect(
    clippy::cast_possible_truncation,
    reason = "saturates, and years stay far below 2^53"
)]
pub(crate) fn timestamp(millis: f64) -> Timestamp {
    Timestamp::from_millis(millis as i64)
}

#[expect(clippy::cast_precision_loss, reason = "points are within 2^53 - 1")]
pub(crate) fn points_number(points: i64) -> f64 {
    points as f64
}
