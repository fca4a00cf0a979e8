//! The browser module: compiled, bound, shrunk.
//!
//! Owns the road from `crates/widget` and `www/earnest/widget.js` to `target/bundle/{widget.wasm,widget.js}`.
//! What they are called in public is the site's business.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::script::{self, Kind};
use super::when_changed;
use crate::{place, step, tools};

/// What rustc emits for wasm32 by default and every browser of the last years runs. Listed one by one:
/// `--all-features` lets wasm-opt write encodings that V8 refuses.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The glue as built.
pub(crate) fn glue() -> PathBuf {
    place::bundle().join("widget.js")
}

/// The module as built.
pub(crate) fn module() -> PathBuf {
    place::bundle().join("widget.wasm")
}

pub(super) fn build() -> Result<()> {
    let inputs = [
        "crates/core/Cargo.toml",
        "crates/core/src",
        "crates/widget",
        "www/earnest",
    ];
    when_changed("widget", &inputs, &module(), || {
        fs::create_dir_all(place::bundle())?;
        let compiled = compile()?;
        bind(&compiled)?;
        shrink_module()?;
        script::squeeze_style()?;
        script::bundle(
            "the glue",
            "www/earnest/widget.js",
            Kind::Module,
            &glue(),
            &[],
        )
    })
}

fn compile() -> Result<PathBuf> {
    let mut cargo = tools::cargo();
    cargo
        .args([
            "build",
            "--package",
            "earnest-widget",
            "--lib",
            "--profile",
            "widget",
        ])
        .args(["--target", tools::WASM]);
    step::run("compiling the widget", &mut cargo)?;
    Ok(place::cargo_target()
        .join(tools::WASM)
        .join("widget/earnest_widget.wasm"))
}

fn bind(compiled: &Path) -> Result<()> {
    let mut bindgen = Command::new(tools::wasm_bindgen());
    bindgen
        // For a bundler: how the module is fetched and started is engine.js's business.
        .args(["--target", "bundler", "--no-typescript"])
        .args(["--out-name", "widget"])
        .arg("--out-dir")
        .arg(script::bound())
        .arg(compiled);
    step::run("binding the widget to JavaScript", &mut bindgen)?;
    Ok(())
}

fn shrink_module() -> Result<()> {
    let mut wasm_opt = Command::new(tools::npm_binary("wasm-opt"));
    wasm_opt
        .arg("-Oz")
        .args(WASM_FEATURES)
        // Nothing of ours lies in the first KB: a null pointer is the only one that points there.
        .arg("--low-memory-unused")
        .args([
            "--strip-debug",
            "--strip-producers",
            "--strip-target-features",
        ])
        .arg(script::bound().join("widget_bg.wasm"))
        .arg("-o")
        .arg(module());
    step::run("shrinking the widget", &mut wasm_opt)?;
    Ok(())
}
