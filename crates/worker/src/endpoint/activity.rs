//! `POST /v1/activities`: a member did something other than to buy. What the rules for it give is booked.

use earnest_ledger::{ActivityBooking, Report};

use crate::activity::ActivityDocument;
use crate::answer::Answer;
use crate::auth::Need;
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::endpoint::booking::book;
use crate::problem::Failure;
use crate::random;

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let report = parse(call, &key.shop).await;
    let report = &call.admit_to_refuse(&key, report).await?;
    let shop = &key.shop;
    let codes = random::codes()?;
    let booking = ActivityBooking {
        shop,
        report,
        codes,
    };
    book(call, &key, &booking).await
}

async fn parse(call: &mut Call, shop: &str) -> Result<Report, Failure> {
    let document: ActivityDocument = call.body(SMALL_BYTES).await?;
    document.check(shop, &call.pepper()?, call.now)
}
