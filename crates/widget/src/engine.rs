//! The engine: carts in, earnings out.
//!
//! Owns the crossing between JavaScript and the core; computes nothing itself. The view, the shared test
//! vectors and the benches all come through here, so what is measured and tested is what is shown.
//!
//! Both directions cross once: a value comes in as a tape, an earning goes out as JSON text that the
//! browser parses. A cart's 20 lines make 80 reasons; building those objects one property at a time
//! from this side costs four times as much.

use earnest_core::wire::EarningDocument;
use earnest_core::{Cart, Earning, Program, Snapshot, Timestamp, evaluate};
use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::complaint::Complaint;
use crate::reading;
use crate::tape::{Misread, Tape};

#[wasm_bindgen(module = "/src/tape.js")]
extern "C" {
    /// The value as a tape. Fails where the page's own getters throw.
    #[wasm_bindgen(catch)]
    fn record(value: &JsValue) -> Result<Vec<u8>, JsValue>;
}

/// Evaluates carts under one program.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Engine {
    program: Program,
}

#[wasm_bindgen]
impl Engine {
    /// Takes the document that `GET /v1/program` answers with, as parsed.
    ///
    /// # Errors
    /// `{code, message, pointer}` where it is not a program that this engine knows.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &JsValue) -> Result<Engine, JsValue> {
        Ok(Self {
            program: read_program(program)?,
        })
    }

    /// What the cart earns, with all its reasons: the object that `POST /v1/preview` answers with.
    /// `member` is a snapshot, or null for a guest; `now` is in milliseconds, as from `Date.now()`.
    ///
    /// # Errors
    /// `{code, message, pointer}` where the cart or the member is not one.
    pub fn evaluate(&self, cart: &JsValue, member: &JsValue, now: f64) -> Result<JsValue, JsValue> {
        let (cart, earning) = self.run(cart, member, now)?;
        Ok(earning_value(&self.program, &cart, &earning))
    }

    /// The points alone: what a page calls on each change when it shows the number only.
    ///
    /// # Errors
    /// As `evaluate`.
    pub fn points(&self, cart: &JsValue, member: &JsValue, now: f64) -> Result<f64, JsValue> {
        let (_, earning) = self.run(cart, member, now)?;
        Ok(points_number(earning.points.get()))
    }

    fn run(
        &self,
        cart: &JsValue,
        member: &JsValue,
        now: f64,
    ) -> Result<(Cart, Earning), Complaint> {
        let cart = read_cart(cart)?;
        let member = read_member(member)?.unwrap_or_else(|| self.program.newcomer());
        let earning = evaluate(&self.program, &member, &cart, timestamp(now))?;
        Ok((cart, earning))
    }
}

pub(crate) fn read_program(value: &JsValue) -> Result<Program, Complaint> {
    let document = read("program_malformed", value, reading::program)?;
    Program::try_from(document).map_err(|error| Complaint {
        code: "program_malformed",
        pointer: String::new(),
        message: error.to_string(),
    })
}

pub(crate) fn read_cart(value: &JsValue) -> Result<Cart, Complaint> {
    let document = read("cart_malformed", value, reading::cart)?;
    Ok(document.try_into()?)
}

/// The member's snapshot; `None` for a guest.
pub(crate) fn read_member(value: &JsValue) -> Result<Option<Snapshot>, Complaint> {
    if value.is_undefined() {
        return Ok(None);
    }
    let document = read("member_malformed", value, reading::member)?;
    let member = document.map(Snapshot::try_from).transpose();
    member.map_err(|error| Complaint {
        code: "member_malformed",
        pointer: format!("/{}", error.field),
        message: error.to_string(),
    })
}

fn read<T>(
    code: &'static str,
    value: &JsValue,
    read: impl FnOnce(&mut Tape<'_>) -> Result<T, Misread>,
) -> Result<T, Complaint> {
    let bytes = record(value).map_err(|_| Complaint::unreadable(code))?;
    read(&mut Tape::new(&bytes)).map_err(|misread| Complaint::misread(code, &misread))
}

/// The earning as an object.
pub(crate) fn earning_value(program: &Program, cart: &Cart, earning: &Earning) -> JsValue {
    let text = serde_json::to_string(&EarningDocument::new(program, cart, earning));
    text.ok()
        .and_then(|text| JSON::parse(&text).ok())
        .unwrap_or(JsValue::NULL)
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
