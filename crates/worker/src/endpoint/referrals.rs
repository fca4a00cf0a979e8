//! `GET /v1/members/{id}/referrals`: whom a member brought, the latest first, and what that gave.

use earnest_core::Timestamp;
use earnest_ledger::store::members;
use earnest_ledger::store::referrals::{self, FriendRow};
use earnest_ledger::{StoreError, rfc3339};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::endpoint::page;
use crate::problem::Failure;

/// What the cursors of this list begin with.
const PREFIX: &str = "r1.";

#[derive(Serialize)]
struct PageDocument {
    referrals: Vec<FriendDocument>,
    next_cursor: Option<String>,
}

/// A friend whom she brought.
#[derive(Serialize)]
struct FriendDocument {
    member_id: String,
    referred_at: String,
    /// What her joining gave, or the rule that says no; null until it is decided.
    joined: Option<Box<RawValue>>,
    /// The same of her first order; null until she has placed it.
    ordered: Option<Box<RawValue>>,
    /// Her first order, where it gave something.
    order_id: Option<String>,
    /// When that order was sent back whole, and what it gave was taken back.
    taken_back_at: Option<String>,
}

pub(crate) async fn answer(call: &mut Call, member_id: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let page = parse(call);
    let (before, limit) = call.admit_to_refuse(&key, page).await?;
    let before = before.as_ref().map(|(at, id)| (*at, id.as_str()));
    let reads = [
        members::load_by_id(&key.shop, member_id),
        referrals::load_page(&key.shop, member_id, before, limit.saturating_add(1)),
    ];
    let [member, friends] = call.admit(&key, reads).await?;
    members::member(&member)?.ok_or(Failure::MemberUnknown)?;
    let mut friends = referrals::friends(&friends)?;
    let asked = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = friends.len() > asked;
    friends.truncate(asked);
    let last = friends.last().filter(|_| has_more);
    let next_cursor = last.map(|it| format!("{PREFIX}{:x}.{}", it.referred_at, it.friend_id));
    let referrals = friends.into_iter().map(FriendDocument::new);
    let document = PageDocument {
        referrals: referrals.collect::<Result<_, _>>()?,
        next_cursor,
    };
    Ok(Answer::json(200, &document))
}

impl FriendDocument {
    fn new(friend: FriendRow) -> Result<Self, StoreError> {
        let instant = |millis| rfc3339(Timestamp::from_millis(millis));
        Ok(Self {
            member_id: friend.friend_id,
            referred_at: instant(friend.referred_at),
            joined: raw(friend.joined)?,
            ordered: raw(friend.ordered)?,
            order_id: friend.order_id,
            taken_back_at: friend.taken_back_at.map(instant),
        })
    }
}

/// What became of a step, as it was kept.
pub(super) fn raw(verdict: Option<String>) -> Result<Option<Box<RawValue>>, StoreError> {
    let raw = verdict.map(RawValue::from_string).transpose();
    raw.map_err(|error| StoreError::Broken(format!("a referral: {error}")))
}

/// Where the page begins, and how many friends it has at most.
fn parse(call: &Call) -> Result<(Option<(i64, String)>, u32), Failure> {
    let limit = page::limit(call)?;
    let Some(cursor) = call.parameter("cursor") else {
        return Ok((None, limit));
    };
    let message = "the cursor is not one that a page of this list gave";
    let before = read_cursor(&cursor).ok_or_else(|| Failure::parameter("cursor", message))?;
    Ok((Some(before), limit))
}

/// The last friend that was told: when she joined, and her id.
fn read_cursor(cursor: &str) -> Option<(i64, String)> {
    let (at, friend_id) = cursor.strip_prefix(PREFIX)?.split_once('.')?;
    let is_ours = (1..=12).contains(&at.len()) && !at.starts_with(['0', '+', '-']);
    let at = i64::from_str_radix(at, 16).ok().filter(|_| is_ours)?;
    (!friend_id.is_empty()).then(|| (at, friend_id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_one_that_a_page_gave() {
        assert_eq!(
            read_cursor("r1.19d9f3c1.mem_1"),
            Some((0x19d9_f3c1, "mem_1".to_owned()))
        );
        for other in [
            "", "r1.", "r1.1", "r1.1.", "r1..a", "e1.1.a", "r1.-1.a", "r1.0.a", "r1.g.a",
        ] {
            assert_eq!(read_cursor(other), None, "{other}");
        }
        assert_eq!(read_cursor(&format!("r1.{}.a", "f".repeat(13))), None);
    }
}
