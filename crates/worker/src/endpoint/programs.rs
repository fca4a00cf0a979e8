//! `GET /v1/programs`: the versions that a shop has published, newest first, by pages.

use earnest_core::Timestamp;
use earnest_ledger::rfc3339;
use earnest_ledger::store::programs::{self, VersionRow};
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::cursor::{Cursor, List};
use crate::endpoint::page;
use crate::problem::Failure;

#[derive(Serialize)]
struct VersionDocument {
    version: u32,
    digest: String,
    published_at: String,
}

#[derive(Serialize)]
struct PageDocument {
    programs: Vec<VersionDocument>,
    next_cursor: Option<String>,
}

impl From<VersionRow> for VersionDocument {
    fn from(row: VersionRow) -> Self {
        Self {
            version: row.version,
            digest: row.digest,
            published_at: rfc3339(Timestamp::from_millis(row.published_at)),
        }
    }
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let page = page::parse(call, List::Programs);
    let (after, limit) = call.admit_to_refuse(&key, page).await?;
    let page = programs::load_page(&key.shop, after.map(|cursor| cursor.below), limit);
    let [page] = call.admit(&key, [page]).await?;
    let mut versions = programs::versions(&page)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_last = versions.len() <= limit;
    versions.truncate(limit);
    let lowest = versions.last().filter(|_| !is_last);
    let next_cursor = lowest.map(|row| {
        let (list, below) = (List::Programs, row.version.into());
        Cursor { list, below }.text()
    });
    let document = PageDocument {
        programs: versions.into_iter().map(VersionDocument::from).collect(),
        next_cursor,
    };
    Ok(Answer::json(200, &document))
}
