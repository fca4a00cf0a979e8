//! Input that a command cannot work with: what is wrong, where, and what would be right.
//!
//! Owns the errors that end a command with status 2. A program that is judged and found wanting is not
//! among them: that is a verdict.

use std::io;

use earnest_core::compile::Diagnostics;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// A file cannot be opened, read or written.
    #[error("{path}: {source}")]
    File {
        /// As it was given.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A command that needs a program was given one with problems.
    #[error("{path} is not a program that can run; `earnest check {path}` tells why")]
    Program {
        /// As it was given.
        path: String,
        /// Every problem.
        problems: Diagnostics,
    },
    /// A cart, a member or a file of cases is not one.
    #[error("{path}: {message}")]
    Document {
        /// As it was given, with the place in it.
        path: String,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// A row of a CSV file is bad, and bad rows stop.
    #[error("{path}, row {row}: {message}")]
    Row {
        /// As it was given.
        path: String,
        /// The row, where the header is row 1.
        row: u64,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// No row of a CSV file is good.
    #[error("{path}: no order can be read; row {row}: {message}")]
    NoRow {
        /// As it was given.
        path: String,
        /// The first row, where the header is row 1.
        row: u64,
        /// What is wrong with it.
        message: String,
    },
    /// An argument says something that cannot be done.
    #[error("{0}")]
    Argument(String),
}

impl Unusable {
    /// A bad row of a file of which bad rows can be skipped.
    pub(crate) fn row(path: &str, row: u64, message: &str) -> Self {
        Self::Row {
            path: path.to_owned(),
            row,
            message: format!(
                "{message}\n  --bad-rows skip leaves such rows out, and tells of them"
            ),
        }
    }

    /// What the system said of a file.
    pub(crate) fn file(path: &str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
