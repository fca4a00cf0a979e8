//! Where orders come from, and how to read them: the arguments that several commands share.

use std::fs::File;
use std::io::Read;

use clap::{Args, ValueEnum};
use earnest_core::{Calendar, Currency};

use super::columns::Columns;
use super::rows::{BadRows, Rows};
use super::seen::Seen;
use super::{Orders, Spare};
use crate::unusable::Unusable;

/// Where orders come from, and how to read them.
#[derive(Args)]
pub(crate) struct OrdersArguments {
    /// The orders as CSV with a header, earliest first; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) orders: String,
    /// What a column is called in your file; may be repeated
    #[arg(long = "column", value_name = "COLUMN=YOURS", value_parser = pair)]
    columns: Vec<(String, String)>,
    /// The currency, where the file does not say
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// What stands between two fields; \\t is a tab
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = delimiter)]
    delimiter: u8,
    /// Unit prices and shipping come without their tax
    #[arg(long)]
    prices_exclude_tax: bool,
    /// What to do with a bad row: stop, or skip it and tell
    #[arg(long, value_enum, default_value_t = OnBadRow::Stop)]
    bad_rows: OnBadRow,
}

/// What to do with a bad row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnBadRow {
    /// It ends the command.
    Stop,
    /// It is reported and left out.
    Skip,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "\\t" | "tab" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [byte] => Ok(*byte),
            _ => Err("write one character, such as ; or \\t for a tab".into()),
        },
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (column, yours) = text
        .split_once('=')
        .ok_or("write the column, = and your name for it, such as order_id=OrderNo")?;
    Ok((column.trim().to_owned(), yours.trim().to_owned()))
}

impl OrdersArguments {
    /// Opens the file and finds its columns. The shop's clocks say when what has no offset took place.
    pub(crate) fn open(&self, calendar: &Calendar) -> Result<Orders, Unusable> {
        let path = self.orders.as_str();
        let input: Box<dyn Read> = if path == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(path).map_err(Unusable::file(path))?)
        };
        self.read(input, calendar)
    }

    /// Opens it like [`open`](Self::open), for whoever reads the orders as they were entered: some come late.
    pub(crate) fn open_as_entered(&self, calendar: &Calendar) -> Result<Orders, Unusable> {
        Ok(Orders {
            is_sorted: false,
            ..self.open(calendar)?
        })
    }

    /// How many bytes the file has, where that can be known.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let about = std::fs::metadata(&self.orders).ok()?;
        about.is_file().then_some(about.len())
    }

    /// What stands between two fields.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// What a column is called in the file, where that was said.
    pub(crate) fn own_name(&self, column: &str) -> Option<&str> {
        let named = self.columns.iter().find(|(name, _)| name == column);
        named.map(|(_, own)| own.as_str())
    }

    /// Leaves a row of another file out, or stops at it, as was asked.
    pub(crate) fn refuse(
        &self,
        path: &str,
        row: u64,
        message: String,
        bad: &mut BadRows,
    ) -> Result<(), Unusable> {
        if self.bad_rows == OnBadRow::Stop {
            return Err(Unusable::row(path, row, &message));
        }
        bad.add(row, message);
        Ok(())
    }

    fn read(&self, input: Box<dyn Read>, calendar: &Calendar) -> Result<Orders, Unusable> {
        let currency = self.currency.as_deref().map(Currency::parse).transpose();
        let currency = currency.map_err(|error| Unusable::Argument(error.to_string()))?;
        let (rows, header) = Rows::new(&self.orders, input, self.delimiter, self.bad_rows)?;
        Ok(Orders {
            columns: Columns::find(&self.orders, &header, &self.columns, currency.is_some())?,
            rows,
            currency,
            has_one_currency: currency.is_some(),
            calendar: calendar.clone(),
            prices_include_tax: !self.prices_exclude_tax,
            latest: None,
            is_sorted: true,
            lines_read: 0,
            placed: String::new(),
            seen: Seen::default(),
            spare: Spare::default(),
        })
    }
}
