//! A visit: somebody joins, orders, takes a reward, pays with one, sends it back and looks at what she has.
//!
//! Invariant: each request of a visit is told with what it cost, and every visit asks for the same.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Long enough for workerd beside a compiler; only a hang takes longer.
const PATIENCE: Duration = Duration::from_mins(2);
/// Where a request says what it cost.
const COST: &str = "earnest-cost";

/// What each request of a visit cost.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Visit(Vec<(&'static str, String)>);

/// The edge, as the shop's server reaches it.
#[derive(Debug)]
pub(super) struct Server {
    agent: ureq::Agent,
    address: String,
    authorization: String,
}

impl Server {
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

    /// Somebody new comes by, whose name nobody has had.
    pub(super) fn visit(&self, name: &str) -> Result<Visit> {
        let customer = json!({ "id": name });
        let change = json!([{ "id": "change" }]);
        let joining = json!({
            "email": format!("{name}@example.com"), "customer_id": name, "consent": { "terms": true }
        });
        let mut visit = Visit::default();
        let (joined, _) = self.post("/v1/members", &joining)?;
        let path = format!("/v1/members/{}", joined["id"].as_str().context("an id")?);
        visit.note(
            "earn",
            self.post("/v1/orders", &order(name, "first", &json!([])))?,
        )?;
        let spend = json!({
            "id": format!("{name}-spent"), "customer": customer, "rewards": change, "commit": true
        });
        visit.note("spend", self.post("/v1/redemptions", &spend)?)?;
        let kept = format!("{name}-held");
        let hold = json!({ "id": kept, "customer": customer, "rewards": change });
        visit.note("hold", self.post("/v1/redemptions", &hold)?)?;
        visit.note(
            "pay",
            self.post("/v1/orders", &order(name, "second", &json!([kept])))?,
        )?;
        let refund = json!({ "id": format!("{name}-back"), "order_id": format!("{name}-second") });
        visit.note("refund", self.post("/v1/refunds", &refund)?)?;
        for (what, rest) in [
            ("member", ""),
            ("snapshot", "/snapshot"),
            ("entries", "/entries?limit=2"),
        ] {
            visit.note(what, self.get(&format!("{path}{rest}"))?)?;
        }
        Ok(visit)
    }

    /// What an order of this customer cost.
    pub(super) fn order(&self, name: &str) -> Result<String> {
        let (_, cost) = self.post("/v1/orders", &order(name, "another", &json!([])))?;
        Ok(cost)
    }

    fn get(&self, path: &str) -> Result<(Value, String)> {
        let request = self.agent.get(self.address.clone() + path);
        let asked = request.header("authorization", &self.authorization);
        told(path, asked.call()?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<(Value, String)> {
        let request = self.agent.post(self.address.clone() + path);
        let asked = request
            .header("authorization", &self.authorization)
            .header("content-type", "application/json");
        told(path, asked.send(body.to_string())?)
    }
}

impl Visit {
    fn note(&mut self, what: &'static str, (answer, cost): (Value, String)) -> Result<()> {
        ensure!(
            !cost.is_empty(),
            "{what} does not tell what it cost: {answer}"
        );
        self.0.push((what, cost));
        Ok(())
    }

    /// What an order cost that was paid with money.
    pub(super) fn order(&self) -> &str {
        let found = self.0.iter().find(|(what, _)| *what == "earn");
        found.map_or("", |(_, cost)| cost)
    }
}

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, cost) in &self.0 {
            write!(f, "\n  {what:<9} {cost}")?;
        }
        Ok(())
    }
}

fn order(name: &str, which: &str, redemptions: &Value) -> Value {
    json!({
        "id": format!("{name}-{which}"), "customer": { "id": name }, "redemptions": redemptions,
        "cart": { "currency": "EUR", "lines": [
            { "id": "stew", "product": "stew", "quantity": 1, "unit_price": "10.00" }
        ]},
    })
}

/// What was answered, and what it cost, where that is told.
fn told(path: &str, mut answer: ureq::http::Response<ureq::Body>) -> Result<(Value, String)> {
    let text = answer.body_mut().read_to_string()?;
    let status = answer.status();
    ensure!(status.is_success(), "{path} answered {status} {text}");
    let cost = answer.headers().get(COST).map(|cost| cost.to_str());
    let cost = cost.transpose()?.unwrap_or_default().to_owned();
    Ok((serde_json::from_str(&text)?, cost))
}
