//! Challenges as a merchant writes them.

use serde::Deserialize;

use super::condition::something;
use crate::wire::DecimalText;

/// A goal over several orders or activities, with what reaching it gives.
///
/// ```toml
/// [[challenges]]
/// id = "three-in-thirty"
/// label = "3 orders in 30 days"
/// count = "orders"
/// days = 30
/// steps = [{ at = 3, points = 100, badge = "Regular" }]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Challenge"))]
#[serde(deny_unknown_fields)]
pub struct ChallengeSource {
    /// Names the challenge in the ledger: `three-in-thirty`.
    pub id: String,
    /// What the shopper reads: `3 orders in 30 days`.
    pub label: String,
    /// What is counted: `orders`; different `categories` bought from; what is `spend`; `activities` of a
    /// kind; or the `weeks` or `months` in a row with an order in each.
    pub count: CountName,
    /// The one currency in which spending counts: `"EUR"`.
    #[serde(default)]
    pub currency: Option<String>,
    /// The kind of activity that counts: `"review"`. With `weeks` and `months` a streak of it, instead of a
    /// streak of orders.
    #[serde(default)]
    pub activity: Option<String>,
    /// Only what is bought from these categories counts: `["coffee", "tea"]`. Default: everything.
    #[serde(default, deserialize_with = "something")]
    pub categories: Vec<String>,
    /// It is to be reached within so many days in a row: `30`. Default: there is no hurry.
    #[serde(default)]
    pub days: Option<i64>,
    /// The steps, lowest first. One is a goal; several are a ladder, each step with its own points, badge and
    /// reward.
    pub steps: Vec<ChallengeStepSource>,
    /// Whether it begins anew when its last step is reached. Default: false.
    #[serde(default)]
    pub repeat: bool,
    /// From when something counts: a day, or a date with its time.
    #[serde(default)]
    pub from: Option<String>,
    /// Until when. A day on its own is the last one.
    #[serde(default)]
    pub until: Option<String>,
}

/// A step of a challenge.
///
/// ```toml
/// steps = [{ at = 3, points = 50, badge = "Bronze" }, { at = 10, points = 300, badge = "Gold" }]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ChallengeStep"))]
#[serde(deny_unknown_fields)]
pub struct ChallengeStepSource {
    /// What must be counted for it: `3`, or an amount where spending counts.
    pub at: DecimalText,
    /// Points that it gives. Default: none.
    #[serde(default)]
    pub points: i64,
    /// The badge that it gives: `Regular`. Default: none.
    #[serde(default)]
    pub badge: Option<String>,
    /// The reward that it gives, by its id: `early-access`. It costs her nothing, and is hers until she uses it;
    /// an order or activity that reaches the step more than once gives it once. Default: none.
    #[serde(default)]
    pub reward: Option<String>,
}

/// What a challenge counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ChallengeCount"))]
#[serde(rename_all = "kebab-case")]
pub enum CountName {
    /// Orders of which something counts.
    #[default]
    Orders,
    /// Different categories.
    Categories,
    /// What of orders counts, in one currency.
    Spend,
    /// Activities of a kind, by their quantity.
    Activities,
    /// Weeks in a row, from Monday to Sunday.
    Weeks,
    /// Calendar months in a row.
    Months,
}
