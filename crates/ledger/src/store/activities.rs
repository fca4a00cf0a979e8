//! Activities: what members did other than to buy, and what was answered.

use earnest_core::{Points, ProgramRef, Timestamp};
use serde::Deserialize;

use super::{Rows, Statement, StoreError};

/// What is asked of a stored activity when its id comes again.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredActivity {
    /// What the shop sent, in canonical form.
    pub content: String,
    /// What it was answered.
    pub answer: String,
}

/// An activity to store.
#[derive(Clone, Copy, Debug)]
pub struct NewActivity<'a> {
    /// The shop's id.
    pub activity_id: &'a str,
    /// Whose it is.
    pub member_id: &'a str,
    /// What was done.
    pub kind: &'a str,
    /// What the shop sent, in canonical form.
    pub content: &'a str,
    /// What it is answered.
    pub answer: &'a str,
    /// What it earned.
    pub points: Points,
    /// The program that decided.
    pub program: &'a ProgramRef,
    /// When it was done.
    pub occurred_at: Timestamp,
    /// When it was booked.
    pub booked_at: Timestamp,
}

/// The activity that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn activity(rows: &impl Rows) -> Result<Option<StoredActivity>, StoreError> {
    rows.first()
}

/// Finds an activity by the shop's id.
pub fn load(shop: &str, activity_id: &str) -> Statement {
    Statement::new(
        "SELECT content, answer FROM activities WHERE shop = ?1 AND activity_id = ?2",
        [shop.into(), activity_id.into()],
    )
}

/// Keeps an activity.
pub fn store(shop: &str, activity: NewActivity<'_>) -> Statement {
    Statement::new(
        "INSERT INTO activities (shop, activity_id, member_id, kind, content, answer, points, \
         program_version, program_digest, occurred_at, booked_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        [
            shop.into(),
            activity.activity_id.into(),
            activity.member_id.into(),
            activity.kind.into(),
            activity.content.into(),
            activity.answer.into(),
            activity.points.into(),
            activity.program.version.into(),
            activity.program.digest.as_str().into(),
            activity.occurred_at.into(),
            activity.booked_at.into(),
        ],
    )
}
