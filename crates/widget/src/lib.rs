//! The browser module: previews a cart with the core and shows the answer.
//!
//! Owns what the shopper sees of Earnest: the box in the shadow root that the loader hands it, and the
//! crossing of values from the page. It decides nothing about points (the core does), and talks to
//! nobody (the loader does). Its invariant: nothing that a page hands in can make it panic.

mod complaint;
mod engine;
mod reading;
mod scene;
mod tape;
mod telling;
mod tongue;
mod view;

pub use engine::Engine;
pub use view::CheckoutView;

/// A quarter of the size of std's allocator.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
