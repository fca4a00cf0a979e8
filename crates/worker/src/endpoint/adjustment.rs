//! `POST /v1/members/{id}/adjustments`: a person gives or takes points, with a reason.
//!
//! Invariant: one `Idempotency-Key` books once. The same request under it gets the first answer again,
//! another one is refused. The answer is told from the entry, so it is the same for ever.

use earnest_core::{Command, EntryKind, Refusal, plan};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::entries::EntryDocument;
use crate::endpoint::turn::take_turns;
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::store::entries::{self, EntryRow};
use crate::store::{append, members};
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

#[derive(Serialize)]
struct AdjustmentAnswer {
    entry: EntryDocument,
    balance_points: i64,
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
    take_turns(async || book(call, &key, member_id, &adjustment).await).await
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

/// Books the adjustment on what is known now, or finds that it has been booked.
async fn book(
    call: &mut Call,
    key: &PresentedKey,
    member_id: &str,
    adjustment: &Adjustment,
) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let reads = [
        members::load_by_id(shop, member_id),
        entries::load_by_source(shop, EntryKind::Adjust, &adjustment.key),
    ];
    let [member, booked] = call.admit(key, reads).await?;
    let member = members::member(&member)?.ok_or(Failure::MemberUnknown)?;
    if let Some(booked) = entries::entries(&booked)?.into_iter().next() {
        return if adjustment.is(member_id, &booked) {
            Ok(told(200, booked))
        } else {
            Err(IdempotencyKeyError::Reused.into())
        };
    }
    let published = load_program(&call.env, shop, call.now).await?;
    let command = Command::Adjust {
        key: &adjustment.key,
        points: adjustment.points,
        reason: &adjustment.reason,
    };
    let planned = plan(
        &published.program,
        Some(&member.snapshot()?),
        command,
        call.now,
    )
    .map_err(refused)?;
    let statements = append::store_plan(shop, member_id, member.revision, &planned);
    call.database.write(&statements).await?;
    let entry = planned.entries.first();
    let entry = entry.ok_or_else(|| Failure::internal("an adjustment is an entry"))?;
    Ok(told(201, EntryRow::new(member_id, entry)))
}

fn told(status: u16, entry: EntryRow) -> Answer {
    let document = AdjustmentAnswer {
        balance_points: entry.balance_points,
        entry: entry.into(),
    };
    Answer::json(status, &document)
}

fn refused(refusal: Refusal) -> Failure {
    let pointer = match refusal {
        Refusal::ReasonUnusable => Some("/reason"),
        Refusal::AdjustmentOfZero | Refusal::BalanceBelowZero | Refusal::PointsBeyondLimit => {
            Some("/points")
        }
        Refusal::AlreadyEnrolled | Refusal::NotEnrolled | Refusal::KeyUnusable => None,
    };
    Failure::Refused { refusal, pointer }
}

impl Adjustment {
    /// Whether an entry is this adjustment. The core keeps a reason without the spaces around it.
    fn is(&self, member_id: &str, entry: &EntryRow) -> bool {
        entry.member_id == member_id
            && entry.points == self.points
            && entry.reason.as_deref() == Some(self.reason.trim())
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
