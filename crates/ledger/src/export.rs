//! Exporting a statement: a member's ledger, read page by page into the document that anybody can check.
//!
//! Owns which part is told and how it is read. Nothing is worked out anew: what stands in the document is what
//! stands in the ledger, right or wrong. Invariant: all pages are of the ledger as it was when the member was
//! read, since entries are only ever added behind it; those of balances of money, which follow, are as they are read.

use earnest_core::Timestamp;
use earnest_core::wire::{
    CreditLedgerDocument, HoldingsDocument, MarkDocument, STATEMENT_FORMAT, StatementDocument,
};

use crate::store::credits::{self, LedgerRow};
use crate::store::members::MemberRow;
use crate::store::{Rows, Statement, StoreError, chain};

/// Entries in one statement: some megabytes, which a Worker holds in memory.
pub const MAX_STATEMENT_ENTRIES: u64 = 20_000;
/// Entries that are read at a time.
const PAGE: u64 = 500;

/// The part of a ledger that is asked for, by seq, both included.
#[derive(Clone, Copy, Debug, Default)]
pub struct StatementPart {
    /// The first entry; that of the ledger by default.
    pub from_seq: Option<u64>,
    /// The last entry; that of the ledger by default.
    pub to_seq: Option<u64>,
}

/// Why there is no such statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// More than one answer holds.
    #[error(
        "these are {0} entries, and a statement has at most {MAX_STATEMENT_ENTRIES}: ask for parts, such as \
         ?from_seq=1&to_seq={MAX_STATEMENT_ENTRIES}"
    )]
    TooLong(u64),
    /// The part begins where the ledger has ended.
    #[error("the ledger has {0} entries, and the part begins behind them")]
    BehindEnd(u64),
    /// The part ends before it begins.
    #[error("the part ends before it begins")]
    Backwards,
}

/// A statement on its way.
#[derive(Debug)]
pub struct StatementExport {
    document: StatementDocument,
    /// The next entry to read, and the last.
    next: u64,
    last: u64,
    /// The balance of money and the place on it up to which has been read; `None` once all has, and where the part is
    /// not the end of the ledger.
    money: Option<(String, u64)>,
}

impl StatementPart {
    /// The first entry and the last, where the ledger has so many.
    fn of(self, entries: u64) -> Result<(u64, u64), ExportError> {
        let first = self.from_seq.unwrap_or(1).max(1);
        let last = self.to_seq.map_or(entries, |to| to.min(entries));
        let after = last.saturating_add(1);
        if first > entries.saturating_add(1) {
            return Err(ExportError::BehindEnd(entries));
        }
        match after.checked_sub(first) {
            None => Err(ExportError::Backwards),
            Some(many) if many > MAX_STATEMENT_ENTRIES => Err(ExportError::TooLong(many)),
            Some(_) => Ok((first, last)),
        }
    }
}

impl StatementExport {
    /// Begins the statement of a member who was just read.
    ///
    /// # Errors
    /// Where there is no such part, or she is stored as nobody can be.
    pub fn new(
        shop: &str,
        member: &MemberRow,
        part: StatementPart,
        now: Timestamp,
    ) -> Result<Result<Self, ExportError>, StoreError> {
        let snapshot = member.snapshot()?;
        let (first, last) = match part.of(snapshot.seq) {
            Ok(found) => found,
            Err(error) => return Ok(Err(error)),
        };
        let is_end = last == snapshot.seq;
        let opening = MarkDocument {
            seq: first.saturating_sub(1),
            ..MarkDocument::default()
        };
        let document = StatementDocument {
            format: STATEMENT_FORMAT.to_owned(),
            shop: shop.to_owned(),
            member_id: member.member_id.clone(),
            exported_at: now.as_millis(),
            closing: opening.clone(),
            opening,
            entries: Vec::new(),
            holdings: is_end.then(|| HoldingsDocument::from(&snapshot.holdings)),
            credits: Vec::new(),
        };
        // The entry before the part tells what it opens with.
        let next = document.opening.seq.max(1);
        Ok(Ok(Self {
            document,
            next,
            last,
            money: is_end.then(Default::default),
        }))
    }

    /// What to read next; `None` where all has been read.
    pub fn read(&self) -> Option<Statement> {
        let to = self.next.saturating_add(PAGE - 1).min(self.last);
        let StatementDocument {
            shop, member_id, ..
        } = &self.document;
        if self.next <= to {
            return Some(chain::load(shop, member_id, self.next, to));
        }
        let (balance, seq) = self.money.as_ref()?;
        Some(credits::load_after(shop, member_id, (balance, *seq), PAGE))
    }

    /// Takes what was read.
    ///
    /// # Errors
    /// Where a row is not as the ledger keeps it.
    pub fn take(&mut self, rows: &impl Rows) -> Result<(), StoreError> {
        if self.next > self.last {
            return self.take_credits(rows);
        }
        let document = &mut self.document;
        let entries = chain::entries(rows)?;
        // Rows that are not there are not read for ever: whoever checks the statement finds the gap.
        self.next = self.next.saturating_add(PAGE);
        for entry in entries {
            let mark = MarkDocument {
                seq: entry.seq,
                balance_points: entry.balance_points,
                hash: entry.hash.clone(),
            };
            document.closing = mark.clone();
            if entry.seq <= document.opening.seq {
                document.opening = mark;
            } else {
                document.entries.push(entry);
            }
        }
        Ok(())
    }

    fn take_credits(&mut self, rows: &impl Rows) -> Result<(), StoreError> {
        let rows: Vec<LedgerRow> = rows.all()?;
        let is_full = u64::try_from(rows.len()).is_ok_and(|rows| rows >= PAGE);
        let last = rows.last().filter(|_| is_full);
        self.money = last.map(|row| (row.balance.clone(), row.entry.seq));
        let ledgers = &mut self.document.credits;
        for LedgerRow { balance, entry } in rows {
            match ledgers.last_mut().filter(|it| it.balance == balance) {
                Some(ledger) => ledger.entries.push(entry),
                None => ledgers.push(CreditLedgerDocument {
                    balance,
                    entries: vec![entry],
                }),
            }
        }
        Ok(())
    }

    /// The statement, once all has been read.
    pub fn finish(self) -> StatementDocument {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use earnest_core::statement::verify;

    use super::*;
    use crate::store::Value;

    #[test]
    fn a_part_is_within_the_ledger_and_not_too_long() {
        let check = |from_seq, to_seq, entries, expected| {
            let part = StatementPart { from_seq, to_seq };
            assert_eq!(part.of(entries), expected, "{part:?} of {entries}");
        };
        check(None, None, 7, Ok((1, 7)));
        check(None, None, 0, Ok((1, 0)));
        check(Some(0), Some(99), 7, Ok((1, 7)));
        check(Some(3), Some(5), 7, Ok((3, 5)));
        check(Some(7), None, 7, Ok((7, 7)));
        // Nothing has come since: an empty statement tells where the ledger is.
        check(Some(8), None, 7, Ok((8, 7)));
        check(Some(9), None, 7, Err(ExportError::BehindEnd(7)));
        check(Some(u64::MAX), None, 7, Err(ExportError::BehindEnd(7)));
        check(Some(5), Some(3), 7, Err(ExportError::Backwards));
        check(Some(5), Some(4), 7, Ok((5, 4)));
        check(None, None, 20_000, Ok((1, 20_000)));
        check(None, None, 20_001, Err(ExportError::TooLong(20_001)));
        check(Some(2), None, 20_001, Ok((2, 20_001)));
    }

    /// Rows as a database gives them.
    struct Given(Vec<serde_json::Value>);

    impl Rows for Given {
        fn all<T: serde::de::DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
            let rows = self.0.iter().cloned();
            let read = rows.map(|row| {
                serde_json::from_value(row).map_err(|e| StoreError::Broken(e.to_string()))
            });
            read.collect()
        }
    }

    fn row(seq: u64) -> serde_json::Value {
        serde_json::json!({
            "seq": seq, "kind": "adjust", "points": 1, "balance_points": seq, "source": seq.to_string(),
            "reason": "one more", "rules": null, "partner": null, "program_version": 1,
            "program_digest": "sha256:0", "booked_at": 5, "day": 0, "pools": "[[null,1,0]]", "hash": null,
        })
    }

    fn places(number: i64) -> u64 {
        u64::try_from(number).expect("a place")
    }

    /// Of two balances of money, with 700 entries and 1: those after one of them, as a database orders them.
    fn credits_after(after: (&str, u64), limit: usize) -> Vec<serde_json::Value> {
        let cash = (1..=700).map(|seq| ("cash", seq));
        let all = cash.chain([("gift", 1)]);
        let rows = all.filter(|place| *place > after).take(limit);
        rows.map(|(balance, seq)| {
            serde_json::json!({
                "balance": balance, "seq": seq, "kind": "earn", "minor": 2, "balance_minor": 2 * seq,
                "source": seq.to_string(), "program_version": 1, "program_digest": "sha256:0", "booked_at": 5,
            })
        })
        .collect()
    }

    /// Reads a part of a ledger of so many entries; tells how it was read.
    fn export(entries: u64, part: StatementPart) -> (StatementDocument, Vec<(u64, u64)>) {
        let member = serde_json::json!({
            "shop": "demo", "member_id": "mem_1", "terms_at": 0, "enrolled_at": 0, "revision": 0, "facts": "{}",
            "seq": entries, "balance_points": entries, "earned_points": 0,
            "holdings": "{}", "signs": "{}", "due_at": null, "head_hash": null, "merged_into": null,
        });
        let member: MemberRow = serde_json::from_value(member).expect("a member");
        let now = Timestamp::from_millis(9);
        let begun = StatementExport::new("demo", &member, part, now).expect("a member");
        let mut export = begun.expect("a part");
        let mut reads = Vec::new();
        while let Some(Statement { sql, values }) = export.read() {
            let rows = match &values[..] {
                [
                    ..,
                    Value::Text(balance),
                    Value::Whole(seq),
                    Value::Whole(limit),
                ] if sql.contains("credit_entries") => {
                    let after = (balance.as_str(), places(*seq));
                    credits_after(after, usize::try_from(*limit).expect("a limit"))
                }
                [.., Value::Whole(from), Value::Whole(to)] => {
                    let (from, to) = (places(*from), places(*to));
                    reads.push((from, to));
                    (from..=to).map(row).collect()
                }
                other => panic!("{other:?}"),
            };
            export.take(&Given(rows)).expect("rows");
        }
        (export.finish(), reads)
    }

    #[test]
    fn a_ledger_is_read_page_by_page_and_opens_and_closes_where_it_was_asked_to() {
        let check = |from_seq, to_seq, reads: &[(u64, u64)], told: (u64, u64, usize)| {
            let (document, found) = export(1_203, StatementPart { from_seq, to_seq });
            assert_eq!(found, reads);
            let (opening, closing) = (&document.opening, &document.closing);
            assert_eq!((opening.seq, closing.seq, document.entries.len()), told);
            for mark in [opening, closing] {
                assert_eq!(mark.balance_points.unsigned_abs(), mark.seq);
            }
            let found = verify(&document).expect("a statement that is sound");
            let is_end = told.1 == 1_203;
            assert_eq!(document.holdings.is_some(), is_end);
            let money = [("cash".to_owned(), 1_400), ("gift".to_owned(), 2)];
            assert_eq!(found.credits, if is_end { &money[..] } else { &[] });
        };
        let all = [(1, 500), (501, 1_000), (1_001, 1_203)];
        check(None, None, &all, (0, 1_203, 1_203));
        check(Some(1), Some(500), &[(1, 500)], (0, 500, 500));
        check(Some(2), Some(3), &[(1, 3)], (1, 3, 2));
        check(Some(1_204), None, &[(1_203, 1_203)], (1_203, 1_203, 0));
        let (empty, reads) = export(0, StatementPart::default());
        assert_eq!((empty.entries.len(), reads.len()), (0, 0));
        verify(&empty).expect("nothing is sound");
    }
}
