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

    fn lazily(points: f64, cart: &[u8], member: &[u8], now: f64, tell: &JsValue) -> JsValue;
}

/// Tells the earning of a cart and a member, given as tapes, as JSON.
type Tell = dyn Fn(Vec<u8>, Vec<u8>, f64) -> String;

/// Evaluates carts under one program.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Engine {
    program: Rc<Program>,
    tell: Closure<Tell>,
}

/// A cart as handed in by the page.
#[derive(Debug)]
pub(crate) struct CartTape(Vec<u8>);

/// A member as handed in by the page. The default, as everything that is cut short, is a guest.
#[derive(Debug, Default)]
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
        let tell = Closure::new(move |cart: Vec<u8>, member: Vec<u8>, now: f64| {
            let earned = earn(&teller, &CartTape(cart), &MemberTape(member), now);
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
        cart: &CartTape,
        member: &MemberTape,
        now: f64,
    ) -> Result<(Earning, JsValue), JsValue> {
        let (_, earning) = earn(&self.program, cart, member, now)?;
        let points = points_number(earning.points.get());
        let value = lazily(points, &cart.0, &member.0, now, self.tell.as_ref());
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
        let document = reading::member(&mut Tape::new(&self.0));
        let member = document.map(Snapshot::try_from).transpose();
        member.map_err(|error| {
            let pointer = ["/", error.field].concat();
            complaint("member_malformed", &error.to_string(), &pointer)
        })
    }
}

/// The one evaluation of this module.
fn earn(
    program: &Program,
    cart: &CartTape,
    member: &MemberTape,
    now: f64,
) -> Result<(Cart, Earning), JsValue> {
    let cart = Cart::try_from(reading::cart(&mut Tape::new(&cart.0)));
    let cart = cart.map_err(|error| about_cart(&error))?;
    let member = member.read()?.unwrap_or_else(|| program.newcomer());
    let earning = evaluate(program, &member, &cart, timestamp(now));
    let earning = earning.map_err(|error| complaint("points_too_many", &error.to_string(), ""))?;
    Ok((cart, earning))
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
