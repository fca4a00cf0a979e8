//! All points that orders in one currency earned, and the revenue deferred for them.
//!
//! The paragraphs named are those of IFRS 15. Its invariant: what is deferred is a function of sums, which are
//! those of the estimate in force and what was left of the ones before. It is never negative, and zero when members
//! hold nothing.

use super::estimate::{Value, WHOLE, divide, minor_scale};
use super::{DayTotal, Liability, Movement, Standing};
use crate::{Currency, EntryKind};

/// All points of a currency.
pub(super) struct Portfolio {
    currency: Currency,
    value: Value,
    /// Deferred for points not taken back, when the estimate in force began.
    deferred_before: i128,
    /// Points issued and not taken back, at that instant.
    issued_before: i128,
    /// Since then: the price of the orders, points issued, points taken back by corrections and for debts.
    spent: i128,
    issued: i128,
    taken_back: i128,
    /// Since then: the price and the points that refunds took.
    refunded_spent: i128,
    refunded: i128,
    /// Ever.
    redeemed: i128,
    /// Held by members, or on their way from one to another: a transfer may arrive on another day.
    outstanding: i128,
    /// Of the days that are told.
    so_far: Liability,
}

impl Portfolio {
    pub(super) fn new(currency: Currency) -> Self {
        Self {
            currency,
            value: Value::default(),
            deferred_before: 0,
            issued_before: 0,
            spent: 0,
            issued: 0,
            taken_back: 0,
            refunded_spent: 0,
            refunded: 0,
            redeemed: 0,
            outstanding: 0,
            so_far: Liability::default(),
        }
    }

    pub(super) fn currency(&self) -> Currency {
        self.currency
    }

    /// From here on days are told.
    pub(super) fn open(&mut self) {
        self.so_far = Liability {
            opening: self.so_far.closing,
            closing: self.so_far.closing,
            ..Liability::default()
        };
    }

    pub(super) fn told(&self) -> (Currency, Liability, Standing) {
        // What a total holds, or a sum of few; beyond an i64 the books are refused before.
        let told = |points: i128| i64::try_from(points).unwrap_or(i64::MAX);
        let issued = self.issued_net();
        let expected = issued.saturating_mul(self.value.redeemed);
        let standing = Standing {
            issued_points: told(issued),
            redeemed_points: told(self.redeemed),
            expected_points: told(expected.checked_div(WHOLE.into()).unwrap_or(0)),
            outstanding_points: told(self.outstanding),
        };
        (self.currency, self.so_far, standing)
    }

    /// Books a day: what is expected of it, issues, takes back, redemptions, then expiries, so that each is told
    /// what it did. `None` where the sums are too large.
    pub(super) fn day(&mut self, value: Value, totals: &[&DayTotal]) -> Option<Liability> {
        let here = Some(self.currency);
        let totals = totals.iter().filter(|total| total.currency == here);
        let mut day = Liability {
            opening: self.so_far.closing,
            ..Liability::default()
        };
        self.expect(value)?;
        let mut owed = self.owed()?;
        let reestimated = i128::from(day.opening).checked_sub(owed)?;
        let mut recognised = reestimated;
        for movement in [
            Movement::Issued,
            Movement::TakenBack,
            Movement::Redeemed,
            Movement::Expired,
        ] {
            let deferred = self.deferred()?;
            for total in totals.clone().filter(|it| Movement::of(it) == movement) {
                self.add(movement, total)?;
            }
            let change = self.deferred()?.checked_sub(deferred)?;
            let still_owed = self.owed()?;
            // What is neither deferred nor owed any more was earned.
            let earned = owed.checked_add(change)?.checked_sub(still_owed)?;
            owed = still_owed;
            match movement {
                Movement::Issued => day.deferred = i64::try_from(change).ok()?,
                Movement::TakenBack => {
                    day.clawed_back = i64::try_from(change.checked_neg()?).ok()?;
                }
                Movement::Redeemed | Movement::Expired | Movement::Moved => {}
            }
            if movement == Movement::Expired {
                day.breakage = i64::try_from(earned).ok()?;
            } else {
                recognised = recognised.checked_add(earned)?;
            }
        }
        day.recognised = i64::try_from(recognised).ok()?;
        day.closing = i64::try_from(owed).ok()?;
        self.so_far = self.so_far.then(day);
        Some(day)
    }

    /// Another estimate begins. What was deferred stays as it was allocated (88): only what is issued from now on is
    /// allocated by the new one.
    fn expect(&mut self, value: Value) -> Option<()> {
        if value != self.value {
            self.deferred_before = self.deferred()?;
            self.issued_before = self.issued_net();
            (self.spent, self.issued, self.taken_back) = (0, 0, 0);
            (self.refunded_spent, self.refunded) = (0, 0);
            self.value = value;
        }
        Some(())
    }

    fn add(&mut self, movement: Movement, total: &DayTotal) -> Option<()> {
        let points = i128::from(total.points);
        self.outstanding = self.outstanding.checked_add(points)?;
        match movement {
            Movement::Issued => {
                self.issued = self.issued.checked_add(points)?;
                self.spent = self.spent.checked_add(total.spent_minor.max(0).into())?;
            }
            Movement::TakenBack if total.kind == EntryKind::Clawback => {
                let spent = i128::from(total.spent_minor);
                self.refunded = self.refunded.checked_sub(points)?;
                self.refunded_spent = self.refunded_spent.checked_sub(spent)?;
            }
            Movement::TakenBack => self.taken_back = self.taken_back.checked_sub(points)?,
            Movement::Redeemed => self.redeemed = self.redeemed.checked_sub(points)?,
            Movement::Expired | Movement::Moved => {}
        }
        Some(())
    }

    fn issued_net(&self) -> i128 {
        let issued = self.issued_before.saturating_add(self.issued);
        let issued = issued.saturating_sub(self.refunded);
        issued.saturating_sub(self.taken_back).max(0)
    }

    /// Deferred ever, for points that were not taken back: what corrections and debts take, and refunds beyond what was
    /// issued under this estimate, takes its average share with it, so that who takes back all defers nothing. Rounded
    /// half up.
    fn deferred(&self) -> Option<i128> {
        let allocated = self.deferred_before.checked_add(self.allocated()?)?;
        let issued = self.issued_before.checked_add(self.issued_here())?;
        divide(allocated.checked_mul(self.issued_net())?, issued)
    }

    /// Points issued under this estimate, without those of which refunds say that they never were.
    fn issued_here(&self) -> i128 {
        self.issued.saturating_sub(self.refunded).max(0)
    }

    /// The price of the orders that was not refunded, shared between what was sold and the points in the ratio of their stand-alone
    /// selling prices (74, 76): the price itself, and what the points expected to be redeemed are worth (B42).
    /// Rounded half up.
    fn allocated(&self) -> Option<i128> {
        let spent = self.spent.saturating_sub(self.refunded_spent);
        let issued = self.issued_here();
        if spent <= 0 || issued <= 0 {
            return Some(0);
        }
        // The price is counted as finely as the points, so that nothing is rounded before the end.
        let worth = self.value.of(issued)?;
        let price = spent.checked_mul(minor_scale(self.currency)?)?;
        let both = price.checked_add(worth)?;
        divide(spent.checked_mul(worth)?, both)
    }

    /// Deferred and not yet earned: of the points expected to be redeemed in all, the share of those that still are
    /// (IE52), which are never more than members hold. So breakage is earned in proportion to redemptions where it is
    /// expected, and as points expire where it is not (B46). Rounded half up.
    fn owed(&self) -> Option<i128> {
        let expected = self.issued_net().checked_mul(self.value.redeemed)?;
        let redeemed = self.redeemed.checked_mul(WHOLE.into())?;
        let held = self.outstanding.max(0).checked_mul(WHOLE.into())?;
        // Spent points may come back after what earned them was taken back: then fewer than none were redeemed.
        let left = expected.checked_sub(redeemed)?.min(held);
        let left = left.clamp(0, expected.max(0));
        divide(self.deferred()?.checked_mul(left)?, expected)
    }
}
