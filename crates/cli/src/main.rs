//! `earnest`: proves a program before it runs.
//!
//! Owns the command line and its exit status; each command is a module of its own. Points come from the
//! core's `evaluate` and entries from its `plan`, never from here. Its invariant: 0 says that what was
//! judged is good, 1 that it is not, 2 that there was nothing to judge.

mod cases;
mod check;
mod completions;
mod diff;
mod draws;
mod figure;
mod gift;
mod input;
mod left_out;
mod members;
mod orders;
mod outcome;
mod output;
mod perks;
mod presets;
mod preview;
mod progress;
mod schema;
mod shop;
mod simulate;
mod table;
mod unusable;
mod verify;
mod wording;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::output::Output;
use crate::unusable::Unusable;

/// An order is some dozen small texts that live for a microsecond: a quarter of a simulation's instructions are
/// the system allocator's, and a twelfth this one's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Checks, previews, compares, simulates and tests loyalty programs, on the code that runs them.
#[derive(Parser)]
#[command(
    name = "earnest",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 all is good; 1 what was judged is not good; 2 the input is unusable.\n\
                  Colours are for terminals only; NO_COLOR=1 turns them off there too."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell every problem of a program at once, each with its line and the mend.
    Check(check::Check),
    /// Tell what a cart earns, and why.
    Preview(preview::Preview),
    /// Tell who gains and who loses by a new program, and what it costs.
    Diff(diff::Diff),
    /// Replay a stream of orders: points issued, redeemed, expired, tiers, cost and liability by month.
    Simulate(simulate::Simulate),
    /// Run your own cases against a program.
    Test(cases::Test),
    /// List the programs to begin with, or print one.
    Presets(presets::Presets),
    /// Print the program language as a JSON Schema, or as a page to read.
    Schema(schema::Schema),
    /// Check a member's statement offline: every balance and every hash is worked out again.
    Verify(verify::Verify),
    /// Draw surprises again from a seed that was revealed, and tell where they were given otherwise.
    Draws(draws::Draws),
    /// Print the completions for a shell.
    Completions(completions::Completions),
}

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// All is good.
    Good,
    /// What was judged is not good, and why was told.
    Bad,
}

impl From<bool> for Verdict {
    fn from(is_good: bool) -> Self {
        if is_good { Self::Good } else { Self::Bad }
    }
}

fn main() -> ExitCode {
    let output = Output::new();
    match Arguments::parse().command.run(&output) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::from(1),
        Err(unusable) => {
            output.complain(&unusable);
            ExitCode::from(2)
        }
    }
}

impl Command {
    fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        match self {
            Self::Check(check) => check.run(output),
            Self::Preview(preview) => preview.run(output),
            Self::Diff(diff) => diff.run(output),
            Self::Simulate(simulate) => simulate.run(output),
            Self::Test(test) => test.run(output),
            Self::Presets(presets) => presets.run(output),
            Self::Schema(schema) => schema.run(output),
            Self::Verify(verify) => verify.run(output),
            Self::Draws(draws) => draws.run(output),
            Self::Completions(completions) => completions.run(output),
        }
    }
}
