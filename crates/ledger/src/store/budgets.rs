//! Budgets: what all members of a shop have had of a rule or campaign.
//!
//! Invariant: a plan adds to what is there, whatever others have added since it was made; what would then
//! be too much undoes the whole batch.

use std::collections::BTreeMap;

use earnest_core::BudgetUse;
use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::json;

/// Names the programme's own budget, whose holder has no id. No id of a rule or campaign has a star.
const OF_PROGRAMME: &str = "*";

/// What all members have had: the id of each holder, and points.
pub type Budgets = Vec<(String, i64)>;

#[derive(Deserialize)]
struct BudgetRow {
    holder: String,
    used_points: i64,
}

/// The budgets that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn budgets(rows: &impl Rows) -> Result<Budgets, StoreError> {
    let rows: Vec<BudgetRow> = rows.all()?;
    let used = rows.into_iter().map(|row| {
        let is_of_programme = row.holder == OF_PROGRAMME;
        let holder = if is_of_programme {
            String::new()
        } else {
            row.holder
        };
        (holder, row.used_points)
    });
    Ok(used.collect())
}

/// Reads what has been had of each budget, also of rules that the program in force no longer has: a quote, or the
/// order of a guest who joins, may be decided by an older one, and which that is is not known before it is read. A
/// shop has as many as it ever had rules, campaigns and rewards that are limited for all together.
pub fn load(shop: &str) -> Statement {
    Statement::new(
        "SELECT holder, used_points FROM budgets WHERE shop = ?1",
        [shop.into()],
    )
}

/// Takes from a budget.
pub fn store_use(shop: &str, taken: &BudgetUse) -> Statement {
    Statement::new(
        "INSERT INTO budgets (shop, holder, used_points, limit_points) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (shop, holder) DO UPDATE SET used_points = used_points + excluded.used_points, \
         limit_points = excluded.limit_points",
        [
            shop.into(),
            name_of(taken).into(),
            taken.points.into(),
            taken.budget.into(),
        ],
    )
}

/// Gives back what of these is negative, where any is: then there is a row already, and its limit stays.
pub fn store_given_back(shop: &str, uses: &[BudgetUse]) -> Option<Statement> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for back in uses.iter().filter(|it| it.points < 0) {
        let sum = sums.entry(name_of(back)).or_default();
        *sum = sum.saturating_add(back.points);
    }
    if sums.is_empty() {
        return None;
    }
    let sums: Vec<_> = sums.into_iter().collect();
    // Not by the upsert above: what it would insert is checked before it finds that there is a row.
    Some(Statement::new(
        "UPDATE budgets SET used_points = max(0, used_points + value ->> 1) FROM json_each(?2) \
         WHERE shop = ?1 AND holder = value ->> 0",
        [shop.into(), json(&sums).as_str().into()],
    ))
}

fn name_of(used: &BudgetUse) -> &str {
    match used.holder.as_str() {
        "" => OF_PROGRAMME,
        id => id,
    }
}
