//! What a shop owes for points: its books over spans of days.
//!
//! Each case says what is expected of points, and what was booked when; the books of each of its spans are worked out
//! from nothing. Its invariant besides: on each day, in each currency, the journal's debits equal its credits.

use std::collections::BTreeMap;

use earnest_core::accounting::{Books, DayTotal, Estimate, JournalLine, Liability, books, journal};
use earnest_core::{Currency, Decimal, EntryKind};
use serde::Deserialize;

use crate::{Outcome, difference, parsed};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    estimates: Vec<Expectation>,
    booked: Vec<Booked>,
    spans: Vec<Span>,
}

/// What a version of the program expects of its points.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    from_day: i64,
    redeemed_percent: String,
    worth: BTreeMap<String, String>,
}

/// Entries of a day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Booked {
    day: i64,
    kind: String,
    /// None of points that no order earned.
    currency: Option<String>,
    points: i64,
    #[serde(default)]
    spent_minor: i64,
}

/// Days, both included, and their books.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    from: i64,
    to: i64,
    expect: Told,
}

/// The books, as a case tells them: 0 where it does not say.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
struct Told {
    /// Every currency that orders earned points in.
    currencies: BTreeMap<String, Sums>,
    /// Points that members hold at the end.
    points: i64,
    /// Points among what is outstanding that no order earned.
    granted: i64,
    /// What these are worth, where the case is about it.
    granted_worth: Option<String>,
    /// Currencies of which more was redeemed than is expected ever.
    overtaken: Vec<String>,
    /// Each line, where the case is about them.
    journal: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
struct Sums {
    opening: i64,
    deferred: i64,
    clawed_back: i64,
    recognised: i64,
    breakage: i64,
    closing: i64,
}

/// Runs the file; a case is over with the first span that differs.
pub(crate) fn run(text: &str) -> Outcome {
    let Vectors { cases } = parsed(text);
    let mut outcome = Outcome::default();
    for case in &cases {
        let estimates: Vec<Estimate> = case.estimates.iter().map(Expectation::read).collect();
        let booked: Vec<DayTotal> = case.booked.iter().map(Booked::read).collect();
        let differs = case.spans.iter().find_map(|span| {
            let Span { from, to, expect } = span;
            let found = books(&estimates, &booked, *from, *to).expect("small sums");
            let differs = difference(expect, &expect.beside(&found), |it| format!("{it:?}"))?;
            Some(format!("days {from} to {to}\n  {differs}"))
        });
        outcome.add(&case.name, &case.why, differs);
    }
    outcome
}

impl Expectation {
    fn read(&self) -> Estimate {
        let worth = self.worth.iter();
        Estimate {
            from_day: self.from_day,
            redeemed_percent: number(&self.redeemed_percent),
            worth: worth
                .map(|(code, worth)| (currency(code), number(worth)))
                .collect(),
        }
    }
}

impl Booked {
    fn read(&self) -> DayTotal {
        let mut kinds = EntryKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.name() == self.kind);
        DayTotal {
            day: self.day,
            kind: kind.unwrap_or_else(|| panic!("no entry is of the kind {}", self.kind)),
            currency: self.currency.as_deref().map(currency),
            points: self.points,
            spent_minor: self.spent_minor,
        }
    }
}

impl Told {
    /// The books, as far as these tell them.
    fn beside(&self, books: &Books) -> Self {
        let lines = journal(books);
        balanced(&lines);
        let currencies = books.currencies.iter();
        let overtaken = currencies.clone().filter(|(.., it)| it.is_overtaken());
        let worth = books.granted_worth;
        let worth = worth.map(|(currency, minor)| format!("{} {minor}", currency.code()));
        Self {
            currencies: currencies
                .map(|(currency, of, _)| (currency.code().to_owned(), sums(of)))
                .collect(),
            points: books.points_in_all.closing,
            granted: books.granted_points,
            granted_worth: self.granted_worth.as_ref().and(worth),
            overtaken: overtaken.map(|it| it.0.code().to_owned()).collect(),
            journal: self
                .journal
                .as_ref()
                .map(|_| lines.iter().map(line).collect()),
        }
    }
}

fn sums(of: &Liability) -> Sums {
    Sums {
        opening: of.opening,
        deferred: of.deferred,
        clawed_back: of.clawed_back,
        recognised: of.recognised,
        breakage: of.breakage,
        closing: of.closing,
    }
}

fn line(it: &JournalLine) -> String {
    let (side, minor) = match it.debit {
        0 => ("credit", it.credit),
        debit => ("debit", debit),
    };
    let (account, code) = (it.account.name(), it.currency.code());
    format!(
        "{} {} {side} {account} {code} {minor}",
        it.day, it.reference
    )
}

fn balanced(lines: &[JournalLine]) {
    let mut sums: BTreeMap<(i64, &str), i64> = BTreeMap::new();
    for it in lines {
        let sum = sums.entry((it.day, it.currency.code())).or_default();
        *sum = sum.saturating_add(it.debit).saturating_sub(it.credit);
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency of the vectors")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a number of the vectors")
}
