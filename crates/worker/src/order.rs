//! An order as a shop posts it: read, checked, and put into the form in which it is kept.
//!
//! Booking it is the endpoint's. Invariant: the canonical content holds no e-mail, only its hash.

mod shown;

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Points, ProgramRef, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use self::shown::Comparison;
use self::shown::ShownDocument;
use crate::answer::json;
use crate::customer::{Customer, CustomerContent, CustomerDocument};
use crate::differences::Differences;
use crate::instant::{parse_past, rfc3339};
use crate::problem::Failure;
use crate::text::check_name;

/// Why an order is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrderError {
    #[error("an order has at least one line")]
    NoLines,
    #[error("the shop has no member of this id; for somebody who is no member yet, leave it out")]
    UnknownMember,
    #[error("{}", .0.told("an order"))]
    Differs(Differences),
    #[error("the order and its answer are {0} bytes together, and at most {max} can be kept", max = crate::store::orders::MAX_ORDER_BYTES)]
    TooLargeToKeep(usize),
}

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
    preview: Option<ShownDocument>,
}

/// A checked order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The shop's id.
    pub(crate) id: String,
    /// When it was placed, where the shop said so.
    pub(crate) placed_at: Option<Timestamp>,
    /// What was bought.
    pub(crate) cart: Cart,
    /// What the page showed of it, where the shop said so.
    shown: Option<ShownDocument>,
    /// Who bought.
    pub(crate) customer: Customer,
}

/// What is kept, and compared when the id comes again. The names are those of the document, so that a
/// pointer into the one is a pointer into the other.
#[derive(Serialize)]
struct Content<'a> {
    placed_at: Option<String>,
    customer: CustomerContent<'a>,
    cart: CartDocument,
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
        if self.cart.lines.is_empty() {
            return Err(OrderError::NoLines.into());
        }
        Ok(Order {
            id: self.id,
            placed_at,
            cart: Cart::try_from(self.cart)?,
            shown: self.preview,
            customer,
        })
    }
}

impl Order {
    /// How what the page showed compares with what is booked; `None` where the shop said nothing of it.
    pub(crate) fn compare_shown(&self, program: &ProgramRef, points: Points) -> Option<Comparison> {
        let shown = self.shown.as_ref()?;
        Some(shown.compare(program, points))
    }

    /// The canonical content, JSON.
    pub(crate) fn content(&self) -> String {
        json(&Content {
            placed_at: self.placed_at.map(rfc3339),
            customer: self.customer.content(),
            cart: CartDocument::from(&self.cart),
        })
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
