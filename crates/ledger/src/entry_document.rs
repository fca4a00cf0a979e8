//! An entry as it is told.

use earnest_core::Timestamp;
use serde::Serialize;

use crate::rfc3339;
use crate::store::entries::EntryRow;

/// An entry on the wire.
#[derive(Debug, Serialize)]
pub struct EntryDocument {
    seq: u64,
    kind: String,
    points: i64,
    balance_points: i64,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Who decided it: staff, or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The ids of the rules that gave something.
    rules: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<String>,
    program: DecidingProgramDocument,
    booked_at: String,
}

/// The program that decided an entry.
#[derive(Debug, Serialize)]
struct DecidingProgramDocument {
    version: u32,
    digest: String,
}

impl From<EntryRow> for EntryDocument {
    fn from(entry: EntryRow) -> Self {
        // The database has checked that it is a list, and only ours write it.
        let rules = entry.rules.as_deref();
        let rules = rules.and_then(|rules| serde_json::from_str(rules).ok());
        let rules = rules.unwrap_or_default();
        Self {
            seq: entry.seq,
            kind: entry.kind,
            points: entry.points,
            balance_points: entry.balance_points,
            source: entry.source,
            reason: entry.reason,
            by: entry.decided_by,
            rules,
            partner: entry.partner,
            program: DecidingProgramDocument {
                version: entry.program_version,
                digest: entry.program_digest,
            },
            booked_at: rfc3339(Timestamp::from_millis(entry.booked_at)),
        }
    }
}
