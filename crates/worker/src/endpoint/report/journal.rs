//! `GET /v1/reports/journal`: the movements of some days as debits and credits, a table for bookkeeping software.

use std::fmt::Write;

use earnest_core::accounting::{Books, journal};

use super::{load, told};
use crate::answer::Answer;
use crate::call::Call;
use crate::period::told_day;
use crate::problem::Failure;

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let (_, books) = load(call).await?;
    Ok(Answer::csv(table(&books)))
}

/// No field has a comma, a quote or a line break in it, so none is quoted.
fn table(books: &Books) -> String {
    let mut table = "date,account,debit,credit,currency,reference\r\n".to_owned();
    for line in journal(books) {
        let (date, currency) = (told_day(line.day), line.currency);
        let side = |minor| match minor {
            0 => String::new(),
            minor => told(minor, currency),
        };
        let row = writeln!(
            table,
            "{date},{},{},{},{currency},points-{date}-{currency}-{}\r",
            line.account.name(),
            side(line.debit),
            side(line.credit),
            line.reference,
        );
        row.expect("a string takes every write");
    }
    table
}

#[cfg(test)]
mod tests {
    use earnest_core::accounting::{DayTotal, Estimate, books};
    use earnest_core::{Currency, Decimal, EntryKind};
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_journal_is_a_table_of_debits_and_credits() {
        let euro = Currency::parse("EUR").expect("a currency");
        let estimate = Estimate {
            from_day: 0,
            redeemed_percent: Decimal::new(100, 0),
            worth: vec![(euro, Decimal::new(1, 2))],
        };
        let total = |day, kind, points, spent_minor| DayTotal {
            day,
            kind,
            currency: Some(euro),
            points,
            spent_minor,
        };
        let totals = [
            total(20_779, EntryKind::Earn, 1_000, 99_000),
            total(20_780, EntryKind::Redeem, -500, 0),
        ];
        let books = books(&[estimate], &totals, 20_779, 20_780).expect("small sums");
        expect![[r"
            date,account,debit,credit,currency,reference
            2026-11-22,sales,9.90,,EUR,points-2026-11-22-EUR-deferred
            2026-11-22,points-liability,,9.90,EUR,points-2026-11-22-EUR-deferred
            2026-11-23,points-liability,4.95,,EUR,points-2026-11-23-EUR-recognised
            2026-11-23,points-revenue,,4.95,EUR,points-2026-11-23-EUR-recognised
        "]]
        .assert_eq(&table(&books).replace("\r\n", "\n"));
        assert_eq!(table(&books).matches("\r\n").count(), 5);
    }
}
