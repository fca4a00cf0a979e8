//! The presets, each run by its own vectors, and each shown to work from end to end.
//!
//! A preset's vectors are `tests/vectors/presets/<name>.json`; the format is told in
//! `tests/vectors/README.md`. Its invariant: a preset without vectors, and vectors without a preset, are a
//! failure.

mod at_edge;
mod belonging;
mod doing;
mod spending;
mod story;

use std::path::PathBuf;

use earnest_core::presets::PRESETS;
use earnest_core::{Program, compile};
use earnest_vectors::{instant, published, run};

use crate::vectors::text;

/// Fewer say too little about a program.
const FEWEST_CASES: usize = 5;

/// Bytes of a shop's name at most.
const LONGEST_SHOP: usize = 32;

#[test]
fn every_preset_earns_as_worked_out_by_hand() {
    let differing = PRESETS.iter().flat_map(|preset| {
        let name = format!("presets/{}", preset.name);
        let outcome = run(&name, &text(&name));
        assert!(outcome.cases >= FEWEST_CASES, "{name} has few cases");
        let differing = outcome.differing.into_iter();
        differing.map(move |differs| format!("{name}: {differs}"))
    });
    let differing: Vec<String> = differing.collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_file_of_vectors_is_of_a_preset() {
    let entries = std::fs::read_dir(folder()).expect("the folder of the presets' vectors");
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_listed = PRESETS.iter().any(|preset| Some(preset.name) == name);
        assert!(is_listed, "{} is of no preset", path.display());
    }
}

#[test]
fn every_preset_says_what_it_is_modelled_after_and_what_is_assumed() {
    for preset in PRESETS {
        for said in ["Modelled after", "as of 2026", "assumption"] {
            assert!(preset.source.contains(said), "{}: {said}", preset.name);
        }
    }
}

#[test]
fn the_shop_of_every_preset_has_a_name_that_a_shop_can_have() {
    for preset in PRESETS {
        let shop = format!("preset-{}", preset.name);
        assert!(shop.len() <= LONGEST_SHOP, "{shop}");
    }
}

/// A preset as a shell has it, which nobody has to be warned of.
fn program(name: &str) -> Program {
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    let preset = preset.unwrap_or_else(|| panic!("there is no preset {name}"));
    let compiled = compile::compile(preset.source);
    let warnings = compiled.map(|compiled| compiled.warnings);
    assert_eq!(warnings, Ok(Vec::new()), "{name}");
    published(name, preset.source)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/presets")
}
