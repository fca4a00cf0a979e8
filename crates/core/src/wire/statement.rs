//! A member's statement on the wire: her ledger, whole, as somebody keeps it who wants to check it later.
//!
//! Owns the shape; [`verify`](crate::statement::verify) checks it. Instants are milliseconds and days are counted
//! from 1970-01-01: every value stands here as it is hashed.

use serde::{Deserialize, Serialize};

use super::HoldingsDocument;

/// The form of [`StatementDocument`]; another form has another name.
pub const STATEMENT_FORMAT: &str = "earnest-statement-v1";

/// The entries of a member from one place in her ledger to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementDocument {
    /// [`STATEMENT_FORMAT`].
    pub format: String,
    /// The shop.
    pub shop: String,
    /// Whose ledger it is.
    pub member_id: String,
    /// When it was told.
    pub exported_at: i64,
    /// What is before the first entry told here; `0` and no hash where that is the first of all.
    pub opening: MarkDocument,
    /// The entries, oldest first.
    pub entries: Vec<StatementEntryDocument>,
    /// What is after the last entry told here.
    pub closing: MarkDocument,
    /// What the balance is made of there; null where that is not the end of the ledger.
    pub holdings: Option<HoldingsDocument>,
    /// Her ledger of each balance of money, whole, where the statement goes to the end of the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditLedgerDocument>,
}

/// Her ledger of a balance of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditLedgerDocument {
    /// The balance's id in the program.
    pub balance: String,
    /// The entries, oldest first.
    pub entries: Vec<CreditStatementEntryDocument>,
}

/// An entry of a balance of money. It has no hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditStatementEntryDocument {
    /// Its place in the ledger of the balance, from 1 without gaps.
    pub seq: u64,
    /// What it is for.
    pub kind: String,
    /// What it adds, in minor units; negative where it takes away.
    pub minor: i64,
    /// What is on the balance after it.
    pub balance_minor: i64,
    /// What it was booked for.
    pub source: String,
    /// The version of the program that decided it.
    pub program_version: u32,
    /// Its digest.
    pub program_digest: String,
    /// When it was booked.
    pub booked_at: i64,
}

/// A place in a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkDocument {
    /// The entry after which it is; 0 before the first.
    pub seq: u64,
    /// The balance there.
    pub balance_points: i64,
    /// That entry's hash; null where the chain has not begun.
    pub hash: Option<String>,
}

/// An entry: all that is hashed, and the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementEntryDocument {
    /// Its place in the ledger, from 1 without gaps.
    pub seq: u64,
    /// What it is for.
    pub kind: String,
    /// What it adds; negative where it takes away.
    pub points: i64,
    /// The balance after it.
    pub balance_points: i64,
    /// What it was booked for.
    pub source: String,
    /// Why, where a person decided it.
    pub reason: Option<String>,
    /// Who decided it, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The ids of the rules that gave something.
    pub rules: Vec<String>,
    /// The partner whose order it was.
    pub partner: Option<String>,
    /// The version of the program that decided it.
    pub program_version: u32,
    /// Its digest.
    pub program_digest: String,
    /// When it was booked.
    pub booked_at: i64,
    /// The day of the shop on which that was; null for entries from before the chain began.
    pub day: Option<i64>,
    /// Its points by currency.
    pub pools: Vec<PoolDocument>,
    /// Its hash, 64 hexadecimal digits; null for entries from before the chain began.
    pub hash: Option<String>,
}

/// The part of an entry that one currency has in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolDocument {
    /// The currency of the orders that earned the points; null where no order did.
    pub currency: Option<String>,
    /// What the entry adds to this part.
    pub points: i64,
    /// What was spent on the order that the entry is for, in minor units.
    pub spent_minor: i64,
}
