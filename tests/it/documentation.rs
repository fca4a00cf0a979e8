//! The documentation's examples: what a reader copies must work.

use std::fs;
use std::path::Path;

use earnest_core::compile;

/// The fenced blocks of a language in a Markdown page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(page)).expect("a page of the project");
    let mut blocks = Vec::new();
    for (nth, part) in text.split("```").enumerate() {
        let is_block = nth % 2 == 1;
        if let Some(block) = part.strip_prefix(language).filter(|_| is_block) {
            blocks.push(block.to_owned());
        }
    }
    assert!(!blocks.is_empty(), "{page} shows no {language}");
    blocks
}

#[test]
fn the_programs_of_the_readme_compile_without_a_warning() {
    for source in blocks("README.md", "toml") {
        let compiled = compile::compile(&source).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(compiled.warnings, [], "{source}");
    }
}

#[test]
fn the_mistake_of_the_readme_is_told_as_it_says() {
    let told = blocks("README.md", "\nline 16");
    let rule = "rules = [{ id = 'x', label = 'X',\ngrant = { multipy = 2 }\n}]";
    let source = format!("version = 1\nname = 'Club'{}{rule}", "\n".repeat(13));
    let problems = compile::compile(&source)
        .expect_err("a mistake")
        .to_string();
    assert_eq!(format!("line 16{}", told[0].trim_end()), problems);
}
