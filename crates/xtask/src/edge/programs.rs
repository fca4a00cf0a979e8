//! Which shops tests find at an edge, by the programs that they run.
//!
//! | shop | program |
//! | --- | --- |
//! | `demo` | the demo store's, with Maya |
//! | `alpha`, `beta` | `tests/programs/<shop>.toml`, or the demo store's where there is no such file |
//! | one for each further `tests/programs/<shop>.toml` | that |
//! | `v-<file>-<name>` | the program `name` of `tests/vectors/<file>.json`, `_` turned to `-` in both |
//! | `<file>-<nth>` | that of the nth story or case of `tests/vectors/{life,benefits}/<file>.json`, from 0: for the scenarios alone |
//! | `preset-<name>` | the preset |
//!
//! Invariant: a program of the files that does not compile stops the edge from starting.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use earnest_core::presets::PRESETS;
use serde_json::Value;

use crate::place;
use crate::shop::Published;

/// The programs of the test shops, by shop.
pub(super) fn all() -> Result<BTreeMap<String, Published>> {
    let mut programs = BTreeMap::new();
    let usual = Published::from_file(&place::at("www/demo/program.toml"))?;
    for id in ["alpha", "beta"] {
        programs.insert(id.to_owned(), usual.clone());
    }
    for (id, path) in files("tests/programs", "toml")? {
        programs.insert(id, Published::from_file(&path)?);
    }
    for (file, path) in files("tests/vectors", "json")? {
        let file = file.replace('_', "-");
        let vectors: Value = serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| format!("in {}", path.display()))?;
        let named = vectors["programs"].as_object().into_iter().flatten();
        for (name, source) in named {
            let place = || format!("program `{name}` of {}", path.display());
            let source = source
                .as_str()
                .with_context(|| format!("{} is no text", place()))?;
            let program = Published::from_source(source).with_context(place)?;
            let name = name.replace('_', "-");
            programs.insert(format!("v-{file}-{name}"), program);
        }
    }
    for preset in PRESETS {
        let program = Published::from_source(preset.source)
            .with_context(|| format!("preset `{}`", preset.name))?;
        programs.insert(format!("preset-{}", preset.name), program);
    }
    Ok(programs)
}

/// Those of the stories and cases that have a shop each, by shop.
pub(super) fn of_stories() -> Result<BTreeMap<String, Published>> {
    let mut programs = BTreeMap::new();
    for (folder, list) in [("life", "stories"), ("benefits", "cases")] {
        for (file, path) in files(&format!("tests/vectors/{folder}"), "json")? {
            let told = programs_of_each(&path, list);
            let told = told.with_context(|| format!("in {}", path.display()))?;
            let told = told.into_iter().enumerate();
            programs.extend(told.map(|(nth, program)| (format!("{file}-{nth}"), program)));
        }
    }
    Ok(programs)
}

/// The program of each of a list of stories or cases. Each has a shop of its own, since what is in stock, what is left
/// of a budget, and which orders there are is the shop's.
fn programs_of_each(path: &Path, list: &str) -> Result<Vec<Published>> {
    let vectors: Value = serde_json::from_slice(&fs::read(path)?)?;
    let named = vectors["programs"].as_object().context("no programs")?;
    let compiled = named.iter().map(|(name, source)| {
        let program = Published::from_source(source.as_str().unwrap_or_default());
        let program = program.with_context(|| format!("program `{name}`"))?;
        Ok((name.as_str(), program))
    });
    let compiled: BTreeMap<_, _> = compiled.collect::<Result<_>>()?;
    let each = vectors[list].as_array().context("nothing is told")?.iter();
    let each = each.map(|it| it["program"].as_str().and_then(|name| compiled.get(name)));
    let each = each.map(|program| program.cloned().context("a program that is not there"));
    each.collect()
}

/// Files of a folder by stem. A folder that does not exist holds none.
fn files(folder: &str, ending: &str) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(place::at(folder)) else {
        return Ok(found);
    };
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let Some(stem) = stem
            && path.extension().is_some_and(|found| found == ending)
        {
            found.insert(stem.to_owned(), path.clone());
        }
    }
    Ok(found)
}
