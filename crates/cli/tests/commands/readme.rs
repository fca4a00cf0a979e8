//! The README's shell block, line by line as a reader copies it, and its JSON.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Folder;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    fs::read_to_string(path).expect("the README")
}

/// The block of the shell that this line is in.
fn block(text: &str, line: &str) -> String {
    let blocks = text.split("```sh\n").skip(1);
    let mut blocks = blocks.map(|it| it.split("```").next().unwrap_or_default());
    let block = blocks.find(|it| it.contains(line));
    block.expect("the block").to_owned()
}

#[test]
fn the_shell_block_of_the_readme_runs() {
    let block = block(&readme(), "earnest presets");
    let folder = Folder::new("readme");
    let binary = Path::new(env!("CARGO_BIN_EXE_earnest"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", binary.parent().expect("a folder").display());
    // What installs the command is all that is not run: it is here.
    let script: String = block
        .lines()
        .filter(|line| !line.starts_with("cargo install"))
        .fold("set -e\n".to_owned(), |script, line| script + line + "\n");
    assert!(script.matches("\nearnest ").count() >= 6, "{script}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(&folder.0)
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{complaints}");
    assert_eq!(complaints, "", "{told}");
    assert!(
        !told.contains("cannot be told") && told.contains("1 passed, 0 failed"),
        "{told}"
    );
    assert!(folder.read("report.html").contains("<svg"));
}

#[test]
fn the_order_of_the_readme_is_one() {
    let readme = readme();
    let bodies: Vec<&str> = readme
        .split("-d '")
        .skip(1)
        .filter_map(|it| it.split_once("'\n").map(|(body, _)| body))
        .collect();
    assert!(!bodies.is_empty(), "the README shows a body");
    for body in bodies {
        let body: serde_json::Value = serde_json::from_str(body).expect(body);
        let folder = Folder::new("readme-json").file("order.json", body["cart"].to_string());
        let told = folder.told("preview club.toml order.json");
        assert!(!told.contains('!'), "{told}");
    }
}
