//! `GET /v1/members/{id}/redemptions`: what a member asked for and was given, newest first, and what became of it.

use earnest_ledger::store::{members, redemptions};
use earnest_ledger::{MAX_LISTED, list_redemptions};

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let reads = [
        members::load_by_id(&key.shop, member_id),
        redemptions::load_by_member(&key.shop, member_id, MAX_LISTED),
    ];
    let [member, listed] = call.admit(&key, reads).await?;
    let member = members::member(&member)?.ok_or(Failure::MemberUnknown)?;
    let holdings = member.snapshot()?.holdings;
    let told = list_redemptions(redemptions::listed(&listed)?, &holdings, call.now)?;
    Ok(Answer::json_text(200, told))
}
