//! Days: what was booked on each, summed by a trigger as entries are appended; and what programs expected.

use earnest_core::limits::MAX_POINTS;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{Rows, Statement, StoreError};
use crate::json;

/// The entries of a kind, in a currency, of one day or of the days since an estimate began.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DayRow {
    /// The day, or the first one that the estimate holds for.
    pub day: i64,
    /// What the entries are for.
    pub kind: String,
    /// The currency of the orders that earned the points; empty where no order did.
    pub currency: String,
    /// The sum of their points.
    #[serde(deserialize_with = "exactly")]
    pub points: i64,
    /// What of it was taken by entries that may either give or take: 0 or less.
    #[serde(deserialize_with = "exactly")]
    pub taken_points: i64,
    /// What was paid for the orders, in minor units.
    #[serde(deserialize_with = "exactly")]
    pub spent_minor: i64,
}

/// A sum over members may be more than a number of JavaScript holds, as which D1 gives numbers; so it comes as a text.
pub(super) fn exactly<'de, D: Deserializer<'de>>(column: D) -> Result<i64, D::Error> {
    let text = String::deserialize(column)?;
    text.parse().map_err(D::Error::custom)
}

/// What a version of the program expects of points, where it is not what the one before did.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EstimateRow {
    /// When it was published, in milliseconds.
    pub published_at: i64,
    /// The percentage of points that is ever redeemed; `None` where it does not say.
    pub redeemed_percent: Option<String>,
    /// What a point is worth by currency, a JSON object; `None` where it does not say.
    pub worth: Option<String>,
    /// The offsets of its time zone, a JSON list; `None` where it has none.
    pub offsets: Option<String>,
}

/// Before any day that a shop has; what JavaScript carries.
pub const FIRST_DAY: i64 = -MAX_POINTS;

/// The sums that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn days(rows: &impl Rows) -> Result<Vec<DayRow>, StoreError> {
    rows.all()
}

/// The estimates that a statement found, in the order of their versions.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn estimates(rows: &impl Rows) -> Result<Vec<EstimateRow>, StoreError> {
    rows.all()
}

/// Reads from one day to another, both included.
pub fn load(shop: &str, from: i64, to: i64) -> Statement {
    Statement::new(
        "SELECT day, kind, currency, CAST(points AS TEXT) AS points, \
                CAST(taken_points AS TEXT) AS taken_points, CAST(spent_minor AS TEXT) AS spent_minor FROM days \
         WHERE shop = ?1 AND day BETWEEN ?2 AND ?3",
        [shop.into(), from.into(), to.into()],
    )
}

/// Sums the days before one, apart for those since each of `firsts`, which are in order. A range of the primary key
/// for each; the rows that it gives are few however old the shop is.
pub fn load_sums_before(shop: &str, day: i64, firsts: &[i64]) -> Statement {
    let firsts = firsts.iter().copied().filter(|first| *first < day);
    let mut begins: Vec<i64> = std::iter::once(FIRST_DAY).chain(firsts).collect();
    begins.dedup();
    let ends = begins.iter().copied().skip(1).chain([day]);
    let spans: Vec<(i64, i64)> = begins.iter().copied().zip(ends).collect();
    Statement::new(
        // CROSS, so that the spans are gone through and the days looked up.
        "SELECT span.value ->> 0 AS day, kind, currency, CAST(sum(points) AS TEXT) AS points, \
                CAST(sum(taken_points) AS TEXT) AS taken_points, CAST(sum(spent_minor) AS TEXT) AS spent_minor \
         FROM json_each(?2) AS span CROSS JOIN days \
         WHERE days.shop = ?1 AND days.day >= span.value ->> 0 AND days.day < span.value ->> 1 \
         GROUP BY span.key, kind, currency",
        [shop.into(), json(&spans).as_str().into()],
    )
}

/// Reads what each version of the program expected, where it was something else than the one before.
pub fn load_estimates(shop: &str) -> Statement {
    Statement::new(
        "WITH told AS (
           SELECT version, published_at, document ->> '$.accounting.redeemed_percent' AS redeemed_percent,
             document -> '$.points.worth' AS worth, document -> '$.offsets' AS offsets
           FROM programs WHERE shop = ?1
         ), compared AS (
           SELECT *, lag(version) OVER versions AS earlier,
             lag(redeemed_percent) OVER versions AS percent_before, lag(worth) OVER versions AS worth_before
           FROM told WINDOW versions AS (ORDER BY version)
         )
         SELECT published_at, redeemed_percent, worth, offsets FROM compared
         WHERE earlier IS NULL OR redeemed_percent IS NOT percent_before OR worth IS NOT worth_before
         ORDER BY version",
        [shop.into()],
    )
}
