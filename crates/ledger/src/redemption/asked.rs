//! For whose order a redemption was asked: the shop's own, or a partner's.
//!
//! Invariant: it is read from what was asked, which is kept as it was; so it is known of every redemption there is.

use earnest_core::Currency;
use earnest_core::partner::OfPartner;
use serde::Deserialize;

use crate::StoreError;
use crate::store::redemptions::RedemptionRow;

/// The cart that a redemption was asked for, as far as it says whose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct AskedCart {
    currency: String,
    #[serde(default)]
    pub(crate) partner: Option<String>,
}

impl AskedCart {
    /// That of a redemption; `None` where it was asked for any order, or given.
    pub(crate) fn of(row: &RedemptionRow) -> Result<Option<Self>, StoreError> {
        #[derive(Deserialize)]
        struct Content {
            #[serde(default)]
            cart: Option<AskedCart>,
        }
        let content: Result<Content, _> = serde_json::from_str(&row.content);
        let broken = |error| StoreError::Broken(format!("a redemption cannot be read: {error}"));
        content.map(|it| it.cart).map_err(broken)
    }

    /// The partner at which it is spent, where no order says so.
    pub(crate) fn of_partner(self) -> Result<Option<OfPartner>, StoreError> {
        let broken = |error| StoreError::Broken(format!("a redemption cannot be read: {error}"));
        let currency = Currency::parse(&self.currency).map_err(broken)?;
        Ok(self.partner.map(|id| OfPartner { id, currency }))
    }
}
