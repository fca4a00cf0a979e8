//! A shop of the running edge, as its server and its pages use it: enrol, order, look at the ledger.
//!
//! Invariant: every name that a scenario gives is fresh, so scenarios share a shop without meeting.

use std::fs;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::edge::{Answer, Request, told};

/// A shop and its keys, as `EARNEST_SHOPS` lists them.
#[derive(Debug, Deserialize)]
pub(crate) struct Shop {
    /// Its id.
    #[serde(rename = "shop")]
    pub(crate) id: String,
    /// For pages.
    pub(crate) publishable_key: String,
    /// For its server.
    pub(crate) secret_key: String,
    /// Origins of its pages.
    pub(crate) origins: Vec<String>,
}

/// A member of a shop.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    shop: &'static Shop,
    /// Her id.
    pub(crate) id: String,
    /// The e-mail that she joined with.
    pub(crate) email: String,
    /// The instant at which she is looked at; now, where there is none.
    at: Option<String>,
}

static SHOPS: LazyLock<Vec<Shop>> = LazyLock::new(|| {
    let text = fs::read_to_string(told("EARNEST_SHOPS")).expect("the list of the shops");
    serde_json::from_str(&text).expect("a list of shops")
});

/// The shop of this id.
pub(crate) fn shop(id: &str) -> &'static Shop {
    let found = SHOPS.iter().find(|shop| shop.id == id);
    found.unwrap_or_else(|| panic!("the edge has no shop `{id}`"))
}

/// A name that nobody else has, in this run or in an earlier one on the same edge.
pub(crate) fn fresh(word: &str) -> String {
    static RUN: LazyLock<i64> = LazyLock::new(|| jiff::Timestamp::now().as_millisecond());
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{word}-{:x}-{count}", *RUN)
}

/// An address that nobody else has.
pub(crate) fn fresh_email() -> String {
    format!("{}@example.com", fresh("ada"))
}

/// A cart of one line that costs so many euros.
pub(crate) fn cart(price: &str) -> Value {
    json!({ "currency": "EUR", "lines": [
        { "id": "l1", "product": "rye", "quantity": 1, "unit_price": price }
    ]})
}

impl Shop {
    /// What its server asks.
    pub(crate) fn get(&self, path: &str) -> Request {
        self.server(Request::new("GET", path))
    }

    /// What its server sends.
    pub(crate) fn post(&self, path: &str, document: &Value) -> Request {
        self.server(Request::new("POST", path)).json(document)
    }

    /// A program file that its server publishes; `query` may say how.
    pub(crate) fn publish(&self, query: &str, source: &str) -> Request {
        self.server(Request::new("POST", format!("/v1/programs{query}")))
            .with("content-type", "application/toml")
            .bytes(source)
    }

    /// What one of its pages sends.
    pub(crate) fn page_post(&self, path: &str, document: &Value) -> Request {
        self.page(Request::new("POST", path)).json(document)
    }

    /// An order of this customer, as its server posts it.
    pub(crate) fn order(&self, id: &str, customer: &Value, cart: &Value) -> Request {
        let order = json!({ "id": id, "customer": customer, "cart": cart });
        self.post("/v1/orders", &order)
    }

    /// Enrols somebody new.
    pub(crate) fn enrol(&'static self) -> Member {
        self.enrol_as(fresh_email(), &json!({}))
    }

    /// Enrols somebody new with this e-mail and these further fields.
    pub(crate) fn enrol_as(&'static self, email: String, more: &Value) -> Member {
        let mut body = json!({ "email": email, "consent": { "terms": true, "marketing": false } });
        for (name, value) in more.as_object().expect("further fields") {
            body[name] = value.clone();
        }
        let member = self.post("/v1/members", &body).send().expect(201);
        let id = member["id"].as_str().expect("an id").to_owned();
        Member {
            shop: self,
            id,
            email,
            at: None,
        }
    }

    /// A member whom the shop began with.
    pub(crate) fn member(&'static self, id: &str) -> Member {
        Member {
            shop: self,
            id: id.to_owned(),
            email: String::new(),
            at: None,
        }
    }

    /// With the key of its pages.
    pub(crate) fn page(&self, request: Request) -> Request {
        request
            .with("authorization", format!("Bearer {}", self.publishable_key))
            .with("origin", &self.origins[0])
    }

    /// With the key of its server.
    pub(crate) fn server(&self, request: Request) -> Request {
        request.with("authorization", format!("Bearer {}", self.secret_key))
    }
}

impl Member {
    /// Whose member she is.
    pub(crate) fn shop(&self) -> &'static Shop {
        self.shop
    }

    /// As the API tells of her.
    pub(crate) fn document(&self) -> Value {
        self.get("").expect(200)
    }

    /// What evaluation needs of her.
    pub(crate) fn snapshot(&self) -> Value {
        self.get("/snapshot").expect(200)
    }

    /// Her balance.
    pub(crate) fn balance(&self) -> i64 {
        points(&self.document()["balance_points"])
    }

    /// Her newest entries, newest first; not many are booked by one scenario.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let page = self.get("/entries?limit=100").expect(200);
        assert_eq!(page["next_cursor"], Value::Null, "more than one page");
        page["entries"].as_array().expect("entries").clone()
    }

    /// Her entries, after checking what holds of every ledger: numbered without gaps, each balance the
    /// one before plus its points, the last of them hers.
    pub(crate) fn sound_entries(&self) -> Vec<Value> {
        let entries = self.entries();
        let mut balance = 0;
        for (nth, entry) in entries.iter().rev().enumerate() {
            balance += points(&entry["points"]);
            assert_eq!(entry["seq"], nth + 1, "{entries:?}");
            assert_eq!(entry["balance_points"], balance, "{entries:?}");
        }
        assert_eq!(self.balance(), balance, "{entries:?}");
        entries
    }

    /// Reads below her path.
    pub(crate) fn get(&self, rest: &str) -> Answer {
        let request = self.shop.get(&self.path(rest));
        let request = match &self.at {
            Some(at) => request.at(at),
            None => request,
        };
        request.send()
    }

    /// Her, as she is read at an instant.
    pub(crate) fn at(mut self, instant: &str) -> Self {
        self.at = Some(instant.to_owned());
        self
    }

    /// Orders a cart as her.
    pub(crate) fn order(&self, id: &str, cart: &Value) -> Answer {
        self.order_request(id, cart).send()
    }

    /// An order of hers, to be sent.
    pub(crate) fn order_request(&self, id: &str, cart: &Value) -> Request {
        let customer = json!({ "member_id": self.id });
        self.shop.order(id, &customer, cart)
    }

    /// Gives or takes points.
    pub(crate) fn adjust(&self, key: &str, points: i64, reason: &str) -> Answer {
        let body = json!({ "points": points, "reason": reason });
        self.adjustment(&body).with("idempotency-key", key).send()
    }

    /// An adjustment without its key.
    pub(crate) fn adjustment(&self, body: &Value) -> Request {
        self.shop.post(&self.path("/adjustments"), body)
    }

    /// Her path, and what comes after it.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/members/{}{rest}", self.id)
    }
}

/// A number of points of a document.
pub(crate) fn points(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("{value} is no number of points"))
}
