//! `GET /v1/members/{id}/snapshot`: what evaluation needs of a member, for her shop to hand to its page.
//!
//! Invariants: no personal data, not even her id; she is told as she is now, however late the cron is; and who was
//! merged into another member is told as that one, as her orders are evaluated.

use earnest_core::wire::{OutlookDocument, SnapshotDocument};
use earnest_ledger::settled;
use earnest_ledger::store::members::Traces;
use earnest_ledger::store::{budgets, members};

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;
use crate::program_store::load_program;

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let who = Traces {
        member_id: Some(member_id),
        ..Traces::default()
    };
    let reads = [
        members::load_by_traces(&key.shop, who),
        budgets::load(&key.shop),
    ];
    let [found, budgets] = call.admit(&key, reads).await?;
    let member = members::member(&found)?.ok_or(Failure::MemberUnknown)?;
    let mut snapshot = member.snapshot()?;
    snapshot.budgets = budgets::budgets(&budgets)?;
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let snapshot = settled(&published.program, &snapshot, call.now)?;
    let outlook = OutlookDocument::new(&published.program, &snapshot, call.now);
    let document = SnapshotDocument {
        outlook: Some(outlook),
        ..SnapshotDocument::from(&snapshot)
    };
    Ok(Answer::json(200, &document))
}
