//! The two keys of a shop: `pk_<shop>_<random>` for pages, `sk_<shop>_<random>` for its server.

use anyhow::{Context, Result};

use crate::digest;

/// 192 bits: beyond any guessing, and short enough to paste.
const RANDOM_BYTES: usize = 24;

/// A shop's keys in the clear. They exist in this form only where they are used.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// For pages: previews and enrols, from the shop's own origins.
    pub(crate) publishable: String,
    /// For the shop's server: everything.
    pub(crate) secret: String,
}

impl Keys {
    /// New random keys.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn random(shop: &str) -> Result<Self> {
        Ok(Self {
            publishable: format!("pk_{shop}_{}", random()?),
            secret: format!("sk_{shop}_{}", random()?),
        })
    }
}

/// What is stored of a key.
pub(crate) fn digest(key: &str) -> String {
    digest::sha256(key.as_bytes())
}

/// Random lower-case hexadecimal.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(digest::hex(&bytes))
}
