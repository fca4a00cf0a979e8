//! The runner of the shared vectors as a module of a page: for the browser's stage, and served to nobody.
//!
//! Compiled as tests are, with checks of overflow, since nobody downloads it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::when_changed;
use crate::{place, step, tools};

/// Where the module and its glue lie, which the browser's tests know too.
fn folder() -> PathBuf {
    place::at("target/vectors")
}

pub(super) fn build() -> Result<()> {
    let inputs = [
        "crates/core/Cargo.toml",
        "crates/core/presets",
        "crates/core/src",
        "crates/ledger/Cargo.toml",
        "crates/ledger/src",
        "tests/runner",
    ];
    let module = folder().join("vectors_bg.wasm");
    when_changed("vectors", &inputs, &module, || {
        let mut cargo = tools::cargo();
        cargo
            .args(["build", "--package", "earnest-vectors", "--lib"])
            .args(["--target", tools::WASM]);
        step::run("compiling the vectors' runner", &mut cargo)?;
        let mut bindgen = Command::new(tools::wasm_bindgen());
        bindgen
            .args(["--target", "web", "--no-typescript"])
            .args(["--out-name", "vectors"])
            .arg("--out-dir")
            .arg(folder())
            .arg(
                place::cargo_target()
                    .join(tools::WASM)
                    .join("debug/earnest_vectors.wasm"),
            );
        step::run("binding the vectors' runner to JavaScript", &mut bindgen)?;
        Ok(())
    })
}
