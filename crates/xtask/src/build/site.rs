//! The static site, `target/site`: what the edge serves as files.
//!
//! | from | to | cached |
//! | --- | --- | --- |
//! | `www/earnest.js` and what it imports from `www/earnest/` | `/earnest.js`, one script | a minute |
//! | `target/bundle/widget.wasm`, `widget.js` | `/earnest/widget-<hash>.wasm`, `.js` | for ever |
//! | `www/earnest/fallback.js` and what it imports | `/earnest/fallback-<hash>.js`, one module | for ever |
//! | everything else in `www/` | the same path | as `www/_headers` says |
//!
//! `www/earnest/` holds sources: they reach the site only inside the scripts that import them. Two kinds
//! of import are more than JavaScript, as `script.rs` says; in the loader these names stand for the hashed
//! addresses, relative to the loader's own:
//!
//! ```text
//! __WIDGET_JS__     "earnest/widget-0f3a….js"
//! __WIDGET_WASM__   "earnest/widget-77c1….wasm"
//! __FALLBACK_JS__   "earnest/fallback-9be2….js"
//! ```
//!
//! Invariant: a file whose name carries a hash never changes, so nothing here writes into one that
//! exists with other bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::script::{self, Kind};
use super::{when_changed, widget};
use crate::digest::{sha256, walk};
use crate::place;

/// Enough of a digest that two versions never share a name (40 bits).
const HASH_LENGTH: usize = 10;

/// Endings of files beside the pages that are not for browsers: the demo shop's program.
const NOT_SERVED: [&str; 1] = ["toml"];

/// The site's files by path, as they are about to be served.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The loader as built.
pub(crate) fn loader() -> PathBuf {
    place::bundle().join("loader.js")
}

/// The stand-in for pages that may not run wasm, as built.
pub(crate) fn fallback() -> PathBuf {
    place::bundle().join("fallback.js")
}

pub(super) fn assemble() -> Result<()> {
    // The widget's own sources stand for what was built from them.
    let inputs = [
        "www",
        "crates/core/Cargo.toml",
        "crates/core/src",
        "crates/widget",
    ];
    when_changed("site", &inputs, &place::site().join("earnest.js"), || {
        let mut files = pages()?;
        let glue = hashed(&mut files, "widget", &widget::glue())?;
        let module = hashed(&mut files, "widget", &widget::module())?;
        script::bundle(
            "the fallback",
            "www/earnest/fallback.js",
            Kind::Module,
            &fallback(),
            &[],
        )?;
        let stand_in = hashed(&mut files, "fallback", &fallback())?;
        let names = [
            ("__WIDGET_JS__", &glue),
            ("__WIDGET_WASM__", &module),
            ("__FALLBACK_JS__", &stand_in),
        ];
        script::bundle(
            "the loader",
            "www/earnest.js",
            Kind::Classic,
            &loader(),
            &names,
        )?;
        files.insert("earnest.js".into(), fs::read(loader())?);
        write_to(&place::site(), &files)
    })
}

/// Everything in `www/` that is served as it stands.
fn pages() -> Result<Files> {
    let www = place::at("www");
    let mut found = Vec::new();
    walk(&www, &mut found)?;
    let mut files = Files::new();
    for path in found {
        let name = path.strip_prefix(&www).expect("the walk started there");
        let is_source = name.starts_with("earnest") || name == Path::new("earnest.js");
        let is_served = name
            .extension()
            .is_none_or(|ending| NOT_SERVED.iter().all(|not| ending != *not));
        if is_served && !is_source {
            files.insert(name.to_owned(), read(&path)?);
        }
    }
    Ok(files)
}

/// Adds a built file under a name that says its content; answers with that name.
fn hashed(files: &mut Files, stem: &str, built: &Path) -> Result<String> {
    let bytes = read(built)?;
    let ending = built
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let hash = &sha256(&bytes)[..HASH_LENGTH];
    let name = format!("earnest/{stem}-{hash}.{ending}");
    files.insert(PathBuf::from(&name), bytes);
    Ok(name)
}

/// Makes `folder` hold exactly `files`, and leaves alone what is there already: a running server
/// watches it.
fn write_to(folder: &Path, files: &Files) -> Result<()> {
    let mut present = Vec::new();
    walk(folder, &mut present)?;
    for path in present {
        let name = path.strip_prefix(folder).expect("the walk started there");
        if !files.contains_key(name) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|old| old == *bytes) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
