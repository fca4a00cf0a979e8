//! `GET /v1/members/{id}/snapshot`: what evaluation needs of a member, for her shop to hand to its page.
//!
//! Invariant: no personal data, not even her id.

use earnest_core::wire::SnapshotDocument;

use crate::answer::Answer;
use crate::call::Call;
use crate::endpoint::member;
use crate::problem::Failure;

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let member = member::load(call, member_id).await?;
    let document = SnapshotDocument::from(&member.snapshot()?);
    Ok(Answer::json(200, &document))
}
