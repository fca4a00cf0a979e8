//! `POST /v1/members/{id}/adjustments`: a person gives or takes points, with a reason.
//!
//! Invariant: one `Idempotency-Key` books once.

use earnest_ledger::AdjustmentBooking;
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::booking::book;
use crate::idempotency_key::{self, IdempotencyKeyError};
use crate::problem::Failure;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjustmentDocument {
    points: i64,
    reason: String,
    #[serde(default)]
    by: Option<String>,
}

struct Adjustment {
    key: String,
    points: i64,
    reason: String,
    by: Option<String>,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let adjustment = parse(call).await;
    let adjustment = call.admit_to_refuse(&key, adjustment).await?;
    let booking = AdjustmentBooking {
        shop: &key.shop,
        member_id,
        key: &adjustment.key,
        points: adjustment.points,
        reason: &adjustment.reason,
        by: adjustment.by.as_deref(),
    };
    book(call, &key, &booking).await
}

async fn parse(call: &mut Call) -> Result<Adjustment, Failure> {
    let key = idempotency_key::of(call)?.ok_or(IdempotencyKeyError::Missing)?;
    let document: AdjustmentDocument = call.body(SMALL_BYTES).await?;
    Ok(Adjustment {
        key,
        points: document.points,
        reason: document.reason,
        by: document.by,
    })
}
