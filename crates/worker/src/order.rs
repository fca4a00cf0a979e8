//! An order as a shop posts it: read and checked. Its form in storage and its booking are the ledger's.

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Timestamp};
use earnest_ledger::{MAX_REDEMPTIONS, Order, OrderError, Shown};
use serde::Deserialize;

use crate::customer::CustomerDocument;
use crate::instant::parse_past;
use crate::problem::Failure;
use crate::sign::ToldSigns;
use crate::text::check_name;

/// The body of `POST /v1/orders`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderDocument {
    id: String,
    #[serde(default)]
    placed_at: Option<String>,
    #[serde(default)]
    customer: CustomerDocument,
    cart: CartDocument,
    #[serde(default)]
    preview: Option<Shown>,
    /// A quote that `POST /v1/quotes` gave. It is no part of the order: what comes again without it is the same.
    #[serde(default)]
    pub(crate) quote: Option<String>,
    /// The ids of the redemptions that it is paid with.
    #[serde(default)]
    redemptions: Vec<String>,
    /// What it was paid with, and where it goes: by these who refers herself is found out. They are no part of it
    /// either.
    #[serde(default)]
    payment_fingerprint: Option<String>,
    #[serde(default)]
    address: Option<String>,
}

impl OrderDocument {
    /// Checks the order. `pepper` is what e-mails are hashed with.
    pub(crate) fn check(self, shop: &str, pepper: &str, now: Timestamp) -> Result<Order, Failure> {
        check_name(&self.id).map_err(|error| Failure::name(error, "/id"))?;
        let placed_at = self.placed_at.as_deref();
        let placed_at = placed_at
            .map(|text| parse_past(text, now))
            .transpose()
            .map_err(|error| Failure::instant(error, "/placed_at"))?;
        let customer = self.customer.check(shop, pepper)?;
        let signs = ToldSigns {
            email: None,
            payment_fingerprint: self.payment_fingerprint.as_deref(),
            address: self.address.as_deref(),
        };
        let signs = signs.check(shop, pepper)?;
        if self.cart.lines.is_empty() {
            return Err(OrderError::NoLines.into());
        }
        let order = Order {
            id: self.id,
            placed_at,
            cart: Cart::try_from(self.cart)?,
            shown: self.preview,
            customer,
            redemptions: self.redemptions,
            signs,
        };
        let redemptions = order.redemption_ids().len();
        if redemptions > MAX_REDEMPTIONS {
            return Err(OrderError::TooManyRedemptions(redemptions).into());
        }
        Ok(order)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn order(json: &str) -> Result<Order, Failure> {
        let document: OrderDocument = crate::body::parse(json.as_bytes())?;
        document.check("demo", "pepper", Timestamp::from_millis(1_776_677_400_000))
    }

    // Stored content is compared with content of later versions: its bytes are pinned.
    #[test]
    fn the_same_order_has_the_same_content_however_it_is_written() {
        let long = r#"{"id":"1001","placed_at":"2026-04-20T11:30:00+02:00",
            "customer":{"email":"Ada@Example.com"},
            "cart":{"currency":"EUR","prices_include_tax":true,"discount":"0.00","lines":[
            {"id":"a","product":"p","categories":[],"quantity":2,"unit_price":"4.5","tax":"0"}]}}"#;
        let short = r#"{"id":"1001","placed_at":"2026-04-20T09:30:00Z",
            "customer":{"email":"ada@example.com","id":null},"preview":{"points":13},
            "cart":{"lines":[{"unit_price":"4.50","quantity":2,"product":"p","id":"a"}],"currency":"EUR"}}"#;
        let content = |json| order(json).expect("an order of the test").content();
        assert_eq!(content(long), content(short));
        expect![[r#"{"placed_at":"2026-04-20T09:30:00.000Z","customer":{"member_id":null,"id":null,"email":"8c04edef4780d1ea359c7486939ef2a8d1ed2d13c52145b940e23b23e00b385f"},"cart":{"currency":"EUR","prices_include_tax":true,"lines":[{"id":"a","product":"p","quantity":2,"unit_price":"4.50"}]}}"#]].assert_eq(&content(short));
    }
}
