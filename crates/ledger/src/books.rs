//! The books of a shop: what is read for them, and what it comes to.
//!
//! The core accounts; here its arguments are made of what the store has. Invariant: a day that is over never
//! changes: its entries are there for good, and what was expected on it is what the versions say that were published
//! by then, each in its own time zone.

use earnest_core::accounting::{Books, DayTotal, Estimate, TooLarge, books};
use earnest_core::custody::AccountingRules;
use earnest_core::wire::{ByCurrency, DecimalText};
use earnest_core::{Calendar, Currency, EntryKind, Timestamp};

use crate::store::days::{self, DayRow, EstimateRow};
use crate::store::{Rows, Statement, StoreError};

/// Why there are no books.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BooksError {
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was booked is beyond what can be accounted for.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// Days to keep the books of, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first, counted from 1970-01-01 in the shop.
    pub from: i64,
    /// The last.
    pub to: i64,
}

/// The books of a period, once it is known what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookkeeping {
    period: Period,
    estimates: Vec<Estimate>,
}

impl Bookkeeping {
    /// What to read first: what was expected.
    pub fn estimates(shop: &str) -> Statement {
        days::load_estimates(shop)
    }

    /// Takes what was found.
    ///
    /// # Errors
    /// Where the store has it in another shape.
    pub fn new(period: Period, estimates: &impl Rows) -> Result<Self, StoreError> {
        let rows = days::estimates(estimates)?;
        let estimates = rows.iter().map(estimate);
        let estimates = estimates.collect::<Result<_, _>>()?;
        Ok(Self { period, estimates })
    }

    /// What to read then: the sums of the days before, and the days.
    pub fn days(&self, shop: &str) -> [Statement; 2] {
        let Period { from, to } = self.period;
        let firsts = self.estimates.iter().map(|estimate| estimate.from_day);
        let mut firsts: Vec<i64> = firsts.collect();
        firsts.sort_unstable();
        [
            days::load_sums_before(shop, from, &firsts),
            days::load(shop, from, to),
        ]
    }

    /// The books, of what was found.
    ///
    /// # Errors
    /// Where the store has it in another shape, or it is too large.
    pub fn books(&self, before: &impl Rows, within: &impl Rows) -> Result<Books, BooksError> {
        let (before, within) = (days::days(before)?, days::days(within)?);
        let totals = before
            .iter()
            .chain(&within)
            .map(totals)
            .collect::<Result<Vec<_>, _>>()?
            .concat();
        let Period { from, to } = self.period;
        Ok(books(&self.estimates, &totals, from, to)?)
    }
}

fn broken(what: &str) -> StoreError {
    StoreError::Broken(format!("{what} is not as the ledger keeps it"))
}

fn estimate(row: &EstimateRow) -> Result<Estimate, StoreError> {
    let offsets: Option<Vec<(i64, i64)>> = of_json(row.offsets.as_deref(), "a time zone")?;
    let changes = offsets.unwrap_or_default().into_iter();
    let changes = changes.map(|(from, minutes)| (Timestamp::from_millis(from), minutes));
    let calendar = Calendar::new(changes.collect());
    let worth: Option<ByCurrency> = of_json(row.worth.as_deref(), "the worth of a point")?;
    let worth = worth.unwrap_or_default();
    let worth = worth.iter().map(|(code, DecimalText(worth))| {
        let currency = Currency::parse(code).map_err(|_| broken("a currency"))?;
        Ok((currency, worth))
    });
    let percent = row.redeemed_percent.as_deref();
    let percent =
        percent.map(|text| DecimalText::parse(text).ok_or_else(|| broken("a percentage")));
    let percent = percent.transpose()?.map(|DecimalText(percent)| percent);
    let published_at = Timestamp::from_millis(row.published_at);
    Ok(Estimate {
        from_day: calendar.local(published_at).day,
        redeemed_percent: percent.unwrap_or(AccountingRules::default().redeemed_percent),
        worth: worth.collect::<Result<_, StoreError>>()?,
    })
}

fn of_json<T: serde::de::DeserializeOwned>(
    text: Option<&str>,
    what: &str,
) -> Result<Option<T>, StoreError> {
    let read = text.map(serde_json::from_str).transpose();
    read.map_err(|_| broken(what))
}

/// What was given, and what was taken: an adjustment is one or the other, and the two are not netted.
fn totals(row: &DayRow) -> Result<Vec<DayTotal>, StoreError> {
    let kind = EntryKind::ALL
        .into_iter()
        .find(|kind| kind.name() == row.kind);
    let currency = Some(row.currency.as_str()).filter(|code| !code.is_empty());
    let currency = currency.map(Currency::parse).transpose();
    let total = DayTotal {
        day: row.day,
        kind: kind.ok_or_else(|| broken("the kind of an entry"))?,
        currency: currency.map_err(|_| broken("a currency"))?,
        points: row.points.saturating_sub(row.taken_points),
        spent_minor: row.spent_minor,
    };
    let mut totals = vec![total];
    if row.taken_points != 0 {
        totals.push(DayTotal {
            points: row.taken_points,
            spent_minor: 0,
            ..total
        });
    }
    Ok(totals)
}
