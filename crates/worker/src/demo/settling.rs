//! `POST /demo/settle`: runs the cron now, or as of another instant, which nobody else on a developer's machine does.
//!
//! With `?member=…&shop=…` that member alone is settled, so that one story may be further in time than another.

use std::collections::BTreeMap;

use serde::Serialize;
use worker::Request;

use super::shop_server::ShopServer;
use crate::answer::Answer;
use crate::call::now_for;
use crate::problem::Failure;
use crate::{moves, settling};

#[derive(Serialize)]
struct RoundDocument {
    /// Who was settled, and the rows that this wrote.
    settled: BTreeMap<String, usize>,
    put_off: u32,
    met: u32,
}

pub(super) async fn answer(request: &Request, server: &ShopServer) -> Result<Answer, Failure> {
    let (env, now) = (server.env(), now_for(request, server.env())?);
    let url = request.url().map_err(Failure::internal)?;
    let asked: BTreeMap<_, _> = url.query_pairs().collect();
    let round = if let Some(member_id) = asked.get("member") {
        let shop = asked.get("shop").map_or(&*server.shop, |shop| shop);
        settling::run_for(env, (shop, member_id), now).await?
    } else {
        let round = settling::run(env, now).await?;
        moves::run(env, now).await?;
        round
    };
    let cost = round.cost.to_string();
    let document = RoundDocument {
        settled: round.settled.into_iter().collect(),
        put_off: round.put_off,
        met: round.met,
    };
    Ok(Answer::json(200, &document).with("earnest-cost", cost))
}
