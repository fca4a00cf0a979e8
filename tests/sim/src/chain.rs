//! The chain of entries, worked out again from what each row says.
//!
//! Invariant: an entry is judged by itself and the hash of the one before, so new ones can be judged alone.

use earnest_core::{ChainedEntry, Currency, EntryHash, Pool, Timestamp, entry_hash};
use serde::Deserialize;

use crate::Violation;
use crate::database::Database;

#[derive(Deserialize)]
struct Row {
    member_id: String,
    seq: u64,
    kind: String,
    source: String,
    points: i64,
    balance_points: i64,
    reason: Option<String>,
    decided_by: Option<String>,
    rules: Option<String>,
    partner: Option<String>,
    program_version: u32,
    program_digest: String,
    booked_at: i64,
    day: i64,
    pools: String,
    hash: String,
    hash_before: Option<String>,
}

const TOUCHED: &str = "
    SELECT it.*, before.hash AS hash_before
    FROM touched_entries CROSS JOIN entries AS it USING (member_id, seq)
    LEFT JOIN entries AS before ON before.shop = ?1 AND before.member_id = it.member_id AND before.seq = it.seq - 1
    WHERE it.shop = ?1";

/// Checks that each entry of a shop that was touched has the hash that follows from all before it.
pub(crate) fn check(database: &Database, shop: &str) -> Result<(), Violation> {
    let rows: Vec<Row> = database.ask(TOUCHED, &[shop]);
    let breaks = |row: &&Row| row.hash_after().to_string() != row.hash;
    match rows.iter().find(breaks) {
        None => Ok(()),
        Some(Row { member_id, seq, .. }) => Err(Violation::new(format!(
            "entry {seq} of {member_id} breaks the chain"
        ))),
    }
}

impl Row {
    fn hash_after(&self) -> EntryHash {
        let previous: Option<EntryHash> = self
            .hash_before
            .as_ref()
            .map(|hash| hash.parse().expect("a hash"));
        let rules = self.rules.as_deref().unwrap_or("[]");
        let rules: Vec<String> = serde_json::from_str(rules).expect("a list of ids");
        let pools: Vec<(Option<String>, i64, i64)> =
            serde_json::from_str(&self.pools).expect("a list of pools");
        let pool = |(code, points, spent_minor): &(Option<String>, i64, i64)| Pool {
            currency: code
                .as_ref()
                .map(|code| Currency::parse(code).expect("a currency")),
            points: *points,
            spent_minor: *spent_minor,
        };
        let pools: Vec<Pool> = pools.iter().map(pool).collect();
        let entry = ChainedEntry {
            seq: self.seq,
            kind: &self.kind,
            points: self.points,
            balance: self.balance_points,
            source: &self.source,
            reason: self.reason.as_deref(),
            rules: &rules,
            partner: self.partner.as_deref(),
            program_version: self.program_version,
            program_digest: &self.program_digest,
            booked_at: Timestamp::from_millis(self.booked_at),
            day: self.day,
            pools: &pools,
            by: self.decided_by.as_deref(),
        };
        entry_hash(previous.as_ref(), &self.member_id, &entry)
    }
}
