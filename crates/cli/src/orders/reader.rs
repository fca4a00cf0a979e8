//! Rows of a CSV file.
//!
//! Owns the reading. Most rows have no quote in them, and are cut at their delimiters, of which eight bytes are asked at
//! once; any other row is read by `csv-core`, byte by byte. Its invariant: every row is the one that `csv-core` alone
//! would read, its fields without the space around them.

use std::io::{BufRead, BufReader, Error, Read};
use std::ops::Range;

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr2};

const BUFFER_BYTES: usize = 1 << 18;

/// A row: its text, and where in it each field stands.
#[derive(Clone, Default)]
pub(crate) struct Row {
    text: String,
    fields: Vec<Range<usize>>,
}

/// Why a row could not be read.
pub(super) enum Unreadable {
    /// The file could not.
    File(Error),
    /// This field of it is not UTF-8; the rows behind it can be read.
    Encoding(usize),
}

/// Reads rows one by one.
pub(super) struct Reader {
    input: BufReader<Box<dyn Read>>,
    delimiter: u8,
    bytes_read: u64,
    careful: csv_core::Reader,
    /// What the careful reader writes into: text, and where fields end in it.
    written: Vec<u8>,
    ends: Vec<usize>,
    /// Blank lines that were passed over since that was asked for.
    blank: u64,
    /// Whether the row before ended with a carriage return, whose line feed is still to come.
    is_feed_due: bool,
}

impl Row {
    /// The fields, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| &self.text[field.clone()])
    }

    /// A field; `None` where the row has fewer.
    pub(crate) fn get(&self, nth: usize) -> Option<&str> {
        let field = self.fields.get(nth)?;
        self.text.get(field.clone())
    }

    /// How many fields it has.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Takes the space around the fields of a text off.
    fn trim(&mut self, text: &[u8]) {
        for field in &mut self.fields {
            let behind = text[field.clone()].trim_ascii_start();
            field.start = field.end - behind.len();
            field.end = field.start + behind.trim_ascii_end().len();
        }
    }

    /// Takes a text over, whose fields are told already.
    fn write(&mut self, text: &[u8]) -> Result<(), Unreadable> {
        self.text.clear();
        match std::str::from_utf8(text) {
            Ok(text) => {
                self.text.push_str(text);
                Ok(())
            }
            Err(error) => {
                let is_before = |field: &&Range<usize>| field.end <= error.valid_up_to();
                let nth = self.fields.iter().take_while(is_before).count();
                Err(Unreadable::Encoding(nth))
            }
        }
    }
}

impl Reader {
    pub(super) fn new(input: Box<dyn Read>, delimiter: u8) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER_BYTES, input),
            delimiter,
            bytes_read: 0,
            careful: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            written: vec![0; 1_024],
            ends: vec![0; 64],
            blank: 0,
            is_feed_due: false,
        }
    }

    /// How many blank lines there were since this was asked for: they are no rows, and have numbers in a spreadsheet.
    pub(super) fn take_blank(&mut self) -> u64 {
        std::mem::take(&mut self.blank)
    }

    /// Passes over the blank lines at hand.
    fn pass_blank(&mut self) -> Result<(), Unreadable> {
        loop {
            let bytes = match self.input.fill_buf().map_err(Unreadable::File)? {
                [b'\n', ..] => 1,
                [b'\r', b'\n', ..] => 2,
                _ => break,
            };
            if !(bytes == 1 && self.is_feed_due) {
                self.blank += 1;
            }
            self.is_feed_due = false;
            self.pass(bytes);
        }
        self.is_feed_due = false;
        Ok(())
    }

    /// How many bytes have been read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Reads the next row; `false` where there is none.
    pub(super) fn read(&mut self, row: &mut Row) -> Result<bool, Unreadable> {
        self.pass_blank()?;
        let buffer = self.input.fill_buf().map_err(Unreadable::File)?;
        let Some(end) = memchr(b'\n', buffer) else {
            return self.read_carefully(row);
        };
        let line = &buffer[..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Most rows have no space in them either: then there is none around a field.
        let is_bare = |byte: &u8| *byte > b' ' && *byte != b'"';
        let is_bare = line.iter().fold(true, |all, byte| all & is_bare(byte));
        if line.is_empty() || (!is_bare && memchr2(b'"', b'\r', line).is_some()) {
            return self.read_carefully(row);
        }
        row.fields.clear();
        let mut start = 0;
        each_place(self.delimiter, line, |end| {
            row.fields.push(start..end);
            start = end + 1;
        });
        row.fields.push(start..line.len());
        if !is_bare {
            row.trim(line);
        }
        let is_written = row.write(line);
        self.pass(end + 1);
        is_written.map(|()| true)
    }

    /// The same for any row, also one that begins in this buffer and ends in the next, for empty rows, which are
    /// none, and for the mark with which some files begin.
    pub(super) fn read_carefully(&mut self, row: &mut Row) -> Result<bool, Unreadable> {
        let (mut written, mut ended) = (0, 0);
        loop {
            let input = self.input.fill_buf().map_err(Unreadable::File)?;
            let (output, ends) = (&mut self.written[written..], &mut self.ends[ended..]);
            let (result, read, more_written, more_ended) =
                self.careful.read_record(input, output, ends);
            let last = read.checked_sub(1).and_then(|last| input.get(last));
            self.is_feed_due = last == Some(&b'\r');
            self.pass(read);
            written += more_written;
            ended += more_ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.written.resize(2 * self.written.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(false),
            }
        }
        row.fields.clear();
        let mut start = 0;
        for end in &self.ends[..ended] {
            row.fields.push(start..*end);
            start = *end;
        }
        row.trim(&self.written);
        row.write(&self.written[..written])?;
        Ok(true)
    }

    fn pass(&mut self, bytes: usize) {
        self.input.consume(bytes);
        self.bytes_read += bytes as u64;
    }
}

/// Finds a byte, eight at once: a byte of `same` is 0 where it stands, and then, and only then, its highest bit is set
/// in `found`, since no sum of two bytes below 128 is carried into the next.
fn each_place(wanted: u8, text: &[u8], mut each: impl FnMut(usize)) {
    const LOW: u64 = u64::from_le_bytes([0x7F; 8]);
    let all_wanted = u64::from_le_bytes([wanted; 8]);
    let (chunks, rest) = text.as_chunks::<8>();
    for (nth, chunk) in chunks.iter().enumerate() {
        let same = u64::from_le_bytes(*chunk) ^ all_wanted;
        let mut found = !(((same & LOW) + LOW) | same | LOW);
        while found != 0 {
            each(nth * 8 + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
    }
    let before = text.len() - rest.len();
    for (nth, byte) in rest.iter().enumerate() {
        if *byte == wanted {
            each(before + nth);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as they come, each field behind `|`; of a field that is not UTF-8, its place.
    fn read(text: &[u8], delimiter: u8, is_careful: bool) -> Vec<String> {
        let mut reader = Reader::new(Box::new(std::io::Cursor::new(text.to_vec())), delimiter);
        let (mut row, mut rows) = (Row::default(), Vec::new());
        loop {
            let is_read = if is_careful {
                reader.read_carefully(&mut row)
            } else {
                reader.read(&mut row)
            };
            match is_read {
                Ok(false) => break,
                Ok(true) => rows.push(row.iter().map(|field| format!("|{field}")).collect()),
                Err(Unreadable::Encoding(nth)) => rows.push(format!("! {nth}")),
                Err(Unreadable::File(error)) => rows.push(error.to_string()),
            }
        }
        assert_eq!(reader.bytes_read(), text.len() as u64);
        rows
    }

    fn check(text: impl AsRef<[u8]>, delimiter: u8, expected: &[&str]) {
        let text = text.as_ref();
        assert_eq!(read(text, delimiter, false), expected, "{text:?}");
        assert_eq!(read(text, delimiter, true), expected, "{text:?}, carefully");
    }

    #[test]
    fn a_row_without_quotes_is_cut_as_any_row_is_read() {
        check("", b',', &[]);
        check("\n\n", b',', &[]);
        check("a,b\nc,d", b',', &["|a|b", "|c|d"]);
        check("a,b\r\n,\r\nc", b',', &["|a|b", "||", "|c"]);
        check("a\rb\r\n\nc\n", b',', &["|a", "|b", "|c"]);
        check(" a b ,\t,b\n", b',', &["|a b||b"]);
        check("a;b,c\n", b';', &["|a|b,c"]);
    }

    #[test]
    fn the_mark_at_the_beginning_is_no_part_of_the_first_field() {
        assert_eq!(read("\u{feff}a,b\n".as_bytes(), b',', true), ["|a|b"]);
    }

    #[test]
    fn quotes_hold_delimiters_quotes_and_ends_of_rows() {
        check("a,\"b,c\"\nd\n", b',', &["|a|b,c", "|d"]);
        check("\"a\"\"b\nc\",d\ne,f\n", b',', &["|a\"b\nc|d", "|e|f"]);
        check("a\"b,c\nd\n", b',', &["|a\"b|c", "|d"]);
        check("\"a\"\r\nb,c\r\nd\r\n", b',', &["|a", "|b|c", "|d"]);
        check("a\n\"b,c\n", b',', &["|a", "|b,c"]);
        check("\" a\",b\n", b',', &["|a|b"]);
    }

    #[test]
    fn a_field_that_is_not_utf8_is_told_and_the_rows_behind_it_are_read() {
        check(b"a,b\nc,\xff,d\ne,f\n", b',', &["|a|b", "! 1", "|e|f"]);
        check(b"\"c\",d,\xff\ne\n", b',', &["! 2", "|e"]);
    }

    #[test]
    fn every_delimiter_is_found_wherever_it_stands_and_nothing_else() {
        for byte in [0_u8, b',', 0x7F, 0x80, 0xFF] {
            let text: Vec<u8> = (0..=255)
                .rev()
                .chain([byte, byte, byte ^ 1, byte])
                .collect();
            for start in 0..16 {
                let text = &text[start..];
                let mut found = Vec::new();
                each_place(byte, text, |place| found.push(place));
                let places = (0..text.len()).filter(|place| text[*place] == byte);
                assert_eq!(found, places.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn rows_longer_than_the_buffer_and_of_many_fields_are_whole() {
        let wide = vec!["x".repeat(100); 5_000].join(",");
        let told = format!("|{}", wide.replace(',', "|"));
        check(format!("a\n{wide}\nb\n"), b',', &["|a", &told, "|b"]);
    }
}
