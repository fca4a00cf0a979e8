//! The journal: each movement of the books as a debit and a credit.
//!
//! The shop's own books have its sales in full; these lines defer a part of them and earn it again. Its invariant:
//! on each day, in each currency, debits equal credits, and no line is negative or empty.

use super::Books;
use crate::Currency;

/// An account that the journal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Revenue of what was sold; the shop has booked the full price to it.
    Sales,
    /// The contract liability: revenue deferred for points.
    PointsLiability,
    /// Revenue of points redeemed, with the breakage that was expected.
    PointsRevenue,
    /// Revenue of points that expired beyond what was expected.
    PointsBreakage,
}

impl Account {
    /// Its name in the journal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::PointsLiability => "points-liability",
            Self::PointsRevenue => "points-revenue",
            Self::PointsBreakage => "points-breakage",
        }
    }
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// The day, counted from 1970-01-01 in the shop.
    pub day: i64,
    /// Where it is booked.
    pub account: Account,
    /// In minor units; 0 where the line is a credit.
    pub debit: i64,
    /// In minor units; 0 where the line is a debit.
    pub credit: i64,
    /// The currency.
    pub currency: Currency,
    /// What moved. With the day and the currency it names a pair of lines, for good.
    pub reference: &'static str,
}

/// The journal of the books, by day and currency: for each movement a debit and a credit.
#[must_use]
pub fn journal(books: &Books) -> Vec<JournalLine> {
    let mut lines = Vec::new();
    for (day, currency, of_day) in &books.days {
        for (reference, minor, debit, credit) in [
            (
                "deferred",
                of_day.deferred,
                Account::Sales,
                Account::PointsLiability,
            ),
            (
                "clawed-back",
                of_day.clawed_back,
                Account::PointsLiability,
                Account::Sales,
            ),
            (
                "recognised",
                of_day.recognised,
                Account::PointsLiability,
                Account::PointsRevenue,
            ),
            (
                "breakage",
                of_day.breakage,
                Account::PointsLiability,
                Account::PointsBreakage,
            ),
        ] {
            // A movement the other way is booked the other way.
            let (debit, credit) = if minor < 0 {
                (credit, debit)
            } else {
                (debit, credit)
            };
            let minor = minor.saturating_abs();
            if minor == 0 {
                continue;
            }
            for (account, debit, credit) in [(debit, minor, 0), (credit, 0, minor)] {
                lines.push(JournalLine {
                    day: *day,
                    account,
                    debit,
                    credit,
                    currency: *currency,
                    reference,
                });
            }
        }
    }
    lines
}
