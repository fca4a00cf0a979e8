//! An edge for tests: real workerd, real D1 and KV, on a free port, with a ledger of its own.
//!
//! Owns how it is started and ended; which shops tests find there says `edge/programs.rs`. Tests learn of it by
//! environment variables: `EARNEST_EDGE`, its address; `EARNEST_SHOPS`, the path of a JSON file `[{"shop",
//! "publishable_key", "secret_key", "origins"}]`; `EARNEST_CONFIG`, that of its configuration, with the Worker's
//! variables; and `EARNEST_STATE`, the folder in which D1 is a file that anybody may read.
//!
//! The orchard begins with members whom nobody has settled for a while; `ORCHARD` says what they did.
//!
//! Invariant: nothing of it is shared with `wrangler dev` or with another edge, and it ends with us.

mod programs;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::{POLL, Server};
use crate::shop::demo::{self, DemoVariables};
use crate::shop::keys::Keys;
use crate::shop::past::Past;
use crate::shop::{self, Shop};
use crate::wrangler::{self, Storage};
use crate::{place, step};

/// How long workerd may take on a machine that is busy compiling.
const PATIENCE: Duration = Duration::from_mins(2);

/// A foreign origin that every test shop allows: scenarios on pages of a shop of their own.
const SHOP_ORIGIN: &str = "https://shop.example";

/// The members of the orchard, where time has passed and no cron ran: whose points have matured, in one lot and
/// in three; and whose points are over, and the tier that she had with them.
const ORCHARD: [Past<'_>; 3] = [
    Past {
        member_id: "mem_00000000000000000000000072697065",
        customer_id: "ripe",
        email: "ripe@example.com",
        joined_days_ago: 40,
        orders: &[("orchard-1", 2_000, 20)],
    },
    Past {
        member_id: "mem_0000000000000000000000006c6f7473",
        customer_id: "lots",
        email: "lots@example.com",
        joined_days_ago: 40,
        orders: &[
            ("orchard-2", 1_000, 25),
            ("orchard-3", 1_100, 24),
            ("orchard-4", 1_200, 23),
        ],
    },
    Past {
        member_id: "mem_00000000000000000000000066656c6c",
        customer_id: "fell",
        email: "fell@example.com",
        joined_days_ago: 800,
        orders: &[("orchard-5", 7_000, 800)],
    },
];

/// The edge of the scenarios, which alone has the shops of stories and cases: nobody else asks for them.
pub(crate) const SCENARIOS: &str = "integration";

/// What lies in its folder: the derived configuration, D1 and KV, the keys, and what wrangler prints.
const CONFIG: &str = "wrangler.json";
const STATE: &str = "state";
const SHOPS: &str = "shops.json";
const LOG: &str = "wrangler.log";

/// A running edge.
#[derive(Debug)]
pub(crate) struct Edge {
    folder: PathBuf,
    port: u16,
    server: Server,
}

impl Edge {
    /// Starts an edge whose state and log lie in `target/edge/<name>`, as new.
    ///
    /// # Errors
    /// When a program has mistakes, wrangler refuses, or nothing answers in time.
    pub(crate) fn start(name: &str) -> Result<Self> {
        let folder = place::at("target/edge").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        fs::create_dir_all(&folder)?;

        let port = free_port()?;
        let variables = DemoVariables::random()?;
        let storage = Storage::Isolated {
            config: write_config(&folder, &variables)?,
            state: folder.join(STATE),
        };
        let shops = shops(&variables, port, name == SCENARIOS)?;
        storage.migrate()?;
        shop::store(&shops, &storage, &folder)?;

        let credentials: Vec<Value> = shops.iter().map(Shop::credentials).collect();
        fs::write(folder.join(SHOPS), Value::from(credentials).to_string())?;

        let started = Instant::now();
        let edge = Self::serve(folder, port)?;
        step::note(&format!(
            "the edge `{name}` answers at {} ({})",
            edge.address(),
            step::spoken(started.elapsed())
        ));
        Ok(edge)
    }

    /// Serves what lies in a folder.
    fn serve(folder: PathBuf, port: u16) -> Result<Self> {
        let server = Server::start(&mut wrangler_dev(&folder, port)?)?;
        let mut edge = Self {
            folder,
            port,
            server,
        };
        await_answer(&edge.address(), &mut edge.server)
            .with_context(|| format!("its log: {}", edge.folder.join(LOG).display()))?;
        Ok(edge)
    }

    /// Ends it as a failing machine would: `kill -9` of workerd, and of all that it runs under.
    ///
    /// # Errors
    /// When there is nothing left to end.
    pub(crate) fn kill(&self) -> Result<()> {
        self.server.kill()
    }

    /// Runs a file of SQL on its ledger while nobody serves it.
    ///
    /// # Errors
    /// When wrangler refuses.
    pub(crate) fn execute(&self, label: &str, file: &Path) -> Result<()> {
        self.storage().execute(label, file)
    }

    /// The rows that a query finds in its ledger while nobody serves it.
    ///
    /// # Errors
    /// When wrangler refuses.
    pub(crate) fn rows(&self, label: &str, sql: &str) -> Result<Vec<Value>> {
        self.storage().rows(label, sql)
    }

    fn storage(&self) -> Storage {
        Storage::Isolated {
            config: self.folder.join(CONFIG),
            state: self.folder.join(STATE),
        }
    }

    /// Serves the same state at the same address again.
    ///
    /// # Errors
    /// When wrangler refuses, or nothing answers in time.
    pub(crate) fn restart(self) -> Result<Self> {
        drop(self.server);
        Self::serve(self.folder, self.port)
    }

    /// Serves the same state at the same address again, as what is deployed: with its secrets, and no demo.
    ///
    /// # Errors
    /// When its configuration is gone, wrangler refuses, or nothing answers in time.
    pub(crate) fn restart_as_deployed(self) -> Result<Self> {
        let path = self.folder.join(CONFIG);
        let mut config: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let variables = config["vars"].as_object_mut().context("no variables")?;
        variables.retain(|name, _| !name.starts_with("DEMO"));
        fs::write(&path, config.to_string())?;
        self.restart()
    }

    /// Ends it, and clears all that it kept.
    ///
    /// # Errors
    /// When the folder cannot be removed.
    pub(crate) fn discard(self) -> Result<()> {
        let Self { folder, server, .. } = self;
        drop(server);
        fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The secret key of one of its shops.
    ///
    /// # Errors
    /// When there is no such shop.
    pub(crate) fn secret_key(&self, shop: &str) -> Result<String> {
        let shops: Vec<Value> = serde_json::from_slice(&fs::read(self.folder.join(SHOPS))?)?;
        let found = shops.iter().find(|found| found["shop"] == shop);
        let key = found.and_then(|found| found["secret_key"].as_str());
        Ok(key
            .with_context(|| format!("the edge has no shop `{shop}`"))?
            .to_owned())
    }

    /// Tells a command where the edge is.
    pub(crate) fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("EARNEST_EDGE", self.address())
            .env("EARNEST_SHOPS", self.folder.join(SHOPS))
            .env("EARNEST_CONFIG", self.folder.join(CONFIG))
            .env("EARNEST_STATE", self.folder.join(STATE))
    }
}

/// Polls until the demo shop's program is served: workerd, the Worker, KV and the seed are all there.
///
/// # Errors
/// When the server ends first, or time is up.
pub(crate) fn await_answer(address: &str, server: &mut Server) -> Result<()> {
    let url = format!("{address}/v1/program?shop={}", demo::ID);
    let started = Instant::now();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    loop {
        let Err(error) = agent.get(&url).call() else {
            return Ok(());
        };
        if server.has_ended()? {
            bail!("wrangler dev ended before it answered");
        }
        if started.elapsed() > PATIENCE {
            bail!("GET {url} does not answer with 200: {error}");
        }
        thread::sleep(POLL);
    }
}

fn wrangler_dev(folder: &Path, port: u16) -> Result<Command> {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join(LOG))?;
    // What a killed one leaves behind is cleared with the rest.
    let scratch = folder.join("tmp");
    fs::create_dir_all(&scratch)?;
    let mut command = wrangler::command(&["dev", "--ip", "127.0.0.1", "--inspector-port", "0"]);
    command
        .args([
            "--show-interactive-dev-session",
            "false",
            "--port",
            &port.to_string(),
        ])
        .arg("--config")
        .arg(folder.join(CONFIG))
        .arg("--persist-to")
        .arg(folder.join(STATE))
        .env("TMPDIR", scratch)
        .stdin(std::process::Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(command)
}

/// `wrangler.toml` without its build (what is tested is built already) and with the demo's variables.
fn write_config(folder: &Path, variables: &DemoVariables) -> Result<PathBuf> {
    let source =
        fs::read_to_string(place::at("wrangler.toml")).context("cannot read wrangler.toml")?;
    let mut config: Value = toml::from_str(&source).context("in wrangler.toml")?;
    if let Some(config) = config.as_object_mut() {
        config.remove("build");
    }
    for path in [
        "/main",
        "/assets/directory",
        "/d1_databases/0/migrations_dir",
    ] {
        let value = config
            .pointer_mut(path)
            .with_context(|| format!("wrangler.toml has no {path}"))?;
        let relative = value
            .as_str()
            .with_context(|| format!("{path} in wrangler.toml is no text"))?;
        *value = json!(place::at(relative));
    }
    config["name"] = json!("earnest-test");
    config["vars"] = json!(BTreeMap::from(variables.pairs()));
    let path = folder.join(CONFIG);
    fs::write(&path, config.to_string())?;
    Ok(path)
}

fn shops(variables: &DemoVariables, port: u16, has_stories: bool) -> Result<Vec<Shop>> {
    let origins = [format!("http://127.0.0.1:{port}"), SHOP_ORIGIN.to_owned()];
    let mut shops = vec![demo::shop(variables, port)?];
    let mut programs = programs::all()?;
    if has_stories {
        programs.extend(programs::of_stories()?);
    }
    for (id, program) in programs {
        let mut shop = Shop::new(&id, &id, &origins, Keys::random(&id)?, program)?;
        if id == "orchard" {
            for past in &ORCHARD {
                shop = shop.with(past, variables.email_pepper())?;
            }
        }
        shops.push(shop);
    }
    Ok(shops)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
