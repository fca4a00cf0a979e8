//! What a cart of the demo shop costs: goods, coupon, delivery, tax.
//!
//! The same rules as the page's `pricing.js`, and the ones that count: an order whose total differs is
//! refused. Cents throughout; every division names its direction.

use earnest_core::Money;
use earnest_core::allocation::split;
use serde::{Deserialize, Serialize};

use super::DemoError;
use super::catalogue::{CURRENCY, Product, currency};

const COUPON: &str = "HARBOUR10";
const COUPON_PERCENT: i64 = 10;
const STANDARD_CENTS: i64 = 490;
const STANDARD_FREE_FROM_CENTS: i64 = 6_000;
const EXPRESS_CENTS: i64 = 990;
const SHIPPING_TAX_PERCENT: i64 = 19;

/// How an order travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Delivery {
    /// Free from 60.00 after the discount.
    Standard,
    /// Never free.
    Express,
}

/// A product and how many of it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What.
    pub(super) product: Product,
    /// How many, 1 or more.
    pub(super) quantity: u32,
}

/// What an order costs, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Totals {
    subtotal: String,
    discount: String,
    shipping: String,
    tax: String,
    /// What the shopper pays.
    pub(super) total: String,
}

/// The cart as it is posted to the API. Every amount is told, zeros too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct SentCart {
    currency: &'static str,
    prices_include_tax: bool,
    lines: Vec<SentLine>,
    discount: String,
    shipping: String,
    shipping_tax: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct SentLine {
    id: String,
    product: String,
    categories: [String; 1],
    tags: Vec<String>,
    quantity: u32,
    unit_price: String,
    discount: String,
    tax: String,
}

/// Prices a cart.
pub(super) fn price(
    items: &[Item],
    coupon: Option<&str>,
    delivery: Delivery,
) -> Result<(Totals, SentCart), DemoError> {
    let goods: Vec<i64> = items
        .iter()
        .map(|item| Ok(item.product.price_cents()? * i64::from(item.quantity)))
        .collect::<Result<_, DemoError>>()?;
    let subtotal: i64 = goods.iter().sum();
    let discount = match coupon.map(normal).as_deref() {
        None => 0,
        Some(COUPON) => percent_of(subtotal, COUPON_PERCENT),
        Some(_) => return Err(DemoError::CouponUnknown),
    };
    // The discount falls on the lines by their worth, to the last cent, as the core lets it fall.
    let skus: Vec<&str> = items.iter().map(|item| item.product.sku.as_str()).collect();
    let shares = split(discount, &goods, &skus);
    let taxes: Vec<i64> = items
        .iter()
        .zip(goods.iter().zip(&shares))
        .map(|(item, (cents, share))| tax_within(cents - share, item.product.tax_percent))
        .collect();
    let shipping = match delivery {
        Delivery::Standard if subtotal - discount >= STANDARD_FREE_FROM_CENTS => 0,
        Delivery::Standard => STANDARD_CENTS,
        Delivery::Express => EXPRESS_CENTS,
    };
    let shipping_tax = tax_within(shipping, SHIPPING_TAX_PERCENT);

    let totals = Totals {
        subtotal: text(subtotal)?,
        discount: text(discount)?,
        shipping: text(shipping)?,
        tax: text(taxes.iter().sum::<i64>() + shipping_tax)?,
        total: text(subtotal - discount + shipping)?,
    };
    let lines = items.iter().zip(taxes).map(|(item, tax)| {
        Ok(SentLine {
            id: item.product.sku.clone(),
            product: item.product.sku.clone(),
            categories: [item.product.category.clone()],
            tags: item.product.tags.clone(),
            quantity: item.quantity,
            unit_price: item.product.price.clone(),
            discount: text(0)?,
            tax: text(tax)?,
        })
    });
    let cart = SentCart {
        currency: CURRENCY,
        prices_include_tax: true,
        lines: lines.collect::<Result<_, DemoError>>()?,
        discount: text(discount)?,
        shipping: text(shipping)?,
        shipping_tax: text(shipping_tax)?,
    };
    Ok((totals, cart))
}

/// What a coupon is looked up by.
fn normal(coupon: &str) -> String {
    coupon.trim().to_uppercase()
}

/// A percentage of an amount, rounded half up to the cent.
fn percent_of(cents: i64, percent: i64) -> i64 {
    (2 * cents * percent + 100) / 200
}

/// The tax inside a gross amount, rounded half up to the cent.
fn tax_within(gross_cents: i64, percent: i64) -> i64 {
    let whole = 100 + percent;
    (2 * gross_cents * percent + whole) / (2 * whole)
}

fn text(cents: i64) -> Result<String, DemoError> {
    let money = Money::from_minor(cents, currency()?);
    money
        .map(|money| money.amount().to_string())
        .map_err(|error| DemoError::Broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::products;
    use super::*;

    fn check(
        cart: &[(&str, u32)],
        coupon: Option<&str>,
        delivery: Delivery,
        [subtotal, discount, shipping, tax, total]: [&str; 5],
    ) {
        let products = products().expect("the catalogue is in order");
        let item = |(sku, quantity): &(&str, u32)| Item {
            product: products
                .iter()
                .find(|product| product.sku == *sku)
                .expect("a product of the catalogue")
                .clone(),
            quantity: *quantity,
        };
        let items: Vec<Item> = cart.iter().map(item).collect();
        let (totals, _) = price(&items, coupon, delivery).expect("a cart that can be priced");
        let expected = Totals {
            subtotal: subtotal.to_owned(),
            discount: discount.to_owned(),
            shipping: shipping.to_owned(),
            tax: tax.to_owned(),
            total: total.to_owned(),
        };
        assert_eq!(totals, expected, "{cart:?}");
    }

    #[test]
    fn a_cart_costs_its_goods_less_the_coupon_plus_delivery() {
        use Delivery::{Express, Standard};
        // 39.98 × 7/107 = 2.6155, 4.90 × 19/119 = 0.7824
        check(
            &[("kenya-aa", 2)],
            None,
            Standard,
            ["39.98", "0.00", "4.90", "3.40", "44.88"],
        );
        // A tenth of 39.98 is 3.998; 35.98 × 7/107 = 2.3538, 9.90 × 19/119 = 1.5807
        check(
            &[("kenya-aa", 2)],
            Some(" harbour10 "),
            Express,
            ["39.98", "4.00", "9.90", "3.93", "45.88"],
        );
        // 79.96 less 8.00 is 71.96, which travels free; × 7/107 = 4.7077
        check(
            &[("kenya-aa", 4)],
            Some("HARBOUR10"),
            Standard,
            ["79.96", "8.00", "0.00", "4.71", "71.96"],
        );
    }

    #[test]
    fn a_coupon_that_there_is_not_is_refused() {
        assert_eq!(
            price(&[], Some("HARBOUR99"), Delivery::Standard),
            Err(DemoError::CouponUnknown)
        );
    }
}
