//! Which order ids came lately.
//!
//! Owns a table of fixed size, so that memory does not grow with the file. Its invariant: what it says was seen was
//! seen; an id that came long ago it may have forgotten, since a later one took its place.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Ids that are remembered: nearly every one of the last ten thousand orders.
const PLACES: usize = 1 << 16;

/// The ids, by what their hash says is their place.
pub(super) struct Seen(Vec<u64>);

impl Default for Seen {
    fn default() -> Self {
        Self(vec![0; PLACES])
    }
}

impl Seen {
    /// Whether the id was here already; it is from now on.
    pub(super) fn again(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        // 0 stands for none.
        let hash = hasher.finish() | 1;
        let place = usize::try_from(hash >> 48).unwrap_or(0);
        std::mem::replace(&mut self.0[place], hash) == hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_seen_once() {
        let mut seen = Seen::default();
        assert!(!seen.again("1"));
        assert!(!seen.again("2"));
        assert!(seen.again("1"));
        let again = (3..10_000).filter(|id| seen.again(&id.to_string()));
        assert_eq!(again.count(), 0);
    }
}
