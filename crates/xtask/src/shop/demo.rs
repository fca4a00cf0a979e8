//! The demo shop, Slow Harbour.
//!
//! Owns its keys: they are made once per machine and live in `.dev.vars`, where the Worker's demo routes
//! find them.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result};

use super::keys::{self, Keys};
use super::{Existing, Published, Shop, maya};
use crate::place;

/// The demo shop's id.
pub(crate) const ID: &str = "demo";

/// The variables of the Worker that make the demo store exist.
#[derive(Clone, Debug)]
pub(crate) struct DemoVariables {
    keys: Keys,
    email_pepper: String,
    quote_key: String,
}

impl DemoVariables {
    /// New random ones.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn random() -> Result<Self> {
        Ok(Self {
            keys: Keys::random(ID)?,
            email_pepper: keys::random()?,
            quote_key: keys::random()?,
        })
    }

    /// Those of `.dev.vars`, which is made when it is missing. Of an older one the rest is kept.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub(crate) fn of_this_machine() -> Result<Self> {
        let path = place::at(".dev.vars");
        let known = fs::read_to_string(&path).ok();
        let new = match known.as_deref().and_then(Self::parse) {
            Some(known) if !known.quote_key.is_empty() => return Ok(known),
            Some(older) => Self {
                quote_key: keys::random()?,
                ..older
            },
            None => Self::random()?,
        };
        let text: String = new
            .pairs()
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\"\n"))
            .collect();
        // Secrets: for the owner's eyes, even if an older file was more open.
        drop(fs::remove_file(&path));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .context("cannot write .dev.vars")?;
        Ok(new)
    }

    /// Names and values, as the Worker reads them.
    pub(crate) fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("DEMO", "1"),
            ("DEMO_PUBLISHABLE_KEY", &self.keys.publishable),
            ("DEMO_SECRET_KEY", &self.keys.secret),
            ("EMAIL_PEPPER", &self.email_pepper),
            ("QUOTE_KEY", &self.quote_key),
        ]
    }

    /// What the Worker hashes e-mails with.
    pub(crate) fn email_pepper(&self) -> &str {
        &self.email_pepper
    }

    fn parse(text: &str) -> Option<Self> {
        let pairs: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
            .collect();
        let get = |name| pairs.get(name).map(ToString::to_string);
        Some(Self {
            keys: Keys {
                publishable: get("DEMO_PUBLISHABLE_KEY")?,
                secret: get("DEMO_SECRET_KEY")?,
            },
            email_pepper: get("EMAIL_PEPPER")?,
            // An older file has none.
            quote_key: get("QUOTE_KEY").unwrap_or_default(),
        })
    }
}

/// The demo shop as seen from pages on `port`, with Maya.
///
/// # Errors
/// When its program has mistakes.
pub(crate) fn shop(variables: &DemoVariables, port: u16) -> Result<Shop> {
    let origins = ["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{port}"));
    let program = Published::from_file(&place::at("www/demo/program.toml"))?;
    let shop = Shop::new(
        ID,
        "Slow Harbour",
        &origins,
        variables.keys.clone(),
        program,
    )?;
    let shop = Shop {
        existing: Existing::Renewed,
        ..shop
    };
    shop.with(&maya::MAYA, &variables.email_pepper)
}
