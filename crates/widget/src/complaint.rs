//! A complaint: what is wrong with what the page handed in, for its developer.
//!
//! Owns the shape that leaves the module: `{code, message, pointer}`, where `pointer` is a JSON pointer
//! (RFC 6901) into what was handed in. It is never shown to a shopper.

use earnest_core::CartError;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/tape.js")]
extern "C" {
    /// The complaint as an object.
    pub(crate) fn complaint(code: &str, message: &str, pointer: &str) -> JsValue;
}

/// What is wrong with a cart.
pub(crate) fn about_cart(error: &CartError) -> JsValue {
    complaint(error.kind.code(), &error.kind.to_string(), &error.pointer)
}
