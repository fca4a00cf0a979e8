//! Cursors: where the next page of a member's entries begins. Opaque to whoever gets one.
//!
//! Its invariant: a cursor names an entry, not a page number, so entries booked meanwhile shift nothing.

/// A text that no page ever gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not one that a page of entries gave")]
pub(crate) struct CursorError;

/// Entries below this seq come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The seq of the last entry that was told.
    pub(crate) below: u64,
}

/// What tells our cursors from numbers that somebody made up, and from a later kind of cursor.
const PREFIX: &str = "e1.";

impl Cursor {
    /// Reads a cursor.
    pub(crate) fn parse(text: &str) -> Result<Self, CursorError> {
        let digits = text.strip_prefix(PREFIX).ok_or(CursorError)?;
        let ours = digits
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        // Thirteen digits hold more entries than anybody books, and nothing that would overflow or not bind.
        if !ours || digits.len() > 13 {
            return Err(CursorError);
        }
        u64::from_str_radix(digits, 16)
            .map(|below| Self { below })
            .map_err(|_| CursorError)
    }

    /// Writes it.
    pub(crate) fn text(self) -> String {
        format!("{PREFIX}{:x}", self.below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        for below in [1, 51, (1 << 52) - 1] {
            assert_eq!(
                Cursor::parse(&Cursor { below }.text()),
                Ok(Cursor { below })
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "e1.",
            "e1.+1",
            "e1.-1",
            "12",
            "e2.c",
            "e1.G",
            "e1.ffffffffffffff",
        ] {
            assert_eq!(Cursor::parse(text), Err(CursorError), "{text}");
        }
    }
}
