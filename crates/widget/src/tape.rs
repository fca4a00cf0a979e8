//! The tape: how a JavaScript value comes into the module.
//!
//! Owns the reading of what `tape.js` writes, which describes the format and has checked the shapes. It
//! knows nothing of carts or programs. Its invariant: whatever the bytes, reading ends and does not
//! panic; what is not there reads as nothing.
//!
//! Why not serde: the visitors that it derives for programs and carts are a quarter of the 48 KB that a
//! shopper may download, and checking keys and types in JavaScript costs an eighth of that. Why not read
//! properties from this side: each read crosses the boundary, and each text is copied by itself.

/// Reads a tape from its start.
pub(crate) struct Tape<'t> {
    rest: &'t [u8],
}

impl<'t> Tape<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn text(&mut self) -> String {
        self.str().to_owned()
    }

    pub(crate) fn str(&mut self) -> &'t str {
        let size = self.size();
        std::str::from_utf8(self.take(size)).unwrap_or("")
    }

    /// A whole number; beyond ±2^53 the shape was refused.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole, and within what an i64 holds"
    )]
    pub(crate) fn whole(&mut self) -> i64 {
        let bytes = self.take(8).try_into().unwrap_or([0; 8]);
        f64::from_le_bytes(bytes) as i64
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() == 1
    }

    /// One of some values, by its place.
    pub(crate) fn one_of<T: Copy, const N: usize>(&mut self, values: [T; N]) -> T {
        let nth = usize::from(self.byte());
        values.get(nth).copied().unwrap_or(values[0])
    }

    pub(crate) fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    pub(crate) fn list<T>(&mut self, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        // Each value takes a byte or more, so a size that lies reserves nothing.
        let size = self.size().min(self.rest.len());
        let mut list = Vec::with_capacity(size);
        for _ in 0..size {
            list.push(read(self));
        }
        list
    }

    pub(crate) fn texts(&mut self) -> Vec<String> {
        self.list(Self::text)
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    fn size(&mut self) -> usize {
        let mut size = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = usize::from(self.byte());
            size |= (byte & 127) << shift;
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
