//! Published programs: every version, kept for good. KV has copies of the documents; these are they.

use earnest_core::limits::MAX_POINTS;
use earnest_core::{ProgramRef, Timestamp};
use serde::Deserialize;

use super::{Rows, Statement, StoreError, Value};

/// A published version, without what is large in it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VersionRow {
    /// The version, as its author counts.
    pub version: u32,
    /// The digest of its document.
    pub digest: String,
    /// When it was published, in milliseconds.
    pub published_at: i64,
}

/// A published version, whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProgramRow {
    /// The version, as its author counts.
    pub version: u32,
    /// The digest of its document.
    pub digest: String,
    /// When it was published, in milliseconds.
    pub published_at: i64,
    /// The program file.
    pub source: String,
    /// What it was compiled to.
    pub document: String,
}

/// A version to publish.
#[derive(Clone, Copy, Debug)]
pub struct NewProgram<'a> {
    /// Its version and digest.
    pub reference: &'a ProgramRef,
    /// The program file.
    pub source: &'a str,
    /// What it was compiled to.
    pub document: &'a str,
    /// When it is published.
    pub published_at: Timestamp,
}

/// The versions that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn versions(rows: &impl Rows) -> Result<Vec<VersionRow>, StoreError> {
    rows.all()
}

/// The program that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn program(rows: &impl Rows) -> Result<Option<ProgramRow>, StoreError> {
    rows.first()
}

/// Finds a version, and the newest one, which may be the same: newest first, two at most.
pub fn load_version_and_newest(shop: &str, version: u32) -> Statement {
    Statement::new(
        "SELECT version, digest, published_at FROM programs WHERE shop = ?1 AND version IN (\
         ?2, (SELECT max(version) FROM programs WHERE shop = ?1)) ORDER BY version DESC",
        [shop.into(), version.into()],
    )
}

/// Reads a version, whole.
pub fn load(shop: &str, version: u32) -> Statement {
    Statement::new(
        "SELECT * FROM programs WHERE shop = ?1 AND version = ?2",
        [shop.into(), version.into()],
    )
}

/// Reads the newest version, whole.
pub fn load_newest(shop: &str) -> Statement {
    Statement::new(
        "SELECT * FROM programs WHERE shop = ?1 ORDER BY version DESC LIMIT 1",
        [shop.into()],
    )
}

/// Reads a page of versions, newest first and below a version, and one more, which tells that there is another page.
pub fn load_page(shop: &str, below: Option<u64>, limit: u32) -> Statement {
    // Without one the page begins above every version there can be.
    let below = below.map_or(MAX_POINTS.into(), Value::from);
    Statement::new(
        "SELECT version, digest, published_at FROM programs WHERE shop = ?1 AND version < ?2 \
         ORDER BY version DESC LIMIT ?3",
        [shop.into(), below, limit.saturating_add(1).into()],
    )
}

/// Keeps a version.
pub fn store(shop: &str, program: NewProgram<'_>) -> Statement {
    Statement::new(
        "INSERT INTO programs (shop, version, digest, published_at, source, document) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [
            shop.into(),
            program.reference.version.into(),
            program.reference.digest.as_str().into(),
            program.published_at.into(),
            program.source.into(),
            program.document.into(),
        ],
    )
}
