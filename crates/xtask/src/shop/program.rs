//! A merchant's TOML file, compiled to the document that is published.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

/// A program as it is stored in KV.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    /// The canonical document, JSON.
    pub(crate) document: String,
    /// Its version, as its author counts.
    pub(crate) version: u32,
    /// Its digest, `sha256:…`.
    pub(crate) digest: String,
}

impl Published {
    /// Compiles a program file.
    ///
    /// # Errors
    /// When the file cannot be read or its program has mistakes; the message shows each with its line.
    pub(crate) fn from_file(path: &Path) -> Result<Self> {
        let source =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::from_source(&source).with_context(|| format!("in {}", path.display()))
    }

    /// Compiles the text of a program file.
    ///
    /// # Errors
    /// When the program has mistakes.
    pub(crate) fn from_source(source: &str) -> Result<Self> {
        let compiled =
            earnest_core::compile::compile(source).map_err(|mistakes| anyhow!("{mistakes}"))?;
        Ok(Self {
            version: compiled.program.reference().version,
            digest: compiled.program.reference().digest.clone(),
            document: compiled.document,
        })
    }
}
