//! Newcomers: who has joined, and whose orders as a guest have not been looked for yet.
//!
//! Invariant: everybody who joins is one, whether or not there are any, so that joining tells nothing of them.

use earnest_core::Timestamp;
use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::json;

/// Somebody who has joined.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Newcomer {
    /// When her orders are to be looked for, in milliseconds.
    pub due_at: i64,
    /// Which shop.
    pub shop: String,
    /// Her id.
    pub member_id: String,
    /// Whether there are any, 1 or 0.
    has_orders: i64,
    /// Whether somebody brought her, and nothing has become of it yet; 1 or 0.
    is_brought: i64,
}

#[derive(Deserialize)]
struct OrderId {
    order_id: String,
}

impl Newcomer {
    /// Whether she had ordered as a guest, how long ago ever.
    #[must_use]
    pub fn has_orders(&self) -> bool {
        self.has_orders != 0
    }

    /// Whether somebody brought her, and nothing has become of it yet.
    #[must_use]
    pub fn is_brought(&self) -> bool {
        self.is_brought != 0
    }
}

/// The newcomers that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn newcomers(rows: &impl Rows) -> Result<Vec<Newcomer>, StoreError> {
    rows.all()
}

/// The ids of orders that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn order_ids(rows: &impl Rows) -> Result<Vec<String>, StoreError> {
    let rows: Vec<OrderId> = rows.all()?;
    Ok(rows.into_iter().map(|row| row.order_id).collect())
}

/// Finds newcomers of all shops who are due, the first first.
pub fn load_due(now: Timestamp, limit: u32) -> Statement {
    Statement::new(
        "SELECT due_at, shop, member_id, EXISTS (SELECT 1 FROM members CROSS JOIN orders \
         ON orders.shop = members.shop AND orders.email_hash = members.email_hash \
         WHERE members.shop = newcomers.shop AND members.member_id = newcomers.member_id) AS has_orders, \
         EXISTS (SELECT 1 FROM referrals WHERE referrals.shop = newcomers.shop \
         AND referrals.friend_id = newcomers.member_id AND joined IS NULL) AS is_brought \
         FROM newcomers WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
        [now.into(), limit.into()],
    )
}

/// Finds the orders that a member placed as a guest, so many milliseconds before she joined at most; the oldest
/// first.
pub fn load_waiting(shop: &str, member_id: &str, window_millis: i64, limit: u32) -> Statement {
    Statement::new(
        "SELECT order_id FROM members CROSS JOIN orders \
         ON orders.shop = ?1 AND orders.email_hash = members.email_hash \
         AND orders.placed_at >= members.enrolled_at - ?3 \
         WHERE members.shop = ?1 AND members.member_id = ?2 ORDER BY placed_at LIMIT ?4",
        [
            shop.into(),
            member_id.into(),
            window_millis.into(),
            limit.into(),
        ],
    )
}

/// Adds a newcomer, in the batch by which she joins, or by which her e-mail is known.
pub fn store(shop: &str, member_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO newcomers (shop, member_id, due_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        [shop.into(), member_id.into(), now.into()],
    )
}

/// Those are newcomers no more.
pub fn store_done(newcomers: &[Newcomer]) -> Statement {
    let keys: Vec<(i64, &str, &str)> = newcomers
        .iter()
        .map(|it| (it.due_at, it.shop.as_str(), it.member_id.as_str()))
        .collect();
    Statement::new(
        "DELETE FROM newcomers WHERE (due_at, shop, member_id) IN \
         (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1))",
        [json(&keys).as_str().into()],
    )
}

/// One of them is looked at later.
pub fn store_later(newcomer: &Newcomer, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE newcomers SET due_at = ?4 WHERE shop = ?1 AND member_id = ?2 AND due_at = ?3",
        [
            newcomer.shop.as_str().into(),
            newcomer.member_id.as_str().into(),
            newcomer.due_at.into(),
            due_at.into(),
        ],
    )
}
