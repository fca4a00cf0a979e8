//! How a stage calls the edge, as a shop's server. Invariant: every answer is told, whatever its status; an error is an answer
//! that was lost.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

/// Long enough for workerd beside a compiler; only a hang takes longer.
const PATIENCE: Duration = Duration::from_mins(2);
/// Where a request says what it cost.
const COST: &str = "earnest-cost";

/// The edge, and the shop's secret key.
#[derive(Debug)]
pub(super) struct Connection {
    agent: ureq::Agent,
    address: String,
    authorization: String,
}

/// What the edge answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The rows that it took; empty where the edge does not tell.
    pub(super) cost: String,
    pub(super) text: String,
}

impl Connection {
    pub(super) fn new(address: String, secret_key: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        Self {
            agent: agent.into(),
            address,
            authorization: format!("Bearer {secret_key}"),
        }
    }

    pub(super) fn get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let request = self.agent.get(self.address.clone() + path);
        told(
            request
                .header("authorization", &self.authorization)
                .call()?,
        )
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(self.address.clone() + path);
        let request = request
            .header("authorization", &self.authorization)
            .header("content-type", "application/json");
        told(request.send(body.to_string())?)
    }
}

impl Answer {
    pub(super) fn json(&self) -> Result<Value> {
        let Self { status, text, .. } = self;
        serde_json::from_str(text).with_context(|| format!("the answer was {status} {text}"))
    }
}

fn told(mut answer: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let cost = answer.headers().get(COST);
    let cost = cost.and_then(|cost| cost.to_str().ok()).unwrap_or_default();
    Ok(Answer {
        status: answer.status().as_u16(),
        cost: cost.to_owned(),
        text: answer.body_mut().read_to_string()?,
    })
}
