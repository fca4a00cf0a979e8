//! Pending and expiry on the wire.

use serde::{Deserialize, Serialize};

use crate::lifetime::{Expiry, ExpiryRule, Pending};

/// How long points wait before they may be spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingDocument {
    /// Days in which an order may be sent back.
    pub return_days: i64,
}

/// Until when points live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryDocument {
    /// What ends them.
    pub rule: ExpiryRuleDocument,
    /// Calendar months that they live in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_months: Option<i64>,
}

/// What ends points: `"end_of_year"`, or an object with one key, `{"after_months":12}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryRuleDocument {
    /// So many calendar months after they were earned.
    AfterMonths(i64),
    /// The end of a month.
    EndOfMonth,
    /// The end of a calendar year.
    EndOfYear,
    /// So many calendar months in which the member did nothing.
    AfterInactiveMonths(i64),
}

impl From<PendingDocument> for Pending {
    fn from(document: PendingDocument) -> Self {
        Self {
            return_days: document.return_days,
        }
    }
}

impl From<ExpiryDocument> for Expiry {
    fn from(document: ExpiryDocument) -> Self {
        Self {
            rule: match document.rule {
                ExpiryRuleDocument::AfterMonths(months) => ExpiryRule::AfterMonths(months),
                ExpiryRuleDocument::EndOfMonth => ExpiryRule::EndOfMonth,
                ExpiryRuleDocument::EndOfYear => ExpiryRule::EndOfYear,
                ExpiryRuleDocument::AfterInactiveMonths(months) => {
                    ExpiryRule::AfterInactiveMonths(months)
                }
            },
            minimum_months: document.minimum_months.unwrap_or(0),
        }
    }
}
