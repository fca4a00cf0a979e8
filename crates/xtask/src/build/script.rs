//! Scripts: from sources that import each other to one file as it is served.
//!
//! Owns how esbuild is called, and two names that sources import and that no file has: what they stand
//! for is made by the build.
//!
//! ```text
//! earnest-bound   what wasm-bindgen made of crates/widget, target/bundle/bound/widget_bg.js
//! earnest-style   the text of www/earnest/checkout.css without its comments and spare white space
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{place, step, tools};

/// The oldest language level of browsers that have what the box's style needs (`adoptedStyleSheets`,
/// container queries, `color-mix`); for an older one each private field would be a `WeakMap`.
const LANGUAGE: &str = "--target=es2022";

/// How a script is to be loaded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// By `<script async>`.
    Classic,
    /// By `import`.
    Module,
}

/// Where wasm-bindgen puts what it makes.
pub(super) fn bound() -> PathBuf {
    place::bundle().join("bound")
}

/// Takes comments and spare white space out of the style sheet, for `earnest-style`.
pub(super) fn squeeze_style() -> Result<()> {
    let mut esbuild = esbuild();
    esbuild
        .args(["www/earnest/checkout.css", "--minify"])
        .arg(format!("--outfile={}", style().display()));
    step::run("squeezing the style sheet", &mut esbuild)?;
    Ok(())
}

/// Bundles `from` with what it imports; `names` are replaced by texts.
pub(super) fn bundle(
    what: &str,
    from: &str,
    kind: Kind,
    to: &Path,
    names: &[(&str, &String)],
) -> Result<()> {
    let mut esbuild = esbuild();
    esbuild
        .args([from, "--bundle", "--minify", LANGUAGE])
        .args(["--loader:.css=text", "--legal-comments=none"])
        .arg(match kind {
            Kind::Classic => "--format=iife",
            Kind::Module => "--format=esm",
        })
        .arg(format!("--alias:earnest-style={}", style().display()))
        .arg(format!(
            "--alias:earnest-bound={}",
            bound().join("widget_bg.js").display()
        ))
        .arg(format!("--outfile={}", to.display()));
    for (name, text) in names {
        esbuild.arg(format!("--define:{name}=\"{text}\""));
    }
    step::run(&format!("bundling {what}"), &mut esbuild)?;
    Ok(())
}

fn style() -> PathBuf {
    place::bundle().join("checkout.css")
}

fn esbuild() -> Command {
    let mut esbuild = Command::new(tools::npm_binary("esbuild"));
    esbuild
        .current_dir(place::root())
        .arg("--log-level=warning");
    esbuild
}
