//! The journal of the books, over the days that were touched: balanced, and as large as the entries are.
//!
//! Invariant: what members hold when a day begins or ends is counted here from the entries, not from the days.

use std::collections::BTreeMap;

use earnest_core::accounting::{Books, journal};
use earnest_ledger::{Bookkeeping, Period};
use serde::Deserialize;

use crate::Violation;
use crate::database::{Database, SqliteRows};

/// What the programs of each shop expect, which stays for an episode.
pub(crate) struct Journals(BTreeMap<String, SqliteRows>);

#[derive(Deserialize)]
struct Shop {
    shop: String,
}

/// The days that were touched, and what members held before and after.
#[derive(Deserialize)]
struct Touched {
    from: Option<i64>,
    to: Option<i64>,
    opening: i64,
    closing: i64,
}

const TOUCHED: &str = "
    SELECT days.*,
      coalesce(sum(points) FILTER (WHERE day < \"from\"), 0) AS opening, coalesce(sum(points), 0) AS closing
    FROM (SELECT min(day) AS \"from\", max(day) AS \"to\" FROM touched_days) AS days
    LEFT JOIN entries ON shop = ?1 AND day <= \"to\"";

impl Journals {
    /// Of the shops that there are.
    pub(crate) fn new(database: &Database) -> Self {
        let shops: Vec<Shop> = database.ask("SELECT shop FROM shops", &[]);
        let expected = |Shop { shop }| {
            let read = database.batch(&[Bookkeeping::estimates(&shop)]);
            let read = read.ok().and_then(|mut rows| rows.pop());
            (shop, read.expect("what programs expect can be read"))
        };
        Self(shops.into_iter().map(expected).collect())
    }

    /// Keeps the books of a shop from the first day that was touched to the last.
    pub(crate) fn check(&self, database: &Database, shop: &str) -> Result<(), Violation> {
        let touched: Vec<Touched> = database.ask(TOUCHED, &[shop]);
        let Some(&Touched {
            from: Some(from),
            to: Some(to),
            opening,
            closing,
        }) = touched.first()
        else {
            return Ok(());
        };
        let kept = || {
            let bookkeeping = Bookkeeping::new(Period { from, to }, &self.0[shop])?;
            let days = database.batch(&bookkeeping.days(shop))?;
            bookkeeping.books(&days[0], &days[1])
        };
        let books =
            kept().map_err(|error| Violation::new(format!("there are no books: {error}")))?;
        check_balance(&books)?;
        let points = books.points_in_all;
        Violation::unless(
            (points.opening, points.closing) == (opening, closing),
            format!("members held {opening} and then {closing}, and the books say {points:?}"),
        )
    }
}

/// Whether debits are credits, and what there was, moved and is adds up.
fn check_balance(books: &Books) -> Result<(), Violation> {
    let mut sums = BTreeMap::new();
    for line in journal(books) {
        *sums
            .entry((line.day, line.currency.code().to_owned(), line.reference))
            .or_insert(0) += line.debit - line.credit;
    }
    let unequal = sums.iter().find(|(_, sum)| **sum != 0);
    Violation::unless(
        unequal.is_none(),
        format!("debits are not credits: {unequal:?}"),
    )?;
    for (currency, liability, _) in &books.currencies {
        let moved =
            liability.deferred - liability.clawed_back - liability.recognised - liability.breakage;
        Violation::unless(
            liability.closing == liability.opening + moved && liability.closing >= 0,
            format!(
                "what is deferred in {} does not add up: {liability:?}",
                currency.code()
            ),
        )?;
        let of_days = books.days.iter().filter(|(_, of, _)| of == currency);
        let of_days = of_days.map(|(_, _, of_day)| of_day.closing - of_day.opening);
        Violation::unless(
            of_days.sum::<i64>() == moved,
            format!("the days in {} do not make {liability:?}", currency.code()),
        )?;
    }
    let all = books.points_in_all;
    let moved =
        all.issued - all.clawed_back - all.redeemed + all.returned - all.expired + all.moved;
    Violation::unless(
        all.closing == all.opening + moved,
        format!("the points do not add up: {all:?}"),
    )
}
