//! wrangler, always called the same way: no questions, no metrics, its logs where ours are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{place, step, tools};

/// The D1 binding of `wrangler.toml`.
const DATABASE: &str = "DB";
/// The KV binding of `wrangler.toml`.
const PROGRAMS: &str = "PROGRAMS";

/// Whose storage a command works on.
#[derive(Clone, Debug)]
pub(crate) enum Storage {
    /// What `wrangler dev` uses by itself.
    Local,
    /// A local one somewhere else, described by its own configuration.
    Isolated {
        /// The derived `wrangler.json`.
        config: PathBuf,
        /// The folder of its state.
        state: PathBuf,
    },
    /// The deployed one.
    Remote,
}

/// A wrangler command, run from the root.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut wrangler = Command::new(tools::npm_binary("wrangler"));
    wrangler
        .args(arguments)
        .current_dir(place::root())
        .env("CI", "1")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_SEND_ERROR_REPORTS", "false")
        .env("WRANGLER_LOG_PATH", place::at("target/wrangler/logs"))
        .env(
            "WRANGLER_REGISTRY_PATH",
            place::at("target/wrangler/registry"),
        )
        .env("NO_COLOR", "1");
    wrangler
}

impl Storage {
    /// Brings the ledger's tables up to date.
    pub(crate) fn migrate(&self) -> Result<()> {
        let mut wrangler = command(&["d1", "migrations", "apply", DATABASE]);
        step::run("applying the D1 migrations", self.select(&mut wrangler))?;
        Ok(())
    }

    /// Runs a file of SQL.
    pub(crate) fn execute(&self, label: &str, file: &Path) -> Result<()> {
        let mut wrangler = command(&["d1", "execute", DATABASE, "--yes", "--file"]);
        step::run(label, self.select(wrangler.arg(file)))?;
        Ok(())
    }

    /// The rows that a query finds, each an object.
    pub(crate) fn rows(&self, label: &str, sql: &str) -> Result<Vec<Value>> {
        let mut wrangler = command(&["d1", "execute", DATABASE, "--json", "--command", sql]);
        let output = step::run(label, self.select(&mut wrangler))?.output;
        // Warnings may come before it.
        let json = output.find("[\n").map_or("", |start| &output[start..]);
        let mut answer: Value =
            serde_json::from_str(json).with_context(|| format!("wrangler answered: {output}"))?;
        match answer.pointer_mut("/0/results").map(Value::take) {
            Some(Value::Array(rows)) => Ok(rows),
            _ => Ok(Vec::new()),
        }
    }

    /// Stores a JSON file of `[{"key", "value"}]` among the published programs.
    pub(crate) fn put_programs(&self, label: &str, file: &Path) -> Result<()> {
        let mut wrangler = command(&["kv", "bulk", "put"]);
        wrangler.arg(file).args(["--binding", PROGRAMS]);
        step::run(label, self.select(&mut wrangler))?;
        Ok(())
    }

    fn select<'a>(&self, wrangler: &'a mut Command) -> &'a mut Command {
        match self {
            Self::Local => wrangler.arg("--local"),
            Self::Remote => wrangler.arg("--remote"),
            Self::Isolated { config, state } => wrangler
                .arg("--local")
                .arg("--config")
                .arg(config)
                .arg("--persist-to")
                .arg(state),
        }
    }
}
