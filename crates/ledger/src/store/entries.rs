//! Entries: read by page, or by what they were booked for. They are written by `append` alone.

use earnest_core::limits::MAX_POINTS;
use earnest_core::{Entry, EntryKind};
use serde::Deserialize;

use super::{Rows, Statement, StoreError, Value};
use crate::json;

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EntryRow {
    /// Whose it is.
    pub member_id: String,
    /// Its place in her ledger.
    pub seq: u64,
    /// What it is for.
    pub kind: String,
    /// What it added.
    pub points: i64,
    /// The balance after it.
    pub balance_points: i64,
    /// What it was booked for.
    pub source: String,
    /// Why, where a person decided it.
    pub reason: Option<String>,
    /// Who decided it, where that is told.
    pub decided_by: Option<String>,
    /// The ids of the rules that gave something, a JSON list; `None` for none.
    pub rules: Option<String>,
    /// The partner whose order it was.
    pub partner: Option<String>,
    /// The version of the program that decided it.
    pub program_version: u32,
    /// Its digest.
    pub program_digest: String,
    /// When, in milliseconds.
    pub booked_at: i64,
}

impl EntryRow {
    /// The row that an entry of the core is stored as.
    pub fn new(member_id: &str, entry: &Entry) -> Self {
        Self {
            member_id: member_id.to_owned(),
            seq: entry.seq,
            kind: entry.kind.name().to_owned(),
            points: entry.points.get(),
            balance_points: entry.balance.get(),
            source: entry.source.clone(),
            reason: entry.reason.clone(),
            decided_by: entry.by.clone(),
            rules: (!entry.rules.is_empty()).then(|| json(&entry.rules)),
            partner: entry.partner.as_ref().map(|it| it.id.clone()),
            program_version: entry.program.version,
            program_digest: entry.program.digest.clone(),
            booked_at: entry.booked_at.as_millis(),
        }
    }
}

/// The entries that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn entries(rows: &impl Rows) -> Result<Vec<EntryRow>, StoreError> {
    rows.all()
}

/// Reads a page of a member's entries below a seq, newest first.
pub fn load_page(shop: &str, member_id: &str, below: Option<u64>, limit: u32) -> Statement {
    // Without one the page begins above every seq there can be.
    let below = below.map_or(MAX_POINTS.into(), Value::from);
    Statement::new(
        "SELECT * FROM entries WHERE shop = ?1 AND member_id = ?2 AND seq < ?3 \
         ORDER BY seq DESC LIMIT ?4",
        [shop.into(), member_id.into(), below, limit.into()],
    )
}

/// Reads the entry of a kind that was booked for a source; there is at most one.
pub fn load_by_source(shop: &str, kind: EntryKind, source: &str) -> Statement {
    Statement::new(
        "SELECT * FROM entries WHERE shop = ?1 AND kind = ?2 AND source = ?3",
        [shop.into(), kind.name().into(), source.into()],
    )
}
