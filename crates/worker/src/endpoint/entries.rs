//! `GET /v1/members/{id}/entries`: a member's ledger, newest first, by pages.

use earnest_core::Timestamp;
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::cursor::{Cursor, List};
use crate::endpoint::page;
use crate::instant::rfc3339;
use crate::problem::Failure;
use crate::store::entries::{self, EntryRow};
use crate::store::members;

/// An entry on the wire.
#[derive(Debug, Serialize)]
pub(crate) struct EntryDocument {
    seq: u64,
    kind: String,
    points: i64,
    balance_points: i64,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
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

#[derive(Serialize)]
struct PageDocument {
    entries: Vec<EntryDocument>,
    next_cursor: Option<String>,
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

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let page = page::parse(call, List::Entries);
    let (after, limit) = call.admit_to_refuse(&key, page).await?;
    let find = members::load_by_id(&key.shop, member_id);
    let page = entries::load_page(&key.shop, member_id, after, limit);
    let [found, page] = call.admit(&key, [find, page]).await?;
    members::member(&found)?.ok_or(Failure::MemberUnknown)?;
    let entries = entries::entries(&page)?;
    // Entries are numbered from 1 without gaps, so the lowest one tells whether there are more.
    let lowest = entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1);
    let document = PageDocument {
        entries: entries.into_iter().map(EntryDocument::from).collect(),
        next_cursor: lowest.map(|below| {
            let list = List::Entries;
            Cursor { list, below }.text()
        }),
    };
    Ok(Answer::json(200, &document))
}
