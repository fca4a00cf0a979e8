//! Entries of balances of money: read by page. They are written by `append` alone.

use earnest_core::limits::MAX_POINTS;
use earnest_core::wire::CreditStatementEntryDocument;
use serde::Deserialize;

use super::{Rows, Statement, StoreError, Value};

/// An entry of a balance as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreditRow {
    /// Its place in her ledger of the balance.
    pub seq: u64,
    /// What it is for.
    pub kind: String,
    /// What it added, in minor units.
    pub minor: i64,
    /// The balance after it.
    pub balance_minor: i64,
    /// What it was booked for.
    pub source: String,
    /// The ids of the rules that gave something, a JSON list; `None` for none.
    pub rules: Option<String>,
    /// The version of the program that decided it.
    pub program_version: u32,
    /// Its digest.
    pub program_digest: String,
    /// When, in milliseconds.
    pub booked_at: i64,
}

/// The entries that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn credits(rows: &impl Rows) -> Result<Vec<CreditRow>, StoreError> {
    rows.all()
}

/// An entry of any balance, for a statement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct LedgerRow {
    pub(crate) balance: String,
    #[serde(flatten)]
    pub(crate) entry: CreditStatementEntryDocument,
}

/// Reads some entries of all balances of a member, by balance and seq, after one of them.
pub(crate) fn load_after(
    shop: &str,
    member_id: &str,
    (balance, seq): (&str, u64),
    limit: u64,
) -> Statement {
    Statement::new(
        "SELECT balance, seq, kind, minor, balance_minor, source, program_version, program_digest, booked_at \
         FROM credit_entries WHERE shop = ?1 AND member_id = ?2 AND (balance, seq) > (?3, ?4) \
         ORDER BY balance, seq LIMIT ?5",
        [
            shop.into(),
            member_id.into(),
            balance.into(),
            seq.into(),
            limit.into(),
        ],
    )
}

/// Reads a page of a member's entries on a balance below a seq, newest first.
pub fn load_page(
    shop: &str,
    member_id: &str,
    balance: &str,
    below: Option<u64>,
    limit: u32,
) -> Statement {
    // Without one the page begins above every seq there can be.
    let below = below.map_or(MAX_POINTS.into(), Value::from);
    Statement::new(
        "SELECT seq, kind, minor, balance_minor, source, rules, program_version, program_digest, booked_at \
         FROM credit_entries WHERE shop = ?1 AND member_id = ?2 AND balance = ?3 AND seq < ?4 \
         ORDER BY seq DESC LIMIT ?5",
        [
            shop.into(),
            member_id.into(),
            balance.into(),
            below,
            limit.into(),
        ],
    )
}
