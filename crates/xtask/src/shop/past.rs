//! Members whom a shop begins with: what they did in the past, planned by the core at the instants at which they
//! did it, and written by the ledger's own statements.
//!
//! Invariant: storing them twice changes nothing, whatever they have done in between: each statement is for the
//! member as she was before the one plan that it is of.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use earnest_core::{
    Cart, CartTotals, Command, Currency, Line, Program, Snapshot, Timestamp, due_at, evaluate, plan,
};
use earnest_ledger::store::append::{self, Base};
use earnest_ledger::store::joining::{self, Joining};
use earnest_ledger::{EmailHash, Signs, Statement, Value};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::text;

const DAY_MILLIS: i64 = 86_400_000;

/// Somebody who joined a while ago.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past<'a> {
    /// Her id at Earnest.
    pub(crate) member_id: &'a str,
    /// The shop's own name for her.
    pub(crate) customer_id: &'a str,
    /// What she joined with.
    pub(crate) email: &'a str,
    /// Days since then.
    pub(crate) joined_days_ago: i64,
    /// What she bought, the oldest first.
    pub(crate) orders: &'a [PastOrder],
}

/// An order: its id, what it cost in cents, and how many days ago it was placed.
pub(crate) type PastOrder = (&'static str, i64, i64);

/// The statements that make a member of a shop, as SQL; `email_pepper` is the Worker's.
///
/// # Errors
/// When the program does not let her do what she did.
pub(super) fn rows(
    shop: &str,
    program: &Program,
    email_pepper: &str,
    past: &Past<'_>,
    now: Timestamp,
) -> Result<String> {
    let ago = |days: i64| Timestamp::from_millis(now.as_millis() - days * DAY_MILLIS);
    let refused = |refusal| anyhow!("{} of `{shop}`: {refusal}", past.customer_id);
    let member_id = past.member_id;
    let email_hash = email_hash(shop, past.email, email_pepper);
    let joins = Joining {
        member_id,
        customer_id: Some(past.customer_id),
        email_hash: Some(&email_hash),
        terms: true,
        marketing: false,
        signs: &Signs::default(),
    };
    let joined_at = ago(past.joined_days_ago);
    let mut sql = written(&joining::store_joining(shop, joins, joined_at));
    sql += " ON CONFLICT DO NOTHING;\n";

    let mut base = Base::newcomer(member_id);
    let mut member = Snapshot::default();
    let enrol = Command::Enrol { member_id };
    let mut planned = plan(program, None, enrol, joined_at).map_err(refused)?;
    let mut planned_at = joined_at;
    let mut orders = past.orders.iter();
    loop {
        let statements = append::store_plan(shop, &base, program, &planned, planned_at);
        sql += &guarded(shop, &base, &statements);
        member.clone_from(&planned.snapshot);
        base = Base {
            member_id,
            revision: base.revision + 1,
            head: append::head_after(&base, &planned),
            due_at: due_at(program, &member, planned_at),
        };
        let Some((order_id, price_cents, days_ago)) = orders.next() else {
            return Ok(sql);
        };
        planned_at = ago(*days_ago);
        let cart = cart(*price_cents)?;
        let earning = evaluate(program, &member, &cart, planned_at);
        let earning = earning.map_err(|error| anyhow!("{order_id}: {error}"))?;
        let earn = Command::Earn {
            order_id,
            cart: &cart,
            placed_at: planned_at,
            earning: &earning,
            redemptions: &[],
            draws: &[],
        };
        planned = plan(program, Some(&member), earn, planned_at).map_err(refused)?;
    }
}

/// This instant.
pub(super) fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.context("the clock is before 1970")?.as_millis();
    Ok(Timestamp::from_millis(millis.try_into()?))
}

/// What the Worker keeps of an address: its `email.rs` says why it is made so.
fn email_hash(shop: &str, email: &str, pepper: &str) -> EmailHash {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(pepper.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{shop}\0{email}").as_bytes());
    EmailHash::new(&mac.finalize().into_bytes().into())
}

/// One thing from the shelf, at this price.
fn cart(price_cents: i64) -> Result<Cart> {
    let line = Line {
        id: "1".to_owned(),
        product: "kettle".to_owned(),
        categories: vec!["brewing".to_owned()],
        tags: Vec::new(),
        brand: None,
        vendor: None,
        quantity: 1,
        unit_price_minor: price_cents,
        discount_minor: 0,
        tax_minor: 0,
    };
    let totals = CartTotals {
        currency: Currency::parse("EUR")?,
        prices_include_tax: true,
        discount_minor: 0,
        shipping_minor: 0,
        shipping_tax_minor: 0,
    };
    Ok(Cart::new(totals, vec![line])?)
}

/// The statements of a plan, each for the member as the plan found her. She herself comes last.
fn guarded(shop: &str, base: &Base<'_>, statements: &[Statement]) -> String {
    let (shop, member_id) = (text(shop), text(base.member_id));
    let (mut rows, mut member) = (String::new(), String::new());
    for statement in statements {
        let sql = written(statement);
        let guard = format!(
            "WHERE (SELECT revision FROM members WHERE shop = {shop} AND member_id = {member_id}) = {}",
            base.revision
        );
        if let Some((into, values)) = sql.split_once(" VALUES (") {
            let values = values.strip_suffix(')').unwrap_or(values);
            rows += &format!("{into} SELECT {values} {guard};\n");
        } else if sql.starts_with("INSERT") {
            rows += &format!("{sql} {guard};\n");
        } else {
            member += &format!("{sql} AND revision = {};\n", base.revision);
        }
    }
    rows + &member
}

/// A statement with its values written out.
fn written(statement: &Statement) -> String {
    let mut parts = statement.sql.split('?');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit());
        let (number, rest) = part.split_at(end.unwrap_or(part.len()));
        let nth: usize = number.parse().expect("our statements number their values");
        sql += &match &statement.values[nth - 1] {
            Value::Null => "NULL".to_owned(),
            Value::Text(value) => text(value),
            Value::Whole(value) => value.to_string(),
        };
        sql += rest;
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_written_with_its_values() {
        let values: Vec<Value> = (1..=11_i64).map(Value::from).collect();
        let statement = Statement::new("SELECT ?1, ?11 WHERE ?2", values);
        assert_eq!(written(&statement), "SELECT 1, 11 WHERE 2");
        let statement = Statement::new("VALUES (?1, ?2)", ["Maya's ?1".into(), Value::Null]);
        assert_eq!(written(&statement), "VALUES ('Maya''s ?1', NULL)");
    }
}
