//! The statements of the books on the real tables, against the core on every day there is.

use earnest_core::accounting::{DayTotal, Estimate, books};
use earnest_core::{Currency, Decimal, EntryKind, ProgramRef, Timestamp};
use earnest_ledger::store::programs::{self, NewProgram};
use earnest_ledger::{Bookkeeping, Period, Statement};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::database::Database;

const DAY_MS: i64 = 86_400_000;
const LAST_DAY: i64 = 60;

/// A version for each: from when, which share is redeemed, in hundredths of a percent, and what a point is worth.
fn versions() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    let version = (
        0..LAST_DAY,
        prop_oneof![Just(10_000), 100..10_000_i64],
        0..3_i64,
    );
    vec(version, 0..6).prop_map(|mut versions| {
        versions.sort_by_key(|(day, ..)| *day);
        versions
    })
}

fn totals() -> impl Strategy<Value = Vec<DayTotal>> {
    let code = prop_oneof![Just(""), Just("EUR"), Just("JPY")];
    let total = (
        0..LAST_DAY,
        0..EntryKind::ALL.len(),
        code,
        -500..500_i64,
        0..9_000_i64,
    );
    vec(total, 0..80).prop_map(|totals| {
        let mut unique = std::collections::BTreeMap::new();
        for (day, kind, code, points, spent_minor) in totals {
            let kind = EntryKind::ALL[kind];
            // Points that an order earned are adjusted downwards alone.
            let points = if kind == EntryKind::Adjust {
                -points.abs()
            } else {
                points
            };
            let total = DayTotal {
                day,
                kind,
                currency: Currency::parse(code).ok(),
                points,
                spent_minor,
            };
            unique.insert((day, kind.name(), code), total);
        }
        unique.into_values().collect()
    })
}

fn euros(worth: i64) -> Vec<(Currency, Decimal)> {
    let euro = Currency::parse("EUR").expect("a currency");
    Some((euro, Decimal::new(worth, 2)))
        .filter(|_| worth > 0)
        .into_iter()
        .collect()
}

/// Two shops with the same versions, of which one has entries.
fn database(versions: &[(i64, i64, i64)], totals: &[DayTotal]) -> Database {
    let database = Database::new();
    let mut statements = vec![Statement::new(
        "INSERT INTO shops (shop, name) VALUES (?1, 'A'), (?2, 'B')",
        ["alpha".into(), "beta".into()],
    )];
    for (version, (day, share, worth)) in (1_u32..).zip(versions) {
        let worth = match worth {
            0 => String::new(),
            worth => format!(r#","points":{{"worth":{{"EUR":"0.0{worth}"}}}}"#),
        };
        let percent = match share {
            10_000 => String::new(),
            share => format!(
                r#","accounting":{{"redeemed_percent":"{}"}}"#,
                Decimal::new(*share, 2).normalize()
            ),
        };
        // Nine hours east of UTC, so that it is the next day there when it is 15:00 here.
        let digest = format!("sha256:{version:064}");
        let document = format!(
            r#"{{"version":{version},"digest":"{digest}","offsets":[[-9999999999,540]]{worth}{percent}}}"#
        );
        let reference = ProgramRef { version, digest };
        for shop in ["alpha", "beta"] {
            let program = NewProgram {
                reference: &reference,
                source: "version = 1",
                document: &document,
                published_at: Timestamp::from_millis((day - 1) * DAY_MS + 15 * DAY_MS / 24),
            };
            statements.push(programs::store(shop, program));
        }
    }
    for total in totals {
        let code = total.currency.map_or("", Currency::code);
        statements.push(Statement::new(
            "INSERT INTO days (shop, day, kind, currency, points, spent_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            [
                "alpha".into(),
                total.day.into(),
                total.kind.name().into(),
                code.into(),
                total.points.into(),
                total.spent_minor.into(),
            ],
        ));
    }
    database
        .batch(&statements)
        .expect("rows that the tables take");
    database
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_read_for_a_period_makes_the_books_of_all_days(
        versions in versions(),
        totals in totals(),
        (first, second) in (0..LAST_DAY, 0..LAST_DAY),
    ) {
        let database = database(&versions, &totals);
        let period = Period { from: first.min(second), to: first.max(second) };
        let read = |shop| {
            let estimates = database.batch(&[Bookkeeping::estimates(shop)]).expect("estimates");
            let bookkeeping = Bookkeeping::new(period, &estimates[0]).expect("estimates");
            let days = database.batch(&bookkeeping.days(shop)).expect("days");
            bookkeeping.books(&days[0], &days[1]).expect("small sums")
        };
        let estimates: Vec<_> = versions
            .iter()
            .map(|(from_day, share, worth)| Estimate {
                from_day: *from_day,
                redeemed_percent: Decimal::new(*share, 2),
                worth: euros(*worth),
            })
            .collect();
        let until: Vec<_> = totals.iter().filter(|it| it.day <= period.to).copied().collect();
        prop_assert_eq!(read("alpha"), books(&estimates, &until, period.from, period.to).expect("small sums"));
        prop_assert_eq!(read("beta"), books(&estimates, &[], period.from, period.to).expect("small sums"));
    }
}
