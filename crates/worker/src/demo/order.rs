//! `POST /demo/order`: the shop takes an order, and tells the API of it as soon as it is paid.
//!
//! The page says what and how many; what it costs is decided here.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use worker::Request;

use super::DemoError;
use super::catalogue::products;
use super::customer;
use super::pricing::{Delivery, Item, SentCart, Totals, price};
use super::shop_server::ShopServer;
use crate::answer::Answer;
use crate::body::{self, SMALL_BYTES};
use crate::email::Email;
use crate::problem::Failure;
use crate::random;
use earnest_ledger::hex;

/// As many of one product as the shop sends at once.
const MOST: u32 = 99;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderForm {
    items: Vec<ItemForm>,
    #[serde(default)]
    coupon: Option<String>,
    delivery: Delivery,
    email: String,
    #[serde(default, rename = "name")]
    _name: Option<String>,
    #[serde(default)]
    customer: Option<String>,
    expected_total: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemForm {
    sku: String,
    quantity: u32,
}

/// The order as any shop would post it.
#[derive(Serialize)]
struct SentOrder {
    id: String,
    customer: SentCustomer,
    cart: SentCart,
}

#[derive(Serialize)]
struct SentCustomer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    email: String,
}

#[derive(Serialize)]
struct Taken<'a> {
    order_id: &'a str,
    totals: Totals,
    sent: &'a SentOrder,
    booked: Value,
}

pub(super) async fn answer(request: &mut Request, server: &ShopServer) -> Result<Answer, Failure> {
    let form: OrderForm = body::parse(&body::read(request, SMALL_BYTES).await?)?;
    let items = items(form.items)?;
    if let Some(customer) = &form.customer {
        customer::check(customer)?;
    }
    Email::parse(&form.email).map_err(|error| Failure::email(error, "/email"))?;
    let (totals, cart) = price(&items, form.coupon.as_deref(), form.delivery)?;
    if totals.total != form.expected_total {
        return Err(DemoError::TotalDiffers {
            is: totals.total,
            expected: form.expected_total,
        }
        .into());
    }
    let sent = SentOrder {
        id: order_id()?,
        customer: SentCustomer {
            id: form.customer,
            email: form.email,
        },
        cart,
    };
    let booked = server.post("/v1/orders", &sent).await?;
    let taken = Taken {
        order_id: &sent.id,
        totals,
        sent: &sent,
        booked,
    };
    Ok(Answer::json(201, &taken))
}

/// The items of the form, with the catalogue's products.
fn items(forms: Vec<ItemForm>) -> Result<Vec<Item>, DemoError> {
    if forms.is_empty() {
        return Err(DemoError::NoItems);
    }
    let products = products()?;
    let mut skus = HashSet::new();
    let item = |(nth, form): (usize, ItemForm)| {
        let unusable = |field: &str, message: &str| DemoError::ItemUnusable {
            pointer: format!("/items/{nth}/{field}"),
            message: message.to_owned(),
        };
        if !(1..=MOST).contains(&form.quantity) {
            let message = format!("the shop sends 1 to {MOST} of a product at once");
            return Err(unusable("quantity", &message));
        }
        let known = products.iter().find(|product| product.sku == form.sku);
        let product = known.ok_or_else(|| unusable("sku", "the shop has no such product"))?;
        if !skus.insert(form.sku) {
            return Err(unusable("sku", "the product is in the order already"));
        }
        Ok(Item {
            product: product.clone(),
            quantity: form.quantity,
        })
    };
    forms.into_iter().enumerate().map(item).collect()
}

/// A number that nobody guesses: who knows it sees the ledger of whoever ordered.
fn order_id() -> Result<String, Failure> {
    Ok(format!("SH-{}", hex(&random::bytes::<10>()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(forms: &[(&str, u32)], expected: Result<usize, (&str, &str)>) {
        let form = |(sku, quantity): &(&str, u32)| ItemForm {
            sku: (*sku).to_owned(),
            quantity: *quantity,
        };
        let found = items(forms.iter().map(form).collect()).map(|items| items.len());
        let expected = expected.map_err(|(pointer, message)| DemoError::ItemUnusable {
            pointer: pointer.to_owned(),
            message: message.to_owned(),
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn an_order_is_of_what_the_shop_has() {
        check(&[("kenya-aa", 1), ("dripper", 99)], Ok(2));
        let many = "the shop sends 1 to 99 of a product at once";
        check(&[("kenya-aa", 0)], Err(("/items/0/quantity", many)));
        check(
            &[("dripper", 1), ("kenya-aa", 100)],
            Err(("/items/1/quantity", many)),
        );
        check(
            &[("tea", 1)],
            Err(("/items/0/sku", "the shop has no such product")),
        );
        let twice = "the product is in the order already";
        check(
            &[("dripper", 1), ("dripper", 1)],
            Err(("/items/1/sku", twice)),
        );
    }
}
