//! Redemptions: what rewards were asked for, by whom, and at what price.

use earnest_core::Timestamp;
use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::json;

/// A redemption as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RedemptionRow {
    /// The shop's id of it.
    pub redemption_id: String,
    /// Who asked; who was merged into another one is that other one.
    pub member_id: String,
    /// What the shop sent, in canonical form.
    pub content: String,
    /// What it was answered.
    pub answer: String,
    /// What it costs.
    pub points: i64,
    rewards: String,
    is_spent: i64,
}

/// A redemption to store.
#[derive(Clone, Copy, Debug)]
pub struct NewRedemption<'a> {
    /// The shop's id of it.
    pub redemption_id: &'a str,
    /// Who asks.
    pub member_id: &'a str,
    /// What the shop sent, in canonical form.
    pub content: &'a str,
    /// What it is answered.
    pub answer: &'a str,
    /// What it costs.
    pub points: i64,
    /// The ids of the rewards.
    pub rewards: &'a [String],
    /// When it is spent, where that is at once.
    pub spent_at: Option<Timestamp>,
}

impl RedemptionRow {
    /// The ids of the rewards.
    ///
    /// # Errors
    /// Where a row is not as the ledger keeps it.
    pub fn rewards(&self) -> Result<Vec<String>, StoreError> {
        serde_json::from_str(&self.rewards)
            .map_err(|error| StoreError::Broken(format!("the rewards of a redemption: {error}")))
    }

    /// Whether its points have been spent.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.is_spent != 0
    }
}

/// The redemptions that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn redemptions(rows: &impl Rows) -> Result<Vec<RedemptionRow>, StoreError> {
    rows.all()
}

/// Finds redemptions by their ids.
pub fn load(shop: &str, ids: &[String]) -> Statement {
    Statement::new(
        "SELECT redemption_id, coalesce(merged_into, members.member_id) AS member_id, content, answer, \
         points, rewards, spent_at IS NOT NULL AS is_spent \
         FROM json_each(?2) CROSS JOIN redemptions ON redemptions.shop = ?1 AND redemption_id = value \
         JOIN members ON members.shop = ?1 AND members.member_id = redemptions.member_id",
        [shop.into(), json(&ids).as_str().into()],
    )
}

/// Finds the member of a redemption.
pub fn load_member(shop: &str, redemption_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = (\
         SELECT coalesce(merged_into, members.member_id) FROM redemptions \
         JOIN members ON members.shop = redemptions.shop AND members.member_id = redemptions.member_id \
         WHERE redemptions.shop = ?1 AND redemption_id = ?2)",
        [shop.into(), redemption_id.into()],
    )
}

/// Keeps a redemption.
pub fn store(shop: &str, redemption: NewRedemption<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at, spent_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        [
            shop.into(),
            redemption.redemption_id.into(),
            redemption.member_id.into(),
            redemption.content.into(),
            redemption.answer.into(),
            redemption.points.into(),
            json(&redemption.rewards).as_str().into(),
            now.into(),
            redemption.spent_at.into(),
        ],
    )
}

/// Marks a redemption as spent. Of two that would spend it one is first.
pub fn store_spent(shop: &str, redemption_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE redemptions SET spent_at = ?3 WHERE shop = ?1 AND redemption_id = ?2",
        [shop.into(), redemption_id.into(), now.into()],
    )
}
