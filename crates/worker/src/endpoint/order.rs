//! `POST /v1/orders`: an order was paid. The one way in which points are earned by buying.

use std::rc::Rc;

use earnest_core::ProgramRef;
use earnest_ledger::store::programs;
use earnest_ledger::{Order, OrderBooking, Presented, Quote, QuoteRefusal, sent_by_order};

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body::CART_BYTES;
use crate::call::Call;
use crate::endpoint::booking::{book, bring};
use crate::order::OrderDocument;
use crate::problem::Failure;
use crate::program_store::{self, Published, load_program};
use crate::quote;
use crate::random;

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let parsed = parse(call, &key.shop).await;
    let (order, quote) = &call.admit_to_refuse(&key, parsed).await?;
    let shop = &key.shop;
    let mut quoted = None;
    if let Some(Ok(quote)) = quote {
        quoted = load_quoted(call, &key, &quote.program).await?;
    }
    let quote = quote.as_ref().map(|opened| {
        let program = quoted.as_ref().map(|published| &published.program);
        let quote = opened.as_ref().map_err(|refusal| *refusal)?;
        Ok(Presented { quote, program })
    });
    let booking = OrderBooking {
        shop,
        order,
        quote,
        codes: random::codes()?,
    };
    let answer = book(call, &key, &booking).await?;
    bring(call, &key, sent_by_order(answer.body())).await;
    Ok(answer)
}

/// The order, and the quote that it brings.
async fn parse(
    call: &mut Call,
    shop: &str,
) -> Result<(Order, Option<Result<Quote, QuoteRefusal>>), Failure> {
    let mut document: OrderDocument = call.body(CART_BYTES).await?;
    let secret = call.quote_key();
    let quote = document.quote.take().map(|token| {
        // Without the secret nothing was signed with it.
        let secret = secret.as_deref().ok_or(QuoteRefusal::Forged)?;
        let quote = quote::open(&token, secret)?;
        let is_ours = quote.shop == shop;
        is_ours.then_some(quote).ok_or(QuoteRefusal::OfOtherShop)
    });
    let order = document.check(shop, &call.pepper()?, call.now)?;
    Ok((order, quote))
}

/// The program that was quoted. Where that is not the one of today any more, the database has it.
async fn load_quoted(
    call: &mut Call,
    key: &PresentedKey,
    wanted: &ProgramRef,
) -> Result<Option<Rc<Published>>, Failure> {
    let today = load_program(&call.env, &key.shop, call.now).await;
    if let Ok(today) = today
        && today.program.reference() == wanted
    {
        return Ok(Some(today));
    }
    let read = programs::load(&key.shop, wanted.version);
    let [found] = call.admit(key, [read]).await?;
    let found = programs::program(&found)?;
    let found = found.filter(|row| row.digest == wanted.digest);
    let published = found.and_then(|row| program_store::parse(&key.shop, row.document).ok());
    Ok(published.map(Rc::new))
}
