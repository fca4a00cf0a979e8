//! A visit: somebody joins, orders, takes a reward, pays with one, sends it back and looks at what she has.
//!
//! Invariant: each request of a visit is told with what it cost, and every visit asks for the same.

use std::fmt;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::check::connection::{Answer, Connection};

/// What each request of a visit cost.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Visit(Vec<(&'static str, String)>);

/// Somebody new comes by, whose name nobody has had.
pub(super) fn visit(connection: &Connection, name: &str) -> Result<Visit> {
    let post = |path: &str, body: &Value| told(path, connection.post(path, body)?);
    let customer = json!({ "id": name });
    let change = json!([{ "id": "change" }]);
    let joining = json!({
        "email": format!("{name}@example.com"), "customer_id": name, "consent": { "terms": true }
    });
    let mut visit = Visit::default();
    let joined = post("/v1/members", &joining)?.json()?;
    let path = format!("/v1/members/{}", joined["id"].as_str().context("an id")?);
    visit.note(
        "earn",
        post("/v1/orders", &order_of(name, "first", &json!([])))?,
    )?;
    let spend = json!({
        "id": format!("{name}-spent"), "customer": customer, "rewards": change, "commit": true
    });
    visit.note("spend", post("/v1/redemptions", &spend)?)?;
    let kept = format!("{name}-held");
    let hold = json!({ "id": kept, "customer": customer, "rewards": change });
    visit.note("hold", post("/v1/redemptions", &hold)?)?;
    visit.note(
        "pay",
        post("/v1/orders", &order_of(name, "second", &json!([kept])))?,
    )?;
    let refund = json!({ "id": format!("{name}-back"), "order_id": format!("{name}-second") });
    visit.note("refund", post("/v1/refunds", &refund)?)?;
    for (what, rest) in [
        ("member", ""),
        ("snapshot", "/snapshot"),
        ("entries", "/entries?limit=2"),
    ] {
        let path = format!("{path}{rest}");
        visit.note(what, told(&path, connection.get(&path)?)?)?;
    }
    Ok(visit)
}

/// What an order of this customer cost.
pub(super) fn order(connection: &Connection, name: &str) -> Result<String> {
    let body = order_of(name, "another", &json!([]));
    Ok(told("an order", connection.post("/v1/orders", &body)?)?.cost)
}

impl Visit {
    fn note(&mut self, what: &'static str, answer: Answer) -> Result<()> {
        let Answer { cost, text, .. } = answer;
        ensure!(
            !cost.is_empty(),
            "{what} does not tell what it cost: {text}"
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

/// An order of one stew.
fn order_of(name: &str, which: &str, redemptions: &Value) -> Value {
    json!({
        "id": format!("{name}-{which}"), "customer": { "id": name }, "redemptions": redemptions,
        "cart": { "currency": "EUR", "lines": [
            { "id": "stew", "product": "stew", "quantity": 1, "unit_price": "10.00" }
        ]},
    })
}

/// The answer, where it is a yes.
fn told(path: &str, answer: Answer) -> Result<Answer> {
    let Answer { status, text, .. } = &answer;
    ensure!(
        (200..300).contains(status),
        "{path} answered {status} {text}"
    );
    Ok(answer)
}
