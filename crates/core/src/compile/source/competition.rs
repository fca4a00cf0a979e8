//! Competitions as a merchant writes them.

use serde::Deserialize;

use super::MeasureName;

/// A board of members who want to be on it, by the names that they chose, over some time.
///
/// ```toml
/// [[competitions]]
/// id = "summer-cup-2027"
/// label = "Summer cup"
/// by = "points"
/// from = 2027-06-01
/// until = 2027-08-31
/// places = 10
/// prizes = [1000, 500, 250]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Competition"))]
#[serde(deny_unknown_fields)]
pub struct CompetitionSource {
    /// Names the competition in the ledger: `summer-cup-2027`. The next one has an id of its own: nothing begins anew
    /// under that of one that is over.
    pub id: String,
    /// What the shopper reads: `Summer cup`.
    pub label: String,
    /// What is ranked: `points`, `spend` or `orders`. Default: `points`.
    #[serde(default)]
    pub by: MeasureName,
    /// The one currency in which spending counts: `"EUR"`.
    #[serde(default)]
    pub currency: Option<String>,
    /// From when something counts: a day, or a date with its time.
    pub from: String,
    /// Until when. A day on its own is the last one.
    pub until: String,
    /// Places on the board. Default: 10.
    #[serde(default)]
    pub places: Option<i64>,
    /// Points for the first place, the second, and so on: `[1000, 500, 250]`. They are given when the competition is over
    /// and, with `[pending]`, nothing that counted for it can come back any more. Default: none.
    #[serde(default)]
    pub prizes: Vec<i64>,
}
