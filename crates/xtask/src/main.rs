//! `cargo xtask …`: everything that is done to this project, in Rust, with no other set-up.
//!
//! Owns the command line; each command is a module of its own. Runs on Linux and macOS (on Windows: in
//! WSL), which is where the tools it drives run.

mod build;
mod check;
mod dev;
mod digest;
mod edge;
mod merchant;
mod place;
mod process;
mod shop;
mod size;
mod step;
mod tools;
mod wrangler;

use anyhow::{Result, ensure};
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
    },
    /// Print what a shopper downloads, and fail above the budget.
    Size,
    /// Create a shop: keys, origins and a program.
    Shop(merchant::NewShop),
    /// Publish a new version of a shop's program.
    Publish(merchant::NewVersion),
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    process::end_servers_with_us()?;
    match arguments.command {
        Task::Dev { port, fresh } => dev::run(port, fresh),
        Task::Build { part } => {
            tools::ensure()?;
            build::run(part)
        }
        Task::Test { stages } => check::run(&stages),
        Task::Size => {
            tools::ensure()?;
            build::run(Some(build::Part::Site))?;
            ensure!(
                size::report()?.into_iter().all(|holds| holds),
                "above the budget"
            );
            Ok(())
        }
        Task::Shop(shop) => shop.create(),
        Task::Publish(version) => version.publish(),
    }
}
