//! Where things are: the one place that knows the names of folders.
//!
//! Owns paths, touches no file. Everything that automation makes lies under `target/`, except what a
//! tool insists on having elsewhere (`node_modules`, `crates/worker/build`, `.wrangler`, `.dev.vars`).

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/xtask lies two folders below the root")
}

/// A path below the root.
pub(crate) fn at(relative: impl AsRef<Path>) -> PathBuf {
    root().join(relative)
}

/// Where cargo puts what it compiles.
pub(crate) fn cargo_target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| at("target"), |path| root().join(path))
}

/// The command-line tools that are built from locked sources.
pub(crate) fn tools() -> PathBuf {
    at("target/tools")
}

/// What browsers get, built but not yet under its public name. (Not `target/widget`: cargo keeps what it
/// compiles under that profile for the host there.)
pub(crate) fn bundle() -> PathBuf {
    at("target/bundle")
}

/// The static site as it is served.
pub(crate) fn site() -> PathBuf {
    at("target/site")
}

/// Records of what was last built from what.
pub(crate) fn stamps() -> PathBuf {
    at("target/stamps")
}
