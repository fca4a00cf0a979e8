//! `cargo xtask sim`: many members over the ledger's own statements, with faults at every storage call.
//!
//! What it does is in `tests/sim`; it needs none of the tools that the rest of this does.

use anyhow::Result;

use crate::tools;

/// How its `SQLite` is built: it takes memory page by page, since most of its many short tables have one, and counts
/// none of it. That saves a third of the time.
const SQLITE: &str = "-DSQLITE_DEFAULT_PCACHE_INITSZ=0 -DSQLITE_DEFAULT_MEMSTATUS=0";

/// What the simulator is told.
#[derive(clap::Args)]
pub(crate) struct Simulation {
    /// Where its numbers come from. Default: the clock.
    #[arg(long)]
    seed: Option<u64>,
    /// How many operations.
    #[arg(long, default_value_t = 1_000_000)]
    operations: u64,
}

impl Simulation {
    /// Runs it; answers whether everything held.
    ///
    /// # Errors
    /// When cargo cannot be started.
    pub(crate) fn run(&self) -> Result<bool> {
        let mut simulator = tools::cargo();
        simulator.env("LIBSQLITE3_FLAGS", SQLITE);
        simulator.args(["run", "--quiet", "--profile", "sim"]);
        simulator.args(["--package", "earnest-sim", "--"]);
        simulator.args(["--operations", &self.operations.to_string()]);
        if let Some(seed) = self.seed {
            simulator.args(["--seed", &seed.to_string()]);
        }
        Ok(simulator.status()?.success())
    }
}
