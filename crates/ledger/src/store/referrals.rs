//! Referrals: who was brought by whom, and what became of it.
//!
//! Invariant: each step of a friend is decided once, and an advocate's friends for whom she got something are
//! numbered without gaps, so of two who are decided at once one reads again.

use earnest_core::Timestamp;
use earnest_core::reward::RewardCode;
use serde::Deserialize;

use super::members::Traces;
use super::{Rows, Statement, StoreError};
use crate::EmailHash;

/// Who has ordered as a guest longer before she joined than this was a customer before she was brought. What she
/// ordered since is what she came for.
const CAME_FOR_MILLIS: i64 = 86_400_000;

/// Orders of a guest that are looked at for who she may be at most, the newest.
const MAX_GUEST_SIGNS: u32 = 20;

/// A friend and who brought her, as they are stored.
#[derive(Clone, Debug, Deserialize)]
pub struct ReferralRow {
    /// The friend.
    pub friend_id: String,
    /// Who brought her, as who she is now.
    pub advocate_id: String,
    /// What became of her joining, JSON; `None` where it is not decided yet.
    pub joined: Option<String>,
    /// The same of her first order.
    pub ordered: Option<String>,
    /// The shop's own name for the advocate.
    pub advocate_customer: Option<String>,
    /// The signs of the advocate, and of each who was merged into her: a list, JSON.
    pub advocate_signs: String,
    /// The signs of the orders that she placed as a guest and that are not credited yet: a list, JSON.
    pub guest_signs: String,
    /// Whether she was a customer before, 1 or 0.
    pub is_friend_known: i64,
    /// Which of the advocate's friends she is for whom that one got something.
    pub nth: Option<i64>,
    /// In which month of the shop that was, counted from the year 0.
    pub month: Option<i64>,
    /// Of the advocate, and each who was merged into her, the last friend who counts:
    /// `[[whether it is herself, nth, month, month_nth]]`.
    pub had: String,
}

/// A friend of an advocate, to be told of.
#[derive(Clone, Debug, Deserialize)]
pub struct FriendRow {
    /// The friend.
    pub friend_id: String,
    /// When she joined by the advocate's code, in milliseconds.
    pub referred_at: i64,
    /// What became of her joining, JSON.
    pub joined: Option<String>,
    /// What became of her first order, JSON.
    pub ordered: Option<String>,
    /// Her first order, where it gave something.
    pub order_id: Option<String>,
    /// When what it gave was taken back, in milliseconds.
    pub taken_back_at: Option<i64>,
    /// Who brought her, as who she is now.
    pub advocate_id: String,
}

/// Which friend of her advocate's she is for whom that one gets something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// From 1, in all.
    pub nth: i64,
    /// The month of the shop, counted from the year 0.
    pub month: i64,
    /// From 1, in that month.
    pub month_nth: i64,
    /// For how many her advocate, and who that one was besides, had got something before.
    pub after: i64,
}

/// What became of a step, or of two.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The friend.
    pub friend_id: &'a str,
    /// Who brought her, as who she is now.
    pub advocate_id: &'a str,
    /// What became of her joining, JSON, where that is decided.
    pub joined: Option<&'a str>,
    /// The same of her first order.
    pub ordered: Option<&'a str>,
    /// That order, where it gave something.
    pub order_id: Option<&'a str>,
    /// Which friend she is, where her advocate gets something.
    pub counted: Option<Counted>,
}

/// The friend that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn referral(rows: &impl Rows) -> Result<Option<ReferralRow>, StoreError> {
    rows.first()
}

/// The friends that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn friends(rows: &impl Rows) -> Result<Vec<FriendRow>, StoreError> {
    rows.all()
}

/// Keeps who brought a member, in the batch by which she joins; nothing where nobody has the code.
pub fn store(shop: &str, friend_id: &str, code: RewardCode, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO referrals (shop, friend_id, advocate_id, referred_at) \
         SELECT ?1, ?2, coalesce(merged_into, member_id), ?4 FROM members \
         WHERE shop = ?1 AND referral_code = ?3",
        [
            shop.into(),
            friend_id.into(),
            code.to_string().as_str().into(),
            now.into(),
        ],
    )
}

/// Finds who was brought, by what an order tells of her, with who brought her.
pub fn load(shop: &str, friend: Traces<'_>) -> Statement {
    Statement::new(
        "SELECT referrals.friend_id, advocate.member_id AS advocate_id, referrals.joined, referrals.ordered, \
         referrals.nth, referrals.month, \
         advocate.customer_id AS advocate_customer, \
         (SELECT json_group_array(json(her.signs)) FROM (\
         SELECT advocate.signs AS signs UNION ALL \
         SELECT merged.signs FROM members AS merged INDEXED BY members_merged \
         WHERE merged.shop = ?1 AND merged.merged_into = advocate.member_id) AS her) AS advocate_signs, \
         (SELECT json_group_array(json(held.signs)) FROM (SELECT signs FROM orders WHERE orders.shop = ?1 \
         AND orders.email_hash = friend.email_hash AND signs IS NOT NULL \
         ORDER BY placed_at DESC LIMIT ?6) AS held) AS guest_signs, \
         EXISTS (SELECT 1 FROM orders WHERE orders.shop = ?1 AND orders.email_hash = friend.email_hash \
         AND orders.placed_at < friend.enrolled_at - ?5) AS is_friend_known, \
         (SELECT json_group_array(json_array(her.id = advocate.member_id, last.nth, last.month, last.month_nth)) FROM (\
         SELECT advocate.member_id AS id UNION ALL \
         SELECT merged.member_id FROM members AS merged INDEXED BY members_merged \
         WHERE merged.shop = ?1 AND merged.merged_into = advocate.member_id) AS her \
         CROSS JOIN referrals AS last ON last.shop = ?1 AND last.advocate_id = her.id AND last.nth = \
         (SELECT max(nth) FROM referrals AS each WHERE each.shop = ?1 AND each.advocate_id = her.id \
         AND each.nth IS NOT NULL)) AS had \
         FROM referrals \
         CROSS JOIN members AS friend ON friend.shop = ?1 AND friend.member_id = referrals.friend_id \
         CROSS JOIN members AS brought ON brought.shop = ?1 AND brought.member_id = referrals.advocate_id \
         CROSS JOIN members AS advocate ON advocate.shop = ?1 \
         AND advocate.member_id = coalesce(brought.merged_into, brought.member_id) \
         WHERE referrals.shop = ?1 AND referrals.friend_id = coalesce(\
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND member_id = ?2), \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND customer_id = ?3), \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND email_hash = ?4))",
        [
            shop.into(),
            friend.member_id.into(),
            friend.customer_id.into(),
            friend.email_hash.map(EmailHash::as_str).into(),
            CAME_FOR_MILLIS.into(),
            MAX_GUEST_SIGNS.into(),
        ],
    )
}

/// Reads whom a member brought, herself or as one who was merged into her, the latest first; those who were brought
/// before an instant, or at it and with an id that comes before, where a page of them ended there. Of each whom she was
/// so many are read, however many there are.
pub fn load_page(
    shop: &str,
    advocate_id: &str,
    before: Option<(i64, &str)>,
    limit: u32,
) -> Statement {
    Statement::new(
        "SELECT friend_id, referred_at, joined, ordered, order_id, taken_back_at, advocate_id FROM (\
         SELECT ?2 AS id UNION ALL SELECT merged.member_id FROM members AS merged INDEXED BY members_merged \
         WHERE merged.shop = ?1 AND merged.merged_into = ?2) AS her \
         CROSS JOIN json_each((SELECT json_group_array(last.friend_id) FROM (\
         SELECT hers.friend_id FROM referrals AS hers INDEXED BY referrals_by_advocate \
         WHERE hers.shop = ?1 AND hers.advocate_id = her.id \
         AND (hers.referred_at, hers.friend_id) < (?3, ?4) \
         ORDER BY hers.referred_at DESC, hers.friend_id DESC LIMIT ?5) AS last)) AS page \
         CROSS JOIN referrals ON referrals.shop = ?1 AND friend_id = page.value \
         ORDER BY referred_at DESC, friend_id DESC LIMIT ?5",
        [
            shop.into(),
            advocate_id.into(),
            before
                .map_or(i64::from(u32::MAX) << 16, |(at, _)| at)
                .into(),
            before.map_or("", |(_, friend_id)| friend_id).into(),
            limit.into(),
        ],
    )
}

/// Finds what became of a friend.
pub fn load_friend(shop: &str, friend_id: &str) -> Statement {
    Statement::new(
        "SELECT friend_id, referred_at, joined, ordered, order_id, taken_back_at, advocate_id FROM referrals \
         WHERE shop = ?1 AND friend_id = ?2",
        [shop.into(), friend_id.into()],
    )
}

/// Finds the friend whose first order this was, where it gave something.
pub fn load_by_order(shop: &str, order_id: &str) -> Statement {
    Statement::new(
        "SELECT friend_id, referred_at, joined, ordered, order_id, taken_back_at, \
         coalesce(merged_into, member_id) AS advocate_id FROM referrals INDEXED BY referrals_by_order \
         JOIN members ON members.shop = ?1 AND members.member_id = referrals.advocate_id \
         WHERE referrals.shop = ?1 AND order_id = ?2",
        [shop.into(), order_id.into()],
    )
}

/// Keeps what became of a step. A conflict with it means that it was decided, or that her advocate was merged: then
/// there may be others who count. Where the friend was merged meanwhile,
/// it is kept of who she is now. A friend who has a number keeps it, and
/// so whose she is: the numbers of two members who are one by now go on as they are.
pub fn store_decided(shop: &str, decided: Decided<'_>) -> Statement {
    let counted = decided.counted;
    Statement::new(
        "UPDATE referrals SET advocate_id = iif(nth IS NULL, ?3, advocate_id), joined = coalesce(?4, joined), \
         ordered = coalesce(?5, ordered), order_id = coalesce(?6, order_id), nth = coalesce(?7, nth), month = coalesce(?8, month), \
         month_nth = coalesce(?9, month_nth), counted_after = coalesce(?10, counted_after) WHERE shop = ?1 AND friend_id = coalesce(\
         (SELECT friend_id FROM referrals WHERE shop = ?1 AND friend_id = ?2), \
         (SELECT merged_into FROM members WHERE shop = ?1 AND member_id = ?2))",
        [
            shop.into(),
            decided.friend_id.into(),
            decided.advocate_id.into(),
            decided.joined.into(),
            decided.ordered.into(),
            decided.order_id.into(),
            counted.map(|it| it.nth).into(),
            counted.map(|it| it.month).into(),
            counted.map(|it| it.month_nth).into(),
            counted.map(|it| it.after).into(),
        ],
    )
}

/// Takes note that what a first order gave was taken back.
pub fn store_taken_back(shop: &str, friend_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE referrals SET taken_back_at = ?3 WHERE shop = ?1 AND friend_id = ?2",
        [shop.into(), friend_id.into(), now.into()],
    )
}

/// A friend is another member now, unless that one was brought herself.
pub fn store_merged(shop: &str, friend_id: &str, into: &str) -> Statement {
    Statement::new(
        "UPDATE OR IGNORE referrals SET friend_id = ?3 WHERE shop = ?1 AND friend_id = ?2",
        [shop.into(), friend_id.into(), into.into()],
    )
}
