//! The runner as a module of a page.
//!
//! Its invariant: what stops a run is told on the console, with its words.

use std::panic;

use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Runs a file of the vectors. Answers a JSON document: how many cases there are, and those that differ.
#[wasm_bindgen]
#[must_use]
pub fn run(name: &str, text: &str) -> String {
    panic::set_hook(Box::new(|stopped| error(&stopped.to_string())));
    json!(crate::run(name, text)).to_string()
}
