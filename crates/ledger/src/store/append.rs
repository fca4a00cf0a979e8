//! Appending: a plan of the core as the statements that store it.
//!
//! Invariant: entries come before the member whose last ones they are, and she before all else, so that
//! another writer is met as a conflict on her, before anything else.

use earnest_core::{CreditEntry, Entry, Plan};

use super::{Statement, Value, budgets, facts};
use crate::json;

/// The statements that store a plan on a member who was read at this revision.
pub fn store_plan(shop: &str, member_id: &str, revision: u64, plan: &Plan) -> Vec<Statement> {
    let entries = plan.entries.iter();
    let entries = entries.map(|entry| store_entry(shop, member_id, entry));
    let mut statements: Vec<Statement> = entries.collect();
    statements.push(store_snapshot(shop, member_id, revision, plan));
    let credits = plan.credits.iter();
    statements.extend(credits.map(|entry| store_credit(shop, member_id, entry)));
    let taken = plan.budgets.iter();
    statements.extend(taken.map(|taken| budgets::store_use(shop, taken)));
    statements
}

fn store_entry(shop: &str, member_id: &str, entry: &Entry) -> Statement {
    Statement::new(
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, reason, \
         program_version, program_digest, booked_at, rules, partner) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        [
            shop.into(),
            member_id.into(),
            entry.seq.into(),
            entry.kind.name().into(),
            entry.source.as_str().into(),
            entry.points.into(),
            entry.balance.into(),
            entry.reason.as_deref().into(),
            entry.program.version.into(),
            entry.program.digest.as_str().into(),
            entry.booked_at.into(),
            rules(&entry.rules),
            entry.partner.as_deref().into(),
        ],
    )
}

/// The member after the plan. Her place in the ledger is that of her last entry: it is named only where the
/// plan has entries.
fn store_snapshot(shop: &str, member_id: &str, revision: u64, plan: &Plan) -> Statement {
    let snapshot = &plan.snapshot;
    let mut values: Vec<Value> = vec![
        shop.into(),
        member_id.into(),
        revision.saturating_add(1).into(),
        snapshot.earned.into(),
        snapshot.tier.as_deref().into(),
        facts::write(snapshot).as_str().into(),
    ];
    if plan.entries.is_empty() {
        return Statement::new(
            "UPDATE members SET revision = ?3, earned_points = ?4, tier = ?5, facts = ?6 \
             WHERE shop = ?1 AND member_id = ?2",
            values,
        );
    }
    values.extend([snapshot.seq.into(), snapshot.balance.into()]);
    Statement::new(
        "UPDATE members SET revision = ?3, earned_points = ?4, tier = ?5, facts = ?6, \
         seq = ?7, balance_points = ?8 WHERE shop = ?1 AND member_id = ?2",
        values,
    )
}

fn store_credit(shop: &str, member_id: &str, entry: &CreditEntry) -> Statement {
    Statement::new(
        "INSERT INTO credit_entries (shop, member_id, balance, seq, kind, source, minor, balance_minor, \
         rules, program_version, program_digest, booked_at) \
         VALUES (?1, ?2, ?3, 1 + coalesce((SELECT max(seq) FROM credit_entries \
         WHERE shop = ?1 AND member_id = ?2 AND balance = ?3), 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        [
            shop.into(),
            member_id.into(),
            entry.balance.as_str().into(),
            entry.kind.name().into(),
            entry.source.as_str().into(),
            entry.minor.into(),
            entry.balance_minor.into(),
            rules(&entry.rules),
            entry.program.version.into(),
            entry.program.digest.as_str().into(),
            entry.booked_at.into(),
        ],
    )
}

/// The ids of rules, as a list; NULL for none.
fn rules(ids: &[String]) -> Value {
    let list = (!ids.is_empty()).then(|| json(&ids));
    list.as_deref().into()
}
