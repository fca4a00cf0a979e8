//! `POST /v1/members/{id}/referral_code`: what a member gives her friends, made when it is first asked for.
//!
//! Invariant: her code stays hers, whoever asks how often; and nobody finds one by trying.

use earnest_core::reward::RewardCode;
use earnest_ledger::store::members;
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::call::Call;
use crate::endpoint::member;
use crate::endpoint::turn::take_turns;
use crate::problem::Failure;
use crate::random;

#[derive(Serialize)]
struct CodeDocument<'a> {
    member_id: &'a str,
    referral_code: &'a str,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    take_turns(async || give(call, &key, member_id).await).await
}

async fn give(call: &mut Call, key: &PresentedKey, member_id: &str) -> Result<Answer, Failure> {
    let member = member::load(call, key, member_id).await?;
    member.check_stands(None)?;
    let told = |status, code: &str| {
        let document = CodeDocument {
            member_id,
            referral_code: code,
        };
        Ok(Answer::json(status, &document))
    };
    if let Some(code) = &member.referral_code {
        return told(200, code);
    }
    let code = RewardCode::from_random(random::bytes()?);
    let stored = members::store_referral_code(&key.shop, member_id, member.revision, code);
    call.database.write(&[stored]).await?;
    told(201, &code.to_string())
}
