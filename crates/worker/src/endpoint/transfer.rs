//! `POST /v1/members/{id}/transfers`: a member gives points to another one.
//!
//! Invariant: a transfer that broke off after its first batch is finished by the same request sent again.

use earnest_ledger::{MERGE_PREFIX, TransferBooking};
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::{BodyError, SMALL_BYTES};
use crate::call::Call;
use crate::endpoint::booking::send;
use crate::problem::Failure;
use crate::text::check_name;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferDocument {
    id: String,
    to: String,
    points: i64,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let transfer = parse(call).await;
    let transfer = call.admit_to_refuse(&key, transfer).await?;
    let booking = TransferBooking {
        shop: &key.shop,
        transfer_id: &transfer.id,
        from: member_id,
        to: &transfer.to,
        points: transfer.points,
    };
    send(call, &key, &booking, &booking.arrival()).await
}

async fn parse(call: &mut Call) -> Result<TransferDocument, Failure> {
    let document: TransferDocument = call.body(SMALL_BYTES).await?;
    check_name(&document.id).map_err(|error| Failure::name(error, "/id"))?;
    check_name(&document.to).map_err(|error| Failure::name(error, "/to"))?;
    if document.id.starts_with(MERGE_PREFIX) {
        let error = BodyError::FieldInvalid {
            pointer: "/id".to_owned(),
            message: format!("ids that begin with {MERGE_PREFIX:?} are the ledger's own"),
        };
        return Err(error.into());
    }
    Ok(document)
}
