//! Booking: what the ledger decides of a request, carried to the database and back.
//!
//! One read, one write. Invariant: a caller is admitted by the same round trip that reads.

use earnest_ledger::{ArrivalBooking, Booking, Found};

use crate::answer::Answer;
use crate::auth::PresentedKey;
use crate::call::Call;
use crate::endpoint::turn::take_turns;
use crate::moves;
use crate::problem::Failure;
use crate::program_store::load_program;

/// Books, or finds that it has been booked: 201 the first time, 200 and the same answer ever after.
pub(super) async fn book<const READS: usize>(
    call: &mut Call,
    key: &PresentedKey,
    booking: &impl Booking<READS>,
) -> Result<Answer, Failure> {
    take_turns(async || {
        let rows = call.admit(key, booking.reads()).await?;
        let known = match booking.find(&rows)? {
            Found::Booked(answer) => return Ok(Answer::json_text(200, answer)),
            Found::Open(known) => known,
        };
        let published = load_program(&call.env, &key.shop, call.now).await?;
        let written = booking.decide(&published.program, known, call.now)?;
        call.database.write(&written.statements).await?;
        Ok(Answer::json_text(201, written.answer))
    })
    .await
}

/// Brings a gift that was sent to another member. What fails is left to the cron.
pub(super) async fn bring(call: &Call, key: &PresentedKey, gift_id: Option<String>) {
    let Some(gift_id) = gift_id else {
        return;
    };
    let gift = (key.shop.as_str(), gift_id.as_str());
    if let Err(failure) = moves::give(&call.env, &call.database, gift, call.now).await {
        crate::tell(&failure);
    }
}

/// Books what one member sends and another is given: two batches, of which the second is told of. 201 where either
/// was booked now.
pub(super) async fn send<const READS: usize>(
    call: &mut Call,
    key: &PresentedKey,
    sending: &impl Booking<READS>,
    arrival: &ArrivalBooking<'_>,
) -> Result<Answer, Failure> {
    let sent = book(call, key, sending).await?;
    let mut answer = book(call, key, arrival).await?;
    answer.status = answer.status.max(sent.status);
    Ok(answer)
}
