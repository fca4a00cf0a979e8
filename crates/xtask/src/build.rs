//! Builds: what `cargo xtask build` makes, part by part, each only when its inputs changed.
//!
//! wrangler runs this before it serves or deploys, so a build with nothing to do must take no time.

mod script;
mod site;
mod vectors;
mod widget;
mod worker;

use anyhow::Result;
use clap::ValueEnum;

use crate::digest::{Stamp, fingerprint};
use crate::place;

pub(crate) use site::{fallback, loader};
pub(crate) use widget::{glue, module};

/// What can be built by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The browser module and its glue.
    Widget,
    /// The edge's module.
    Worker,
    /// Everything that is served as files: the loader, the widget, the demo store.
    Site,
}

/// Builds one part with what it needs, or all of them.
///
/// # Errors
/// When a tool fails; the message carries what it printed.
pub(crate) fn run(part: Option<Part>) -> Result<()> {
    if part != Some(Part::Worker) {
        widget::build()?;
    }
    if matches!(part, None | Some(Part::Site)) {
        site::assemble()?;
    }
    if matches!(part, None | Some(Part::Worker)) {
        worker::build()?;
    }
    Ok(())
}

/// Builds what only the browser's tests load: the runner of the vectors.
///
/// # Errors
/// When a tool fails; the message carries what it printed.
pub(crate) fn for_browser_tests() -> Result<()> {
    vectors::build()
}

/// What every build depends on besides its own sources.
const SHARED_INPUTS: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "crates/xtask/src/build",
    "crates/xtask/src/build.rs",
];

/// Does `work` unless it was last done with the same inputs and its `output` is still there.
fn when_changed(
    name: &str,
    inputs: &[&str],
    output: &std::path::Path,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let inputs = [&SHARED_INPUTS, inputs].concat();
    let stamp = Stamp::new(place::stamps().join(name), fingerprint(&inputs, &[])?);
    if stamp.is_current() && output.exists() {
        return Ok(());
    }
    work()?;
    stamp.set()
}
