//! An order as a running edge is asked to book it: with a quote or without, and after a look at what it will earn.

use std::time::{SystemTime, UNIX_EPOCH};

use earnest_core::wire::{CartDocument, EarningDocument, SnapshotDocument};
use earnest_core::{Snapshot, Timestamp, evaluate};
use earnest_ledger::rfc3339;
use serde_json::{Value, json};

use super::DeliverOrder;
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};

impl DeliverOrder {
    /// Delivers the order to a running edge, with a quote that it gave or without.
    pub(in crate::operation) fn carry_with(
        &self,
        quote: Option<&Value>,
        errand: &mut Errand<'_>,
    ) -> Result<(), Violation> {
        let (id, shop) = (self.id(), self.shop);
        let customer = self.who.document(shop, errand);
        let mut body = json!({
            "id": id, "customer": customer, "redemptions": self.redemptions,
            "cart": CartDocument::from(&self.cart()),
        });
        if let Some(at) = self.placed_at {
            body["placed_at"] = rfc3339(at).into();
        }
        let mut shown = None;
        if let Some(quote) = quote {
            body["quote"] = quote["quote"].clone();
        } else if self.placed_at.is_none() {
            shown = self.carry_preview(&body, errand)?;
        }
        let request = Request::post(shop, "/v1/orders", &body);
        let told = match errand.book(("order", id.clone()), &request)? {
            Reply::Booked(told, true) => told,
            Reply::Booked(_, false) => return Ok(()),
            Reply::Refused(code) => return self.judge_refused(&code, &customer, errand),
        };
        let honoured = told["quote"]["honoured"] == true;
        if let Some(quote) = quote.filter(|_| honoured) {
            Violation::unless(
                told["points"].as_i64() >= quote["points"].as_i64(),
                format!("{quote} was honoured with {told}"),
            )?;
        }
        if !errand.is_undisturbed() {
            return Ok(());
        }
        if let Some(shown) = shown {
            errand.count("previews were compared with what was booked");
            let booked = &told["earning"];
            Violation::unless(
                shown == *booked,
                format!("showed\n  {shown}\nand booked\n  {booked}"),
            )?;
        }
        // What comes late may be over by now, and is told as such.
        let Some(member_id) = told["member_id"]
            .as_str()
            .filter(|_| self.placed_at.is_none())
        else {
            return Ok(());
        };
        let member = errand.read(&Request::get(shop, format!("/v1/members/{member_id}")));
        Violation::unless(
            member.json()["balance_points"] == told["balance_points"],
            format!("{told} was answered where there is {}", member.body),
        )
    }

    fn judge_refused(
        &self,
        code: &str,
        customer: &Value,
        errand: &Errand<'_>,
    ) -> Result<(), Violation> {
        match code {
            "order_differs" => Violation::unless(
                errand.was_sent_otherwise("order", self.shop, &self.id()),
                "an order was refused as another, and it is the same",
            ),
            "member_unknown" => Violation::unless(
                customer["member_id"] == "mem_nobody",
                "the shop's own member is unknown",
            ),
            "redemption_unknown"
            | "redemption_of_other_partner"
            | "redemption_spent"
            | "gift_over"
            | "reward_taken_twice"
            | "reward_not_combinable"
            | "discounts_exceed_cart"
            | "currency_not_covered" => Violation::unless(
                !self.redemptions.is_empty(),
                "an order was refused for what it was not paid with",
            ),
            code => expect(code, &[]),
        }
    }

    /// What is shown before the order is placed: as its shop's server is quoted, and as the page works it out by
    /// itself from the snapshot that it was handed.
    fn carry_preview(&self, body: &Value, errand: &Errand<'_>) -> Result<Option<Value>, Violation> {
        let asked = json!({ "cart": body["cart"], "customer": body["customer"] });
        let quote = errand.read(&Request::post(self.shop, "/v1/quotes", &asked));
        if quote.status != 200 {
            return Ok(None);
        }
        let quote = quote.json();
        let quoted = quote["earning"].clone();
        if quote["member_id"].is_null() && !body["customer"]["id"].is_null() {
            // Where having an account is enough she joins first, and what that earned counts against limits.
            return Ok(None);
        }
        let Some(member_id) = quote["member_id"]
            .as_str()
            .filter(|_| errand.is_undisturbed())
        else {
            return Ok(Some(quoted));
        };
        let path = format!("/v1/members/{member_id}/snapshot");
        let read = errand.read(&Request::get(self.shop, path));
        let read: SnapshotDocument = serde_json::from_str(&read.body).expect("a snapshot");
        let member = Snapshot::try_from(read).expect("a snapshot of somebody");
        let is_it = |version: u32| quoted["program"]["version"] == version;
        let versions = errand.versions(self.shop).iter();
        let mut programs = versions.map(|version| &version.program);
        let program = programs.find(|program| is_it(program.reference().version));
        let program = program.ok_or_else(|| Violation::new("a quote is of no program of ours"))?;
        let cart = self.cart();
        let Ok(earning) = evaluate(program, &member, &cart, now()) else {
            return Ok(None);
        };
        let shown = EarningDocument::new(program, &cart, &earning);
        let shown = serde_json::to_value(&shown).expect("an earning is plain JSON");
        Violation::unless(
            shown == quoted,
            format!("a page shows\n  {shown}\nand quoted is\n  {quoted}"),
        )?;
        Ok(Some(shown))
    }
}

fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_millis();
    Timestamp::from_millis(i64::try_from(now).unwrap_or(i64::MAX))
}
