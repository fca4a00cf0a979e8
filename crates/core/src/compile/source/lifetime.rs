//! Pending and expiry as a merchant writes them.

use serde::Deserialize;

/// How long points wait before they may be spent.
///
/// ```toml
/// [pending]
/// return_days = 14
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Pending"))]
#[serde(deny_unknown_fields)]
pub struct PendingSource {
    /// Days in which an order may be sent back: `14`. The points may be spent when the 14th day after the order
    /// is over.
    pub return_days: i64,
}

/// Until when points live: one of `after_months`, `end_of` and `after_inactive_months`. Without an `[expiry]`
/// they live for good. On its last day a point can still be spent.
///
/// ```toml
/// [expiry]
/// end_of = "year"
/// minimum_months = 3
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Expiry"))]
#[serde(deny_unknown_fields, default)]
pub struct ExpirySource {
    /// Calendar months after they were earned: `12`. From 31 January, one month ends on the last of February.
    pub after_months: Option<i64>,
    /// The end of the calendar `month` or `year`.
    pub end_of: Option<PeriodName>,
    /// Calendar months in which the member did nothing: `24`. What she does is an order, whatever it earns, or an
    /// activity; each counts from its own instant, in whatever order they are reported, for all points that she has by
    /// then, held for a reward or not. Redeeming, points that are given to her or that she gives to somebody else,
    /// adjustments and refunds are nothing that she does, and what has expired stays so.
    pub after_inactive_months: Option<i64>,
    /// Calendar months that they live in any case: with `end_of = "year"` and `3`, points of November live until
    /// the end of the next year. Default: none.
    pub minimum_months: Option<i64>,
}

/// A period that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Period"))]
#[serde(rename_all = "lowercase")]
pub enum PeriodName {
    /// The calendar month.
    Month,
    /// The calendar year.
    Year,
}
