//! Things in the order of a rank: what largest remainders and doubled ids both need.
//!
//! A heap and not a sort: only the front is wanted, and a sort's code would be a tenth of what a shopper's
//! browser downloads.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Places of things, the highest rank first; among equals the smaller id, then the earlier place.
#[derive(Default)]
pub(crate) struct Ranking<'id>(BinaryHeap<(i64, Reverse<(&'id str, usize)>)>);

impl<'id> Ranking<'id> {
    /// Adds the thing at a place.
    pub(crate) fn add(&mut self, rank: i64, id: &'id str, place: usize) {
        self.0.push((rank, Reverse((id, place))));
    }
}

/// Takes the things out, from the front.
impl<'id> Iterator for Ranking<'id> {
    type Item = (&'id str, usize);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.pop().map(|(_, Reverse(thing))| thing)
    }
}
