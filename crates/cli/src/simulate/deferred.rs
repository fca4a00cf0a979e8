//! The liability: revenue that is deferred for points at the end of each month, as the books have it.
//!
//! Owns what the core's accounting is asked; the method is that of `ACCOUNTING.md`, with the percentage of the program's
//! `[accounting]`. Its invariant: where orders earned all points, it is the figure that the report of the edge has for
//! what was issued, redeemed and expired here. Points that no order earned are held in the same pots here, so each
//! month's redemptions and expiries take of both alike.

use earnest_core::accounting::{DayTotal, Estimate, books};
use earnest_core::{Currency, Decimal, EntryKind, Program};

use super::book::Flow;

/// What is deferred at the end of each month, in minor units; `None` where the sums are too large.
pub(super) fn deferred(
    program: &Program,
    each: Decimal,
    currency: Currency,
    months: &[Flow],
) -> Option<Vec<i64>> {
    let estimate = Estimate {
        from_day: 0,
        redeemed_percent: program.custody().accounting.redeemed_percent,
        worth: vec![(currency, each)],
    };
    let mut held = Held::default();
    let mut totals = Vec::new();
    // A month is a day here: the books need none finer.
    for (month, flow) in (1..).zip(months) {
        let moved = held.after(*flow);
        let kinds = [EntryKind::Earn, EntryKind::Redeem, EntryKind::Expire];
        for (kind, points) in kinds.into_iter().zip(moved) {
            totals.push(DayTotal {
                day: month,
                kind,
                currency: Some(currency),
                points,
                spent_minor: if kind == EntryKind::Earn {
                    flow.spent_minor
                } else {
                    0
                },
            });
        }
    }
    let last = i64::try_from(months.len()).ok()?;
    let books = books(&[estimate], &totals, 1, last).ok()?;
    let mut days = books.days.iter().peekable();
    let mut closing = 0;
    let closings = (1..=last).map(|month| {
        if let Some((_, _, liability)) = days.next_if(|(day, ..)| *day == month) {
            closing = liability.closing;
        }
        closing
    });
    Some(closings.collect())
}

/// Points that are outstanding.
#[derive(Default)]
struct Held {
    all: i64,
    /// Those that orders earned.
    earned: i64,
}

impl Held {
    /// What a month does to those that orders earned: issued, redeemed, expired.
    fn after(&mut self, flow: Flow) -> [i64; 3] {
        self.all += flow.opening + flow.issued;
        self.earned += flow.earned;
        let redeemed = self.take(flow.redeemed);
        let expired = self.take(flow.expired);
        [flow.earned, -redeemed, -expired]
    }

    /// Takes points of both alike; how many of those that orders earned, rounded down.
    fn take(&mut self, points: i64) -> i64 {
        if self.all <= 0 {
            return 0;
        }
        let exact = i128::from(points) * i128::from(self.earned) / i128::from(self.all);
        let taken = i64::try_from(exact).unwrap_or(self.earned);
        self.all -= points;
        self.earned -= taken;
        taken
    }
}
