//! How an episode ends: what hung and what is on its way has arrived, every member is settled at the last instant, and
//! what the books then say of her.
//!
//! Invariant: whether the cron came by on time, late or never before, makes no difference.

use earnest_core::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::Violation;
use crate::operation::{finish, settle};
use crate::shell::{Shell, shop_id};

/// What the books say of a member in the end.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Ending {
    member_id: String,
    balance_points: i64,
    earned_points: i64,
    tier: Option<String>,
    facts: String,
    holdings: String,
}

/// For so long what a rule gave is remembered, whether or not there is such a rule, as in the core; and a day, since days
/// are the shop's.
const REMEMBERED_DAYS: i64 = 730;
const DAY_MS: i64 = 86_400_000;

impl Ending {
    /// Without what rules gave so long ago that it depends on which were there when somebody looked.
    fn remembered(self, now: Timestamp) -> Self {
        let mut facts: Value = serde_json::from_str(&self.facts).expect("facts are JSON");
        let today = now.as_millis().div_euclid(DAY_MS);
        if let Some(usage) = facts["usage"].as_array_mut() {
            let is_fresh = |it: &Value| {
                it["day"]
                    .as_i64()
                    .is_some_and(|day| today - day < REMEMBERED_DAYS)
            };
            usage.retain(is_fresh);
        }
        let facts = facts.to_string();
        Self { facts, ..self }
    }
}

/// What should have arrived by now: gifts, and the orders that guests placed within 30 days before they joined.
const LOST: &str = "
    SELECT gift_id AS what FROM gifts_sent WHERE shop = ?1 AND arrived_at IS NULL
    UNION ALL
    SELECT order_id FROM orders CROSS JOIN members
      ON members.shop = orders.shop AND members.email_hash = orders.email_hash
    WHERE orders.shop = ?1 AND orders.member_id IS NULL AND placed_at >= enrolled_at - 30 * 86400000
      -- Who takes another one over has joined when that one did, from then on.
      AND merged_into IS NULL AND members.member_id NOT IN (SELECT merged_into FROM members WHERE shop = ?1 AND merged_into IS NOT NULL)";

#[derive(Deserialize)]
struct Lost {
    what: String,
}

/// Everything has arrived, but where somebody has as many points as there can be.
fn check_arrivals(shell: &Shell, shops: usize) -> Result<(), Violation> {
    if (0..shops).any(|shop| shell.has_all_there_can_be(shop)) {
        return Ok(());
    }
    for shop in 0..shops {
        let lost: Vec<Lost> = shell.database.ask(LOST, &[shop_id(shop)]);
        if let Some(Lost { what }) = lost.first() {
            return Err(Violation::new(format!("in the end {what} has not arrived")));
        }
    }
    Ok(())
}

/// Brings what is on its way, settles every member, and tells what each has.
pub(crate) fn settle_all(shell: &mut Shell, shops: usize) -> Result<Vec<Ending>, Violation> {
    shell.arrive_all()?;
    finish(shell)?;
    check_arrivals(shell, shops)?;
    let mut endings = Vec::new();
    let rows = "SELECT * FROM members WHERE shop = ?1 AND merged_into IS NULL";
    for shop in 0..shops {
        for Ending { member_id, .. } in shell.database.ask(rows, &[shop_id(shop)]) {
            settle(shop, &member_id, shell).map_err(|error| Violation::new(error.to_string()))?;
        }
        let found: Vec<Ending> = shell.database.ask(rows, &[shop_id(shop)]);
        endings.extend(found.into_iter().map(|it| it.remembered(shell.now)));
    }
    Ok(endings)
}
