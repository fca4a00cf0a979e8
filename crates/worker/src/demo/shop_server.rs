//! The shop's server as a client of the API: it has the secret key and nothing else that others have not.
//!
//! Its requests are real ones, answered by the same routes as anybody's. They do not leave the isolate,
//! because a Worker cannot fetch from its own address.

use std::fmt::Display;

use earnest_ledger::json;
use serde::Serialize;
use serde_json::Value;
use worker::wasm_bindgen::JsValue;
use worker::{D1Database, Env, Headers, Method, Request, RequestInit, Url};

use super::DemoError;
use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::call::DEMO_NOW;
use crate::problem::Failure;

/// A client of the API.
pub(super) struct ShopServer {
    /// The id of the demo shop.
    pub(super) shop: String,
    env: Env,
    secret_key: String,
    base: Url,
    /// What time its page says that it is.
    demo_now: Option<String>,
}

impl ShopServer {
    /// The server of the shop whose page has sent `request`.
    pub(super) fn new(request: &Request, env: Env) -> Result<Self, Failure> {
        let secret_key = env.var("DEMO_SECRET_KEY").map_err(broken)?.to_string();
        let key = PresentedKey::parse(Some(&format!("Bearer {secret_key}")), Need::SecretKey)?;
        Ok(Self {
            shop: key.shop,
            base: request.url().map_err(broken)?,
            demo_now: request.headers().get(DEMO_NOW).map_err(broken)?,
            env,
            secret_key,
        })
    }

    /// The ledger's database. The API has no way to ask for an order, and the demo shop keeps none.
    pub(super) fn database(&self) -> Result<D1Database, Failure> {
        Ok(self.env.d1("DB").map_err(broken)?)
    }

    /// What the Worker is bound to.
    pub(super) fn env(&self) -> &Env {
        &self.env
    }

    /// Asks the API for something.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.ask(Method::Get, path, None).await
    }

    /// Posts something to the API.
    pub(super) async fn post(&self, path: &str, body: &impl Serialize) -> Result<Value, Failure> {
        self.ask(Method::Post, path, Some(json(body))).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Value, Failure> {
        let headers = Headers::new();
        let authorization = format!("Bearer {}", self.secret_key);
        headers
            .set("authorization", &authorization)
            .map_err(broken)?;
        headers
            .set("content-type", "application/json")
            .map_err(broken)?;
        if let Some(now) = &self.demo_now {
            headers.set(DEMO_NOW, now).map_err(broken)?;
        }
        let mut init = RequestInit::new();
        init.with_method(method)
            .with_headers(headers)
            .with_body(body.map(|body| JsValue::from_str(&body)));
        let url = self.base.join(path).map_err(broken)?;
        let request = Request::new_with_init(url.as_str(), &init).map_err(broken)?;
        let mut response = crate::respond(request, self.env.clone())
            .await
            .map_err(broken)?;
        let text = response.text().await.map_err(broken)?;
        if response.status_code() >= 400 {
            let answer = Answer::json_text(response.status_code(), text);
            let answer = answer.with("content-type", "application/problem+json");
            return Err(Failure::PassedOn(answer));
        }
        let parsed = serde_json::from_str(&text);
        parsed.map_err(|error| DemoError::Broken(error.to_string()).into())
    }
}

fn broken(error: impl Display) -> DemoError {
    DemoError::Broken(error.to_string())
}
