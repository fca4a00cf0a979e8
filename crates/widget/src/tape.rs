//! The tape: how a JavaScript value comes into the module.
//!
//! Owns the reading of what `tape.js` writes, which describes the format. It knows nothing of carts or
//! programs. Its invariant: whatever the bytes, reading ends, with a value or with a misreading that
//! says where.
//!
//! Why not serde: the visitors that it derives for programs and carts are a third of the module's
//! budget. Why not `JSON.parse`d values read through `Reflect`: each read crosses the boundary, and each
//! text is copied by itself; a cart of 20 lines took 40 µs that way, and takes 7 in one copy.

use std::fmt::Write as _;

/// Where a value was not what it should be, and what it should have been.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misread {
    /// From the innermost key outwards.
    path: Vec<String>,
    pub(crate) problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The value should be this.
    Expected(&'static str),
    Missing,
    Unknown,
}

impl Misread {
    pub(crate) fn missing(key: &str) -> Self {
        Self {
            path: vec![key.to_owned()],
            problem: Problem::Missing,
        }
    }

    /// For a key that the document does not have: the map adds which.
    pub(crate) fn unknown() -> Self {
        Self {
            path: Vec::new(),
            problem: Problem::Unknown,
        }
    }

    pub(crate) fn expected(what: &'static str) -> Self {
        Self {
            path: Vec::new(),
            problem: Problem::Expected(what),
        }
    }

    fn under(mut self, key: impl Into<String>) -> Self {
        self.path.push(key.into());
        self
    }

    /// A JSON pointer (RFC 6901): `/lines/2/quantity`.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for key in self.path.iter().rev() {
            pointer.push('/');
            for letter in key.chars() {
                match letter {
                    '~' => pointer.push_str("~0"),
                    '/' => pointer.push_str("~1"),
                    letter => pointer.push(letter),
                }
            }
        }
        pointer
    }

    pub(crate) fn message(&self) -> String {
        let mut message = String::new();
        let written = match self.problem {
            Problem::Expected(what) => write!(message, "must be {what}"),
            Problem::Missing => write!(message, "is required"),
            Problem::Unknown => write!(message, "is not known here; remove it or mend its name"),
        };
        debug_assert!(written.is_ok(), "writing to a String never fails");
        message
    }
}

/// What stands next on the tape. A list or a map is followed by its content.
enum Head<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
    Text(&'t str),
    List(usize),
    Map(usize),
    Other,
}

/// Reads a tape from its start.
pub(crate) struct Tape<'t> {
    rest: &'t [u8],
}

impl<'t> Tape<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn text(&mut self) -> Result<&'t str, Misread> {
        match self.head() {
            Head::Text(text) => Ok(text),
            _ => Err(Misread::expected("a text")),
        }
    }

    pub(crate) fn owned(&mut self) -> Result<String, Misread> {
        self.text().map(str::to_owned)
    }

    pub(crate) fn flag(&mut self) -> Result<bool, Misread> {
        match self.head() {
            Head::Bool(flag) => Ok(flag),
            _ => Err(Misread::expected("true or false")),
        }
    }

    /// A whole number.
    pub(crate) fn whole<N: std::str::FromStr>(&mut self) -> Result<N, Misread> {
        let number = match self.head() {
            Head::Number(number) => number.parse().ok(),
            _ => None,
        };
        number.ok_or(Misread::expected("a whole number"))
    }

    /// Text, or a whole number's digits.
    pub(crate) fn digits(&mut self) -> Result<&'t str, Misread> {
        match self.head() {
            Head::Text(text) | Head::Number(text) => Ok(text),
            _ => Err(Misread::expected("a decimal number in quotes")),
        }
    }

    /// Null, or what `read` reads.
    pub(crate) fn unless_null<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Misread>,
    ) -> Result<Option<T>, Misread> {
        if let [0, rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(None);
        }
        read(self).map(Some)
    }

    pub(crate) fn list<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, Misread>,
    ) -> Result<Vec<T>, Misread> {
        let Head::List(size) = self.head() else {
            return Err(Misread::expected("a list"));
        };
        // Each value takes a byte or more, so a size that lies reserves nothing.
        let mut list = Vec::with_capacity(size.min(self.rest.len()));
        for nth in 0..size {
            list.push(read(self).map_err(|error| error.under(nth.to_string()))?);
        }
        Ok(list)
    }

    /// Gives each entry of a map to `read`, which must read the value.
    pub(crate) fn map(
        &mut self,
        read: &mut dyn FnMut(&'t str, &mut Self) -> Result<(), Misread>,
    ) -> Result<(), Misread> {
        let Head::Map(size) = self.head() else {
            return Err(Misread::expected("an object"));
        };
        for _ in 0..size {
            let key = self.bare_text().unwrap_or("");
            read(key, self).map_err(|error| error.under(key))?;
        }
        Ok(())
    }

    fn head(&mut self) -> Head<'t> {
        self.tag().unwrap_or(Head::Other)
    }

    fn tag(&mut self) -> Option<Head<'t>> {
        Some(match self.byte()? {
            0 => Head::Null,
            1 => Head::Bool(false),
            2 => Head::Bool(true),
            3 => Head::Number(self.bare_text()?),
            4 => Head::Text(self.bare_text()?),
            5 => Head::List(self.size()?),
            6 => Head::Map(self.size()?),
            _ => Head::Other,
        })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn size(&mut self) -> Option<usize> {
        let mut size = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = usize::from(self.byte()?);
            size |= (byte & 127) << shift;
            if byte < 128 {
                return Some(size);
            }
        }
        None
    }

    fn bare_text(&mut self) -> Option<&'t str> {
        let size = self.size()?;
        let (bytes, rest) = self.rest.split_at_checked(size)?;
        self.rest = rest;
        std::str::from_utf8(bytes).ok()
    }
}
