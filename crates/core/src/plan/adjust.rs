//! Adjustments: a person gives or takes points, with a reason. What is given pays off first what is owed.

use super::{Draft, Refusal, Why, checked_key};
use crate::limits::{MAX_BY_CHARS, MAX_TEXT_BYTES};
use crate::lot::points_of;
use crate::{EntryKind, Points};

impl Draft<'_> {
    pub(super) fn adjust(
        &mut self,
        key: &str,
        points: i64,
        reason: &str,
        by: Option<&str>,
    ) -> Result<(), Refusal> {
        let key = checked_key(key)?;
        if points == 0 {
            return Err(Refusal::AdjustmentOfZero);
        }
        let reason = reason.trim();
        if reason.is_empty() || reason.len() > MAX_TEXT_BYTES || reason.contains(char::is_control) {
            return Err(Refusal::ReasonUnusable);
        }
        let by = by.map(str::trim);
        if by.is_some_and(|by| {
            by.is_empty() || by.chars().count() > MAX_BY_CHARS || by.contains(char::is_control)
        }) {
            return Err(Refusal::ByUnusable);
        }
        let why = Why {
            reason: Some(reason.to_owned()),
            by: by.map(str::to_owned),
            ..Why::default()
        };
        let points = Points::new(points)?;
        if points > Points::ZERO {
            let terms = self.terms(self.now, None);
            return self.gain(EntryKind::Adjust, points, key, terms, why);
        }
        // What is free to spend goes first, then what is pending; what is held for rewards stays held.
        let taken = points.get().saturating_neg();
        let holdings = &self.plan.snapshot.holdings;
        if taken > points_of(&holdings.lots) {
            return Err(Refusal::BalanceBelowZero);
        }
        let now = self.now;
        let (free, rest) = {
            let available = holdings.available(now);
            (taken.min(available), taken.saturating_sub(available).max(0))
        };
        let lots = &mut self.plan.snapshot.holdings.lots;
        let mut drawn = crate::lot::take(lots, free, |lot| lot.is_available(now));
        drawn.extend(crate::lot::take(lots, rest, |_| true));
        self.book_drawn(EntryKind::Adjust, &drawn, key, why)
    }
}
