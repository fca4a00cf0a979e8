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
    /// What was agreed on it, JSON; `None` of one from before that was kept.
    pub agreed: Option<String>,
    rewards: String,
    is_spent: i64,
    is_gift: i64,
    is_withdrawn: i64,
    ends_at: Option<i64>,
}

/// A redemption in a member's list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedRow {
    /// The id of it.
    pub redemption_id: String,
    /// What was asked for or given, in canonical form.
    pub content: String,
    /// What was answered first.
    pub answer: String,
    /// What it costs.
    pub points: i64,
    /// When it was asked for or given, in milliseconds.
    pub booked_at: i64,
    /// When it was spent.
    pub spent_at: Option<i64>,
    /// What it was given for.
    pub gift_of: Option<String>,
    /// From when on it is of no more use.
    pub ends_at: Option<i64>,
    /// When it was taken back.
    pub withdrawn_at: Option<i64>,
}

/// A reward that was given, and has been used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedGift {
    /// The redemption that it is.
    pub redemption_id: String,
    /// The id of the reward.
    pub reward: String,
    /// When it was used.
    pub spent_at: Timestamp,
    /// The id of what gave it.
    pub given_by: Option<String>,
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
    /// What was agreed on them, JSON.
    pub agreed: &'a str,
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

    /// Whether it was given to her, and not asked for.
    #[must_use]
    pub fn is_gift(&self) -> bool {
        self.is_gift != 0
    }

    /// Whether it is a gift that is hers no more at an instant: what it was given for came back, or its time is up.
    #[must_use]
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.is_withdrawn != 0 || self.ends_at.is_some_and(|end| end <= at.as_millis())
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
         points, rewards, agreed, spent_at IS NOT NULL AS is_spent, gift_of IS NOT NULL AS is_gift, \
         withdrawn_at IS NOT NULL AS is_withdrawn, ends_at \
         FROM json_each(?2) CROSS JOIN redemptions ON redemptions.shop = ?1 AND redemption_id = value \
         JOIN members ON members.shop = ?1 AND members.member_id = redemptions.member_id",
        [shop.into(), json(&ids).as_str().into()],
    )
}

/// The redemptions in a member's list.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn listed(rows: &impl Rows) -> Result<Vec<ListedRow>, StoreError> {
    rows.all()
}

/// Finds the newest redemptions of a member, and of those whom she was as well.
pub fn load_by_member(shop: &str, member_id: &str, limit: u32) -> Statement {
    Statement::new(
        "SELECT redemption_id, content, answer, points, booked_at, spent_at, gift_of, ends_at, withdrawn_at \
         FROM redemptions INDEXED BY redemptions_by_member WHERE shop = ?1 AND member_id IN (SELECT ?2 UNION ALL \
         SELECT member_id FROM members INDEXED BY members_merged WHERE shop = ?1 AND merged_into = ?2) \
         ORDER BY booked_at DESC, redemption_id LIMIT ?3",
        [shop.into(), member_id.into(), limit.into()],
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
        "INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at, \
         spent_at, agreed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
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
            redemption.agreed.into(),
        ],
    )
}

/// Keeps a reward that was given: `gift_of` names what for, and from `ends_at` on it is of no more use.
pub fn store_given(
    shop: &str,
    redemption: NewRedemption<'_>,
    gift_of: &str,
    ends_at: Option<Timestamp>,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO redemptions (shop, redemption_id, member_id, content, answer, points, rewards, booked_at, \
         gift_of, ends_at, agreed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        [
            shop.into(),
            redemption.redemption_id.into(),
            redemption.member_id.into(),
            redemption.content.into(),
            redemption.answer.into(),
            redemption.points.into(),
            json(&redemption.rewards).as_str().into(),
            now.into(),
            gift_of.into(),
            ends_at.into(),
            redemption.agreed.into(),
        ],
    )
}

/// Takes back what was given for something and has not been used.
pub fn store_withdrawn(shop: &str, gift_of: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE redemptions INDEXED BY gifts SET withdrawn_at = ?3 \
         WHERE shop = ?1 AND gift_of = ?2 AND spent_at IS NULL AND withdrawn_at IS NULL",
        [shop.into(), gift_of.into(), now.into()],
    )
}

/// The same of what these rules gave.
pub fn store_withdrawn_of(
    shop: &str,
    gift_of: &str,
    rules: &[String],
    now: Timestamp,
) -> Statement {
    Statement::new(
        "UPDATE redemptions INDEXED BY gifts SET withdrawn_at = ?3 \
         WHERE shop = ?1 AND gift_of = ?2 AND spent_at IS NULL AND withdrawn_at IS NULL \
         AND content ->> '$.given.by' IN (SELECT value FROM json_each(?4))",
        [
            shop.into(),
            gift_of.into(),
            now.into(),
            json(&rules).as_str().into(),
        ],
    )
}

/// Finds what was given for an order, or for its being the first of a friend, and has been used.
pub fn load_used_gifts(shop: &str, order_id: &str) -> Statement {
    Statement::new(
        "SELECT redemption_id, rewards, spent_at, content ->> '$.given.by' AS given_by FROM redemptions INDEXED BY gifts \
         WHERE shop = ?1 AND gift_of IN ('surprise:' || ?2, 'earn:' || ?2, \
         (SELECT 'referral:ordered:' || orders.member_id FROM orders \
         JOIN referrals INDEXED BY referrals_by_order ON referrals.shop = ?1 AND referrals.order_id = ?2 \
         WHERE orders.shop = ?1 AND orders.order_id = ?2)) AND spent_at IS NOT NULL",
        [shop.into(), order_id.into()],
    )
}

/// The used gifts that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn used_gifts(rows: &impl Rows) -> Result<Vec<UsedGift>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        redemption_id: String,
        rewards: String,
        spent_at: i64,
        given_by: Option<String>,
    }
    let rows: Vec<Row> = rows.all()?;
    let used = rows.into_iter().map(|row| {
        let rewards: Vec<String> = serde_json::from_str(&row.rewards)
            .map_err(|error| StoreError::Broken(format!("the rewards of a gift: {error}")))?;
        Ok(UsedGift {
            redemption_id: row.redemption_id,
            reward: rewards.into_iter().next().unwrap_or_default(),
            spent_at: Timestamp::from_millis(row.spent_at),
            given_by: row.given_by,
        })
    });
    used.collect()
}

/// Marks a redemption as spent. Of two that would spend it one is first.
pub fn store_spent(shop: &str, redemption_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE redemptions SET spent_at = ?3 WHERE shop = ?1 AND redemption_id = ?2",
        [shop.into(), redemption_id.into(), now.into()],
    )
}
