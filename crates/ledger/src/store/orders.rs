//! Orders: what was bought and what was answered.

use earnest_core::wire::{SnapshotDocument, write_lots};
use earnest_core::{Lot, Points, Program, ProgramRef, Snapshot, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Rows, Statement, StoreError, Value};
use crate::{EmailHash, Signs, json};

/// Bytes in an order's content and its answer together. D1 takes two million in a row; the rest of the
/// row is well below the difference.
pub const MAX_ORDER_BYTES: usize = 1_900_000;

/// What is asked of a stored order when its id comes again.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredOrder {
    /// Whose it is; `None` for a guest.
    pub member_id: Option<String>,
    /// What the shop sent, in canonical form.
    pub content: String,
    /// What it was answered.
    pub answer: String,
}

/// An order to store.
#[derive(Clone, Copy, Debug)]
pub struct NewOrder<'a> {
    /// The shop's id.
    pub order_id: &'a str,
    /// Whose it is; `None` for a guest.
    pub member_id: Option<&'a str>,
    /// What is known of a guest.
    pub email_hash: Option<&'a EmailHash>,
    /// What the shop sent, in canonical form.
    pub content: &'a str,
    /// What it is answered.
    pub answer: &'a str,
    /// What it earned, or would have earned.
    pub points: Points,
    /// The program that decided.
    pub program: &'a ProgramRef,
    /// The quote that it was given.
    pub quote_id: Option<&'a str>,
    /// By what a guest may turn out to be somebody else.
    pub signs: Option<&'a Signs>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// An [`EvaluatedDocument`], JSON.
    pub evaluated: &'a str,
    /// The lots that its redemptions took.
    pub spent: &'a [Lot],
}

/// An order of a guest as it is booked to the member whom she became.
#[derive(Clone, Copy, Debug)]
pub struct CreditedOrder<'a> {
    /// Who she is now.
    pub member_id: &'a str,
    /// What it earned, which may be less than she was told.
    pub points: Points,
    /// The program that decided.
    pub program: &'a ProgramRef,
    /// An [`EvaluatedDocument`], JSON.
    pub evaluated: &'a str,
}

/// For whom and for when an order was evaluated: with these it can be evaluated again, which a refund does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvaluatedDocument {
    /// The member as she was.
    pub member: SnapshotDocument,
    /// The instant, in milliseconds.
    pub at: i64,
    /// The basis of the tiers in force that it was counted on, where that is not the member's as she was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_on: Option<String>,
}

impl EvaluatedDocument {
    /// What is kept of an order that was counted on the tiers of the program in force.
    #[must_use]
    pub fn new(member: &Snapshot, at: Timestamp, today: &Program) -> Self {
        let basis = &today.tier_rules().basis;
        Self {
            member: SnapshotDocument::from(member),
            at: at.as_millis(),
            counted_on: (*basis != member.standing.basis).then(|| basis.clone()),
        }
    }
}

/// The order that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn order(rows: &impl Rows) -> Result<Option<StoredOrder>, StoreError> {
    rows.first()
}

/// Finds an order by the shop's id.
pub fn load(shop: &str, order_id: &str) -> Statement {
    Statement::new(
        "SELECT member_id, content, answer FROM orders WHERE shop = ?1 AND order_id = ?2",
        [shop.into(), order_id.into()],
    )
}

/// Finds the order that was given a quote; none for no quote.
pub fn load_by_quote(shop: &str, quote_id: Option<&str>, member_id: Option<&str>) -> Statement {
    Statement::new(
        "SELECT EXISTS (SELECT 1 FROM orders WHERE shop = ?1 AND quote_id = ?2) AS is_used, \
         (SELECT merged_into FROM members WHERE shop = ?1 AND member_id = ?3) AS member_is_now \
         WHERE ?2 IS NOT NULL",
        [shop.into(), quote_id.into(), member_id.into()],
    )
}

/// What is known of a quote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct KnownQuote {
    /// Whether an order was given it, 1 or 0.
    is_used: i64,
    /// Who took over the member for whom it was made.
    pub member_is_now: Option<String>,
}

impl KnownQuote {
    /// Of a quote that is used or not, and who took its member over.
    #[must_use]
    pub fn of(is_used: bool, member_is_now: Option<&str>) -> Self {
        Self {
            is_used: is_used.into(),
            member_is_now: member_is_now.map(str::to_owned),
        }
    }

    /// Whether an order was given it.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.is_used != 0
    }
}

/// The quote that a statement looked for; nothing is known where none was.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn quote(rows: &impl Rows) -> Result<KnownQuote, StoreError> {
    Ok(rows.first()?.unwrap_or_default())
}

/// Keeps an order.
pub fn store(shop: &str, order: NewOrder<'_>) -> Statement {
    Statement::new(
        "INSERT INTO orders (shop, order_id, member_id, email_hash, content, answer, points, \
         program_version, program_digest, placed_at, booked_at, quote_id, evaluated, spent, signs) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        [
            shop.into(),
            order.order_id.into(),
            order.member_id.into(),
            order.email_hash.map(EmailHash::as_str).into(),
            order.content.into(),
            order.answer.into(),
            order.points.into(),
            order.program.version.into(),
            order.program.digest.as_str().into(),
            order.placed_at.into(),
            order.booked_at.into(),
            order.quote_id.into(),
            order.evaluated.into(),
            spent(order.spent),
            order.signs.map(Signs::column).as_deref().into(),
        ],
    )
}

/// Gives a guest's order to the member whom she became, in the batch that credits it to her.
pub fn store_member(shop: &str, order_id: &str, credited: CreditedOrder<'_>) -> Statement {
    Statement::new(
        "UPDATE orders SET member_id = ?3, email_hash = NULL, points = ?4, program_version = ?5, \
         program_digest = ?6, evaluated = ?7 WHERE shop = ?1 AND order_id = ?2",
        [
            shop.into(),
            order_id.into(),
            credited.member_id.into(),
            credited.points.into(),
            credited.program.version.into(),
            credited.program.digest.as_str().into(),
            credited.evaluated.into(),
        ],
    )
}

/// Writes nothing, in a batch that books an order with the refunds up to this number. Where there is a later one it
/// is a conflict: another writer was first.
pub fn check_refunds(shop: &str, order_id: &str, nth: u32) -> Statement {
    Statement::new(
        "UPDATE refunds SET nth = nth WHERE shop = ?1 AND order_id = ?2 AND nth > ?3",
        [shop.into(), order_id.into(), nth.into()],
    )
}

/// Lots as a column; NULL for none.
fn spent(lots: &[Lot]) -> Value {
    let lots = (!lots.is_empty()).then(|| json(&write_lots(lots)));
    lots.as_deref().into()
}
