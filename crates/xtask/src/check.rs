//! `cargo xtask test`: every stage of proof, in order of how fast each says no.
//!
//! Owns the stages and the summary. Invariants: a stage that fails does not keep another from running,
//! a skipped test counts as failed, and the last line says how many passed and failed.

pub(crate) mod browser;
mod connection;
mod crash;
mod imports;
mod scale;
mod tally;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::ValueEnum;

use crate::edge::{self, Edge};
use crate::{build, place, size, step, tools, wrangler};
use tally::Tally;

/// One stage of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// Formatting.
    Format,
    /// Who may import whom.
    Imports,
    /// Clippy on the host and on wasm32, warnings as errors.
    Lint,
    /// The public documentation builds without warnings.
    Docs,
    /// The shipped typings accept a sample page and catch its mistakes.
    Typings,
    /// Unit tests, properties, vectors on the host, examples in the documentation.
    Unit,
    /// What a shopper downloads is within its budget.
    Size,
    /// Scenarios against the Worker in workerd, with D1 and KV.
    Edge,
    /// `kill -9` of workerd under load: what it acknowledged is there, once.
    Crash,
    /// What a member does costs as many rows of D1 with a million entries as with ten members.
    Scale,
    /// Stories in a real browser.
    Browser,
    /// What would be deployed is complete.
    Deploy,
}

/// The scenarios of a Worker that is no demo.
const DEPLOYED: &str = "deployed";

/// Runs the given stages, or all; answers whether everything passed. Of the scenarios at the edge `only` those run
/// that have it in their names, and of the stories in a browser those whose files have.
pub(crate) fn run(stages: &[Stage], only: Option<&str>) -> bool {
    let stages = if stages.is_empty() {
        Stage::value_variants()
    } else {
        stages
    };
    let mut results = Vec::new();
    for stage in stages {
        println!("\n{}", stage.name());
        let started = Instant::now();
        let tally = stage.run(only).unwrap_or_else(|error| {
            println!("{}", step::told(&error));
            Tally::FAILED
        });
        results.push((*stage, tally, started.elapsed()));
    }
    summarise(&results)
}

/// Prints what ran and how it went; the counts are the last line.
fn summarise(results: &[(Stage, Tally, Duration)]) -> bool {
    println!(
        "\n  {:<10} {:>8} {:>8} {:>14}",
        "stage", "passed", "failed", "time"
    );
    for (stage, tally, elapsed) in results {
        let Tally { passed, failed } = tally;
        println!(
            "  {:<10} {passed:>8} {failed:>8} {:>14}",
            stage.name(),
            step::spoken(*elapsed)
        );
    }
    let total = results
        .iter()
        .fold(Tally::default(), |sum, (_, tally, _)| sum + *tally);
    println!("\n{} passed, {} failed", total.passed, total.failed);
    total.failed == 0
}

impl Stage {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn run(self, only: Option<&str>) -> Result<Tally> {
        match self {
            Self::Format => whole(
                "checking the formatting",
                cargo(&["fmt", "--all", "--check"]),
            ),
            Self::Imports => imports::check(),
            Self::Lint => lint(),
            Self::Docs => docs(),
            Self::Typings => typings(),
            Self::Unit => counted(
                "running the unit tests, properties and vectors",
                cargo(&[
                    "test",
                    "--workspace",
                    "--exclude",
                    "earnest-tests",
                    "--no-fail-fast",
                ]),
                tally::cargo,
            ),
            Self::Size => sizes(),
            Self::Edge => edge(only),
            Self::Crash => crash::check(),
            Self::Scale => scale::check(),
            Self::Browser => in_browser(only),
            Self::Deploy => deploy(),
        }
    }
}

fn lint() -> Result<Tally> {
    let clippy = |arguments: &[&str]| {
        let mut command = cargo(&["clippy"]);
        command.args(arguments).args(["--", "--deny", "warnings"]);
        command
    };
    let host = clippy(&["--workspace", "--all-targets"]);
    // Two calls: in one, the core would lend the widget the features that only the Worker asks for.
    let widget = clippy(&[
        "--package",
        "earnest-core",
        "--package",
        "earnest-widget",
        "--target",
        tools::WASM,
    ]);
    let worker = clippy(&[
        "--package",
        "earnest-ledger",
        "--package",
        "earnest-worker",
        "--package",
        "earnest-vectors",
        "--target",
        tools::WASM,
    ]);
    Ok(whole("linting everything for the host", host)?
        + whole("linting core and widget for wasm32", widget)?
        + whole(
            "linting ledger, Worker and the vectors' runner for wasm32",
            worker,
        )?)
}

fn docs() -> Result<Tally> {
    let mut doc = cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--exclude",
        "earnest-tests",
    ]);
    doc.env("RUSTDOCFLAGS", "--deny warnings");
    whole("building the documentation", doc)
}

fn typings() -> Result<Tally> {
    let mut tsc = Command::new(tools::npm_binary("tsc"));
    tsc.current_dir(place::root())
        .args(["--noEmit", "--strict", "--pretty", "false"])
        .args(["--target", "es2022", "--module", "esnext"])
        .args(["--moduleResolution", "bundler", "--lib", "es2022,dom"])
        .arg("tests/e2e/typings.sample.ts");
    whole("compiling a page against the shipped typings", tsc)
}

fn sizes() -> Result<Tally> {
    build::run(Some(build::Part::Site))?;
    Ok(size::report()?
        .into_iter()
        .map(Tally::from)
        .fold(Tally::default(), |sum, one| sum + one))
}

fn edge(only: Option<&str>) -> Result<Tally> {
    build::run(None)?;
    // Compiled before the edge starts, which would otherwise idle meanwhile.
    step::run(
        "compiling the scenarios",
        &mut cargo(&["test", "--package", "earnest-tests", "--no-run"]),
    )?;
    let edge = Edge::start(edge::SCENARIOS)?;
    let scenarios_of = |edge: &Edge, target: &str| {
        let mut scenarios = cargo(&["test", "--package", "earnest-tests", "--no-fail-fast"]);
        scenarios.args(["--test", target]);
        edge.tell(&mut scenarios);
        scenarios
    };
    let mut tally = Tally::default();
    if only != Some(DEPLOYED) {
        let mut scenarios = scenarios_of(&edge, "it");
        scenarios.args(only);
        tally = counted("running the scenarios in workerd", scenarios, tally::cargo)?;
    }
    if only.is_none_or(|only| only == DEPLOYED) {
        let edge = edge.restart_as_deployed()?;
        let label = "asking the same Worker as it is deployed";
        tally = tally + counted(label, scenarios_of(&edge, DEPLOYED), tally::cargo)?;
    }
    Ok(tally)
}

fn in_browser(only: Option<&str>) -> Result<Tally> {
    build::run(None)?;
    build::for_browser_tests()?;
    let chromium = browser::ensure()?;
    let edge = Edge::start("browser")?;
    let mut playwright = Command::new(tools::npm_binary("playwright"));
    playwright
        .args([
            "test",
            "--config",
            "tests/e2e/playwright.config.js",
            "--reporter",
            "list",
        ])
        .args(only)
        .current_dir(place::root())
        .env("CHROMIUM", chromium)
        .env("CI", "1")
        .env("NO_COLOR", "1");
    edge.tell(&mut playwright);
    counted(
        "telling the stories in Chromium",
        playwright,
        tally::playwright,
    )
}

fn deploy() -> Result<Tally> {
    // wrangler would do it too, and wrap what goes wrong in its own words.
    build::run(None)?;
    let dry_run = wrangler::command(&["deploy", "--dry-run", "--outdir", "target/deploy"]);
    whole("packing what would be deployed", dry_run)
}

fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = tools::cargo();
    cargo.args(arguments).env("CARGO_TERM_COLOR", "never");
    cargo
}

/// A command that passes or fails as one.
fn whole(label: &str, mut command: Command) -> Result<Tally> {
    let finished = step::attempt(label, &mut command)?;
    if !finished.success {
        println!("{}", step::without_progress(&finished.output));
    }
    Ok(Tally::from(finished.success))
}

/// A command that runs tests and says how many.
fn counted(label: &str, mut command: Command, count: fn(&str) -> Tally) -> Result<Tally> {
    let finished = step::attempt(label, &mut command)?;
    let tally = count(&finished.output).judged_by(finished.success);
    if tally.failed > 0 {
        println!("{}", step::without_progress(&finished.output));
    }
    Ok(tally)
}
