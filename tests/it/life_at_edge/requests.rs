//! What is sent to the edge for each step of a story: by its shop's server, by a page, or by another shop's server.
//!
//! Its invariant: nothing is said in a request that the step does not say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use earnest_vectors::life::{Act, OrderAct, QuoteAct, QuotedBy, RefundAct};
use serde_json::{Map, Value, json};

use super::lives::Lives;
use crate::edge::Request;
use crate::shop::{Member, points, shop};

impl Lives<'_> {
    /// What the shop's server sends for somebody.
    pub(super) fn request(&mut self, who: &str, act: &Act) -> Request {
        match act {
            Act::Refund(refund) => return self.refund(refund),
            Act::Enrol { email, customer } => {
                return self.joining(email, customer.as_deref());
            }
            Act::Quote(asked) => return self.quote(who, asked),
            Act::Publish(name) => return self.shop.publish("", &self.programs[name]),
            Act::Order(order) => {
                let customer = match (&order.email, &order.customer) {
                    (Some(email), _) => json!({ "email": email }),
                    (_, Some(id)) => json!({ "id": id }),
                    _ => json!({ "member_id": self.of(who).member.id }),
                };
                return self.order(order, &customer);
            }
            _ => {}
        }
        let member = self.of(who).member.clone();
        let customer = json!({ "member_id": member.id });
        match act {
            Act::Order(_)
            | Act::Refund(_)
            | Act::Enrol { .. }
            | Act::Quote(_)
            | Act::Publish(_) => {
                panic!("it was asked above")
            }
            Act::Activity(done) => {
                let body = json!({ "id": done.id, "kind": done.kind, "quantity": done.quantity,
                    "customer": customer });
                self.shop.post("/v1/activities", &body)
            }
            Act::Redeem(asked) => {
                let wishes = asked.rewards.iter().map(|wish| {
                    let mut told = json!({ "id": wish.id });
                    if let Some(points) = wish.points {
                        told["points"] = points.into();
                    }
                    told
                });
                let wishes: Vec<Value> = wishes.collect();
                let body = json!({ "id": asked.id, "customer": customer, "rewards": wishes });
                self.shop.post("/v1/redemptions", &body)
            }
            Act::Commit(id) => self.end(id, "commit"),
            Act::Release(id) => self.end(id, "release"),
            Act::Adjust { key, points } => {
                let body = json!({ "points": points, "reason": "as the story says" });
                let adjusting = member.adjustment(&body);
                adjusting.with("idempotency-key", key)
            }
            Act::Transfer(it) => {
                let to = &self.of(&it.to).member.id;
                let body = json!({ "id": it.id, "to": to, "points": it.points });
                self.shop.post(&member.path("/transfers"), &body)
            }
            Act::Merge { into } => {
                let body = json!({ "into": self.of(into).member.id });
                self.shop.post(&member.path("/merges"), &body)
            }
            Act::Household(home) => {
                let body = json!({ "household": home });
                self.shop.post(&member.path("/profile"), &body)
            }
            Act::Trial(()) => self.shop.post(&member.path("/trial"), &json!({})),
            Act::Settle(()) => self.settling(&member),
        }
    }

    /// The cron that comes by for one member.
    pub(super) fn settling(&self, member: &Member) -> Request {
        let path = format!("/demo/settle?shop={}&member={}", self.shop.id, member.id);
        Request::new("POST", path)
    }

    fn order(&self, order: &OrderAct, customer: &Value) -> Request {
        let mut body = json!({ "id": order.id, "customer": customer, "cart": order.cart });
        if let Some(placed_at) = &order.placed_at {
            body["placed_at"] = json!(placed_at);
        }
        if !order.redemptions.is_empty() {
            body["redemptions"] = json!(order.redemptions);
        }
        if let Some(quote) = &order.quote {
            body["quote"] = json!(self.quotes[quote]);
        }
        if let Some(quote) = &order.forged {
            body["quote"] = json!(forged(&self.quotes[quote]));
        }
        self.shop.post("/v1/orders", &body)
    }

    fn refund(&self, refund: &RefundAct) -> Request {
        let mut body = json!({ "id": refund.id, "order_id": refund.order });
        if let Some(lines) = &refund.lines {
            let lines = lines.iter().map(|line| {
                let mut told = Map::new();
                told.insert("id".to_owned(), json!(line.id));
                told.insert("quantity".to_owned(), json!(line.quantity));
                if let Some(amount) = &line.amount {
                    told.insert("amount".to_owned(), json!(amount));
                }
                Value::from(told)
            });
            body["lines"] = lines.collect();
        }
        self.shop.post("/v1/refunds", &body)
    }

    fn end(&self, redemption: &str, how: &str) -> Request {
        let path = format!("/v1/redemptions/{redemption}/{how}");
        self.shop.post(&path, &json!({}))
    }

    /// What enrols somebody.
    pub(super) fn joining(&self, email: &str, customer: Option<&str>) -> Request {
        let body = json!({ "email": email, "consent": { "terms": true }, "customer_id": customer });
        self.shop.post("/v1/members", &body)
    }

    fn quote(&mut self, who: &str, asked: &QuoteAct) -> Request {
        let mut body = json!({ "cart": asked.cart });
        match asked.by {
            QuotedBy::Server => {
                body["customer"] = json!({ "member_id": self.of(who).member.id });
                self.shop.post("/v1/quotes", &body)
            }
            QuotedBy::Page => {
                body["member"] = json!(asked.member);
                self.shop.page_post("/v1/quotes", &body)
            }
            QuotedBy::Elsewhere => shop("bakery").post("/v1/quotes", &body),
        }
    }
}

/// A quote that promises more than it did, under the signature that it had.
fn forged(quote: &str) -> String {
    let (payload, signature) = quote.split_once('.').expect("two parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let mut said: Value = serde_json::from_slice(&payload).expect("what the quote says");
    said["points"] = json!(points(&said["points"]) + 1_000);
    let payload = URL_SAFE_NO_PAD.encode(said.to_string());
    format!("{payload}.{signature}")
}
