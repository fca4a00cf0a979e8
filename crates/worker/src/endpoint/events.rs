//! `GET /v1/events`: what a shop's members would want to hear of, in the order in which it was booked.
//! `GET /v1/members/{id}/events`: what happened to one of them that is no entry of hers, newest first.
//!
//! Invariant: an event keeps its number for good, and a later one has a higher number, so who asks for what came
//! after the last one that she saw misses none.

use earnest_core::Timestamp;
use earnest_ledger::rfc3339;
use earnest_ledger::store::events::{self, EventRow};
use earnest_ledger::store::members;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::cursor::{Cursor, List};
use crate::endpoint::page;
use crate::problem::Failure;

/// Beyond it a number is none of ours, and would not bind.
const MAX_SEQ: u64 = (1 << 53) - 1;

#[derive(Serialize)]
struct FeedDocument {
    events: Vec<EventDocument>,
    /// What to ask for next: after the last one of these.
    next_after: u64,
}

#[derive(Serialize)]
struct EventDocument {
    seq: u64,
    #[serde(rename = "type")]
    kind: String,
    member_id: String,
    data: Box<RawValue>,
    happened_at: String,
    booked_at: String,
}

impl EventDocument {
    fn new(row: EventRow) -> Result<Self, Failure> {
        let instant = |millis| rfc3339(Timestamp::from_millis(millis));
        Ok(Self {
            seq: row.seq,
            kind: row.kind,
            member_id: row.member_id,
            data: RawValue::from_string(row.content).map_err(Failure::internal)?,
            happened_at: instant(row.happened_at),
            booked_at: instant(row.booked_at),
        })
    }
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let asked = after(call).and_then(|after| Ok((after, page::limit(call)?)));
    let (after, limit) = call.admit_to_refuse(&key, asked).await?;
    let page = events::load_page(&key.shop, after, limit);
    let [page] = call.admit(&key, [page]).await?;
    let events = events::events(&page)?.into_iter().map(EventDocument::new);
    let events = events.collect::<Result<Vec<_>, _>>()?;
    let next_after = events.last().map_or(after, |event| event.seq);
    Ok(Answer::json(200, &FeedDocument { events, next_after }))
}

#[derive(Serialize)]
struct HistoryDocument {
    events: Vec<EventDocument>,
    next_cursor: Option<String>,
}

pub(crate) async fn answer_of_member(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let list = List::Events;
    let page = page::parse(call, list);
    let (after, limit) = call.admit_to_refuse(&key, page).await?;
    let find = members::load_by_id(&key.shop, member_id);
    let below = after.map(|cursor| cursor.below);
    let page = events::load_history(&key.shop, member_id, below, limit);
    let [found, page] = call.admit(&key, [find, page]).await?;
    members::member(&found)?.ok_or(Failure::MemberUnknown)?;
    let rows = events::events(&page)?;
    // Nobody knows how many there are; a page that is full may be the last.
    let is_full = u32::try_from(rows.len()).is_ok_and(|told| told == limit);
    let lowest = rows
        .last()
        .map(|event| event.seq)
        .filter(|seq| is_full && *seq > 1);
    let events = rows.into_iter().map(EventDocument::new);
    let document = HistoryDocument {
        events: events.collect::<Result<_, _>>()?,
        next_cursor: lowest.map(|below| Cursor { list, below }.text()),
    };
    Ok(Answer::json(200, &document))
}

/// The last event that the shop has seen; 0 for none.
fn after(call: &Call) -> Result<u64, Failure> {
    let Some(text) = call.parameter("after") else {
        return Ok(0);
    };
    let number = text.parse().ok().filter(|after| *after <= MAX_SEQ);
    number.ok_or_else(|| {
        let message = "the number of an event, or 0 for the first ones, is expected".to_owned();
        Failure::parameter("after", message)
    })
}
