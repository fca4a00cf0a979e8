//! `cargo xtask dev`: from a fresh clone to a demo store that one can buy from.
//!
//! Invariant: a second start with nothing changed does nothing but start wrangler.

use std::fs;
use std::net::TcpListener;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::digest::{Stamp, fingerprint};
use crate::process::Server;
use crate::shop::demo::{self, DemoVariables};
use crate::wrangler::{self, Storage};
use crate::{build, edge, place, shop, step};

/// Runs the demo store on `port` until it is stopped. `fresh` forgets every order and member first.
///
/// # Errors
/// When a prerequisite is missing, a build fails, or the port is taken.
pub(crate) fn run(port: u16, fresh: bool) -> Result<()> {
    let started = Instant::now();
    TcpListener::bind(("127.0.0.1", port)).with_context(|| {
        format!("port {port} is taken: stop what uses it, or choose another with --port")
    })?;
    build::run(None)?;
    if fresh && place::at(".wrangler").exists() {
        fs::remove_dir_all(place::at(".wrangler")).context("cannot clear .wrangler")?;
    }
    let variables = DemoVariables::of_this_machine()?;
    seed(&variables, port)?;

    let mut server = Server::start(
        wrangler::command(&["dev", "--show-interactive-dev-session", "false"])
            .args(["--port", &port.to_string()])
            .env_remove("CI")
            .env_remove("NO_COLOR"),
    )?;
    let address = format!("http://localhost:{port}");
    edge::await_answer(&address, &mut server)?;
    println!(
        "\n  The demo store is open: {address}/  ({})",
        step::spoken(started.elapsed())
    );
    println!("  Ctrl-C closes it. `cargo xtask dev --fresh` starts with an empty ledger.\n");
    server.wait()
}

fn seed(variables: &DemoVariables, port: u16) -> Result<()> {
    let inputs = [
        "crates/core/src",
        "crates/worker/migrations",
        "crates/xtask/src/shop",
        "crates/xtask/src/shop.rs",
        "www/demo/program.toml",
    ];
    let secrets = variables.pairs().map(|(_, value)| value);
    let port_text = port.to_string();
    let words = [&secrets[..], &[&port_text]].concat();
    // Beside the state that it speaks of: whoever deletes the one deletes the other.
    let stamp = Stamp::new(place::at(".wrangler/seeded"), fingerprint(&inputs, &words)?);
    if stamp.is_current() {
        return Ok(());
    }
    let by_hand = "the local ledger may come from an older schema, or have other rules under the version of \
                   www/demo/program.toml: `cargo xtask dev --fresh` starts anew";
    Storage::Local.migrate().context(by_hand)?;
    let shops = [demo::shop(variables, port)?];
    shop::store(&shops, &Storage::Local, &place::at("target/seed")).context(by_hand)?;
    stamp.set()
}
