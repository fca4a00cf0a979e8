//! `cargo xtask …`: everything that is done to this project, in Rust, with no other set-up.
//!
//! Owns the command line; each command is a module of its own. Runs on Linux and macOS (on Windows: in
//! WSL), which is where the tools it drives run.

mod bench;
mod build;
mod check;
mod dev;
mod digest;
mod edge;
mod merchant;
mod place;
mod process;
mod shop;
mod simulation;
mod size;
mod step;
mod tools;
mod wrangler;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The project's automation.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up what is missing, build everything and open the demo store.
    Dev {
        /// The port it listens on.
        #[arg(long, default_value_t = 8787)]
        port: u16,
        /// Forget every member and order first.
        #[arg(long)]
        fresh: bool,
    },
    /// Build what is served: the widget, the Worker and the site around them.
    Build {
        /// Only this part.
        part: Option<build::Part>,
    },
    /// Run every proof, or only the stages named.
    Test {
        /// The stages to run.
        stages: Vec<check::Stage>,
        /// Of the scenarios at the edge, and of the files of stories in a browser, only those that have this in their
        /// names.
        #[arg(long)]
        only: Option<String>,
    },
    /// Print what a shopper downloads, and fail above the budget.
    Size,
    /// Measure, each figure beside a baseline or a budget of the same run.
    Bench {
        /// Only these.
        benches: Vec<bench::Bench>,
    },
    /// Simulate members over the ledger's own statements, with faults at every storage call.
    Sim(simulation::Simulation),
    /// Create a shop: keys, origins and a program.
    Shop(merchant::NewShop),
    /// Publish a new version of a shop's program.
    Publish(merchant::NewVersion),
}

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\n{}", step::told(&error));
            ExitCode::FAILURE
        }
    }
}

impl Task {
    /// Does it; answers whether all that it judged is good.
    fn run(self) -> Result<bool> {
        if let Self::Sim(simulation) = &self {
            return simulation.run();
        }
        process::end_servers_with_us()?;
        tools::ensure()?;
        match self {
            Self::Dev { port, fresh } => dev::run(port, fresh)?,
            Self::Build { part } => build::run(part)?,
            Self::Test { stages, only } => return Ok(check::run(&stages, only.as_deref())),
            Self::Size => {
                build::run(Some(build::Part::Site))?;
                return Ok(size::report()?.into_iter().all(|holds| holds));
            }
            Self::Bench { benches } => bench::run(&benches)?,
            Self::Sim(_) => unreachable!("it ran above"),
            Self::Shop(shop) => shop.create()?,
            Self::Publish(version) => version.publish()?,
        }
        Ok(true)
    }
}
