//! The tape: how carts, members and programs come into a browser's module, without keys and without JSON.
//!
//! Owns the format, which `crates/widget/src/tape.js` writes and describes, and the order of the fields. Its
//! invariant: whatever the bytes, reading ends and does not panic; what is not there reads as nothing.
//!
//! It is read straight into the domain. The documents of the wire in between, with what it takes to throw
//! half of one away at every field that may be wrong, were a third of what a shopper downloads; so what
//! cannot be represented is noted and read as nothing, and the whole is refused at its end.

mod cart;
mod member;
mod program;

use crate::{Currency, Decimal, Points, Timestamp};

/// Reads a tape from its start.
#[derive(Debug)]
pub struct Tape<'t> {
    rest: &'t [u8],
    /// The first thing that could not be represented.
    trouble: Option<&'static str>,
}

impl<'t> Tape<'t> {
    /// Begins with the first byte.
    #[must_use]
    pub fn new(bytes: &'t [u8]) -> Self {
        Self {
            rest: bytes,
            trouble: None,
        }
    }

    /// Reads an instant, in milliseconds.
    pub fn instant(&mut self) -> Timestamp {
        Timestamp::from_millis(self.whole())
    }

    fn str(&mut self) -> &'t str {
        let size = self.size();
        std::str::from_utf8(self.take(size)).unwrap_or("")
    }

    fn text(&mut self) -> String {
        self.str().to_owned()
    }

    fn texts(&mut self) -> Vec<String> {
        self.list(Self::text)
    }

    fn maybe_text(&mut self) -> Option<String> {
        self.maybe(Self::text)
    }

    fn whole(&mut self) -> i64 {
        i64::from_le_bytes(self.take(8).try_into().unwrap_or([0; 8]))
    }

    fn maybe_whole(&mut self) -> Option<i64> {
        self.maybe(Self::whole)
    }

    fn maybe_instant(&mut self) -> Option<Timestamp> {
        self.maybe(Self::instant)
    }

    fn count(&mut self) -> u32 {
        u32::try_from(self.whole()).unwrap_or(0)
    }

    /// The place of something else.
    fn place(&mut self) -> Option<usize> {
        self.maybe(|tape| usize::try_from(tape.whole()).unwrap_or(usize::MAX))
    }

    fn flag(&mut self) -> bool {
        self.byte() == 1
    }

    /// One of some values, by its place.
    fn one_of<T: Copy, const N: usize>(&mut self, values: [T; N]) -> T {
        let [first, ..] = values.as_slice() else {
            unreachable!("there is always something to choose from");
        };
        let nth = usize::from(self.byte());
        *values.get(nth).unwrap_or(first)
    }

    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.length()).map(|_| read(self)).collect()
    }

    /// How many values a list has.
    fn length(&mut self) -> usize {
        // Each takes a byte or more, so a size that lies reserves nothing.
        self.size().min(self.rest.len())
    }

    fn points(&mut self) -> Points {
        let points = Points::new(self.whole());
        let points = points.ok().filter(|points| *points >= Points::ZERO);
        self.known(points, "a number of points")
            .unwrap_or(Points::ZERO)
    }

    fn decimal(&mut self) -> Decimal {
        let number = self.str().parse::<Decimal>().ok();
        self.known(number, "a number")
            .map_or(Decimal::ONE, Decimal::normalize)
    }

    fn currency(&mut self) -> Option<Currency> {
        let currency = Currency::parse(self.str()).ok();
        self.known(currency, "a currency")
    }

    /// Notes what could not be represented.
    fn known<T>(&mut self, thing: Option<T>, what: &'static str) -> Option<T> {
        if thing.is_none() {
            self.trouble = self.trouble.or(Some(what));
        }
        thing
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// LEB128.
    fn size(&mut self) -> usize {
        let mut size = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte();
            size |= usize::from(byte & 127).wrapping_shl(shift);
            if byte < 128 {
                break;
            }
        }
        size
    }

    fn take(&mut self, size: usize) -> &'t [u8] {
        let (taken, rest) = self.rest.split_at_checked(size).unwrap_or((&[], &[]));
        self.rest = rest;
        taken
    }
}

#[cfg(test)]
mod tests;
