//! Pending and expiry: from when points may be spent, until when, and that there is time in between.

use super::super::source::{ExpirySource, PendingSource, PeriodName};
use super::Check;
use crate::wire::{ExpiryDocument, ExpiryRuleDocument, PendingDocument};

/// The longest that a programme may let points wait: ten years.
const MAX_RETURN_DAYS: i64 = 3_650;
/// The longest that it may count: a hundred years.
const MAX_MONTHS: i64 = 1_200;

impl Check<'_> {
    pub(super) fn pending(&mut self, source: &PendingSource) -> PendingDocument {
        if !(1..=MAX_RETURN_DAYS).contains(&source.return_days) {
            let message = format!(
                "write 1 to {MAX_RETURN_DAYS} days; where points are spent at once, remove [pending]"
            );
            self.problem("/pending/return_days", message);
        }
        PendingDocument {
            return_days: source.return_days,
        }
    }

    pub(super) fn expiry(&mut self, source: &ExpirySource) -> Option<ExpiryDocument> {
        for (field, months) in [
            ("after_months", source.after_months),
            ("after_inactive_months", source.after_inactive_months),
            ("minimum_months", source.minimum_months),
        ] {
            if months.is_some_and(|months| !(1..=MAX_MONTHS).contains(&months)) {
                let message = format!("write 1 to {MAX_MONTHS} months");
                self.problem(&format!("/expiry/{field}"), message);
            }
        }
        let rule = match (
            source.after_months,
            source.end_of,
            source.after_inactive_months,
        ) {
            (Some(months), None, None) => ExpiryRuleDocument::AfterMonths(months),
            (None, Some(PeriodName::Month), None) => ExpiryRuleDocument::EndOfMonth,
            (None, Some(PeriodName::Year), None) => ExpiryRuleDocument::EndOfYear,
            (None, None, Some(months)) => ExpiryRuleDocument::AfterInactiveMonths(months),
            _ => {
                let message = "write one of `after_months = 12`, `end_of = \"year\"` and \
                               `after_inactive_months = 24`";
                self.problem("/expiry", message);
                return None;
            }
        };
        if source.after_months.is_some() && source.minimum_months.is_some() {
            let message = "points that live for a number of months need no minimum; remove this";
            self.problem_with_key("/expiry/minimum_months", message);
        }
        self.some_time_to_spend(rule, source.minimum_months.unwrap_or(0));
        Some(ExpiryDocument {
            rule,
            minimum_months: source.minimum_months,
        })
    }

    /// Points must not be gone before they may be spent.
    fn some_time_to_spend(&mut self, rule: ExpiryRuleDocument, minimum_months: i64) {
        let months = match rule {
            ExpiryRuleDocument::AfterMonths(months)
            | ExpiryRuleDocument::AfterInactiveMonths(months) => months.max(minimum_months),
            ExpiryRuleDocument::EndOfMonth | ExpiryRuleDocument::EndOfYear => minimum_months,
        };
        // The fewest days that so many months can have: a February in four years has 28 of them.
        let fewest_days = months.saturating_mul(365) / 12;
        let fewest_days = fewest_days.saturating_sub(3).max(0);
        let pending = self.source.pending.as_ref();
        let waiting = pending.map_or(0, |pending| pending.return_days);
        if waiting > 0 && waiting >= fewest_days {
            let months = waiting.saturating_add(4).saturating_mul(12);
            let months = months.saturating_add(364) / 365;
            let message = format!(
                "points wait {waiting} days before they may be spent and could be gone by then; \
                 let them live for {months} or more months"
            );
            self.problem("/expiry", message);
        }
    }
}
