//! A Chromium for the tests: one that is here, or one that can be had.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{place, step, tools};

/// What it is called on the systems that ship it.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The path of a Chromium, installed if need be.
///
/// # Errors
/// When there is none and none can be installed from here.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    let mut install = playwright();
    let installed = step::attempt(
        "installing a browser for the tests",
        install.args(["install", "--with-deps", "chromium"]),
    );
    let mut said = installed.map_or_else(|error| error.to_string(), |finished| finished.output);
    if let Some(path) = find() {
        return Ok(path);
    }
    if tools::on_path("apt-get").is_some() && rustix::process::geteuid().is_root() {
        let apt = "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes chromium";
        let finished = step::attempt(
            "installing Debian's chromium",
            Command::new("sh").args(["-c", apt]),
        )?;
        said += &finished.output;
        if let Some(path) = find() {
            return Ok(path);
        }
    }
    bail!(
        "the browser tests need Chromium. Install it with your package manager (Debian: apt-get install chromium), \
         or `npx playwright install --with-deps chromium`, or set CHROMIUM to the path of one.\n\n{said}"
    )
}

fn find() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|path| path.exists());
    named
        .or_else(|| NAMES.iter().find_map(|name| tools::on_path(name)))
        .or_else(playwrights_own)
}

fn playwrights_own() -> Option<PathBuf> {
    let ask = "console.log(require('playwright-core').chromium.executablePath())";
    let path = tools::answer(
        Command::new("node")
            .args(["-e", ask])
            .current_dir(place::root()),
    )?;
    Some(PathBuf::from(path.trim())).filter(|path| path.exists())
}

fn playwright() -> Command {
    let mut command = Command::new(tools::npm_binary("playwright"));
    command.current_dir(place::root());
    command
}
