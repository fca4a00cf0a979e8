//! The browser module: previews a cart with the core.
//!
//! Owns the crossing of values from a page into the core and back. It decides nothing about points (the
//! core does), shows nothing (`www/earnest/view.js` does), and talks to nobody (the loader does). Its
//! invariant: nothing that a page hands in can make it panic.

mod engine;
mod telling;

pub use engine::Engine;

/// A quarter of the size of std's allocator.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
