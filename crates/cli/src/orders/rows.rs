//! The rows of a CSV file, one at a time, and those that are bad.
//!
//! Owns reading, numbering and refusing rows. A row's number is that of a spreadsheet: the header is 1.
//! Its invariant: however many rows are bad, only the first few are kept; all are counted.

use std::io::Read;

use serde::Serialize;

use super::arguments::OnBadRow;
use super::reader::{Reader, Row, Unreadable};
use crate::figure::counted;
use crate::output::Paint;
use crate::unusable::Unusable;

/// How many bad rows are told.
const TOLD: usize = 20;

/// A row that was left out, and why.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BadRow {
    /// Its number; the header is 1.
    pub(crate) row: u64,
    /// What is wrong with it, and what would be right.
    pub(crate) message: String,
}

/// The rows that were left out.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct BadRows {
    /// How many.
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) first: Vec<BadRow>,
}

/// The rows of a file.
pub(crate) struct Rows {
    path: String,
    reader: Reader,
    /// The row at hand, if there is one.
    pub(crate) row: Row,
    is_at_hand: bool,
    header: Row,
    number: u64,
    on_bad_row: OnBadRow,
    /// Those that were left out.
    pub(crate) bad: BadRows,
}

impl Rows {
    /// Reads the header.
    pub(crate) fn new(
        path: &str,
        input: Box<dyn Read>,
        delimiter: u8,
        on_bad_row: OnBadRow,
    ) -> Result<(Self, Row), Unusable> {
        let mut reader = Reader::new(input, delimiter);
        let mut header = Row::default();
        match reader.read_carefully(&mut header) {
            Ok(_) => {}
            Err(Unreadable::File(error)) => return Err(Unusable::file(path)(error)),
            Err(Unreadable::Encoding(_)) => {
                return Err(Unusable::Document {
                    path: path.to_owned(),
                    message: "the header is not UTF-8; save the file as UTF-8".into(),
                });
            }
        }
        let rows = Self {
            path: path.to_owned(),
            reader,
            row: Row::default(),
            header: header.clone(),
            is_at_hand: false,
            number: 1,
            on_bad_row,
            bad: BadRows::default(),
        };
        Ok((rows, header))
    }

    /// Whether there is a row at hand; reads the next one if not. Rows of another width are bad.
    pub(crate) fn has_row(&mut self, width: usize) -> Result<bool, Unusable> {
        while !self.is_at_hand {
            let is_read = self.reader.read(&mut self.row);
            self.number += 1 + self.reader.take_blank();
            match is_read {
                Ok(false) => return Ok(false),
                Ok(true) if self.row.len() == width => self.is_at_hand = true,
                Ok(true) => {
                    let has = self.row.len();
                    let message = format!("has {has} fields where the header has {width}");
                    self.refuse(self.number, message)?;
                }
                Err(Unreadable::Encoding(nth)) => {
                    let field = self.header.get(nth).unwrap_or("a field");
                    let message = format!("{field} is not UTF-8; save the file as UTF-8");
                    self.refuse(self.number, message)?;
                }
                Err(Unreadable::File(error)) => return Err(Unusable::file(&self.path)(error)),
            }
        }
        Ok(true)
    }

    /// Goes on to the next row.
    pub(crate) fn pass(&mut self) {
        self.is_at_hand = false;
    }

    /// The number of the row at hand.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The file, as it was given.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// How many bytes have been read.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.reader.bytes_read()
    }

    /// Leaves a row out, or stops at it, as was asked.
    pub(crate) fn refuse(&mut self, row: u64, message: String) -> Result<(), Unusable> {
        if self.on_bad_row == OnBadRow::Stop {
            return Err(Unusable::row(&self.path, row, &message));
        }
        self.bad.add(row, message);
        Ok(())
    }
}

impl BadRows {
    /// Counts a row that is left out, and keeps it where it is among the first.
    pub(crate) fn add(&mut self, row: u64, message: String) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(BadRow { row, message });
            // An order that is bad as a whole is told after the row behind it, which was read to find its end.
            self.first.sort_by_key(|bad| bad.row);
        }
    }

    /// How many rows were left out, and the first of them; empty where none was.
    pub(crate) fn for_people(&self, paint: Paint) -> String {
        if self.count == 0 {
            return String::new();
        }
        let many = counted(self.count, "bad row");
        let head = paint.yellow(format!("{many} left out, with the whole order of each"));
        let mut text = format!("\n{head}\n");
        for bad in &self.first {
            text += &format!("  row {}: {}\n", bad.row, bad.message);
        }
        if self.count > self.first.len() as u64 {
            text += "  …\n";
        }
        text
    }
}
