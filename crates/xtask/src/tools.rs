//! The tools that building takes, each found or installed, each in the version that works.
//!
//! Owns the versions of what cargo installs; npm's are in `package.json`. Invariant: a tool that is
//! missing and cannot be installed is an error that says how to get it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::place;
use crate::step;

/// The one target of both modules.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The oldest Node that the locked wrangler runs on.
const OLDEST_NODE: u32 = 20;

/// A command-line tool that cargo builds from its locked sources into `target/tools`.
struct CargoTool {
    package: &'static str,
    binary: &'static str,
    version: &'static str,
}

/// Must equal the `wasm-bindgen` of `Cargo.toml` and be no newer than what `WORKER_BUILD` accepts.
const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    binary: "wasm-bindgen",
    version: "0.2.129",
};

/// Must equal the `worker` of `Cargo.toml`.
const WORKER_BUILD: CargoTool = CargoTool {
    package: "worker-build",
    binary: "worker-build",
    version: "0.8.7",
};

/// Finds every tool that a build needs and installs what is missing.
///
/// # Errors
/// When a prerequisite (rustup's target, Node, npm) is missing and cannot be installed from here.
pub(crate) fn ensure() -> Result<()> {
    ensure_wasm_target()?;
    ensure_node()?;
    ensure_npm_packages()?;
    WASM_BINDGEN.ensure()?;
    WORKER_BUILD.ensure()
}

/// The `wasm-bindgen` command-line tool.
pub(crate) fn wasm_bindgen() -> PathBuf {
    WASM_BINDGEN.path()
}

/// The `worker-build` command-line tool.
pub(crate) fn worker_build() -> PathBuf {
    WORKER_BUILD.path()
}

/// A program that an npm package brings.
pub(crate) fn npm_binary(name: &str) -> PathBuf {
    place::at("node_modules/.bin").join(name)
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root());
    command
}

impl CargoTool {
    fn path(&self) -> PathBuf {
        place::tools().join("bin").join(self.binary)
    }

    fn is_installed(&self) -> bool {
        answer(Command::new(self.path()).arg("--version"))
            .is_some_and(|text| text.split_whitespace().last() == Some(self.version))
    }

    fn ensure(&self) -> Result<()> {
        let Self {
            package, version, ..
        } = self;
        if self.is_installed() {
            return Ok(());
        }
        let mut command = cargo();
        command
            .args([
                "install",
                "--locked",
                "--force",
                package,
                "--version",
                version,
            ])
            .arg("--root")
            .arg(place::tools())
            // Both tools in one folder, so that they share what they both depend on.
            .arg("--target-dir")
            .arg(place::tools().join("build"))
            // A tool is no part of this workspace: it must not be built with its flags.
            .env_remove("RUSTFLAGS");
        step::run(&format!("building {package} {version} (a few minutes, once)"), &mut command)
            .with_context(|| format!("to try by hand: cargo install --locked {package} --version {version} --root target/tools"))?;
        // What it was built from is a gigabyte that nobody needs again.
        drop(fs::remove_dir_all(place::tools().join("build")));
        Ok(())
    }
}

fn ensure_wasm_target() -> Result<()> {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--print", "target-libdir", "--target", WASM]);
    let folder =
        answer(&mut rustc).context("rustc does not answer: install Rust from rustup.rs")?;
    let is_installed = fs::read_dir(folder.trim()).is_ok_and(|mut files| files.next().is_some());
    if is_installed {
        return Ok(());
    }
    let by_hand = format!(
        "Rust cannot compile to {WASM} yet: run `rustup target add {WASM}` (rustup: see rustup.rs)"
    );
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", WASM])
        .current_dir(place::root());
    step::run("adding Rust's wasm target", &mut rustup).context(by_hand)?;
    Ok(())
}

fn ensure_node() -> Result<()> {
    let by_hand = format!(
        "Node {OLDEST_NODE} or later is needed: get it from nodejs.org or your package manager"
    );
    let Some(version) = answer(Command::new("node").arg("--version")) else {
        bail!("`node` does not answer. {by_hand}");
    };
    let major = version.trim().trim_start_matches('v').split('.').next();
    match major.and_then(|text| text.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => bail!("this is Node {}. {by_hand}", version.trim()),
    }
}

fn ensure_npm_packages() -> Result<()> {
    if npm_packages_match_lock() {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(place::root());
    step::run("installing the npm packages", &mut npm)
        .context("npm comes with Node; to try by hand: npm ci")?;
    Ok(())
}

/// npm leaves a record of what it installed: same versions, same tree. Optional packages are for other
/// machines when they are absent.
fn npm_packages_match_lock() -> bool {
    let read = |path: &str| -> Option<Value> {
        serde_json::from_slice(&fs::read(place::at(path)).ok()?).ok()
    };
    let (Some(locked), Some(installed)) = (
        read("package-lock.json"),
        read("node_modules/.package-lock.json"),
    ) else {
        return false;
    };
    let Some(packages) = locked["packages"].as_object() else {
        return false;
    };
    packages
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .all(|(path, package)| match installed["packages"].get(path) {
            Some(found) => found["version"] == package["version"],
            None => package["optional"] == Value::Bool(true),
        })
}

/// Standard output of a command that ended well.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// A program on the PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
