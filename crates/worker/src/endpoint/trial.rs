//! `POST /v1/members/{id}/trial`: a member tries the membership.
//!
//! Invariant: there is one trial for each member; asked for again while it lasts, the answer is the first one.

use earnest_ledger::Trial;

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::call::Call;
use crate::endpoint::member;
use crate::endpoint::turn::take_turns;
use crate::problem::Failure;
use crate::program_store::load_program;

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    take_turns(async || start(call, &key, member_id).await).await
}

async fn start(call: &mut Call, key: &PresentedKey, member_id: &str) -> Result<Answer, Failure> {
    let member = member::load(call, key, member_id).await?;
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let trial = Trial::start(&key.shop, &member, &published.program, call.now)?;
    if trial.statements.is_empty() {
        return Ok(Answer::json_text(200, trial.answer));
    }
    call.database.write(&trial.statements).await?;
    Ok(Answer::json_text(201, trial.answer))
}
