//! `POST /v1/orders`: an order was paid. The one way in which points are earned by buying.

use earnest_ledger::{Order, OrderBooking};

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::CART_BYTES;
use crate::call::Call;
use crate::endpoint::booking::book;
use crate::order::OrderDocument;
use crate::problem::Failure;

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let order = parse(call, &key.shop).await;
    let order = &call.admit_to_refuse(&key, order).await?;
    let shop = &key.shop;
    book(call, &key, &OrderBooking { shop, order }).await
}

async fn parse(call: &mut Call, shop: &str) -> Result<Order, Failure> {
    let document: OrderDocument = call.body(CART_BYTES).await?;
    document.check(shop, &call.pepper()?, call.now)
}
