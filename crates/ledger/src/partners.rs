//! What brands owe each other for some days: what is read for it, and what it comes to.
//!
//! The core settles; here its arguments are made of what the store has. Invariant: the points are the sums of the
//! entries that carry a partner, to the last one, since a trigger keeps them.

use earnest_core::Currency;
use earnest_core::partner::{Settlement, SumTooLarge, Traffic, settle};

use crate::books::Period;
use crate::store::partner_days;
use crate::store::{Rows, Statement, StoreError};

/// Why partners cannot be settled with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartnersError {
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was booked is beyond what can be counted.
    #[error(transparent)]
    TooLarge(#[from] SumTooLarge),
}

/// What to read, in one batch.
#[must_use]
pub fn load_partners(shop: &str, Period { from, to }: Period) -> [Statement; 2] {
    [
        partner_days::load_traffic(shop, from, to),
        partner_days::load_partners(shop, from, to),
    ]
}

/// What it comes to, for each partner and currency.
///
/// # Errors
/// Where the store has it in another shape, or it is too large.
pub fn settle_partners<R: Rows>(
    [traffic, partners]: &[R; 2],
) -> Result<Vec<Settlement>, PartnersError> {
    let rows = partner_days::traffic(traffic)?;
    let traffic = rows.iter().map(|row| {
        let code = Some(row.currency.as_str()).filter(|code| !code.is_empty());
        let currency = code.map(Currency::parse).transpose();
        Ok(Traffic {
            partner: &row.partner,
            currency: currency.map_err(|error| StoreError::Broken(error.to_string()))?,
            version: row.program_version,
            earned: row.earned_points,
            spent: row.spent_points,
        })
    });
    let traffic: Vec<Traffic<'_>> = traffic.collect::<Result<_, StoreError>>()?;
    Ok(settle(&partner_days::partners(partners)?, &traffic)?)
}
