//! The simulator: many members of several shops over the real statements, with faults at every storage call.
//!
//! Programs, operations and faults come from a seed. What runs is the ledger itself, its bookings and its SQL,
//! on a database in memory that has the real migrations; only the shell that carries them is this one's, as the
//! Worker's is for D1. At any call the database may be away, do what it is asked and lose the reply, let another
//! operation in between a read and its write, or hang: then who asked gives up, and asks again or not, and what was to
//! be written arrives all the same, minutes or days later. After each operation every invariant is asked of what it
//! touched in the books, and at the end of an episode of everything; then an auditor draws every surprise again
//! (`auditor.rs`). A seed that fails is told with the fewest operations that fail alike.
//!
//! The same operations are carried to a running edge too, with faults of the way to it (`carried.rs`): a shorter run,
//! in workerd, over HTTP, with the same invariants asked of its D1.
//!
//! A new operation is a file in `operation/` and a line in its table, a new invariant a row in `invariant.rs`.
//!
//! To know that it would see a mistake, each of these was made on purpose, and found within 30,000 operations; those
//! with a star again since it checks after a step no more than what the step touched:
//!
//! - Core: what a budget gives is rounded down\*; activities count as earned by orders; what is gained is put into
//!   no lot\*; settling forgets to expire\*, or lets small lots live; a merge forgets what her orders earned\*; a
//!   refund forgets those before it\*; everybody is of one household\*; a credit of the journal is a cent short\*.
//! - Ledger: an order is evaluated at the clock of its booking\*, or without the budgets\*; a booked order is not
//!   looked for\*; another order, or another adjustment, passes under a known id; the balance in the answer is the
//!   one before\*; an adjustment is answered with the first entry of its plan; a customer is found by her e-mail
//!   before her customer id\*; a quote is honoured by every order that brings it\*, or evaluated as of now; who is
//!   merged while she is told of is answered at once\*.
//! - Statements: a member\*, or her profile, is written without her revision; a budget is set and not added to\*;
//!   entries of money are numbered over all balances, events by their member; a consent is dropped by a link\*;
//!   facts forget what limits have had; the chain begins anew with each entry\*, or carries the first on; who is
//!   merged keeps her household\*.
//! - Migrations: no trigger on revisions\*; a budget may be overspent\*; e-mails are not unique\*; an order may be
//!   kept twice\*; the days forget what was spent\*.
//! - Shell: what fails is not undone\*; who was not first gives up.
//! - Gifts: what a rule gives takes nothing of its limits\*, or of a stock\*, or is given beyond its limits\*; a limit of a
//!   year holds for a month\*; a step falls though its reward was given, and gives it again\*; a merge takes the nearer
//!   of two ways through a challenge\*; what an order was given stays when all of it comes back\*, or its money does\*;
//!   a code is good when its time is up\*; a surprise takes nothing of its budget\*; money that a rule gave is not known of
//!   when refunds come before their order\*; how an order is delivered is not read, which the counts tell\*.
//! - Competitions: what comes back counts still\*; something counts when the prizes are given\*; the board is read from
//!   its bottom\*; only the first place wins\*; who takes another one over has not what that one had\*; the board keeps
//!   the old name\*.
//! - Joining by ordering: she has agreed to the terms by it\*; nobody joins\*, or who is known by her e-mail does once
//!   more\*; what she is welcomed with is not heeded by her order\*.
//!
//! - Paying: what is held of a balance may be held again\*; money that paid stays where it was, or does not come
//!   back\*, or comes back anew with each refund\*; several redemptions pay more than their order comes to\*, or the
//!   same reward twice, or together with one that is for itself\*; a redemption gives what the program says when it is
//!   spent, or goes back to a stock that it was not taken from\*.
//! - Seeds: one that was told is drawn with\*; all surprises of an order draw one number\*; a draw wins less often than
//!   it says\*.
//! - Hanging: what came back of an order hangs until that has come, and waits for good\*; a member is written as she was
//!   before others wrote her\*.
//!
//! What it found by itself: who enrolled somebody at the same moment as another was answered as if what she knew
//! of her had been kept; an adjustment was answered with the expiry that was booked before it; what a reservation
//! that ended gave back to a reward's stock could not be stored; an order and an activity of one id could not both
//! pay off a debt; two orders' refunds of one id could not both be stored, and no reason was told; what a shop told
//! of a member who was merged just then stayed with the one that she no longer was; what a friend's first order gave
//! was not found when that order came back and the friend had been merged meanwhile; who had an account, and told her
//! e-mail later, was never credited what she had ordered under it as a guest; what counted while the prizes of a competition
//! were given stood on its board, and won nothing; of what several redemptions paid, a cent more came back than was paid
//! where something had come back before the order.

mod auditor;
#[cfg(test)]
mod books;
mod carried;
mod chain;
mod counted;
mod database;
mod edge;
mod ending;
mod episode;
mod errand;
mod fault;
mod invariant;
mod journal;
mod operation;
mod program;
mod random;
mod shell;
mod shrink;
mod stalled;
mod tally;
mod touched;
mod who;

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

pub use crate::carried::run_at_edge;
pub use crate::edge::{Answer, Caller, Edge, Request};
pub use crate::tally::Tally;

use crate::episode::{Episode, LENGTH, Step};

/// What does not hold, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Violation(String);

/// A seed that fails.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed; with as many operations as an episode has, it fails again.
    pub seed: u64,
    /// What does not hold.
    pub violation: Violation,
    /// The fewest operations that show it, one a line.
    pub operations: Vec<String>,
}

impl Violation {
    fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    fn unless(holds: bool, what: impl Into<String>) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::new(what)) }
    }
}

/// Plays about so many operations, in episodes of which each has the next seed, on every processor that there is.
/// `progress` is told how many are done.
///
/// What comes of it is the same on any number of processors.
///
/// # Errors
/// The first seed that fails.
///
/// # Panics
/// When a thread of it does, which is a mistake of the simulator.
pub fn run(
    seed: u64,
    operations: u64,
    progress: impl Fn(u64) + Sync,
) -> Result<Tally, Box<Failure>> {
    let episodes = operations.div_ceil(LENGTH);
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let sum = Mutex::new((Tally::default(), None::<(u64, Box<Failure>)>));
    let work = || loop {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        if nth >= episodes {
            break;
        }
        let length = LENGTH.min(operations - nth * LENGTH);
        let played = play(seed.wrapping_add(nth), length);
        let (tally, first) = &mut *sum.lock().expect("no thread panics with it");
        match played {
            Ok(played) => tally.add(played),
            Err(failure) => {
                // Those before it are being played.
                next.store(episodes, Ordering::Relaxed);
                if first.as_ref().is_none_or(|(before, _)| nth < *before) {
                    *first = Some((nth, failure));
                }
            }
        }
        progress(done.fetch_add(length, Ordering::Relaxed) + length);
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let (tally, first) = sum.into_inner().expect("no thread panics with it");
    first.map_or(Ok(tally), |(_, failure)| Err(failure))
}

/// Plays one episode.
fn play(seed: u64, length: u64) -> Result<Tally, Box<Failure>> {
    let episode = Episode::draw(seed, length);
    let violation = match episode.play(&episode.steps) {
        Ok(tally) => return Ok(tally),
        Err(violation) => violation,
    };
    let (steps, violation) = shrink::shrink(&episode, violation);
    let told = |step: &Step| format!("{step:?}");
    Err(Box::new(Failure {
        seed,
        violation,
        operations: steps.iter().map(told).collect(),
    }))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            violation,
            operations,
        } = self;
        writeln!(f, "{violation}")?;
        writeln!(f, "\nseed {seed}; the fewest operations that show it:")?;
        for operation in operations {
            writeln!(f, "  {operation}")?;
        }
        write!(
            f,
            "\nto see it again: cargo xtask sim --seed {seed} --operations {LENGTH}"
        )
    }
}
