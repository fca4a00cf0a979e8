//! Members whom a shop has already: one per row of a CSV file, or one JSON document.
//!
//! Owns every way in which a file becomes a member's snapshot. What a file does not say, a newcomer has.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;

use clap::Args;
use csv::ReaderBuilder;
use earnest_core::limits::MAX_COUNT;
use earnest_core::wire::SnapshotDocument;
use earnest_core::{Earning, Measure, Money, Period, Points, Program, Snapshot};

use crate::figure::counted;
use crate::input::read_json;
use crate::orders::instant::parse_instant;
use crate::orders::{BadRows, OrdersArguments, columns, labels};
use crate::output::Output;
use crate::unusable::Unusable;

/// Where members come from.
#[derive(Args)]
pub(crate) struct MembersArguments {
    /// The members at the start, as CSV; whoever is not among them joins with the first
    /// order. --column, --delimiter and --bad-rows are for this file too
    #[arg(long, value_name = "FILE")]
    members: Option<String>,
}

/// The columns of the members, for `--help`.
pub(crate) const HELP: &str = "
Columns of the members (* must be there):
  * member_id       as in the orders
    tier            its id in the program; else none
    balance         points that she has; else 0
    earned          points that her orders have earned, which decide her tier; else 0
    orders          how many orders she has placed; else 0
    last_order_at   when she placed the last of them
    joined_at       when she joined
    birthday        a month and a day, such as 05-14, or a date
    segments        several by ;
    tags            several by ;
    paid_until      until when her paid membership runs
    qualified       what has counted for her tier in the period of her last order: points, an amount,
                    or orders, as the program's tiers go by; needs last_order_at. Without it a tier
                    that she has is kept to the end of the stream
";

/// The columns of the file; the first must be there.
pub(crate) const COLUMNS: [&str; 12] = [
    "member_id",
    "tier",
    "balance",
    "earned",
    "orders",
    "last_order_at",
    "joined_at",
    "birthday",
    "segments",
    "tags",
    "paid_until",
    "qualified",
];

/// How alike a name is to a column's that is surely meant.
const ALIKE: f64 = 0.85;

/// The members of a file, and what of it was not read.
#[derive(Default)]
pub(crate) struct Known {
    /// By their ids.
    pub(crate) members: HashMap<Box<str>, Snapshot>,
    /// Columns that nothing is read from.
    not_read: Vec<String>,
    bad_rows: BadRows,
}

impl Known {
    /// Complains of what was not read.
    pub(crate) fn tell(&self, output: &Output) {
        if !self.not_read.is_empty() {
            let names = self.not_read.join(", ");
            output.warn(&format!(
                "of the members, these columns are not read: {names}"
            ));
        }
        let BadRows { count, first } = &self.bad_rows;
        if *count > 0 {
            output.warn(&format!(
                "{} of the members left out",
                counted(*count, "bad row")
            ));
            for bad in first {
                output.warn(&format!("members, row {}: {}", bad.row, bad.message));
            }
        }
    }
}

/// The member of a JSON document; without one, somebody who has just joined.
pub(crate) fn read_member(path: Option<&str>, program: &Program) -> Result<Snapshot, Unusable> {
    let Some(path) = path else {
        return Ok(program.newcomer());
    };
    let document: SnapshotDocument = read_json(path)?;
    let snapshot = Snapshot::try_from(document).map_err(|error| Unusable::Document {
        path: path.to_owned(),
        message: error.to_string(),
    })?;
    known_tier(&snapshot, program).map_err(|message| Unusable::Document {
        path: path.to_owned(),
        message,
    })?;
    Ok(snapshot)
}

/// Refuses a tier that the program does not have.
pub(crate) fn known_tier(snapshot: &Snapshot, program: &Program) -> Result<(), String> {
    match &snapshot.tier {
        Some(tier) if program.tier(tier).is_none() => {
            let ids: Vec<&str> = program
                .tiers()
                .iter()
                .map(|tier| tier.id.as_str())
                .collect();
            let has = if ids.is_empty() {
                "none".into()
            } else {
                ids.join(", ")
            };
            Err(format!("there is no tier {tier:?}; the program has {has}"))
        }
        _ => Ok(()),
    }
}

impl MembersArguments {
    /// The members by id, read as the orders are. Their tiers must be those of the program.
    pub(crate) fn read(
        &self,
        program: &Program,
        orders: &OrdersArguments,
    ) -> Result<Known, Unusable> {
        let mut known = Known::default();
        let Some(path) = self.members.as_deref() else {
            return Ok(known);
        };
        let document = |message| Unusable::Document {
            path: path.to_owned(),
            message,
        };
        let broken = |error: csv::Error| document(error.to_string());
        let text = fs::read(path).map_err(Unusable::file(path))?;
        let mut reader = ReaderBuilder::new();
        let mut reader = reader
            .delimiter(orders.delimiter())
            .from_reader(text.as_slice());
        let header = reader.headers().map_err(broken)?.clone();
        let place = |name: &str| {
            let mut names = header.iter();
            names.position(|it| it.trim().eq_ignore_ascii_case(name))
        };
        // Of a name that stands for a column of the orders too, the file may have the one or the other.
        let places = COLUMNS.map(|name| orders.own_name(name).and_then(place).or(place(name)));
        for (nth, name) in COLUMNS.iter().enumerate() {
            let own = orders.own_name(name).filter(|_| !columns::is_column(name));
            if let (None, Some(own)) = (places[nth], own) {
                return Err(document(format!(
                    "there is no column {own:?}; the header has {}",
                    listed(&header)
                )));
            }
        }
        for (nth, own) in header.iter().map(str::trim).enumerate() {
            if places.contains(&Some(nth)) {
                continue;
            }
            let lower = own.to_ascii_lowercase();
            let missing = COLUMNS
                .iter()
                .zip(&places)
                .filter(|(_, place)| place.is_none());
            let mut missing = missing.map(|(name, _)| name);
            if let Some(meant) = missing.find(|name| strsim::jaro_winkler(&lower, name) > ALIKE) {
                return Err(document(format!(
                    "nothing is read from the column {own:?}; did you mean {meant}? Name it so, or map it by \
                     --column {meant}={own:?}"
                )));
            }
            known.not_read.push(own.to_owned());
        }
        if places[0].is_none() {
            return Err(document(
                "no column says member_id; name one so in the header, or map yours by --column \
                 member_id=\"Your name\""
                    .into(),
            ));
        }
        let mut rows = reader.records();
        // The number that a spreadsheet gives a row: the header is the first, after the blank lines before it.
        let mut number = 1 + blank_lines(&text, 0);
        loop {
            number += 1 + blank_lines(&text, rows.reader().position().byte());
            let Some(row) = rows.next() else {
                break;
            };
            let read = row.map_err(|error| error.to_string()).and_then(|row| {
                let get = |column: usize| {
                    let field = places[column].and_then(|at| row.get(at));
                    field.unwrap_or_default()
                };
                let (id, snapshot) = member(get, program)?;
                known_tier(&snapshot, program)?;
                match known.members.entry(id.into_boxed_str()) {
                    Entry::Vacant(place) => {
                        place.insert(snapshot);
                        Ok(())
                    }
                    Entry::Occupied(_) => Err("the member_id stands on an earlier row too".into()),
                }
            });
            if let Err(message) = read {
                orders.refuse(path, number, message, &mut known.bad_rows)?;
            }
        }
        Ok(known)
    }
}

/// The blank lines in front of the row that is read from here on. Where the row before ended with a carriage return, its
/// line feed is still to come.
fn blank_lines(text: &[u8], from: u64) -> u64 {
    let (before, rest) = usize::try_from(from)
        .ok()
        .and_then(|from| text.split_at_checked(from))
        .unwrap_or((text, &[]));
    let rest = match (before.last(), rest) {
        (Some(b'\r'), [b'\n', rest @ ..]) => rest,
        _ => rest,
    };
    let mut count = 0;
    let mut last = b'\0';
    for byte in rest.iter().copied() {
        match byte {
            b'\n' if last == b'\r' => {}
            b'\n' | b'\r' => count += 1,
            _ => break,
        }
        last = byte;
    }
    count
}

fn listed(header: &csv::StringRecord) -> String {
    header.iter().collect::<Vec<_>>().join(", ")
}

/// The member whom a row says; `get` is what it says in a column of the list.
fn member<'row>(
    get: impl Fn(usize) -> &'row str,
    program: &Program,
) -> Result<(String, Snapshot), String> {
    let get = |column: usize| (get(column).trim(), COLUMNS[column]);
    let count = |column| match get(column) {
        ("", _) => Ok(0),
        (digits, name) => digits
            .parse::<i64>()
            .map_err(|_| format!("{name} {digits:?} is no whole number")),
    };
    let instant = |column| match get(column) {
        ("", _) => Ok(None),
        (text, name) => match parse_instant(text.as_bytes(), program.calendar()) {
            Some(at) => Ok(Some(at.as_millis())),
            None => Err(format!(
                "{name} {text:?} is no instant; write it as 2026-05-01T12:00:00Z"
            )),
        },
    };
    let some = |column| Some(get(column).0).filter(|text| !text.is_empty());
    let id = some(0).ok_or("member_id is empty; give each member an id")?;
    // A birthday is a month and a day; of a date the year is nobody's business.
    let birthday = some(7).map(|text| text.get(text.len().saturating_sub(5)..).unwrap_or(text));
    let orders = count(4)?;
    let document = SnapshotDocument {
        tier: some(1).map(str::to_owned),
        balance_points: count(2)?,
        earned_points: count(3)?,
        orders: u32::try_from(orders).map_err(|_| format!("orders {orders} is no count"))?,
        last_order_at: instant(5)?,
        joined_at: instant(6)?,
        birthday: birthday.map(str::to_owned),
        segments: labels(get(8).0),
        tags: labels(get(9).0),
        paid_until: instant(10)?,
        ..SnapshotDocument::default()
    };
    let mut snapshot = Snapshot::try_from(document).map_err(|error| error.to_string())?;
    if let Some(text) = some(11) {
        qualify(program, &mut snapshot, text)?;
    }
    Ok((id.to_owned(), snapshot))
}

/// Counts what has counted for her tier in the period of her last order, as if it had been that order.
fn qualify(program: &Program, member: &mut Snapshot, text: &str) -> Result<(), String> {
    let rules = program.tier_rules();
    let at = member.last_order_at;
    let at = at.ok_or("qualified counts in the period of last_order_at; write that too")?;
    let whole = || {
        let count = text.parse::<u32>().map(i64::from);
        count.map_err(|_| format!("qualified {text:?} is no whole number"))
    };
    let mut earning = Earning {
        points: Points::ZERO,
        currency: None,
        counted_minor: 1,
        lines: Vec::new(),
        reasons: Vec::new(),
        credits: Vec::new(),
    };
    let times = match (rules.measure, rules.period) {
        (Measure::Points | Measure::Orders, Period::Lifetime) => {
            return Err(
                "the program's tiers have no period; write what counts as earned or orders".into(),
            );
        }
        (Measure::Points, _) => {
            let points = Points::new(whole()?).map_err(|error| error.to_string())?;
            earning.points = points;
            1
        }
        (Measure::Spend(currency), _) => {
            let spend = Money::parse(text, currency);
            let spend = spend.map_err(|error| format!("qualified: {error}"))?;
            earning.currency = Some(currency);
            earning.counted_minor = spend.minor();
            1
        }
        // No tier asks for more.
        (Measure::Orders, _) => whole()?.min(MAX_COUNT),
    };
    for _ in 0..times {
        program.settle_tier(member, &earning, at, at);
    }
    Ok(())
}
