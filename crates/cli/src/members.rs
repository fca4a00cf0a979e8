//! Members whom a shop has already: one per row of a CSV file, or one JSON document.
//!
//! Owns every way in which a file becomes a member's snapshot. What a file does not say, a newcomer has.

use std::collections::HashMap;
use std::fs::File;

use clap::Args;
use csv::ReaderBuilder;
use earnest_core::wire::SnapshotDocument;
use earnest_core::{Program, Snapshot};

use crate::input::read_json;
use crate::orders::instant::parse_instant;
use crate::orders::labels;
use crate::unusable::Unusable;

/// Where members come from.
#[derive(Args)]
pub(crate) struct MembersArguments {
    /// The members at the start, as CSV; whoever is not among them joins with the first
    /// order
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
";

/// The columns of the file; the first must be there.
const COLUMNS: [&str; 11] = [
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
];

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
    /// The members by id. Their tiers must be those of the program.
    pub(crate) fn read(&self, program: &Program) -> Result<HashMap<Box<str>, Snapshot>, Unusable> {
        let mut members = HashMap::new();
        let Some(path) = self.members.as_deref() else {
            return Ok(members);
        };
        let broken = |error: csv::Error| Unusable::Document {
            path: path.to_owned(),
            message: error.to_string(),
        };
        let file = File::open(path).map_err(Unusable::file(path))?;
        let mut reader = ReaderBuilder::new().from_reader(file);
        let header = reader.headers().map_err(broken)?.clone();
        let place = |name: &str| {
            header
                .iter()
                .position(|it| it.trim().eq_ignore_ascii_case(name))
        };
        let places = COLUMNS.map(place);
        if places[0].is_none() {
            return Err(Unusable::Document {
                path: path.to_owned(),
                message: "no column says member_id; name one so in the header".into(),
            });
        }
        for (nth, row) in reader.records().enumerate() {
            let row = row.map_err(broken)?;
            let get = |column: usize| {
                places[column]
                    .and_then(|at| row.get(at))
                    .unwrap_or_default()
            };
            let read = member(get, program).and_then(|(id, snapshot)| {
                known_tier(&snapshot, program)?;
                let other = members.insert(id.into_boxed_str(), snapshot);
                let twice = || "the member_id stands on an earlier row too".to_owned();
                other.map_or(Ok(()), |_| Err(twice()))
            });
            read.map_err(|message| Unusable::Row {
                path: path.to_owned(),
                // The header is row 1.
                row: nth as u64 + 2,
                message,
            })?;
        }
        Ok(members)
    }
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
    let snapshot = Snapshot::try_from(document).map_err(|error| error.to_string())?;
    Ok((id.to_owned(), snapshot))
}
