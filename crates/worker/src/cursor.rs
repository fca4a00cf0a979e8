//! Cursors: where the next page of a list begins. Opaque to whoever gets one.
//!
//! Its invariant: a cursor names a row, not a page number, so rows that are added meanwhile shift nothing.

/// A text that no page of the list ever gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not one that a page of this list gave")]
pub(crate) struct CursorError;

/// A list that is told by pages, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// A member's entries, by seq.
    Entries,
    /// A member's events, by seq.
    Events,
    /// A member's entries of a balance of money, by seq.
    Credits,
    /// A shop's published programs, by version.
    Programs,
}

/// Rows below this number come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The list that it is of.
    pub(crate) list: List,
    /// The number of the last row that was told.
    pub(crate) below: u64,
}

impl List {
    /// What tells the cursors of a list from another's, from a later kind, and from numbers that somebody
    /// made up.
    fn prefix(self) -> &'static str {
        match self {
            Self::Entries => "e1.",
            Self::Events => "v1.",
            Self::Credits => "c1.",
            Self::Programs => "p1.",
        }
    }
}

impl Cursor {
    /// Reads a cursor of a list.
    pub(crate) fn parse(list: List, text: &str) -> Result<Self, CursorError> {
        let digits = text.strip_prefix(list.prefix()).ok_or(CursorError)?;
        let ours = digits
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        // Thirteen digits hold more rows than anybody writes, and nothing that would overflow or not bind.
        // Rows count from 1 and a page that ends with it is the last, so no cursor is below 2.
        if !ours || digits.len() > 13 || digits.starts_with('0') {
            return Err(CursorError);
        }
        match u64::from_str_radix(digits, 16) {
            Ok(below) if below > 1 => Ok(Self { list, below }),
            _ => Err(CursorError),
        }
    }

    /// Writes it.
    pub(crate) fn text(self) -> String {
        format!("{}{:x}", self.list.prefix(), self.below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        for list in [List::Entries, List::Events, List::Programs] {
            for below in [2, 51, (1 << 52) - 1] {
                let cursor = Cursor { list, below };
                assert_eq!(Cursor::parse(list, &cursor.text()), Ok(cursor));
            }
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
            "e1.0",
            "e1.1",
            "e1.0c",
            "p1.c",
        ] {
            assert_eq!(
                Cursor::parse(List::Entries, text),
                Err(CursorError),
                "{text}"
            );
        }
    }
}
