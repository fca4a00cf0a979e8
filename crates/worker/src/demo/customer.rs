//! The demo shop's one customer with an account: Maya.
//!
//! Signing in asks for no password. What it shows is what a shop does then: fetch the snapshot and hand it
//! to the page.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use worker::Request;

use super::DemoError;
use super::shop_server::ShopServer;
use crate::answer::Answer;
use crate::body::{self, SMALL_BYTES};
use crate::problem::Failure;

/// The shop's id of her.
const ID: &str = "maya";
const NAME: &str = "Maya";
const EMAIL: &str = "maya@example.com";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInDocument {
    customer: String,
}

#[derive(Serialize)]
struct SignedIn {
    customer: &'static str,
    name: &'static str,
    email: &'static str,
    member: Value,
}

/// Whether the shop has this customer.
pub(super) fn check(customer: &str) -> Result<(), DemoError> {
    if customer == ID {
        Ok(())
    } else {
        Err(DemoError::CustomerUnknown)
    }
}

pub(super) async fn answer(request: &mut Request, server: &ShopServer) -> Result<Answer, Failure> {
    let document: SignInDocument = body::parse(&body::read(request, SMALL_BYTES).await?)?;
    check(&document.customer)?;
    let her = her_path(server).await?;
    let snapshot = server.get(&format!("{her}/snapshot")).await?;
    let signed_in = SignedIn {
        customer: ID,
        name: NAME,
        email: EMAIL,
        member: snapshot,
    };
    Ok(Answer::json(200, &signed_in))
}

/// Her entries, and what else happened to her, each newest first.
pub(super) async fn history(request: &Request, server: &ShopServer) -> Result<Answer, Failure> {
    let url = request.url().map_err(Failure::internal)?;
    let customer = url.query_pairs().find(|(name, _)| name == "customer");
    check(&customer.map(|(_, id)| id.into_owned()).unwrap_or_default())?;
    let her = her_path(server).await?;
    let mut history = server.get(&format!("{her}/entries")).await?;
    let mut events = server.get(&format!("{her}/events")).await?;
    history["events"] = events["events"].take();
    Ok(Answer::json(200, &history))
}

/// Where the API has her.
async fn her_path(server: &ShopServer) -> Result<String, Failure> {
    // The shop does not remember which member she is; enrolling a member again tells.
    let enrolment = json!({ "email": EMAIL, "customer_id": ID, "consent": { "terms": true } });
    let member = server.post("/v1/members", &enrolment).await?;
    let member_id = member["id"].as_str().unwrap_or_default();
    Ok(format!("/v1/members/{member_id}"))
}
