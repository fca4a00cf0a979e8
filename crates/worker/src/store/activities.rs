//! Activities: what members did other than to buy, and what was answered.

use earnest_core::{Points, ProgramRef, Timestamp};
use serde::Deserialize;

use super::{Rows, Statement, StoreError};

/// What is asked of a stored activity when its id comes again.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StoredActivity {
    /// What the shop sent, in canonical form.
    pub(crate) content: String,
    /// What it was answered.
    pub(crate) answer: String,
}

/// An activity to store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewActivity<'a> {
    /// The shop's id.
    pub(crate) activity_id: &'a str,
    /// Whose it is.
    pub(crate) member_id: &'a str,
    /// What was done.
    pub(crate) kind: &'a str,
    /// What the shop sent, in canonical form.
    pub(crate) content: &'a str,
    /// What it is answered.
    pub(crate) answer: &'a str,
    /// What it earned.
    pub(crate) points: Points,
    /// The program that decided.
    pub(crate) program: &'a ProgramRef,
    /// When it was done.
    pub(crate) occurred_at: Timestamp,
    /// When it was booked.
    pub(crate) booked_at: Timestamp,
}

/// The activity that a statement found.
pub(crate) fn activity(rows: &Rows) -> Result<Option<StoredActivity>, StoreError> {
    rows.first()
}

/// Finds an activity by the shop's id.
pub(crate) fn load(shop: &str, activity_id: &str) -> Statement {
    Statement::new(
        "SELECT content, answer FROM activities WHERE shop = ?1 AND activity_id = ?2",
        [shop.into(), activity_id.into()],
    )
}

/// Keeps an activity.
pub(crate) fn store(shop: &str, activity: NewActivity<'_>) -> Statement {
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
