//! What a shop's server does: it sends orders, refunds and redemptions, some of them again, and keeps the answers.
//!
//! Invariant: a client has one write under way at most, and where its answer is lost sends it again, under the
//! same id, before any other.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::{Entry, Random};
use crate::check::connection::{Answer, Connection};

/// How often a request is sent that the edge is too busy for, or that wrangler's proxy loses on its way.
const DELIVERIES: u32 = 8;

const ORDERS: &str = "/v1/orders";
const REFUNDS: &str = "/v1/refunds";
const REDEMPTIONS: &str = "/v1/redemptions";

/// The shop's server: it sends again what is not answered, unless the edge may have been killed.
#[derive(Debug)]
pub(super) struct Server {
    connection: Connection,
    is_loss_expected: AtomicBool,
}

impl Server {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            is_loss_expected: AtomicBool::new(false),
        }
    }

    /// Says whether the edge may be gone by now.
    pub(super) fn expect_loss(&self, expected: bool) {
        self.is_loss_expected.store(expected, Ordering::SeqCst);
    }

    /// What is told at a path.
    pub(super) fn get(&self, path: &str) -> Result<Value> {
        let answer = self.connection.get(path)?;
        answer.json().with_context(|| format!("GET {path}"))
    }

    /// The status and the bytes of an answer; `None` where it is lost since the edge was killed.
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Option<(u16, String)>> {
        let mut said = String::new();
        for _ in 0..DELIVERIES {
            said = match self.connection.post(path, body) {
                Ok(Answer { status, text, .. }) if status < 500 => return Ok(Some((status, text))),
                Ok(Answer { status, text, .. }) => format!("{status} {text}"),
                Err(error) => error.to_string(),
            };
            if self.is_loss_expected.load(Ordering::SeqCst) {
                return Ok(None);
            }
        }
        bail!("POST {path} of {body} came to nothing though nobody killed the edge: {said}")
    }
}

/// A write, and whose ledger it goes to.
#[derive(Clone, Debug)]
struct Write {
    path: &'static str,
    member: String,
    body: Value,
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "POST {} of {}", self.path, self.body)
    }
}

/// A write that was acknowledged.
#[derive(Debug)]
pub(super) struct Booked {
    write: Write,
    bytes: String,
    answer: Value,
}

impl Booked {
    /// Whether it is in the ledger of this member.
    pub(super) fn is_of(&self, member: &str) -> bool {
        self.write.member == member
    }

    /// The entries that the answer tells.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let id = &self.write.body["id"];
        let told = match self.write.path {
            ORDERS => {
                let paid_with = &self.write.body["redemptions"][0];
                let redeemed = -self.points("redeemed_points");
                vec![
                    ("redeem", paid_with, redeemed),
                    ("earn", id, self.points("points")),
                ]
            }
            REFUNDS => vec![
                ("return", id, self.points("returned_points")),
                ("clawback", id, -self.points("taken_points")),
            ],
            _ => vec![("redeem", id, self.worth())],
        };
        told.into_iter()
            .filter(|(.., points)| *points != 0)
            .map(|(kind, id, points)| {
                let source = id.as_str().unwrap_or_default();
                (kind.to_owned(), source.to_owned(), points)
            })
            .collect()
    }

    /// What it changes of a member's balance less what she owes.
    pub(super) fn worth(&self) -> i64 {
        match self.write.path {
            ORDERS => self.points("points") - self.points("redeemed_points"),
            REFUNDS => self.points("returned_points") - self.points("points"),
            _ if self.answer["status"] == "spent" => -self.points("points"),
            _ => 0,
        }
    }

    fn points(&self, field: &str) -> i64 {
        self.answer[field].as_i64().unwrap_or_default()
    }
}

/// One of the shop's servers.
#[derive(Debug)]
pub(super) struct Client {
    nth: u64,
    members: Vec<String>,
    random: Random,
    sent: u64,
    /// The answer to it was lost.
    lost: Option<Write>,
    booked: Vec<Booked>,
    /// How many of them had been checked when the edge was killed last.
    checked: usize,
    /// Orders of which nothing has come back, and whose they are.
    refundable: Vec<(String, String)>,
    /// Redemptions that no order was paid with yet, and whose they are.
    held: Vec<(String, String)>,
}

impl Client {
    pub(super) fn new(nth: u64, members: &[String], random: Random) -> Self {
        Self {
            nth,
            members: members.to_vec(),
            random,
            sent: 0,
            lost: None,
            booked: Vec::new(),
            checked: 0,
            refundable: Vec::new(),
            held: Vec::new(),
        }
    }

    /// What was acknowledged.
    pub(super) fn booked(&self) -> &[Booked] {
        &self.booked
    }

    /// Writes, and tells each acknowledgement, until an answer is lost.
    pub(super) fn work(&mut self, server: &Server, tell: &Sender<()>) -> Result<()> {
        loop {
            if !self.booked.is_empty() && self.random.below(5) == 0 {
                let again = self.random.place(self.booked.len());
                if !is_answered_again(&self.booked[again], server)? {
                    return Ok(());
                }
            }
            let (write, before) = (self.next_write(), self.booked.len());
            if !self.deliver(write, server)? {
                return Ok(());
            }
            if self.booked.len() > before {
                // Nobody listens any more once enough is written.
                let _ = tell.send(());
            }
        }
    }

    /// Each write that was acknowledged since the last check is answered as it was. Then what was lost is sent
    /// again.
    pub(super) fn check_new(&mut self, server: &Server) -> Result<()> {
        let new = self.checked..self.booked.len();
        self.check(new, server)?;
        if let Some(write) = self.lost.take() {
            let is_delivered = self.deliver(write, server)?;
            ensure!(is_delivered, "nobody killed it yet");
        }
        self.checked = self.booked.len();
        Ok(())
    }

    /// Each write that was ever acknowledged is answered as it was.
    pub(super) fn check_all(&mut self, server: &Server) -> Result<()> {
        self.check(0..self.booked.len(), server)
    }

    fn check(&self, range: std::ops::Range<usize>, server: &Server) -> Result<()> {
        for booked in &self.booked[range] {
            let is_answered = is_answered_again(booked, server)?;
            ensure!(is_answered, "nobody killed it yet");
        }
        Ok(())
    }

    /// Sends a write and keeps the answer; whether there was one.
    fn deliver(&mut self, write: Write, server: &Server) -> Result<bool> {
        let Some((status, bytes)) = server.post(write.path, &write.body)? else {
            self.lost = Some(write);
            return Ok(false);
        };
        let answer: Value = serde_json::from_str(&bytes)
            .with_context(|| format!("{write} was answered {status} {bytes}"))?;
        if write.path == REDEMPTIONS && status == 422 {
            // She has not enough for it: nothing is booked.
            return Ok(true);
        }
        ensure!(
            matches!(status, 200 | 201),
            "{write} was answered {status} {bytes}"
        );
        let id = write.body["id"].as_str().unwrap_or_default().to_owned();
        if write.path == ORDERS {
            self.refundable.push((id, write.member.clone()));
        } else if answer["status"] == "held" {
            self.held.push((id, write.member.clone()));
        }
        self.booked.push(Booked {
            write,
            bytes,
            answer,
        });
        Ok(true)
    }

    fn next_write(&mut self) -> Write {
        self.sent += 1;
        let id = format!("{}-{}", self.nth, self.sent);
        let nth = self.random.place(self.members.len());
        let member = self.members[nth].clone();
        let customer = |member: &str| json!({ "member_id": member });
        match self.random.below(8) {
            0 | 1 if let Some((order, member)) = self.random.take(&mut self.refundable) => {
                let mut body = json!({ "id": id, "order_id": order });
                if self.random.below(2) == 0 {
                    body["lines"] = json!([{ "id": "stew", "quantity": 1 }]);
                }
                Write {
                    path: REFUNDS,
                    member,
                    body,
                }
            }
            2 => {
                let rewards = json!([{ "id": "five-off" }]);
                let body = json!({ "id": id, "customer": customer(&member), "rewards": rewards });
                Write {
                    path: REDEMPTIONS,
                    member,
                    body,
                }
            }
            3 => {
                let points = 10 * (1 + self.random.below(5));
                let rewards = json!([{ "id": "change", "points": points }]);
                let body = json!({
                    "id": id, "customer": customer(&member), "rewards": rewards, "commit": true
                });
                Write {
                    path: REDEMPTIONS,
                    member,
                    body,
                }
            }
            4 if let Some((held, member)) = self.random.take(&mut self.held) => {
                let mut body = self.order(&id, &customer(&member));
                body["redemptions"] = json!([held]);
                Write {
                    path: ORDERS,
                    member,
                    body,
                }
            }
            _ => {
                let body = self.order(&id, &customer(&member));
                Write {
                    path: ORDERS,
                    member,
                    body,
                }
            }
        }
    }

    fn order(&mut self, id: &str, customer: &Value) -> Value {
        let price = format!("{}.00", 5 + self.random.below(36));
        json!({ "id": id, "customer": customer, "cart": { "currency": "EUR", "lines": [
            { "id": "stew", "product": "stew", "quantity": 2, "unit_price": price }
        ]}})
    }
}

/// Sends what was acknowledged again: it is answered with the same bytes, and is nothing new. Answers whether it
/// was answered.
fn is_answered_again(booked: &Booked, server: &Server) -> Result<bool> {
    let Some((status, bytes)) = server.post(booked.write.path, &booked.write.body)? else {
        return Ok(false);
    };
    ensure!(
        status == 200 && bytes == booked.bytes,
        "{} was answered {status} {bytes} after {}",
        booked.write,
        booked.bytes
    );
    Ok(true)
}
