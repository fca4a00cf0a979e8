//! The browser module: compiled, bound, shrunk.
//!
//! Owns the road from `crates/widget` to `target/bundle/{widget.js,widget.wasm}`. What they are called in
//! public is the site's business.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

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
    let inputs = ["crates/core/Cargo.toml", "crates/core/src", "crates/widget"];
    when_changed("widget", &inputs, &module(), || {
        fs::create_dir_all(place::bundle())?;
        let compiled = compile()?;
        let bound = bind(&compiled)?;
        shrink_module(&bound.join("widget_bg.wasm"))?;
        shrink_glue(&bound.join("widget.js"))
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

fn bind(compiled: &Path) -> Result<PathBuf> {
    let folder = place::bundle().join("bound");
    let mut bindgen = Command::new(tools::wasm_bindgen());
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-name", "widget"])
        // The loader knows the module's hashed name and passes it; a default would only cost bytes.
        .arg("--omit-default-module-path")
        .arg("--out-dir")
        .arg(&folder)
        .arg(compiled);
    step::run("binding the widget to JavaScript", &mut bindgen)?;
    Ok(folder)
}

fn shrink_module(bound: &Path) -> Result<()> {
    let mut wasm_opt = Command::new(tools::npm_binary("wasm-opt"));
    wasm_opt
        .arg("-Oz")
        .args(WASM_FEATURES)
        .args([
            "--strip-debug",
            "--strip-producers",
            "--strip-target-features",
        ])
        .arg(bound)
        .arg("-o")
        .arg(module());
    step::run("shrinking the widget", &mut wasm_opt)?;
    Ok(())
}

fn shrink_glue(bound: &Path) -> Result<()> {
    let mut esbuild = Command::new(tools::npm_binary("esbuild"));
    esbuild
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2020",
            "--log-level=warning",
        ])
        .arg(format!("--outfile={}", glue().display()))
        .arg(bound);
    step::run("shrinking its glue", &mut esbuild)?;
    Ok(())
}
