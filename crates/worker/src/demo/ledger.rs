//! `GET /demo/ledger?order=…`: what the merchant sees of the member behind an order.

use earnest_ledger::store::orders;
use serde::Serialize;
use serde_json::Value;
use worker::Request;

use super::DemoError;
use super::shop_server::ShopServer;
use crate::answer::Answer;
use crate::database::Database;
use crate::problem::Failure;

#[derive(Serialize)]
struct Ledger {
    member: Option<Value>,
    entries: Value,
}

pub(super) async fn answer(request: &Request, server: &ShopServer) -> Result<Answer, Failure> {
    let url = request.url().map_err(Failure::internal)?;
    let order_id = url.query_pairs().find(|(name, _)| name == "order");
    let order_id = order_id.map(|(_, id)| id.into_owned()).unwrap_or_default();
    let database = Database::new(server.database()?);
    let found = database
        .read([orders::load(&server.shop, &order_id)])
        .await?;
    let order = found.first().map(orders::order).transpose()?.flatten();
    let order = order.ok_or(DemoError::OrderUnknown)?;
    let Some(member_id) = order.member_id else {
        let entries = Value::Array(Vec::new());
        return Ok(Answer::json(
            200,
            &Ledger {
                member: None,
                entries,
            },
        ));
    };
    let member = server.get(&format!("/v1/members/{member_id}")).await?;
    let mut page = server
        .get(&format!("/v1/members/{member_id}/entries"))
        .await?;
    let ledger = Ledger {
        member: Some(member),
        entries: page["entries"].take(),
    };
    Ok(Answer::json(200, &ledger))
}
