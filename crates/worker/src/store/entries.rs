//! Entries: read by page, or by what they were booked for. They are written by `append` alone.

use earnest_core::{Entry, EntryKind};
use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::answer::json;
use crate::cursor::Cursor;

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct EntryRow {
    /// Whose it is.
    pub(crate) member_id: String,
    /// Its place in her ledger.
    pub(crate) seq: u64,
    /// What it is for.
    pub(crate) kind: String,
    /// What it added.
    pub(crate) points: i64,
    /// The balance after it.
    pub(crate) balance_points: i64,
    /// What it was booked for.
    pub(crate) source: String,
    /// Why, where a person decided it.
    pub(crate) reason: Option<String>,
    /// The ids of the rules that gave something, a JSON list; `None` for none.
    pub(crate) rules: Option<String>,
    /// The partner whose order it was.
    pub(crate) partner: Option<String>,
    /// The version of the program that decided it.
    pub(crate) program_version: u32,
    /// Its digest.
    pub(crate) program_digest: String,
    /// When, in milliseconds.
    pub(crate) booked_at: i64,
}

impl EntryRow {
    /// The row that an entry of the core is stored as.
    pub(crate) fn new(member_id: &str, entry: &Entry) -> Self {
        Self {
            member_id: member_id.to_owned(),
            seq: entry.seq,
            kind: entry.kind.name().to_owned(),
            points: entry.points.get(),
            balance_points: entry.balance.get(),
            source: entry.source.clone(),
            reason: entry.reason.clone(),
            rules: (!entry.rules.is_empty()).then(|| json(&entry.rules)),
            partner: entry.partner.clone(),
            program_version: entry.program.version,
            program_digest: entry.program.digest.clone(),
            booked_at: entry.booked_at.as_millis(),
        }
    }
}

/// The entries that a statement found.
pub(crate) fn entries(rows: &Rows) -> Result<Vec<EntryRow>, StoreError> {
    rows.all()
}

/// Reads a page of a member's entries, newest first.
pub(crate) fn load_page(
    shop: &str,
    member_id: &str,
    after: Option<Cursor>,
    limit: u32,
) -> Statement {
    // With no cursor the page begins above every seq there can be.
    let below = after.map_or(earnest_core::limits::MAX_POINTS.into(), |cursor| {
        cursor.below.into()
    });
    Statement::new(
        "SELECT * FROM entries WHERE shop = ?1 AND member_id = ?2 AND seq < ?3 \
         ORDER BY seq DESC LIMIT ?4",
        [shop.into(), member_id.into(), below, limit.into()],
    )
}

/// Reads the entry of a kind that was booked for a source; there is at most one.
pub(crate) fn load_by_source(shop: &str, kind: EntryKind, source: &str) -> Statement {
    Statement::new(
        "SELECT * FROM entries WHERE shop = ?1 AND kind = ?2 AND source = ?3",
        [shop.into(), kind.name().into(), source.into()],
    )
}
