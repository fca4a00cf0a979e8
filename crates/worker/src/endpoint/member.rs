//! `GET /v1/members/{id}`: a member, as her shop may know her.

use earnest_core::wire::{OutlookDocument, PerkDocument, UnderwayDocument};
use earnest_core::{Snapshot, Timestamp};
use earnest_ledger::store::members::{self, MemberRow};
use earnest_ledger::{BalanceDocument, rfc3339, settled};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::call::Call;
use crate::problem::Failure;
use crate::program_store::{ProgramError, load_program};

/// A member on the wire. No e-mail: we do not have it.
#[derive(Debug, Serialize)]
pub(crate) struct MemberDocument {
    id: String,
    /// Who she is now, if two members turned out to be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    customer_id: Option<String>,
    /// What she gives her friends, once her shop has asked for it.
    referral_code: Option<String>,
    tier: Option<String>,
    balance_points: i64,
    /// What she may spend.
    available_points: i64,
    /// What waits for its return window to end.
    pending_points: i64,
    /// What is held for rewards.
    reserved_points: i64,
    /// What a refund took back after it was spent.
    owed_points: i64,
    /// What expires next, of what she may spend.
    expiring: Option<ExpiringDocument>,
    /// What she has on balances of money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credits: Vec<BalanceDocument>,
    earned_points: i64,
    orders: u32,
    last_order_at: Option<String>,
    /// What her tier gives besides, and a membership while it is hers.
    perks: Vec<PerkDocument>,
    /// The challenges that are open, and those that gave her a badge.
    challenges: Vec<UnderwayDocument>,
    /// The first instant at which the trial of the membership that she took is over, or was.
    trial_until: Option<String>,
    /// Whether she may start one now.
    trial_available: bool,
    profile: ProfileDocument,
    consent: ConsentDocument,
    enrolled_at: String,
    /// What her joining by a code gave, where she has just done so; null while it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) referral: Option<Box<RawValue>>,
}

/// Points that expire.
#[derive(Debug, Serialize)]
struct ExpiringDocument {
    points: i64,
    /// The first instant at which they are gone.
    at: String,
}

/// What her shop has told of her.
#[derive(Debug, Serialize)]
struct ProfileDocument {
    birthday: Option<String>,
    segments: Vec<String>,
    tags: Vec<String>,
    paid_until: Option<String>,
    invited_tier: Option<String>,
    household: Option<String>,
    /// The name that she is shown by on boards.
    display_name: Option<String>,
}

/// What she agreed to, and when.
#[derive(Debug, Serialize)]
struct ConsentDocument {
    terms: bool,
    /// Missing where having an account made her a member, and she was not asked.
    terms_at: Option<String>,
    marketing: bool,
    marketing_at: Option<String>,
}

impl MemberDocument {
    /// Tells of a member with this outlook.
    fn new(
        member: MemberRow,
        snapshot: Snapshot,
        outlook: OutlookDocument,
        now: Timestamp,
    ) -> Self {
        let instant = |millis| rfc3339(Timestamp::from_millis(millis));
        let birthday = snapshot.birthday;
        let terms_at = member.terms_at().map(instant);
        let holdings = &snapshot.holdings;
        Self {
            id: member.member_id,
            merged_into: member.merged_into,
            customer_id: member.customer_id,
            referral_code: member.referral_code,
            tier: outlook.tier,
            balance_points: snapshot.balance.get(),
            available_points: holdings.available(now),
            pending_points: holdings.pending(now),
            reserved_points: holdings.reserved(),
            owed_points: holdings.owed,
            expiring: holdings.expiring(now).map(|(at, points)| ExpiringDocument {
                points,
                at: rfc3339(at),
            }),
            credits: Vec::new(),
            earned_points: snapshot.earned.get(),
            orders: snapshot.orders,
            last_order_at: snapshot.last_order_at.map(rfc3339),
            perks: outlook.perks,
            challenges: outlook.challenges,
            trial_until: None,
            trial_available: false,
            profile: ProfileDocument {
                birthday: birthday.map(|(month, day)| format!("{month:02}-{day:02}")),
                segments: snapshot.segments,
                tags: snapshot.tags,
                paid_until: snapshot.paid_until.map(rfc3339),
                invited_tier: snapshot.standing.invited,
                household: member.household,
                display_name: member.display_name,
            },
            consent: ConsentDocument {
                terms: terms_at.is_some(),
                terms_at,
                marketing: member.marketing_at.is_some(),
                marketing_at: member.marketing_at.map(instant),
            },
            enrolled_at: instant(member.enrolled_at),
            referral: None,
        }
    }
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let member = load(call, &key, member_id).await?;
    Ok(Answer::json(200, &told(call, &key, member).await?))
}

/// The member that a path names, for a caller with the secret key.
pub(super) async fn load(
    call: &mut Call,
    key: &PresentedKey,
    member_id: &str,
) -> Result<MemberRow, Failure> {
    let find = members::load_by_id(&key.shop, member_id);
    let [found] = call.admit(key, [find]).await?;
    members::member(&found)?.ok_or(Failure::MemberUnknown)
}

/// A member as she is now: time alone may have moved her out of the tier that was stored, and ended points.
pub(super) async fn told(
    call: &Call,
    key: &PresentedKey,
    member: MemberRow,
) -> Result<MemberDocument, Failure> {
    let mut snapshot = member.snapshot()?;
    let mut credits = Vec::new();
    let (mut trial_until, mut trial_available) = (None, false);
    let outlook = match load_program(&call.env, &key.shop, call.now).await {
        Ok(published) => {
            let program = &published.program;
            snapshot = settled(program, &snapshot, call.now)?;
            credits = BalanceDocument::of(program, &snapshot);
            trial_until = program.trial_of(&snapshot).map(rfc3339);
            trial_available =
                member.merged_into.is_none() && program.trial_at(&snapshot, call.now).is_ok();
            OutlookDocument::new(program, &snapshot, call.now)
        }
        Err(ProgramError::NotPublished) => OutlookDocument {
            tier: snapshot.tier.clone(),
            ..OutlookDocument::default()
        },
        Err(error) => return Err(error.into()),
    };
    Ok(MemberDocument {
        credits,
        trial_until,
        trial_available,
        ..MemberDocument::new(member, snapshot, outlook, call.now)
    })
}
