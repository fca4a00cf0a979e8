//! The edge's module: `crates/worker/build/index.js` and the wasm beside it.
//!
//! worker-build does the work and decides on the names; this gives it tools that are already here, which
//! it would otherwise download.

use std::process::Command;

use anyhow::Result;

use super::when_changed;
use crate::{place, step, tools};

pub(super) fn build() -> Result<()> {
    let inputs = [
        "crates/core/Cargo.toml",
        "crates/core/src",
        "crates/ledger/Cargo.toml",
        "crates/ledger/src",
        "crates/worker/Cargo.toml",
        "crates/worker/src",
        // The demo's catalogue is compiled in.
        "www/demo/catalogue.json",
    ];
    when_changed(
        "worker",
        &inputs,
        &place::at("crates/worker/build/index.js"),
        || {
            let mut worker_build = Command::new(tools::worker_build());
            worker_build
                .args(["crates/worker", "--release"])
                .current_dir(place::root())
                .env("WASM_BINDGEN_BIN", tools::wasm_bindgen())
                .env("WASM_OPT_BIN", tools::npm_binary("wasm-opt"))
                .env("ESBUILD_BIN", tools::npm_binary("esbuild"));
            step::run("compiling the Worker", &mut worker_build)?;
            Ok(())
        },
    )
}
