//! `POST /v1/members/{id}/adjustments`: a person gives or takes points, with a reason.
//!
//! Invariant: one `Idempotency-Key` books once, and it is a text that comes through a header unharmed.

use earnest_ledger::AdjustmentBooking;
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::booking::book;
use crate::problem::Failure;
use crate::text::{NameError, check_name};

/// Why an `Idempotency-Key` names no adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IdempotencyKeyError {
    #[error("send an Idempotency-Key, a name for this adjustment, so that it is booked once")]
    Missing,
    #[error("the Idempotency-Key {0}")]
    Unusable(NameError),
    /// Beyond ASCII a header is bytes of an unknown encoding, and what cannot be read becomes the same
    /// replacement character: two keys would be one.
    #[error(
        "the Idempotency-Key must be of ASCII characters, which alone come through headers as they are"
    )]
    NotAscii,
    #[error("this Idempotency-Key was used for another adjustment; give each its own")]
    Reused,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjustmentDocument {
    points: i64,
    reason: String,
}

struct Adjustment {
    key: String,
    points: i64,
    reason: String,
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
    };
    book(call, &key, &booking).await
}

async fn parse(call: &mut Call) -> Result<Adjustment, Failure> {
    let key = call.header("idempotency-key");
    let key = key.ok_or(IdempotencyKeyError::Missing)?;
    check_key(&key)?;
    let document: AdjustmentDocument = call.body(SMALL_BYTES).await?;
    Ok(Adjustment {
        key,
        points: document.points,
        reason: document.reason,
    })
}

fn check_key(key: &str) -> Result<(), IdempotencyKeyError> {
    check_name(key).map_err(IdempotencyKeyError::Unusable)?;
    if key.is_ascii() {
        Ok(())
    } else {
        Err(IdempotencyKeyError::NotAscii)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_that_comes_through_a_header_unharmed() {
        use IdempotencyKeyError::{NotAscii, Unusable};
        let check = |key: &str, expected| assert_eq!(check_key(key), expected, "{key:?}");
        check("refund of 1001", Ok(()));
        check("", Err(Unusable(NameError::Empty)));
        check("cl\u{e9}", Err(NotAscii));
        // What two bytes that are no UTF-8 both become.
        check("\u{fffd}", Err(NotAscii));
    }
}
