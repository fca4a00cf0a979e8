//! Budgets: what all members of a shop have had of a rule or campaign.
//!
//! Invariant: a plan adds to what is there, whatever others have added since it was made; what would then
//! be too much undoes the whole batch.

use earnest_core::BudgetUse;
use serde::Deserialize;

use super::{Rows, Statement, StoreError};

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

/// Reads what has been had of each budget. A program has few.
pub fn load(shop: &str) -> Statement {
    Statement::new(
        "SELECT holder, used_points FROM budgets WHERE shop = ?1",
        [shop.into()],
    )
}

/// Takes from a budget, or gives back to it: then there is a row already, and its limit stays.
pub fn store_use(shop: &str, taken: &BudgetUse) -> Statement {
    let holder = match taken.holder.as_str() {
        "" => OF_PROGRAMME,
        id => id,
    };
    if taken.points < 0 {
        // Not by the upsert below: what it would insert is checked before it finds that there is a row.
        return Statement::new(
            "UPDATE budgets SET used_points = max(0, used_points + ?3) WHERE shop = ?1 AND holder = ?2",
            [shop.into(), holder.into(), taken.points.into()],
        );
    }
    Statement::new(
        "INSERT INTO budgets (shop, holder, used_points, limit_points) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (shop, holder) DO UPDATE SET used_points = used_points + excluded.used_points, \
         limit_points = excluded.limit_points",
        [
            shop.into(),
            holder.into(),
            taken.points.into(),
            taken.budget.into(),
        ],
    )
}
