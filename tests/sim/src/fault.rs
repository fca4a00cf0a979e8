//! Faults: what goes wrong at a storage call.

use std::sync::Arc;

use crate::operation::{self, Operation};
use crate::random::Random;

/// What goes wrong at one storage call.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The database is away; nothing has been done. Who asked may ask again.
    Away,
    /// It was done, all of it, and the reply is lost.
    ReplyLost,
    /// The database fails in a way that nobody knows; nothing has been done.
    Broken,
    /// It hangs, and what was to be written arrives all the same.
    Stalls(Stall),
    /// Another operation, from its reads to its answer, gets in before this call.
    Meanwhile(Arc<dyn Operation>),
}

/// A batch that hangs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stall {
    /// It arrives before so many more calls have been made, or in the end, whatever others have written meanwhile.
    pub(crate) calls: u32,
    /// Whether it is not even sent again: who asked is told that the database is away, and asks later or never.
    pub(crate) is_given_up: bool,
}

/// The faults of one operation: the number of the storage call, from 0, and what goes wrong there.
pub(crate) type Faults = Vec<(u32, Fault)>;

/// The most calls that can be told apart.
const CALLS: u64 = 5;

/// Faults of an operation: mostly none, rarely several. `twin` is the operation itself or one like it, which
/// is the one that conflicts most surely.
pub(crate) fn draw(random: &mut Random, twin: &Arc<dyn Operation>) -> Faults {
    let how_many = match random.below(20) {
        0..=9 => 0,
        10..=15 => 1,
        16..=17 => 2,
        18 => return away_for_good(random),
        _ => 3,
    };
    let mut faults = Faults::new();
    for _ in 0..how_many {
        let call = u32::try_from(random.below(CALLS)).unwrap_or_default();
        let fault = match random.below(10) {
            0 => Fault::Away,
            1..=2 => Fault::ReplyLost,
            3 => Fault::Broken,
            4..=5 => Fault::Meanwhile(Arc::clone(twin)),
            6..=7 => stall(random),
            _ => {
                let rival = twin.rival(random);
                Fault::Meanwhile(rival.unwrap_or_else(|| operation::draw(random)))
            }
        };
        // What reads may hang as long as it likes: mostly every other call writes.
        let call = match fault {
            Fault::Stalls(_) => call | 1,
            _ => call,
        };
        faults.push((call, fault));
    }
    faults
}

/// As many calls fail in a row as the shell gives a batch.
fn away_for_good(random: &mut Random) -> Faults {
    let first = u32::try_from(random.below(CALLS)).unwrap_or_default();
    let lost = random.below(4);
    let how = if random.one_in(2) {
        Fault::ReplyLost
    } else {
        stall(random)
    };
    let fault = |nth: u32| {
        if u64::from(nth) == lost {
            how.clone()
        } else {
            Fault::Away
        }
    };
    (0..3).map(|nth| (first + nth, fault(nth))).collect()
}

/// Until just after it is sent again, until others have been at it, or until all are gone.
fn stall(random: &mut Random) -> Fault {
    Fault::Stalls(Stall {
        calls: random.pick(&[1, 2, 3, 5, 10, 30, 100, 1_000_000]),
        is_given_up: !random.one_in(3),
    })
}
