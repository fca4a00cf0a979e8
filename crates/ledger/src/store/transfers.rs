//! Transfers: what is on its way from one member to another, and has arrived.
//!
//! Invariant: what was sent stays as it was sent, and arrives once, with whoever the receiver is by then.

use earnest_core::{EntryKind, Timestamp};
use serde::Deserialize;

use super::{Rows, Statement, StoreError};

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParcelKind {
    /// Points that one member gives another.
    Transfer,
    /// All that a member was, who is another one now.
    Merge,
}

impl ParcelKind {
    fn name(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Merge => "merge",
        }
    }
}

/// A transfer as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TransferRow {
    /// Its id.
    pub transfer_id: String,
    /// What is sent.
    pub kind: ParcelKind,
    /// Who gives.
    pub from_member: String,
    /// Who is given. She may have been merged into another one since.
    pub to_member: String,
    /// What travels, JSON.
    pub content: String,
    /// When it was sent, in milliseconds.
    pub sent_at: i64,
    /// When it arrived, in milliseconds; `None` while it is on its way.
    pub arrived_at: Option<i64>,
}

/// A transfer to send.
#[derive(Clone, Copy, Debug)]
pub struct NewTransfer<'a> {
    /// Its id.
    pub transfer_id: &'a str,
    /// What is sent.
    pub kind: ParcelKind,
    /// Who gives.
    pub from_member: &'a str,
    /// Who is given.
    pub to_member: &'a str,
    /// What travels, JSON.
    pub content: &'a str,
}

/// Something that is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OnItsWay {
    /// In which shop.
    pub shop: String,
    /// The id of the transfer.
    pub transfer_id: String,
}

/// The transfer that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn transfer(rows: &impl Rows) -> Result<Option<TransferRow>, StoreError> {
    rows.first()
}

/// What a statement found to be on its way.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn on_their_way(rows: &impl Rows) -> Result<Vec<OnItsWay>, StoreError> {
    rows.all()
}

/// Finds a transfer.
pub fn load(shop: &str, transfer_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM transfers WHERE shop = ?1 AND transfer_id = ?2",
        [shop.into(), transfer_id.into()],
    )
}

/// Finds who receives a transfer, or who she is now.
pub fn load_receiver(shop: &str, transfer_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = (\
         SELECT coalesce(members.merged_into, members.member_id) FROM transfers \
         JOIN members ON members.shop = ?1 AND members.member_id = transfers.to_member \
         WHERE transfers.shop = ?1 AND transfers.transfer_id = ?2)",
        [shop.into(), transfer_id.into()],
    )
}

/// Finds the entries of a transfer of points: where they went, and where they arrived.
pub fn load_entries(shop: &str, transfer_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM entries WHERE shop = ?1 AND kind = ?2 AND source = ?4 \
         UNION ALL SELECT * FROM entries WHERE shop = ?1 AND kind = ?3 AND source = ?4",
        [
            shop.into(),
            EntryKind::TransferOut.name().into(),
            EntryKind::TransferIn.name().into(),
            transfer_id.into(),
        ],
    )
}

/// Finds what has been on its way for a while, in all shops, the soonest due first: what was sent before an instant, or
/// put off until then.
pub fn load_on_their_way(due_before: Timestamp, limit: u32) -> Statement {
    Statement::new(
        "SELECT shop, transfer_id FROM transfers WHERE arrived_at IS NULL AND due_at < ?1 \
         ORDER BY due_at LIMIT ?2",
        [due_before.into(), limit.into()],
    )
}

/// Sends one, in the batch that takes it from the giver.
pub fn store(shop: &str, transfer: NewTransfer<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO transfers (shop, transfer_id, kind, from_member, to_member, content, sent_at, due_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        [
            shop.into(),
            transfer.transfer_id.into(),
            transfer.kind.name().into(),
            transfer.from_member.into(),
            transfer.to_member.into(),
            transfer.content.into(),
            now.into(),
        ],
    )
}

/// Notes that one has arrived, in the batch that gives it to the receiver. A conflict with it means that it had.
pub fn store_arrival(shop: &str, transfer_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE transfers SET arrived_at = ?3 WHERE shop = ?1 AND transfer_id = ?2",
        [shop.into(), transfer_id.into(), now.into()],
    )
}

/// Puts one off that cannot arrive as it is. A conflict with it means that it has.
pub fn store_later(shop: &str, transfer_id: &str, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE transfers SET due_at = ?3 WHERE shop = ?1 AND transfer_id = ?2",
        [shop.into(), transfer_id.into(), due_at.into()],
    )
}
