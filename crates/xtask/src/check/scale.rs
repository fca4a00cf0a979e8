//! What a member does costs, by D1's own count of rows, with a million entries in the table what it costs with ten
//! members.
//!
//! The counts do not jitter, so they are compared to the last row. Invariant: the edge is one of its own; the crowd
//! is written while it is down, and no scenario meets it.

mod visit;

use anyhow::{Result, ensure};

use self::visit::{Visit, order, visit};
use super::Tally;
use super::connection::Connection;
use crate::edge::Edge;
use crate::{build, place, step};

/// Its program has rewards, and refunds that leave debts.
const SHOP: &str = "tavern";
/// Members before the crowd comes.
const MEMBERS: u32 = 10;
/// The crowd, in SQL, and how many entries it brings.
const CROWD: &str = "crates/xtask/src/check/scale/crowd.sql";
const ENTRIES: u64 = 1_000_000;
/// One of the crowd.
const ONE_OF_THEM: &str = "crowd-25000";

pub(super) fn check() -> Result<Tally> {
    build::run(None)?;
    let edge = Edge::start("scale")?;
    let connection = Connection::new(edge.address(), &edge.secret_key(SHOP)?);
    let mut before = Visit::default();
    for nth in 0..MEMBERS {
        before = visit(&connection, &format!("early-{nth}"))?;
    }
    edge.kill()?;
    edge.execute(
        "a million entries are booked while nobody looks",
        &place::at(CROWD),
    )?;
    let counted = edge.rows("counting them", "SELECT count(*) AS entries FROM entries")?;
    let entries = counted.first().and_then(|row| row["entries"].as_u64());
    ensure!(entries > Some(ENTRIES), "there are {entries:?} entries");
    let edge = edge.restart()?;
    let after = visit(&connection, "late")?;
    step::note(&format!("with {MEMBERS} members: {before}"));
    ensure!(before == after, "with {ENTRIES} entries: {after}");
    let (order, theirs) = (before.order(), order(&connection, ONE_OF_THEM)?);
    ensure!(
        order == theirs,
        "an order of hers is {order}, and one of a member with 20 orders {theirs}"
    );
    // Half a gigabyte, from which nobody learns more.
    edge.discard()?;
    Ok(Tally::from(true))
}
