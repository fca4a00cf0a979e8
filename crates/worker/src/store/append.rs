//! Appending: a plan of the core as the statements that store it.
//!
//! Invariant: entries come before the member whose last ones they are, so that another writer's entries
//! are met as a conflict on their seq, before anything else.

use earnest_core::{Entry, Plan};

use super::Statement;

/// The statements that store a plan; none for a plan without entries.
pub(crate) fn store_plan(shop: &str, member_id: &str, plan: &Plan) -> Vec<Statement> {
    let entries = plan
        .entries
        .iter()
        .map(|entry| store_entry(shop, member_id, entry));
    let mut statements: Vec<Statement> = entries.collect();
    if !statements.is_empty() {
        statements.push(store_snapshot(shop, member_id, plan));
    }
    statements
}

fn store_entry(shop: &str, member_id: &str, entry: &Entry) -> Statement {
    Statement::new(
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, reason, \
         program_version, program_digest, booked_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
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
        ],
    )
}

fn store_snapshot(shop: &str, member_id: &str, plan: &Plan) -> Statement {
    let snapshot = &plan.snapshot;
    Statement::new(
        "UPDATE members SET seq = ?3, balance_points = ?4, earned_points = ?5, tier = ?6 \
         WHERE shop = ?1 AND member_id = ?2",
        [
            shop.into(),
            member_id.into(),
            snapshot.seq.into(),
            snapshot.balance.into(),
            snapshot.earned.into(),
            snapshot.tier.as_deref().into(),
        ],
    )
}
