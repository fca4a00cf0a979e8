//! The cron: carries a round of settling to the database and back.
//!
//! What is due, what is written and when to stop is the ledger's. Invariant: one member is one batch, so who
//! cannot be settled keeps nobody else from it.

use std::fmt;

use earnest_core::Timestamp;
use earnest_ledger::store::members;
use earnest_ledger::{Due, Settling, Statement, StoreError};
use worker::Env;

use crate::database::{Cost, Database};
use crate::problem::Failure;
use crate::program_store::load_program;

/// What a round has done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Round {
    /// Who was settled, and the rows that this wrote.
    pub(crate) settled: Vec<(String, usize)>,
    /// How many were put off.
    pub(crate) put_off: u32,
    /// How many had another writer, who settled them.
    pub(crate) met: u32,
    /// What it has cost.
    pub(crate) cost: Cost,
}

impl Round {
    /// Whether nobody was due.
    pub(crate) fn is_idle(&self) -> bool {
        self.settled.is_empty() && self.put_off == 0 && self.met == 0
    }
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settled = self.settled.len();
        let Self {
            put_off, met, cost, ..
        } = self;
        write!(f, "settled {settled}, put off {put_off}, met {met}: {cost}")
    }
}

/// Settles who is due at `now`.
pub(crate) async fn run(env: &Env, now: Timestamp) -> Result<Round, Failure> {
    run_round(env, Settling::new(now), now).await
}

/// The same among a shop's members, for somebody who waits: no more of it than she can wait for.
pub(crate) async fn run_briefly(env: &Env, shop: &str, now: Timestamp) -> Result<Round, Failure> {
    run_round(env, Settling::brief(shop, now), now).await
}

async fn run_round(env: &Env, mut settling: Settling, now: Timestamp) -> Result<Round, Failure> {
    let database = env.d1("DB").map_err(Failure::internal)?;
    let database = Database::new(database);
    let mut round = Round::default();
    'slices: while let Some(slice) = settling.next_slice() {
        let found = database.read([slice]).await?;
        let Some(rows) = found.first() else {
            break;
        };
        for due in settling.found(rows)? {
            let before = database.cost().rows_written;
            let written = match settle(env, &due, now).await {
                Ok(statements) if !settling.may_run(&statements) => break 'slices,
                Ok(statements) => database.write(&statements).await.map_err(Failure::from),
                Err(failure) => Err(failure),
            };
            match written {
                Ok(()) => {
                    let rows = database.cost().rows_written.saturating_sub(before);
                    round.settled.push((due.member_id().to_owned(), rows));
                }
                Err(Failure::Store(error)) if error.is_conflict() => round.met += 1,
                Err(Failure::Store(StoreError::Away(why))) => {
                    return Err(StoreError::Away(why).into());
                }
                Err(failure) => {
                    crate::tell(&failure);
                    let statements = [due.put_off()];
                    if !settling.may_run(&statements) {
                        break 'slices;
                    }
                    match database.write(&statements).await {
                        Ok(()) => round.put_off += 1,
                        Err(error) if error.is_conflict() => round.met += 1,
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
    }
    round.cost = database.cost();
    Ok(round)
}

/// Settles one member of a shop as she is at `now`, whether or not anything is due: for a demo, where one story may be
/// further in time than another.
pub(crate) async fn run_for(
    env: &Env,
    (shop, member_id): (&str, &str),
    now: Timestamp,
) -> Result<Round, Failure> {
    let database = env.d1("DB").map_err(Failure::internal)?;
    let database = Database::new(database);
    let found = database
        .read([members::load_by_id(shop, member_id)])
        .await?;
    let found = found.first().map(|rows| Settling::new(now).found(rows));
    let due = found.transpose()?.and_then(|mut found| found.pop());
    let due = due.ok_or(Failure::MemberUnknown)?;
    let statements = settle(env, &due, now).await?;
    database.write(&statements).await?;
    let cost = database.cost();
    Ok(Round {
        settled: vec![(member_id.to_owned(), cost.rows_written)],
        cost,
        ..Round::default()
    })
}

async fn settle(env: &Env, due: &Due, now: Timestamp) -> Result<Vec<Statement>, Failure> {
    let published = load_program(env, due.shop(), now).await?;
    Ok(due.settle(&published.program)?)
}
