//! Writers who meet: each plans on what it has read, one is first, and the others plan anew.
//!
//! Invariant: a plan is only ever stored on the snapshot that it was made for.

use std::time::Duration;

use worker::Delay;

use crate::problem::Failure;
use crate::random;

/// Times that a request is planned anew before it is sent away.
const REPLANS: u32 = 5;
/// The longest pause before the first of them; it doubles each time. Writers of one member can only go one
/// after the other, some ten milliseconds each: twenty of them need room to spread, and one who meets
/// another hardly notices.
const FIRST_PAUSE_MS: u64 = 100;

/// Reads, plans and writes until no other writer was first.
pub(super) async fn take_turns<T>(
    mut attempt: impl AsyncFnMut() -> Result<T, Failure>,
) -> Result<T, Failure> {
    for replanned in 0..=REPLANS {
        match attempt().await {
            Err(Failure::Store(error)) if error.is_conflict() => pause(replanned).await?,
            settled => return settled,
        }
    }
    Err(Failure::NoTurn)
}

/// Steps aside for a random while, so that writers who met once do not meet again.
async fn pause(replanned: u32) -> Result<(), Failure> {
    let chosen_ms = random::below(FIRST_PAUSE_MS << replanned)?;
    Delay::from(Duration::from_millis(chosen_ms)).await;
    Ok(())
}
