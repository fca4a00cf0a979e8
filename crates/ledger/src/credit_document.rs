//! Money of a member's balances as it is told: what there is, and the entries that made it.

use earnest_core::{Currency, Decimal, Program, Snapshot, Timestamp};
use serde::Serialize;

use crate::rfc3339;
use crate::store::credits::CreditRow;

/// What a member has on a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceDocument {
    /// The id of the balance.
    balance: String,
    currency: &'static str,
    /// All of it, with all the decimals of the currency.
    amount: String,
    /// What she may pay with.
    available: String,
    /// What is held for orders.
    held: String,
}

/// An entry of a balance on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditEntryDocument {
    seq: u64,
    kind: String,
    /// What it added; less than nothing where it took away.
    amount: String,
    /// The balance after it.
    balance_amount: String,
    source: String,
    /// The ids of the rules that gave something.
    rules: Vec<String>,
    program: DecidingProgramDocument,
    booked_at: String,
}

/// The program that decided an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DecidingProgramDocument {
    version: u32,
    digest: String,
}

impl BalanceDocument {
    /// What a member has, who has been settled, of each balance that the program has.
    #[must_use]
    pub fn of(program: &Program, member: &Snapshot) -> Vec<Self> {
        let told = member.credits.iter().filter_map(|(id, minor)| {
            let balance = program.balances().iter().find(|it| it.id == *id)?;
            let tell = |minor| amount(minor, balance.currency);
            Some(Self {
                balance: id.clone(),
                currency: balance.currency.code(),
                amount: tell(*minor),
                available: tell(member.credit_free(id)),
                held: tell(member.holdings.money_held(id)),
            })
        });
        told.collect()
    }
}

impl CreditEntryDocument {
    /// An entry of a balance in this currency.
    #[must_use]
    pub fn new(row: CreditRow, currency: Currency) -> Self {
        // The database has checked that it is a list, and only ours write it.
        let rules = row.rules.as_deref();
        let rules = rules.and_then(|rules| serde_json::from_str(rules).ok());
        Self {
            seq: row.seq,
            kind: row.kind,
            amount: amount(row.minor, currency),
            balance_amount: amount(row.balance_minor, currency),
            source: row.source,
            rules: rules.unwrap_or_default(),
            program: DecidingProgramDocument {
                version: row.program_version,
                digest: row.program_digest,
            },
            booked_at: rfc3339(Timestamp::from_millis(row.booked_at)),
        }
    }
}

fn amount(minor: i64, currency: Currency) -> String {
    Decimal::new(minor, currency.minor_digits()).to_string()
}
