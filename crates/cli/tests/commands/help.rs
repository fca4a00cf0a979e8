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
fn the_cases_of_the_help_are_cases() {
    let folder = Folder::new("help-cases");
    let help = folder.told("test --help");
    let cases: Vec<&str> = help
        .lines()
        .skip_while(|line| line.trim() != "[[cases]]")
        .collect();
    let program = r#"version = 1
name = "Club"
points = { one = "point", other = "points" }
earn.per_unit = { EUR = 1 }
[[tiers]]
id = "gold"
name = "Gold"
from_points = 0
multiplier = 1.5
[[rules]]
id = "review"
label = "A review with a photo"
on = "review"
when = { tags = ["photo"] }
grant = { bonus = 50 }
[[challenges]]
id = "critic"
label = "A review"
count = "activities"
activity = "review"
steps = [{ at = 1, points = 100, badge = "Critic" }]
"#;
    let folder = folder
        .file("club.toml", program)
        .file("cases.toml", cases.join("\n"));
    let told = folder.told("test club.toml cases.toml");
    assert!(told.contains("2 passed, 0 failed"), "{told}");
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
