//! What is wrong with a program file, said to its author: line, column, a caret, and the mend.

use std::fmt;
use std::ops::Range;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The line as it was written.
    pub source_line: String,
    /// How many characters of it are meant, at least one.
    pub width: usize,
}

impl Diagnostic {
    /// A problem with a range of bytes of the source.
    pub(super) fn at(source: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = span.start.min(source.len());
        let before = source.get(..start).unwrap_or(source);
        let line_start = before
            .rfind('\n')
            .map_or(0, |newline| newline.saturating_add(1));
        let source_line = source
            .get(line_start..)
            .unwrap_or("")
            .lines()
            .next()
            .unwrap_or("");
        let column = before
            .get(line_start..)
            .unwrap_or("")
            .chars()
            .count()
            .saturating_add(1);
        let meant = source.get(start..span.end.min(source.len())).unwrap_or("");
        let width = meant.lines().next().unwrap_or("").chars().count().max(1);
        Self {
            line: before.matches('\n').count().saturating_add(1),
            column,
            message: message.into(),
            source_line: source_line.to_owned(),
            width,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.message
        )?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.source_line)?;
        let indent = " ".repeat(self.column.saturating_sub(1));
        write!(f, "{margin} | {indent}{}", "^".repeat(self.width))
    }
}

/// Problems of one file that are told. Each quotes its line and is found by counting lines, so that telling
/// all of a large file that is no program would take minutes, and a memory of gigabytes.
pub(super) const MAX_TOLD: usize = 100;

/// The problems that were found, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    told: Vec<Diagnostic>,
    more: usize,
}

impl Diagnostics {
    /// What was found, and how many problems more there are at least.
    pub(super) fn new(mut found: Vec<Diagnostic>, more: usize) -> Self {
        found.sort_by_key(|problem| (problem.line, problem.column));
        Self { told: found, more }
    }

    /// How many problems there are at least beside those that are told, which are a hundred then.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// The problems, in the order of the file.
    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.told
    }

    /// The problems that are told; at least one.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.told.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, problem) in self.told.iter().enumerate() {
            if nth > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n\nand {more} more at least"),
        }
    }
}

impl std::error::Error for Diagnostics {}
