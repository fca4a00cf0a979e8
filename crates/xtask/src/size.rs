//! `cargo xtask size`: what a shopper downloads, and whether it is within the budget.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build;

/// Every page with the script tag pays this.
const LOADER_BUDGET: usize = 4 * 1024;
/// A page that shows the box pays this: loader, glue and module.
const WHOLE_BUDGET: usize = 48 * 1024;

/// Prints what is downloaded, compressed and not; answers whether each budget holds.
///
/// # Errors
/// When something is not built.
pub(crate) fn report() -> Result<Vec<bool>> {
    println!(
        "\n  {:<22} {:>10} {:>10} {:>10}",
        "download", "bytes", "gzip", "budget"
    );
    let loader = line("loader", &build::loader(), Some(LOADER_BUDGET))?;
    let glue = line("glue", &build::glue(), None)?;
    let module = line("module", &build::module(), None)?;
    let whole = loader + glue + module;
    println!(
        "  {:<22} {:>10} {whole:>10} {WHOLE_BUDGET:>10}",
        "loader, glue, module", ""
    );
    line("fallback (no wasm)", &build::fallback(), None)?;
    println!();
    Ok(vec![loader <= LOADER_BUDGET, whole <= WHOLE_BUDGET])
}

/// Prints one download; answers with its size on the wire.
fn line(name: &str, path: &Path, budget: Option<usize>) -> Result<usize> {
    let bytes = fs::read(path)
        .with_context(|| format!("{} is not built: run `cargo xtask build`", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let gzip = encoder.finish()?.len();
    let budget = budget.map_or_else(String::new, |budget| budget.to_string());
    println!("  {name:<22} {:>10} {gzip:>10} {budget:>10}", bytes.len());
    Ok(gzip)
}
