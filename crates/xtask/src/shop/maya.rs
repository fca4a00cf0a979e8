//! Maya, who has been buying at Slow Harbour for a while: silver, 540 beans earned, 100 for joining.
//!
//! Her ledger is written as the Worker would have written it. Invariant: seeding twice changes nothing,
//! whatever she has bought in between.

use earnest_core::{ChainedEntry, Currency, Pool, Timestamp, entry_hash};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::demo::ID;
use super::{Published, text};
use crate::digest::hex;

/// What her ledger holds, oldest first: kind, what it was booked for, points, cents spent, when (milliseconds).
const ENTRIES: [(&str, &str, i64, i64, i64); 4] = [
    ("welcome", MEMBER, 100, 0, 1_786_440_000_000),
    ("earn", "SH-2041", 184, 18_400, 1_786_440_060_000),
    ("earn", "SH-2107", 212, 21_200, 1_789_983_600_000),
    ("earn", "SH-2188", 144, 14_400, 1_792_857_900_000),
];

/// The demo's programme names no time zone, so its days are those of UTC.
const DAY_MS: i64 = 86_400_000;

/// Her id at Earnest, and the shop's own name for her.
const MEMBER: &str = "mem_0000000000000000000000006d617961";
const CUSTOMER: &str = "maya";
const EMAIL: &str = "maya@example.com";
const TIER: &str = "silver";

/// The statements that make her, under the program that the shop runs. `email_pepper` is the Worker's.
pub(super) fn rows(program: &Published, email_pepper: &str) -> String {
    let [(_, _, welcome_points, _, joined_at), ..] = ENTRIES;
    let email_hash = email_hash(email_pepper);
    let mut sql = format!(
        "INSERT INTO members (shop, member_id, customer_id, email_hash, terms_at, enrolled_at)\n  \
         VALUES ('{ID}', '{MEMBER}', '{CUSTOMER}', '{email_hash}', {joined_at}, {joined_at}) ON CONFLICT DO NOTHING;\n"
    );
    let digest = text(&program.digest);
    let (mut balance_points, mut head) = (0, None);
    // Nothing matures later or expires in the demo, so there is a lot for each entry, in their order.
    let mut lots = Vec::new();
    for (seq, (kind, source, points, spent_minor, booked_at)) in (1..).zip(ENTRIES) {
        balance_points += points;
        let currency = Currency::parse("EUR").ok().filter(|_| kind == "earn");
        let pool = Pool {
            currency,
            points,
            spent_minor,
        };
        let day = booked_at.div_euclid(DAY_MS);
        let entry = ChainedEntry {
            seq,
            kind,
            points,
            balance: balance_points,
            source,
            reason: None,
            rules: &[],
            partner: None,
            program_version: program.version,
            program_digest: &program.digest,
            booked_at: Timestamp::from_millis(booked_at),
            day,
            pools: &[pool],
        };
        let hash = entry_hash(head.as_ref(), MEMBER, &entry);
        let code = currency.map(Currency::code);
        let pools = json!([[code, points, spent_minor]]);
        sql += &format!(
            "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, program_version, \
             program_digest, booked_at, day, pools, hash)\n  VALUES ('{ID}', '{MEMBER}', {seq}, '{kind}', \
             '{source}', {points}, {balance_points}, {}, {digest}, {booked_at}, {day}, '{pools}', '{hash}') \
             ON CONFLICT DO NOTHING;\n",
            program.version
        );
        lots.push(json!([points, booked_at, Value::Null, code]));
        head = Some(hash);
    }
    let head = head.expect("she has entries");
    let holdings = json!({ "lots": lots });
    let (seq, earned_points) = (ENTRIES.len(), balance_points - welcome_points);
    let orders = ENTRIES.iter().filter(|(kind, ..)| *kind == "earn");
    let last_order_at = orders.clone().map(|(.., at)| at).max();
    let facts = json!({ "orders": orders.count(), "last_order_at": last_order_at });
    sql + &format!(
        "UPDATE members SET seq = {seq}, balance_points = {balance_points}, earned_points = {earned_points}, \
         tier = '{TIER}', facts = '{facts}', holdings = '{holdings}', head_hash = '{head}', revision = 1\n  WHERE shop = '{ID}' AND member_id = '{MEMBER}' AND seq = 0;\n"
    )
}

/// What the Worker keeps of her address: its `email.rs` says why it is made so.
fn email_hash(pepper: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(pepper.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{ID}\0{EMAIL}").as_bytes());
    hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maya_has_540_beans_earned_and_100_for_joining() {
        let program = Published {
            source: String::new(),
            document: String::new(),
            version: 1,
            digest: "sha256:0".to_owned(),
            warnings: Vec::new(),
        };
        let sql = rows(&program, "pepper");
        assert!(
            sql.contains("balance_points = 640, earned_points = 540, tier = 'silver'"),
            "{sql}"
        );
        let facts = r#"facts = '{"last_order_at":1792857900000,"orders":3}'"#;
        assert!(sql.contains(facts), "{sql}");
        assert!(
            sql.contains(r#"'[["EUR",184,18400]]'"#) && sql.contains(", 20676, '[[null,100,0]]'"),
            "{sql}"
        );
    }
}
