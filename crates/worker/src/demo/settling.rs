//! `POST /demo/settle`: runs the cron now, which nobody else on a developer's machine does.

use earnest_core::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

use super::shop_server::ShopServer;
use crate::answer::Answer;
use crate::problem::Failure;
use crate::{moves, settling};

#[derive(Serialize)]
struct RoundDocument {
    /// Who was settled, and the rows that this wrote.
    settled: BTreeMap<String, usize>,
    put_off: u32,
    met: u32,
}

pub(super) async fn answer(server: &ShopServer, now: Timestamp) -> Result<Answer, Failure> {
    let round = settling::run(server.env(), now).await?;
    moves::run(server.env(), now).await?;
    let cost = round.cost.to_string();
    let document = RoundDocument {
        settled: round.settled.into_iter().collect(),
        put_off: round.put_off,
        met: round.met,
    };
    Ok(Answer::json(200, &document).with("earnest-cost", cost))
}
