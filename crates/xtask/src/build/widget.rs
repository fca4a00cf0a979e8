//! The browser module: compiled, bound, shrunk.
//!
//! Owns the road from `crates/widget` and `www/earnest/widget.js` to `target/bundle/{widget.wasm,widget.js}`.
//! What they are called in public is the site's business.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

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

/// What the module is smaller by 1% with: no code doubled to save a load, and calls that are longer than what
/// they call go.
const SMALLER: [&str; 2] = [
    "-Cllvm-args=-enable-pre=false",
    "-Cllvm-args=-inline-threshold=10",
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
        let names = shrink_module()?;
        script::squeeze_style()?;
        script::bundle(
            "the glue",
            "www/earnest/widget.js",
            Kind::Module,
            &glue(),
            &[],
        )?;
        fs::write(glue(), names.shorten(&fs::read_to_string(glue())?))?;
        Ok(())
    })
}

fn compile() -> Result<PathBuf> {
    let mut cargo = tools::cargo();
    cargo
        .env("CARGO_ENCODED_RUSTFLAGS", SMALLER.join("\x1f"))
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

/// What wasm-opt has called the names between module and glue.
#[derive(Deserialize)]
struct Names {
    /// Module, name, short name; all of the one module, which is `a` now.
    imports: Vec<[String; 3]>,
    /// Name, short name.
    exports: Vec<[String; 2]>,
}

impl Names {
    /// The glue with the short names: imports are keys of an object there, exports are properties.
    fn shorten(&self, glue: &str) -> String {
        let mut glue = glue.to_owned();
        for [module, name, short] in &self.imports {
            glue = glue.replace(module, "a").replace(name, short);
        }
        for [name, short] in &self.exports {
            glue = glue.replace(&format!(".{name}"), &format!(".{short}"));
        }
        glue
    }
}

fn shrink_module() -> Result<Names> {
    let mut wasm_opt = Command::new(tools::npm_binary("wasm-opt"));
    wasm_opt
        .arg("-Oz")
        .args(WASM_FEATURES)
        // Nothing of ours lies in the first KB: a null pointer is the only one that points there.
        .arg("--low-memory-unused")
        .arg("--minify-imports-and-exports-and-modules")
        .args([
            "--strip-debug",
            "--strip-producers",
            "--strip-target-features",
        ])
        .arg(script::bound().join("widget_bg.wasm"))
        .arg("-o")
        .arg(module());
    let said = step::run("shrinking the widget", &mut wasm_opt)?.output;
    serde_json::from_str(&said).context("wasm-opt does not say how it has renamed what")
}
