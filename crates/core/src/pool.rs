//! Pools: an entry's points, parted by the currency of the orders that earned them.
//!
//! Owns the part alone; who books entries says which parts there are. Invariant of an entry's pools: their
//! points sum to the entry's.

use crate::Currency;

/// The part of an entry that one currency has in it.
///
/// A shop that sells in several currencies owes what its points stand for in each of them: the parts let its
/// books tell them apart, long after the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The currency of the orders that earned the points; none where no order did, as for a welcome.
    pub currency: Option<Currency>,
    /// What the entry adds to this part; negative where it takes away.
    pub points: i64,
    /// What was spent on the order that the entry is for, in minor units: after discounts, without tax. Taken
    /// back where the order is refunded; 0 in entries that are for no order.
    pub spent_minor: i64,
}
