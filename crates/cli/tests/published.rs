//! The reference page and the JSON Schema that the project publishes are what the command prints.

use std::fs;
use std::path::Path;
use std::process::Command;

/// To mend it: `earnest schema > www/program.schema.json`, and `earnest schema --reference > crates/core/PROGRAM.md`.
fn check(arguments: &[&str], page: &str) {
    let command = Command::new(env!("CARGO_BIN_EXE_earnest"))
        .args(arguments)
        .output()
        .expect("the command runs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let published = fs::read_to_string(root.join(page)).expect("a page of the project");
    let printed = String::from_utf8(command.stdout).expect("UTF-8");
    assert!(
        published == printed,
        "{page} is not what `earnest {}` prints",
        arguments.join(" ")
    );
}

#[test]
fn the_schema_that_editors_read_is_the_languages() {
    check(&["schema"], "www/program.schema.json");
}

#[test]
fn the_reference_is_the_languages() {
    check(&["schema", "--reference"], "crates/core/PROGRAM.md");
}
