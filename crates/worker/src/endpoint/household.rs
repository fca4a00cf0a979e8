//! `GET /v1/members/{id}/household`: who lives with a member, and what each of them could give.
//!
//! A household draws on its points by transfers, so that the shop says whose are taken.

use earnest_ledger::settled;
use earnest_ledger::store::members::{self, MAX_HOUSEHOLD};
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;
use crate::program_store::{ProgramError, load_program};

#[derive(Serialize)]
struct HouseholdDocument {
    household: Option<String>,
    members: Vec<LivingDocument>,
}

#[derive(Serialize)]
struct LivingDocument {
    member_id: String,
    customer_id: Option<String>,
    balance_points: i64,
    /// What may be spent or given now.
    available_points: i64,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let reads = [
        members::load_by_id(&key.shop, member_id),
        members::load_household(&key.shop, member_id, MAX_HOUSEHOLD),
    ];
    let [member, household] = call.admit(&key, reads).await?;
    let member = members::member(&member)?.ok_or(Failure::MemberUnknown)?;
    let published = match load_program(&call.env, &key.shop, call.now).await {
        Ok(published) => Some(published),
        Err(ProgramError::NotPublished) => None,
        Err(error) => return Err(error.into()),
    };
    let mut living = Vec::new();
    for member in members::members(&household)? {
        let mut snapshot = member.snapshot()?;
        // As each of them is now, however late the cron is.
        if let Some(published) = &published {
            snapshot = settled(&published.program, &snapshot, call.now)?;
        }
        living.push(LivingDocument {
            member_id: member.member_id,
            customer_id: member.customer_id,
            balance_points: snapshot.balance.get(),
            available_points: snapshot.holdings.available(call.now),
        });
    }
    let document = HouseholdDocument {
        household: member.household,
        members: living,
    };
    Ok(Answer::json(200, &document))
}
