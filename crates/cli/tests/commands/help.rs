//! What every command says of itself, and to whoever stops listening.

use std::process::{Command, Stdio};

use super::Folder;

#[test]
fn every_command_helps_with_examples_and_shells_complete_it() {
    let folder = Folder::new("help");
    for command in [
        "check",
        "preview",
        "diff",
        "simulate",
        "test",
        "presets",
        "schema",
        "verify",
        "draws",
        "completions",
    ] {
        let told = folder.told(&format!("{command} --help"));
        assert!(
            told.contains(&format!("Examples:\n  earnest {command}")),
            "{told}"
        );
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            folder
                .told(&format!("completions {shell}"))
                .contains("simulate")
        );
    }
}

#[test]
fn an_answer_that_nobody_reads_to_its_end_is_no_error() {
    let folder = Folder::new("closed");
    let mut command = Command::new(env!("CARGO_BIN_EXE_earnest"));
    command
        .current_dir(&folder.0)
        .args(["presets", "small-shop"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}
