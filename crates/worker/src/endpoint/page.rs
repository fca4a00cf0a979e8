//! Pages of a list: what the query of one may say.

use crate::call::Call;
use crate::cursor::{Cursor, List};
use crate::problem::Failure;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 100;

/// Where the page begins, `None` for the newest, and how many rows it has at most.
pub(super) fn parse(call: &Call, list: List) -> Result<(Option<Cursor>, u32), Failure> {
    let cursor = call.parameter("cursor");
    let cursor = cursor
        .as_deref()
        .map(|text| Cursor::parse(list, text))
        .transpose();
    let cursor =
        cursor.map_err(|error| Failure::parameter("cursor", format!("the cursor {error}")))?;
    Ok((cursor, limit(call)?))
}

/// How many rows it has at most.
pub(super) fn limit(call: &Call) -> Result<u32, Failure> {
    match call.parameter("limit") {
        None => Ok(DEFAULT_LIMIT),
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .ok_or_else(|| {
                let message = format!("the limit is a whole number from 1 to {MAX_LIMIT}");
                Failure::parameter("limit", message)
            }),
    }
}
