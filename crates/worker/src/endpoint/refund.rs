//! `POST /v1/refunds`: an order was sent back, or a part of it.

use earnest_ledger::{RefundBooking, ReturnContent, ReturnLine, sent_by_refund};
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::CART_BYTES;
use crate::call::Call;
use crate::endpoint::booking::{book, bring};
use crate::problem::Failure;
use crate::text::check_name;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundDocument {
    id: String,
    order_id: String,
    /// Without it everything comes back that has not yet.
    #[serde(default)]
    lines: Option<Vec<ReturnLine>>,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let parsed = parse(call).await;
    let (refund_id, content) = &call.admit_to_refuse(&key, parsed).await?;
    let booking = RefundBooking {
        shop: &key.shop,
        refund_id,
        content,
    };
    let answer = book(call, &key, &booking).await?;
    bring(call, &key, sent_by_refund(answer.body())).await;
    Ok(answer)
}

async fn parse(call: &mut Call) -> Result<(String, ReturnContent), Failure> {
    let document: RefundDocument = call.body(CART_BYTES).await?;
    for (pointer, name) in [("/id", &document.id), ("/order_id", &document.order_id)] {
        check_name(name).map_err(|error| Failure::name(error, pointer))?;
    }
    let content = ReturnContent {
        order_id: document.order_id,
        lines: document.lines,
    };
    Ok((document.id, content))
}
