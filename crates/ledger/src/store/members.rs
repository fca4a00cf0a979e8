//! Members: found by id, customer or e-mail hash, or because something is due; and what changes of them beside a plan.

use earnest_core::reward::RewardCode;
use earnest_core::wire::HoldingsDocument;
use earnest_core::{EntryHash, EntryHashError, Holdings, Points, Snapshot, Timestamp};
use serde::Deserialize;

use super::joining::Joining;
use super::{Rows, Statement, StoreError, facts};
use crate::{BookingError, EmailHash, Signs};

/// A member as she is stored.
#[derive(Clone, Debug, Deserialize)]
pub struct MemberRow {
    /// Her shop.
    pub shop: String,
    /// Her id.
    pub member_id: String,
    /// The shop's own name for her.
    pub customer_id: Option<String>,
    /// The hash of her e-mail.
    pub email_hash: Option<String>,
    /// When she agreed to marketing, in milliseconds.
    pub marketing_at: Option<i64>,
    /// When she joined, in milliseconds.
    pub enrolled_at: i64,
    /// How often she has changed.
    pub revision: u64,
    /// Who she is now, if two members turned out to be one.
    pub merged_into: Option<String>,
    /// The name that those share who live with her.
    pub household: Option<String>,
    /// The name that she wants to be shown by on boards.
    pub display_name: Option<String>,
    /// What she gives her friends, once her shop has asked for it.
    pub referral_code: Option<String>,
    /// 0 where nobody has asked her.
    terms_at: i64,
    signs: String,
    facts: String,
    holdings: String,
    due_at: Option<i64>,
    head_hash: Option<String>,
    seq: u64,
    balance_points: i64,
    earned_points: i64,
    tier: Option<String>,
}

/// What an order may tell of who bought.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traces<'a> {
    /// Our id.
    pub member_id: Option<&'a str>,
    /// The shop's.
    pub customer_id: Option<&'a str>,
    /// The hash of an e-mail.
    pub email_hash: Option<&'a EmailHash>,
}

impl MemberRow {
    /// Somebody who joins, as she is before her first plan is stored.
    #[must_use]
    pub fn newcomer(shop: &str, joining: &Joining<'_>, now: Timestamp) -> Self {
        Self {
            shop: shop.to_owned(),
            member_id: joining.member_id.to_owned(),
            customer_id: joining.customer_id.map(str::to_owned),
            email_hash: joining.email_hash.map(|hash| hash.as_str().to_owned()),
            marketing_at: joining.marketing.then_some(now.as_millis()),
            enrolled_at: now.as_millis(),
            revision: 0,
            merged_into: None,
            household: None,
            display_name: None,
            referral_code: None,
            terms_at: if joining.terms { now.as_millis() } else { 0 },
            signs: joining.signs.column(),
            facts: "{}".to_owned(),
            holdings: "{}".to_owned(),
            due_at: None,
            head_hash: None,
            seq: 0,
            balance_points: 0,
            earned_points: 0,
            tier: None,
        }
    }

    /// Her tier, what else is known of her and what she has, as a test would have them stored.
    #[cfg(test)]
    pub(crate) fn keep(&mut self, tier: &str, facts: &str, holdings: &str) {
        self.tier = Some(tier.to_owned());
        facts.clone_into(&mut self.facts);
        holdings.clone_into(&mut self.holdings);
    }

    /// When she agreed to the terms, in milliseconds; `None` where having an account made her a member, and she was
    /// not asked.
    #[must_use]
    pub fn terms_at(&self) -> Option<i64> {
        (self.terms_at > 0).then_some(self.terms_at)
    }

    /// By what she may turn out to be somebody else.
    ///
    /// # Errors
    /// Where she is stored as nobody can be.
    pub fn signs(&self) -> Result<Signs, StoreError> {
        Signs::read(&self.signs)
    }

    /// What evaluation and planning need of her, but for what all members share: the budgets.
    ///
    /// # Errors
    /// Where she is stored as nobody can be.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let points =
            |count| Points::new(count).map_err(|error| StoreError::Broken(error.to_string()));
        let balance = points(self.balance_points)?;
        let mut holdings = holdings(&self.holdings)?;
        holdings.account_for(balance);
        Ok(Snapshot {
            member_id: self.member_id.clone(),
            seq: self.seq,
            balance,
            holdings,
            earned: points(self.earned_points)?,
            tier: self.tier.clone(),
            joined_at: Some(Timestamp::from_millis(self.enrolled_at)),
            ..facts::read(&self.facts)?
        })
    }
}

impl MemberRow {
    /// Checks that nobody else took her over. `pointer` leads to her in the request.
    ///
    /// # Errors
    /// Where she was merged: then all that was hers is the other's.
    pub fn check_stands(&self, pointer: Option<&'static str>) -> Result<(), BookingError> {
        let Some(into) = self.merged_into.clone() else {
            return Ok(());
        };
        Err(BookingError::MemberMerged { into, pointer })
    }

    /// The hash of her last entry.
    pub(super) fn head(&self) -> Result<Option<EntryHash>, StoreError> {
        let head = self.head_hash.as_deref().map(str::parse).transpose();
        head.map_err(|error: EntryHashError| StoreError::Broken(error.to_string()))
    }

    pub(super) fn due_at(&self) -> Option<Timestamp> {
        self.due_at.map(Timestamp::from_millis)
    }
}

fn holdings(text: &str) -> Result<Holdings, StoreError> {
    let broken = |error: &dyn std::fmt::Display| {
        StoreError::Broken(format!("the holdings of a member cannot be read: {error}"))
    };
    let document: HoldingsDocument = serde_json::from_str(text).map_err(|error| broken(&error))?;
    Holdings::try_from(document).map_err(|error| broken(&error))
}

/// Members of one household that are told at most.
pub const MAX_HOUSEHOLD: u32 = 50;

/// The member that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn member(rows: &impl Rows) -> Result<Option<MemberRow>, StoreError> {
    rows.first()
}

/// Finds a member by her id.
pub fn load_by_id(shop: &str, member_id: &str) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = ?2",
        [shop.into(), member_id.into()],
    )
}

/// Finds a member by the shop's own name for her, or of one who was merged into her.
pub fn load_by_customer(shop: &str, customer_id: Option<&str>) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND customer_id = ?2)",
        [shop.into(), customer_id.into()],
    )
}

/// Finds a member by the hash of her e-mail, or of one who was merged into her.
pub fn load_by_email(shop: &str, email_hash: &EmailHash) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND email_hash = ?2)",
        [shop.into(), email_hash.as_str().into()],
    )
}

/// Finds a member by the code that she gives her friends, or who she is now; nobody for no code.
pub fn load_by_referral_code(shop: &str, code: Option<RewardCode>) -> Statement {
    let code = code.map(|code| code.to_string());
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND referral_code = ?2)",
        [shop.into(), code.as_deref().into()],
    )
}

/// Gives a member who was read at this revision a code for her friends.
pub fn store_referral_code(
    shop: &str,
    member_id: &str,
    revision: u64,
    code: RewardCode,
) -> Statement {
    Statement::new(
        "UPDATE members SET revision = ?3, referral_code = ?4 WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            revision.saturating_add(1).into(),
            code.to_string().as_str().into(),
        ],
    )
}

/// Keeps by what a member may turn out to be somebody else, in a batch that changes her besides.
pub fn store_signs(shop: &str, member_id: &str, signs: &Signs) -> Statement {
    Statement::new(
        "UPDATE members SET revision = revision + 1, signs = ?3 WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            signs.column().as_str().into(),
        ],
    )
}

/// Finds who left these traces: our own id tells more surely than the shop's, and that more surely than
/// an e-mail. Each is looked up in its own index, and only until one is found. Who was merged into another one
/// is that other one.
pub fn load_by_traces(shop: &str, traces: Traces<'_>) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE shop = ?1 AND member_id = coalesce(\
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND member_id = ?2), \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND customer_id = ?3), \
         (SELECT coalesce(merged_into, member_id) FROM members WHERE shop = ?1 AND email_hash = ?4))",
        [
            shop.into(),
            traces.member_id.into(),
            traces.customer_id.into(),
            traces.email_hash.map(EmailHash::as_str).into(),
        ],
    )
}

/// Finds who has something to settle, the soonest due first, in every shop.
pub fn load_due(now: Timestamp, limit: u32) -> Statement {
    Statement::new(
        "SELECT * FROM members WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
        [now.into(), limit.into()],
    )
}

/// Finds who has something to settle in one shop. It looks through who is due anywhere, which is nobody but for the
/// last minutes, and never through all members of the shop.
pub fn load_due_of(shop: &str, now: Timestamp, limit: u32) -> Statement {
    Statement::new(
        "SELECT * FROM members INDEXED BY members_due WHERE due_at <= ?1 AND shop = ?2 ORDER BY due_at LIMIT ?3",
        [now.into(), shop.into(), limit.into()],
    )
}

/// The members that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn members(rows: &impl Rows) -> Result<Vec<MemberRow>, StoreError> {
    rows.all()
}

/// Changes when a member who was read at this revision is looked at next, and nothing else of her.
pub fn store_due(shop: &str, member_id: &str, revision: u64, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE members SET revision = ?3, due_at = ?4 WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            revision.saturating_add(1).into(),
            due_at.into(),
        ],
    )
}

/// Takes note that a member is another one now, in the batch that empties her.
pub fn store_merged(shop: &str, member_id: &str, into: &str) -> Statement {
    Statement::new(
        "UPDATE members SET merged_into = ?3, household = NULL, revision = revision + 1 \
         WHERE shop = ?1 AND member_id = ?2",
        [shop.into(), member_id.into(), into.into()],
    )
}

/// Who was merged into a member before, follows her.
pub fn store_followers(shop: &str, member_id: &str, into: &str) -> Statement {
    Statement::new(
        "UPDATE members INDEXED BY members_merged SET merged_into = ?3, revision = revision + 1 \
         WHERE shop = ?1 AND merged_into = ?2",
        [shop.into(), member_id.into(), into.into()],
    )
}

/// Gives a member what she takes over from another one besides what is planned: the earlier day of joining, a household
/// where she has none, and, where she was never asked for the terms or never agreed to marketing herself, what the
/// other agreed to:
/// it is one person, who gave it. What she agreed to herself stays as it is.
pub fn store_taken_over(
    shop: &str,
    member_id: &str,
    from: &str,
    joined_at: Timestamp,
    household: Option<&str>,
) -> Statement {
    Statement::new(
        "UPDATE members SET enrolled_at = min(enrolled_at, ?4), household = coalesce(household, ?5), \
         marketing_at = coalesce(marketing_at, (SELECT merged.marketing_at FROM members AS merged \
         WHERE merged.shop = ?1 AND merged.member_id = ?3)), \
         terms_at = coalesce(nullif(terms_at, 0), (SELECT merged.terms_at FROM members AS merged \
         WHERE merged.shop = ?1 AND merged.member_id = ?3), 0), \
         revision = revision + 1 WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            from.into(),
            joined_at.into(),
            household.into(),
        ],
    )
}

/// Changes the facts of a member who was read at this revision, her household and the name that she is shown by.
pub fn store_facts(
    shop: &str,
    member_id: &str,
    revision: u64,
    snapshot: &Snapshot,
    (household, display_name): (Option<&str>, Option<&str>),
) -> Statement {
    Statement::new(
        "UPDATE members SET revision = ?3, facts = ?4, household = ?5, display_name = ?6 \
         WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            revision.saturating_add(1).into(),
            facts::write(snapshot).as_str().into(),
            household.into(),
            display_name.into(),
        ],
    )
}

/// Keeps a member's household and the name that she is shown by, in a batch that changes her besides.
pub fn store_names(
    shop: &str,
    member_id: &str,
    (household, display_name): (Option<&str>, Option<&str>),
) -> Statement {
    Statement::new(
        "UPDATE members SET revision = revision + 1, household = ?3, display_name = ?4 \
         WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            household.into(),
            display_name.into(),
        ],
    )
}

/// Finds those who share a member's household, herself among them; nobody where she has none.
pub fn load_household(shop: &str, member_id: &str, limit: u32) -> Statement {
    Statement::new(
        "SELECT * FROM members INDEXED BY members_by_household WHERE shop = ?1 AND household = \
         (SELECT household FROM members WHERE shop = ?1 AND member_id = ?2) \
         ORDER BY member_id LIMIT ?3",
        [shop.into(), member_id.into(), limit.into()],
    )
}
