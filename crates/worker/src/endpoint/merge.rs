//! `POST /v1/members/{id}/merges`: two members turn out to be one person.
//!
//! Invariant: a merge that broke off after its first batch is finished by the same request sent again.

use earnest_ledger::MergeBooking;
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::booking::send;
use crate::problem::Failure;
use crate::text::check_name;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MergeDocument {
    into: String,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let into = parse(call).await;
    let into = call.admit_to_refuse(&key, into).await?;
    let booking = MergeBooking::new(&key.shop, member_id, &into);
    send(call, &key, &booking, &booking.arrival()).await
}

async fn parse(call: &mut Call) -> Result<String, Failure> {
    let MergeDocument { into } = call.body(SMALL_BYTES).await?;
    check_name(&into).map_err(|error| Failure::name(error, "/into"))?;
    Ok(into)
}
