//! How an episode ends: every member settled at the last instant, and what the books then say of her.
//!
//! Invariant: whether the cron came by on time, late or never before, makes no difference.

use earnest_core::EntryKind;
use serde::Deserialize;

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

/// Counts the entries of each kind.
pub(crate) fn count_entries(shell: &mut Shell) {
    #[derive(Deserialize)]
    struct Counted {
        kind: String,
        times: u64,
    }
    let kinds = "SELECT kind, count(*) AS times FROM entries GROUP BY kind";
    for Counted { kind, times } in shell.database.ask(kinds, &[]) {
        let mut known = EntryKind::ALL.into_iter().map(EntryKind::name);
        let known = known.find(|known| *known == kind);
        shell
            .tally
            .count_many(known.expect("a kind of the core"), times);
    }
}

/// Brings what is on its way, settles every member, and tells what each has.
pub(crate) fn settle_all(shell: &mut Shell, shops: usize) -> Result<Vec<Ending>, Violation> {
    finish(shell)?;
    let mut endings = Vec::new();
    let rows = "SELECT * FROM members WHERE shop = ?1 AND merged_into IS NULL";
    for shop in 0..shops {
        for Ending { member_id, .. } in shell.database.ask(rows, &[shop_id(shop)]) {
            settle(shop, &member_id, shell).map_err(|error| Violation::new(error.to_string()))?;
        }
        endings.extend(shell.database.ask::<Ending>(rows, &[shop_id(shop)]));
    }
    Ok(endings)
}
