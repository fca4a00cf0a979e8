//! The demo shop's catalogue, compiled in from the file that its pages read.

use earnest_core::{Currency, Money};
use serde::Deserialize;

use super::DemoError;

const CATALOGUE: &str = include_str!("../../../../www/demo/catalogue.json");
/// The one currency of the shop.
pub(super) const CURRENCY: &str = "EUR";

/// A product, as far as its price is concerned.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Product {
    /// The shop's id.
    pub(super) sku: String,
    /// Its one category.
    pub(super) category: String,
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// With tax, as it is written on the page: `19.99`.
    pub(super) price: String,
    /// How much of the price before tax the tax is.
    pub(super) tax_percent: i64,
}

impl Product {
    /// The price in cents.
    pub(super) fn price_cents(&self) -> Result<i64, DemoError> {
        let currency = currency()?;
        let price = Money::parse(&self.price, currency).map_err(broken)?;
        Ok(price.minor())
    }
}

/// The currency of the shop.
pub(super) fn currency() -> Result<Currency, DemoError> {
    Currency::parse(CURRENCY).map_err(broken)
}

/// All products.
pub(super) fn products() -> Result<Vec<Product>, DemoError> {
    serde_json::from_str(CATALOGUE).map_err(broken)
}

fn broken(error: impl std::error::Error) -> DemoError {
    DemoError::Broken(format!("the catalogue: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_a_price() {
        let products = products().expect("the catalogue is in order");
        assert!(!products.is_empty());
        for product in products {
            assert!(
                product.price_cents().is_ok_and(|cents| cents > 0),
                "{}",
                product.sku
            );
        }
    }
}
