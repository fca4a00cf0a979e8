//! Refunds: what came back of orders, and the orders themselves with all that a refund needs of them.

use std::collections::BTreeMap;

use earnest_core::refund::Surprised;
use earnest_core::wire::CartDocument;
use earnest_core::wire::{LotDocument, ProgramDocument, read_lots};
use earnest_core::{Cart, Lot, Points, Program, ProgramRef, Snapshot, Timestamp};
use serde::Deserialize;

use super::orders::EvaluatedDocument;
use super::{Rows, Statement, StoreError};
use crate::Signs;

/// A refund as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundRow {
    /// The shop's id of it.
    pub refund_id: String,
    /// What the shop sent, in canonical form.
    pub content: String,
    /// What it was answered.
    pub answer: String,
    /// Its place among the refunds of the order, from 1.
    pub nth: u32,
}

/// An order that something of came back.
#[derive(Clone, Debug)]
pub struct RefundedOrder {
    /// Whose it is; `None` for a guest.
    pub member_id: Option<String>,
    /// What was bought.
    pub cart: Cart,
    /// The member as she was evaluated.
    pub member: Snapshot,
    /// The instant for which she was.
    pub evaluated_at: Timestamp,
    /// The basis of the tiers that it was counted on, where that is not hers as she was.
    pub counted_on: Option<String>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What was booked for it.
    pub points: Points,
    /// Money that was, by the id of the balance, in minor units.
    pub credits: Vec<(String, i64)>,
    /// The lots that its redemptions took.
    pub spent: Vec<Lot>,
    /// Money of balances that paid for it, by the id of the balance, in minor units.
    pub tendered: Vec<(String, i64)>,
    /// What it was given by surprise.
    pub surprises: Surprised,
    /// Money that its buyer was given because somebody brought her and it was her first, as above.
    pub referred: Vec<(String, i64)>,
    /// By what a guest may turn out to be somebody else.
    pub signs: Signs,
    /// The program that decided it; `None` where it is not to be had any more.
    pub program: Option<Program>,
}

#[derive(Deserialize)]
struct OrderRow {
    member_id: Option<String>,
    content: String,
    evaluated: Option<String>,
    spent: Option<String>,
    points: i64,
    credits: String,
    tendered: String,
    surprise_points: i64,
    placed_at: i64,
    signs: Option<String>,
    program_version: u32,
    program_digest: String,
    document: Option<String>,
}

/// Of an order's content what a refund asks.
#[derive(Deserialize)]
struct Content {
    cart: CartDocument,
}

fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("an order cannot be read: {error}"))
}

/// The order that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn order(rows: &impl Rows) -> Result<Option<RefundedOrder>, StoreError> {
    let row: Option<OrderRow> = rows.first()?;
    row.map(RefundedOrder::try_from).transpose()
}

impl TryFrom<OrderRow> for RefundedOrder {
    type Error = StoreError;

    fn try_from(row: OrderRow) -> Result<Self, StoreError> {
        let content: Content = serde_json::from_str(&row.content).map_err(broken)?;
        let placed_at = Timestamp::from_millis(row.placed_at);
        // An order of before this was kept: whoever bought is taken for a newcomer.
        let evaluated = row.evaluated.as_deref().map(serde_json::from_str);
        let evaluated: Option<EvaluatedDocument> = evaluated.transpose().map_err(broken)?;
        let spent = row.spent.as_deref().unwrap_or("[]");
        let spent: Vec<LotDocument> = serde_json::from_str(spent).map_err(broken)?;
        let reference = ProgramRef {
            version: row.program_version,
            digest: row.program_digest,
        };
        // One that this release cannot read is as good as gone.
        let program = row.document.and_then(|text| {
            let document: ProgramDocument = serde_json::from_str(&text).ok()?;
            Program::try_from(document).ok()
        });
        let program = program.filter(|program| *program.reference() == reference);
        let counted_on = evaluated.as_ref().and_then(|it| it.counted_on.clone());
        let (member, evaluated_at) = match (evaluated, &program) {
            (Some(it), _) => {
                let at = Timestamp::from_millis(it.at);
                (Snapshot::try_from(it.member).map_err(broken)?, at)
            }
            (None, Some(program)) => (program.newcomer(), placed_at),
            (None, None) => (Snapshot::default(), placed_at),
        };
        let credits: Vec<(String, String, i64)> =
            serde_json::from_str(&row.credits).map_err(broken)?;
        let of_kind = |kind: &str| {
            let credits = credits.iter().filter(|(known, ..)| known == kind);
            let credits = credits.map(|(_, balance, minor)| (balance.clone(), *minor));
            credits.collect()
        };
        Ok(Self {
            member_id: row.member_id,
            cart: Cart::try_from(content.cart).map_err(broken)?,
            member,
            evaluated_at,
            counted_on,
            placed_at,
            points: Points::new(row.points).map_err(broken)?,
            credits: of_kind("earn"),
            spent: read_lots(spent).map_err(broken)?,
            tendered: summed(serde_json::from_str(&row.tendered).map_err(broken)?),
            surprises: Surprised {
                points: row.surprise_points,
                credits: of_kind("surprise"),
            },
            referred: of_kind("referral"),
            signs: row
                .signs
                .as_deref()
                .map_or_else(|| Ok(Signs::default()), Signs::read)?,
            program,
        })
    }
}

/// What several redemptions paid of each balance, in one sum, as the plan of their order has it: a part of a sum is not
/// the sum of parts that are rounded.
fn summed(tenders: Vec<(String, i64)>) -> Vec<(String, i64)> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (balance, minor) in tenders {
        let sum = sums.entry(balance).or_default();
        *sum = sum.saturating_add(minor);
    }
    sums.into_iter().collect()
}

/// The refunds that a statement found, the oldest first.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn refunds(rows: &impl Rows) -> Result<Vec<RefundRow>, StoreError> {
    rows.all()
}

/// Finds an order with the program that decided it.
pub fn load_order(shop: &str, order_id: &str) -> Statement {
    Statement::new(
        // What was booked, and not what was told: a guest who was credited by an early release has only the latter in
        // her order. Money is on balances that whose order it is has by now.
        "SELECT orders.member_id, orders.content, evaluated, spent, placed_at, signs, \
         coalesce((SELECT points FROM entries WHERE entries.shop = ?1 AND kind = 'earn' AND source = ?2), 0) \
         AS points, \
         coalesce((SELECT points FROM entries WHERE entries.shop = ?1 AND kind = 'surprise' AND source = ?2), 0) \
         AS surprise_points, \
         (SELECT json_group_array(json_array(kind, balance, minor)) FROM members AS bought \
         CROSS JOIN members AS hers ON hers.shop = ?1 AND hers.member_id = coalesce(bought.merged_into, bought.member_id) \
         CROSS JOIN json_each(hers.facts, '$.credits') AS held \
         CROSS JOIN json_each(json_array('earn', 'surprise', 'referral')) AS booked \
         CROSS JOIN credit_entries ON credit_entries.shop = ?1 AND balance = held.value ->> 0 \
         AND kind = booked.value AND source = iif(booked.value = 'referral', 'ordered:' || orders.member_id, ?2) \
         WHERE bought.shop = ?1 AND bought.member_id = orders.member_id) AS credits, \
         (SELECT json_group_array(json_array(balance, -minor)) FROM members AS bought \
         CROSS JOIN members AS hers ON hers.shop = ?1 AND hers.member_id = coalesce(bought.merged_into, bought.member_id) \
         CROSS JOIN json_each(hers.facts, '$.credits') AS held \
         CROSS JOIN json_each(orders.content, '$.redemptions') AS booked \
         CROSS JOIN credit_entries ON credit_entries.shop = ?1 AND balance = held.value ->> 0 \
         AND kind = 'tender' AND source = booked.value \
         WHERE bought.shop = ?1 AND bought.member_id = orders.member_id) AS tendered, \
         orders.program_version, orders.program_digest, document \
         FROM orders LEFT JOIN programs ON programs.shop = orders.shop AND version = program_version \
         WHERE orders.shop = ?1 AND order_id = ?2",
        [shop.into(), order_id.into()],
    )
}

/// Finds who she is now whose order it was.
pub fn load_member(shop: &str, order_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = (\
         SELECT coalesce(merged_into, members.member_id) FROM orders \
         JOIN members ON members.shop = orders.shop AND members.member_id = orders.member_id \
         WHERE orders.shop = ?1 AND order_id = ?2)",
        [shop.into(), order_id.into()],
    )
}

/// Reads what came back of an order, the oldest first.
pub fn load(shop: &str, order_id: &str) -> Statement {
    Statement::new(
        "SELECT refund_id, content, answer, nth FROM refunds WHERE shop = ?1 AND order_id = ?2 \
         ORDER BY nth",
        [shop.into(), order_id.into()],
    )
}

/// Finds the order that a refund is of, and what became of it where it came before that.
pub fn load_known(shop: &str, refund_id: &str) -> Statement {
    Statement::new(
        "SELECT refunds.order_id, (SELECT value FROM orders CROSS JOIN json_each(orders.answer, '$.refunds') \
         WHERE orders.shop = ?1 AND orders.order_id = refunds.order_id AND value ->> 'refund_id' = ?2) AS became \
         FROM refunds WHERE shop = ?1 AND refund_id = ?2",
        [shop.into(), refund_id.into()],
    )
}

/// A refund that is known by its id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KnownRefund {
    /// The order that it is of.
    pub order_id: String,
    /// What it is answered since its order has come, JSON; `None` where it came after.
    pub became: Option<String>,
}

/// The refund that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn known(rows: &impl Rows) -> Result<Option<KnownRefund>, StoreError> {
    rows.first()
}

/// Keeps a refund. Of two that are decided at once one is the next.
pub fn store(shop: &str, order_id: &str, refund: &RefundRow, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO refunds (shop, order_id, refund_id, content, answer, nth, booked_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        [
            shop.into(),
            order_id.into(),
            refund.refund_id.as_str().into(),
            refund.content.as_str().into(),
            refund.answer.as_str().into(),
            refund.nth.into(),
            now.into(),
        ],
    )
}
