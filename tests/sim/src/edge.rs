//! A running edge, as the servers and pages of its shops reach it.
//!
//! Owns what can be asked of it and what comes back; how bytes travel is the tests'. Invariant: a request says all
//! that is needed to send it again.

use std::path::PathBuf;

use serde_json::Value;

/// A running edge, over whatever carries requests to it.
pub trait Edge: Sync {
    /// The id of one of its shops, which are the simulator's alone.
    fn shop(&self, nth: usize) -> &str;

    /// Sends a request; any status is an answer.
    fn send(&self, request: &Request) -> Answer;

    /// Sends a request and hangs up before there is an answer.
    fn send_and_hang_up(&self, request: &Request);

    /// The cron comes by. Only in a turn.
    fn settle(&self);

    /// Does something while no cron comes by but ours.
    fn in_turn(&self, work: &mut dyn FnMut());

    /// Its D1, a file that may be read.
    fn database(&self) -> PathBuf;
}

/// Whose key a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The shop's server, with the secret key.
    Server,
    /// One of its pages, with the publishable key.
    Page,
}

/// What is asked of the edge.
#[derive(Clone, Debug)]
pub struct Request {
    /// Of which shop.
    pub shop: usize,
    /// By whom.
    pub caller: Caller,
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// The header `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// The media type of the body, and the body; a request that reads has none.
    pub body: Option<(&'static str, String)>,
}

/// What the edge answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Request {
    /// What a shop's server reads.
    pub(crate) fn get(shop: usize, path: String) -> Self {
        Self {
            shop,
            caller: Caller::Server,
            method: "GET",
            path,
            idempotency_key: None,
            body: None,
        }
    }

    /// What a shop's server sends.
    pub(crate) fn post(shop: usize, path: impl Into<String>, body: &Value) -> Self {
        Self {
            method: "POST",
            body: Some(("application/json", body.to_string())),
            ..Self::get(shop, path.into())
        }
    }

    /// A program file that a shop's server publishes.
    pub(crate) fn publish(shop: usize, source: String) -> Self {
        Self {
            method: "POST",
            body: Some(("application/toml", source)),
            ..Self::get(shop, "/v1/programs".to_owned())
        }
    }
}

impl Answer {
    /// The body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The name of the problem that it tells, or nothing.
    pub(crate) fn code(&self) -> String {
        let told = self.json();
        let code = told["code"].as_str().filter(|_| self.status >= 400);
        code.unwrap_or_default().to_owned()
    }

    /// Whether the edge asks to be asked again.
    pub(crate) fn is_busy(&self) -> bool {
        self.status == 503
    }
}
