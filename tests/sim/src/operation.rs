//! Operations: what clients ask for, one a file. Each is drawn whole, runs by itself wherever it stands in a
//! list, and judges what it was told.
//!
//! Invariant: an operation that is drawn again from the same numbers is the same, and one that is run again
//! asks for the same.

mod activity;
mod adjustment;
mod competition;
mod enrolment;
mod gift;
mod guest;
mod household;
mod merge;
mod moves;
mod order;
mod profile;
mod publishing;
mod quote;
mod redemption;
mod referral;
mod refund;
mod seed;
mod settling;
mod transfer;

use std::fmt::Debug;
use std::sync::Arc;

pub(crate) use self::moves::finish;
pub(crate) use self::settling::settle;
use crate::Violation;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::Shell;

/// Something that a client asks for.
pub(crate) trait Operation: Debug + Send + Sync {
    /// Asks for it, and judges what comes back.
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation>;

    /// Asks a running edge for the same, and judges what comes back.
    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation>;

    /// Another operation that goes ill with this one in the midst of it, where one is known.
    fn rival(&self, _random: &mut Random) -> Option<Arc<dyn Operation>> {
        None
    }
}

/// Draws an operation of a kind.
type Draw = fn(&mut Random) -> Arc<dyn Operation>;

/// How often each is drawn, of all times together.
const KINDS: [(u64, Draw); 20] = [
    (10, enrolment::by_server),
    (4, enrolment::by_page),
    (40, order::draw),
    (10, quote::draw),
    (16, refund::draw),
    (16, redemption::draw),
    (8, transfer::draw),
    (8, merge::draw),
    (6, household::draw),
    (10, referral::draw),
    (8, guest::draw),
    (8, competition::draw),
    (12, gift::draw),
    (8, moves::draw),
    (20, activity::draw),
    (12, adjustment::draw),
    (8, profile::draw),
    (2, publishing::draw),
    (2, seed::draw),
    (8, settling::draw),
];

/// How many shops there are.
pub(crate) const SHOPS: usize = 2;

/// Any operation.
pub(crate) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let times = KINDS.iter().map(|(times, _)| times).sum();
    let mut left = random.below(times);
    for (times, draw) in KINDS {
        if left < times {
            return draw(random);
        }
        left -= times;
    }
    order::draw(random)
}

/// Somebody joins.
pub(crate) fn join(random: &mut Random) -> Arc<dyn Operation> {
    enrolment::by_server(random)
}
