//! `POST /v1/seeds`: what surprises are drawn with is made, or taken from a shop that drew its own. `GET
//! /v1/seeds/{commitment}` says what became of it, and `POST /v1/seeds/{commitment}/reveal` ends and tells it.
//!
//! Invariant: the seed itself is told once nothing is drawn with it any more, and never before; not to a log either.

use earnest_ledger::store::seeds::{self, SeedRow};
use earnest_ledger::{KeptSeed, NewSeed, Seed, SeedError, tell_seed};
use serde::Deserialize;
use worker::js_sys::decode_uri_component;

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::turn::take_turns;
use crate::idempotency_key;
use crate::problem::Failure;
use crate::random;

// Not `Debug`: what is debugged gets logged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedDocument {
    /// Hexadecimal; without it one is drawn.
    #[serde(default)]
    seed: Option<String>,
}

pub(crate) async fn answer_new(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let seed = parse(call).await;
    let seed = call.admit_to_refuse(&key, seed).await?;
    take_turns(async || keep(call, &key, &seed).await).await
}

async fn parse(call: &mut Call) -> Result<NewSeed, Failure> {
    let key = idempotency_key::of(call)?;
    let document: SeedDocument = call.body(SMALL_BYTES).await?;
    let is_own = document.seed.is_some();
    let seed = match document.seed {
        Some(text) => Seed::parse(&text)?,
        None => Seed::from_random(random::bytes()?),
    };
    Ok(NewSeed { seed, is_own, key })
}

async fn keep(call: &mut Call, key: &PresentedKey, seed: &NewSeed) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let rows = call.admit(key, seed.reads(shop)).await?;
    match seed.keep(shop, &rows, call.now)?? {
        KeptSeed::Known(kept) => Ok(Answer::json_text(200, tell_seed(&kept))),
        KeptSeed::New(store) => {
            call.database.write(&[store]).await?;
            let kept = find(call, key, &seed.seed.commitment()).await?;
            Ok(Answer::json_text(201, tell_seed(&kept)))
        }
    }
}

pub(crate) async fn answer(call: &mut Call, commitment: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let seed = find(call, &key, &decoded(commitment)).await?;
    Ok(Answer::json_text(200, tell_seed(&seed)))
}

pub(crate) async fn answer_reveal(call: &mut Call, commitment: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let commitment = decoded(commitment);
    take_turns(async || {
        let seed = find(call, &key, &commitment).await?;
        if seed.revealed_at.is_some() {
            return Ok(Answer::json_text(200, tell_seed(&seed)));
        }
        let end = seeds::store_revealed(&key.shop, &commitment, call.now);
        call.database.write(&[end]).await?;
        // What is told is what is stored: nothing is drawn with it from here on.
        let seed = find(call, &key, &commitment).await?;
        Ok(Answer::json_text(200, tell_seed(&seed)))
    })
    .await
}

/// The seed of a commitment.
async fn find(call: &mut Call, key: &PresentedKey, commitment: &str) -> Result<SeedRow, Failure> {
    let find = seeds::load(&key.shop, &[commitment.to_owned()]);
    let [found] = call.admit(key, [find]).await?;
    let found = seeds::seeds(&found)?.into_iter().next();
    Ok(found.ok_or(SeedError::Unknown)?)
}

/// A commitment has a colon, which paths may write otherwise.
fn decoded(commitment: &str) -> String {
    let decoded = decode_uri_component(commitment).map(String::from);
    decoded.unwrap_or_else(|_| commitment.to_owned())
}
