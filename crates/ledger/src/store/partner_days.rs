//! What was earned and spent at partners on each day, summed by a trigger as entries are appended; and their rates.

use earnest_core::partner::Partner;
use earnest_core::wire::PartnerDocument;
use serde::Deserialize;

use super::days::exactly;
use super::{Rows, Statement, StoreError};

/// The entries of a partner in a currency under a version of the program, over some days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TrafficRow {
    /// The id of the partner.
    pub partner: String,
    /// The currency of the orders; empty where it was not kept.
    pub currency: String,
    /// The version.
    pub program_version: u32,
    /// Points earned there, less those that were taken back.
    #[serde(deserialize_with = "exactly")]
    pub earned_points: i64,
    /// Points spent there, less those that came back.
    #[serde(deserialize_with = "exactly")]
    pub spent_points: i64,
}

/// The sums that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn traffic(rows: &impl Rows) -> Result<Vec<TrafficRow>, StoreError> {
    rows.all()
}

/// The partners of each version that a statement found. A document that this release cannot read is as good as gone.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn partners(rows: &impl Rows) -> Result<Vec<(u32, Vec<Partner>)>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        version: u32,
        partners: Option<String>,
    }
    let rows: Vec<Row> = rows.all()?;
    let read = |text: &str| {
        let documents: Vec<PartnerDocument> = serde_json::from_str(text).ok()?;
        let partners = documents.into_iter().map(Partner::try_from);
        partners.collect::<Result<Vec<_>, _>>().ok()
    };
    let partners = rows.into_iter().map(|row| {
        let partners = row.partners.as_deref().and_then(read);
        (row.version, partners.unwrap_or_default())
    });
    Ok(partners.collect())
}

/// Sums from one day to another, both included.
pub fn load_traffic(shop: &str, from: i64, to: i64) -> Statement {
    Statement::new(
        "SELECT partner, currency, program_version, CAST(sum(earned_points) AS TEXT) AS earned_points, \
                CAST(sum(spent_points) AS TEXT) AS spent_points FROM partner_days \
         WHERE shop = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY partner, currency, program_version",
        [shop.into(), from.into(), to.into()],
    )
}

/// Reads the partners of the versions under which something was booked on these days.
pub fn load_partners(shop: &str, from: i64, to: i64) -> Statement {
    Statement::new(
        "SELECT version, document -> '$.partners' AS partners FROM programs WHERE shop = ?1 AND version IN (\
         SELECT program_version FROM partner_days WHERE shop = ?1 AND day BETWEEN ?2 AND ?3) ORDER BY version",
        [shop.into(), from.into(), to.into()],
    )
}
