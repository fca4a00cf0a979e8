//! Digests: the content hash that names an asset, and the fingerprint that says a build is still good.
//!
//! Invariant: a fingerprint covers the names and the bytes of everything it was asked to cover, and
//! nothing else (no times, no order of directory entries).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::place;

/// SHA-256 as lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A fingerprint of files and folders (walked through), given relative to the root, plus `extra` words.
///
/// # Errors
/// When something that exists cannot be read. What does not exist counts as absent.
pub(crate) fn fingerprint(paths: &[&str], extra: &[&str]) -> Result<String> {
    let mut text = extra.join("\n");
    for path in paths {
        let mut files = Vec::new();
        walk(&place::at(path), &mut files)?;
        files.sort();
        for file in files {
            let bytes =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(place::root()).unwrap_or(&file);
            text += &format!("\n{} {}", name.display(), sha256(&bytes));
        }
    }
    Ok(sha256(text.as_bytes()))
}

/// Every file below `path`, or `path` itself.
///
/// # Errors
/// When a folder cannot be listed.
pub(crate) fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        let entries =
            fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            walk(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}

/// A remembered fingerprint.
pub(crate) struct Stamp {
    path: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// The stamp at `path` for work whose inputs now have `fingerprint`.
    pub(crate) fn new(path: PathBuf, fingerprint: String) -> Self {
        Self { path, fingerprint }
    }

    /// Whether the work was last done with the same inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text == self.fingerprint)
    }

    /// Remembers that the work is done.
    ///
    /// # Errors
    /// When the stamp cannot be written.
    pub(crate) fn set(&self) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.path, &self.fingerprint)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}
