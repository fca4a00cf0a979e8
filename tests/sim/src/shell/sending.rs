//! Sending a batch: what goes wrong at a storage call, and what hung before arrives.
//!
//! Invariant: a batch is sent again only where the database was away, and never more often than the Worker does.

use earnest_core::Timestamp;
use earnest_ledger::{Statement, StoreError};

use super::Shell;
use crate::Violation;
use crate::database::SqliteRows;
use crate::fault::{Fault, Faults};

/// Times that a batch is sent before the database counts as away, as in the Worker.
const ATTEMPTS: u32 = 3;
/// How far ahead the clock of another isolate is.
const OTHER_CLOCK_MS: i64 = 700;
/// After so long who asked gives up.
const PATIENCE_MS: i64 = 30_000;
/// Operations within operations within operations.
const MOST_NESTED: u32 = 3;

impl Shell {
    /// Reads or writes by one batch, sent again where the database is away.
    pub(crate) fn send(&mut self, statements: &[Statement]) -> Result<Vec<SqliteRows>, StoreError> {
        let mut attempt = 1;
        self.running.given_up = false;
        loop {
            match self.send_once(statements) {
                Err(StoreError::Away(_)) if attempt < ATTEMPTS && !self.running.given_up => {
                    attempt += 1;
                }
                settled => return settled,
            }
        }
    }

    /// What hung arrives: it is written as if nothing had happened since it was decided, or not at all.
    fn arrive(&mut self, batches: Vec<Vec<Statement>>) {
        for statements in batches {
            match self.database.batch(&statements) {
                Ok(_) => {
                    self.running.interrupted = true;
                    self.tally.count("batches that had hung were written");
                }
                Err(error) if error.is_conflict() => {
                    self.tally.count("batches that had hung came too late");
                }
                Err(error) => {
                    let told = format!("what had hung was told: {error}");
                    self.judged(Err(Violation::new(told)));
                }
            }
        }
    }

    /// All that still hangs arrives.
    pub(crate) fn arrive_all(&mut self) -> Result<(), Violation> {
        let last = self.stalled.last();
        self.arrive(last);
        self.violation.take().map_or(Ok(()), Err)
    }

    fn send_once(&mut self, statements: &[Statement]) -> Result<Vec<SqliteRows>, StoreError> {
        let arriving = self.stalled.arriving();
        self.arrive(arriving);
        let call = self.running.calls;
        self.running.calls += 1;
        let strikes = |(at, _): &mut (u32, Fault)| *at == call;
        let faults: Vec<_> = self.running.faults.extract_if(.., strikes).collect();
        let mut reply_lost = false;
        for (_, fault) in faults {
            match fault {
                Fault::Meanwhile(other) => {
                    if self.nested < MOST_NESTED {
                        self.running.interrupted = true;
                        self.tally
                            .count("operations got in between the calls of others");
                        // Another isolate, whose clock is another.
                        let now = self.now;
                        self.now = Timestamp::from_millis(now.as_millis() + OTHER_CLOCK_MS);
                        let done = self.run(&*other, Faults::new());
                        self.now = now;
                        self.violation = self.violation.take().or(done.err());
                    }
                }
                Fault::Away => {
                    self.running.struck = true;
                    self.tally.count("calls found the database away");
                    return Err(away());
                }
                Fault::Broken => {
                    self.running.struck = true;
                    self.tally.count("calls broke");
                    return Err(StoreError::from_message("D1_ERROR: no idea".to_owned()));
                }
                Fault::Stalls(stall) => {
                    // What was looked at a moment ago is older now.
                    (self.running.struck, self.running.interrupted) = (true, true);
                    self.running.given_up = stall.is_given_up;
                    self.tally.count("calls hung");
                    self.stalled.hang(statements, stall.calls);
                    self.now = Timestamp::from_millis(self.now.as_millis() + PATIENCE_MS);
                    return Err(away());
                }
                Fault::ReplyLost => reply_lost = true,
            }
        }
        let done = self.database.batch(statements);
        if reply_lost {
            self.running.struck = true;
            self.tally.count("replies were lost");
            return Err(away());
        }
        done
    }
}

fn away() -> StoreError {
    StoreError::from_message("D1_ERROR: Network connection lost.".to_owned())
}
