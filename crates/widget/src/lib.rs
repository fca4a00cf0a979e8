//! The browser module: previews a cart with the core and shows the answer.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the module.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
