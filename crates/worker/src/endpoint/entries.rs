//! `GET /v1/members/{id}/entries`: a member's ledger, newest first, by pages.

use earnest_ledger::EntryDocument;
use earnest_ledger::store::entries;
use earnest_ledger::store::members;
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::cursor::{Cursor, List};
use crate::endpoint::page;
use crate::problem::Failure;

#[derive(Serialize)]
struct PageDocument {
    entries: Vec<EntryDocument>,
    next_cursor: Option<String>,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let page = page::parse(call, List::Entries);
    let (after, limit) = call.admit_to_refuse(&key, page).await?;
    let find = members::load_by_id(&key.shop, member_id);
    let page = entries::load_page(
        &key.shop,
        member_id,
        after.map(|cursor| cursor.below),
        limit,
    );
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
