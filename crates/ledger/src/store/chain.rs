//! Entries as they are chained: read oldest first, with all that is in their hashes.

use earnest_core::wire::{PoolDocument, StatementEntryDocument};
use serde::Deserialize;

use super::{Rows, Statement, StoreError};

#[derive(Debug, Deserialize)]
struct ChainedRow {
    seq: u64,
    kind: String,
    points: i64,
    balance_points: i64,
    source: String,
    reason: Option<String>,
    decided_by: Option<String>,
    rules: Option<String>,
    partner: Option<String>,
    program_version: u32,
    program_digest: String,
    booked_at: i64,
    day: Option<i64>,
    pools: Option<String>,
    hash: Option<String>,
}

/// Reads a member's entries from one place in her ledger to another, both included, oldest first.
pub fn load(shop: &str, member_id: &str, from: u64, to: u64) -> Statement {
    Statement::new(
        "SELECT seq, kind, points, balance_points, source, reason, decided_by, rules, partner, program_version, \
         program_digest, booked_at, day, pools, hash FROM entries \
         WHERE shop = ?1 AND member_id = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq",
        [shop.into(), member_id.into(), from.into(), to.into()],
    )
}

/// The entries that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn entries(rows: &impl Rows) -> Result<Vec<StatementEntryDocument>, StoreError> {
    let rows: Vec<ChainedRow> = rows.all()?;
    rows.into_iter().map(ChainedRow::document).collect()
}

impl ChainedRow {
    fn document(self) -> Result<StatementEntryDocument, StoreError> {
        let broken = |error: serde_json::Error| {
            StoreError::Broken(format!("entry {} cannot be read: {error}", self.seq))
        };
        let pools = self.pools.as_deref().unwrap_or("[]");
        let pools: Vec<(Option<String>, i64, i64)> = serde_json::from_str(pools).map_err(broken)?;
        let rules = self.rules.as_deref().unwrap_or("[]");
        let pools = pools.into_iter();
        let pools = pools.map(|(currency, points, spent_minor)| PoolDocument {
            currency,
            points,
            spent_minor,
        });
        Ok(StatementEntryDocument {
            rules: serde_json::from_str(rules).map_err(broken)?,
            pools: pools.collect(),
            seq: self.seq,
            kind: self.kind,
            points: self.points,
            balance_points: self.balance_points,
            source: self.source,
            reason: self.reason,
            by: self.decided_by,
            partner: self.partner,
            program_version: self.program_version,
            program_digest: self.program_digest,
            booked_at: self.booked_at,
            day: self.day,
            hash: self.hash,
        })
    }
}
