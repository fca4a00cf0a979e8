//! The chain of entries, worked out again from what each row says.

use std::collections::HashMap;

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
    rules: Option<String>,
    partner: Option<String>,
    program_version: u32,
    program_digest: String,
    booked_at: i64,
    day: i64,
    pools: String,
    hash: String,
}

/// Checks that each entry of a shop has the hash that follows from all before it.
pub(crate) fn check(database: &Database, shop: &str) -> Result<(), Violation> {
    let rows = "SELECT * FROM entries WHERE shop = ?1 ORDER BY member_id, seq";
    let mut heads: HashMap<String, EntryHash> = HashMap::new();
    for row in database.ask::<Row>(rows, &[shop]) {
        let hash = row.hash_after(heads.get(&row.member_id));
        if hash.to_string() != row.hash {
            let Row { member_id, seq, .. } = row;
            return Err(Violation::new(format!(
                "entry {seq} of {member_id} breaks the chain"
            )));
        }
        heads.insert(row.member_id, hash);
    }
    Ok(())
}

impl Row {
    fn hash_after(&self, previous: Option<&EntryHash>) -> EntryHash {
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
        };
        entry_hash(previous, &self.member_id, &entry)
    }
}
