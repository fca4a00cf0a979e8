//! A cart on the wire.

use crate::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Cart, CartError, CartErrorKind, CartTotals, Checkout, Currency, Line, Money};

/// A cart as a storefront states it. Amounts are decimal strings in `currency`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CartDocument {
    /// ISO 4217 code of every amount: `EUR`.
    pub currency: String,
    /// Whether unit prices and shipping have their tax in them. Default: true.
    #[serde(default = "yes")]
    pub prices_include_tax: bool,
    /// The lines, at most 1,000.
    pub lines: Vec<LineDocument>,
    /// What is taken off the order. Default: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<String>,
    /// The price of shipping. Default: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<String>,
    /// The tax of shipping. Default: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_tax: Option<String>,
    /// How the order is paid: `store-card`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Where it is sold: `web`, `app`, `till`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// How it is delivered: `pickup`, `slow`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// The partner whose order it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// The coupons used, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
}

/// One line of a cart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineDocument {
    /// Names the line within the cart.
    pub id: String,
    /// The shop's product id.
    pub product: String,
    /// Categories of the product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Tags of the product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Brand of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Who sells it, where that is not the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Units, 1 or more.
    pub quantity: u32,
    /// The price of one unit, before any discount.
    pub unit_price: String,
    /// What is taken off the whole line. Default: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<String>,
    /// The tax of the line after all discounts. Default: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<String>,
}

fn yes() -> bool {
    true
}

impl From<&Cart> for CartDocument {
    /// The canonical form, in which two statements of the same cart are the same text: each amount with
    /// all its decimals, and none where it is zero and may be left out.
    fn from(cart: &Cart) -> Self {
        let totals = cart.totals();
        let checkout = cart.checkout().clone();
        let amount = |minor| Decimal::new(minor, totals.currency.minor_digits()).to_string();
        let unless_zero = |minor| (minor != 0).then(|| amount(minor));
        let lines = cart.lines().iter().map(|line| LineDocument {
            id: line.id.clone(),
            product: line.product.clone(),
            categories: line.categories.clone(),
            tags: line.tags.clone(),
            brand: line.brand.clone(),
            vendor: line.vendor.clone(),
            quantity: line.quantity,
            unit_price: amount(line.unit_price_minor),
            discount: unless_zero(line.discount_minor),
            tax: unless_zero(line.tax_minor),
        });
        Self {
            currency: totals.currency.code().to_owned(),
            prices_include_tax: totals.prices_include_tax,
            lines: lines.collect(),
            discount: unless_zero(totals.discount_minor),
            shipping: unless_zero(totals.shipping_minor),
            shipping_tax: unless_zero(totals.shipping_tax_minor),
            payment_method: checkout.payment_method,
            channel: checkout.channel,
            location: checkout.location,
            delivery: checkout.delivery,
            partner: checkout.partner,
            coupons: checkout.coupons,
        }
    }
}

impl TryFrom<CartDocument> for Cart {
    type Error = CartError;

    fn try_from(cart: CartDocument) -> Result<Self, CartError> {
        let currency = Currency::parse(&cart.currency)
            .map_err(|error| CartErrorKind::from(error).at(None, "currency"))?;
        let minor = |text: Option<&str>, line: Option<usize>, field: &str| match text {
            None => Ok(0),
            Some(text) => Money::parse(text, currency)
                .map(Money::minor)
                .map_err(|error| CartErrorKind::from(error).at(line, field)),
        };
        let totals = CartTotals {
            currency,
            prices_include_tax: cart.prices_include_tax,
            discount_minor: minor(cart.discount.as_deref(), None, "discount")?,
            shipping_minor: minor(cart.shipping.as_deref(), None, "shipping")?,
            shipping_tax_minor: minor(cart.shipping_tax.as_deref(), None, "shipping_tax")?,
        };
        let mut lines = Vec::with_capacity(cart.lines.len());
        for (nth, line) in cart.lines.into_iter().enumerate() {
            let amount = |text: Option<&str>, field| minor(text, Some(nth), field);
            lines.push(Line {
                unit_price_minor: amount(Some(&line.unit_price), "unit_price")?,
                discount_minor: amount(line.discount.as_deref(), "discount")?,
                tax_minor: amount(line.tax.as_deref(), "tax")?,
                id: line.id,
                product: line.product,
                categories: line.categories,
                tags: line.tags,
                brand: line.brand,
                vendor: line.vendor,
                quantity: line.quantity,
            });
        }
        Self::new(totals, lines)?.placed(Checkout {
            payment_method: cart.payment_method,
            channel: cart.channel,
            location: cart.location,
            delivery: cart.delivery,
            partner: cart.partner,
            coupons: cart.coupons,
        })
    }
}
