//! Gifts on their way: what a member gets for what somebody else did.
//!
//! Invariant: what was sent stays as it was sent, and arrives once, with whoever she is by then.

use earnest_core::Timestamp;
use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::gift_sent::SentGift;
use crate::json;

/// For so long the request that sent it may be about to bring it.
const GRACE_MILLIS: i64 = 60_000;

/// A gift as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentRow {
    /// What it is booked for.
    pub gift_id: String,
    /// The kind of its entry.
    pub kind: String,
    /// What it is, JSON.
    pub content: String,
    /// When it arrived, in milliseconds; `None` while it is on its way.
    pub arrived_at: Option<i64>,
    /// Whether what it takes back has not arrived, 1 or 0.
    pub waits: i64,
    /// Money that was booked for what it takes back: `[[balance, minor]]`.
    credits: String,
}

impl SentRow {
    /// Money that was booked for what it takes back, by the id of the balance, in minor units.
    ///
    /// # Errors
    /// Where a row is not as the ledger keeps it.
    pub fn credits(&self) -> Result<Vec<(String, i64)>, StoreError> {
        serde_json::from_str(&self.credits)
            .map_err(|error| StoreError::Broken(format!("the money of a gift: {error}")))
    }
}

/// A gift that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DueGift {
    /// In which shop.
    pub shop: String,
    /// What it is booked for.
    pub gift_id: String,
}

/// The gift that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn sent(rows: &impl Rows) -> Result<Option<SentRow>, StoreError> {
    rows.first()
}

/// The gifts that a statement found to be due.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn due(rows: &impl Rows) -> Result<Vec<DueGift>, StoreError> {
    rows.all()
}

/// Finds a gift.
pub fn load(shop: &str, gift_id: &str) -> Statement {
    Statement::new(
        "SELECT gift_id, kind, content, arrived_at, EXISTS (SELECT 1 FROM gifts_sent AS given \
         WHERE given.shop = ?1 AND given.gift_id = gifts_sent.content ->> '$.take.back' \
         AND given.arrived_at IS NULL) AS waits, \
         (SELECT json_group_array(json_array(balance, minor)) FROM members AS receiver \
         CROSS JOIN members AS hers ON hers.shop = ?1 \
         AND hers.member_id = coalesce(receiver.merged_into, receiver.member_id) \
         CROSS JOIN json_each(hers.facts, '$.credits') AS held \
         CROSS JOIN credit_entries ON credit_entries.shop = ?1 AND balance = held.value ->> 0 \
         AND credit_entries.kind = gifts_sent.kind AND source = gifts_sent.content ->> '$.take.back' \
         WHERE receiver.shop = ?1 AND receiver.member_id = gifts_sent.member_id) AS credits \
         FROM gifts_sent WHERE shop = ?1 AND gift_id = ?2",
        [shop.into(), gift_id.into()],
    )
}

/// Finds who is given it, or who she is now.
pub fn load_receiver(shop: &str, gift_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = (\
         SELECT coalesce(members.merged_into, members.member_id) FROM gifts_sent \
         JOIN members ON members.shop = ?1 AND members.member_id = gifts_sent.member_id \
         WHERE gifts_sent.shop = ?1 AND gifts_sent.gift_id = ?2)",
        [shop.into(), gift_id.into()],
    )
}

/// Finds what is due in all shops, the first first.
pub fn load_due(now: Timestamp, limit: u32) -> Statement {
    Statement::new(
        "SELECT shop, gift_id FROM gifts_sent WHERE arrived_at IS NULL AND due_at <= ?1 \
         ORDER BY due_at LIMIT ?2",
        [now.into(), limit.into()],
    )
}

/// Sends one, in the batch of what it is given for.
pub(crate) fn store(shop: &str, gift: &SentGift, now: Timestamp) -> Statement {
    let due_at = Timestamp::from_millis(now.as_millis().saturating_add(GRACE_MILLIS));
    Statement::new(
        "INSERT INTO gifts_sent (shop, gift_id, kind, member_id, content, sent_at, due_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            shop.into(),
            gift.gift_id.as_str().into(),
            gift.kind.name().into(),
            gift.member_id.as_str().into(),
            json(&gift.content).as_str().into(),
            now.into(),
            due_at.into(),
        ],
    )
}

/// Sends several of one kind, by one statement.
pub(crate) fn store_all(shop: &str, gifts: &[SentGift], now: Timestamp) -> Statement {
    let list = gifts.iter().map(|gift| {
        let (id, kind) = (&gift.gift_id, gift.kind.name());
        (id, kind, &gift.member_id, json(&gift.content))
    });
    let list: Vec<_> = list.collect();
    Statement::new(
        "INSERT INTO gifts_sent (shop, gift_id, kind, member_id, content, sent_at, due_at) \
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?3, ?3 FROM json_each(?2)",
        [shop.into(), json(&list).as_str().into(), now.into()],
    )
}

/// Notes that one has arrived, in the batch that gives it to her. A conflict with it means that it had.
pub fn store_arrival(shop: &str, gift_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE gifts_sent SET arrived_at = ?3 WHERE shop = ?1 AND gift_id = ?2",
        [shop.into(), gift_id.into(), now.into()],
    )
}

/// Puts one off that cannot arrive as it is.
pub fn store_later(shop: &str, gift_id: &str, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE gifts_sent SET due_at = ?3 WHERE shop = ?1 AND gift_id = ?2",
        [shop.into(), gift_id.into(), due_at.into()],
    )
}
