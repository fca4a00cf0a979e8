//! `earnest draws`: whether the orders that were given a surprise are those that the seed draws.
//!
//! Owns the telling. Every order is booked again by the core, in the order of the file, so minimum, time, budget and
//! draw are those of the edge. Its invariant: a seed that is not the one that the program committed to judges nothing.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;

use clap::Args;
use earnest_core::surprise::{Drawn, draw, verify};
use earnest_core::{EntryKind, Program, Timestamp};
use serde::Serialize;

use crate::Verdict;
use crate::input::{parse_at, read_program};
use crate::orders::columns;
use crate::orders::{Order, OrdersArguments};
use crate::output::{Output, Paint};
use crate::perks::Perks;
use crate::shop::Shop;
use crate::unusable::Unusable;

/// Differences that are told to people; `--json` has all.
const MOST_TOLD: usize = 20;

/// A program, the seeds that it drew with, and the orders.
#[derive(Args)]
#[command(after_help = after_help())]
pub(crate) struct Draws {
    /// The program file
    program: String,
    /// A seed that was revealed, in hexadecimal; may be repeated
    #[arg(long = "seed", value_name = "HEX", required = true, value_parser = bytes)]
    seeds: Vec<Seed>,
    #[command(flatten)]
    orders: OrdersArguments,
    /// What was given, as CSV: `order_id,surprise`, a row for each; without it, what is drawn is only told
    #[arg(long, value_name = "FILE")]
    given: Option<String>,
    /// When the seeds were revealed: orders placed from then on are not drawn
    #[arg(long, value_name = "INSTANT")]
    revealed_at: Option<String>,
    /// Answer with {good, orders, drawn, differing, unchecked}
    #[arg(long)]
    json: bool,
}

fn after_help() -> String {
    let examples = "Examples:\n  earnest draws club.toml --seed 9f2c… --orders orders.csv\n  \
                    earnest draws club.toml --seed 9f2c… --orders orders.csv --given given.csv --json\n\n\
                    A seed is told by POST /v1/seeds/{commitment}/reveal. What was given is in GET /v1/events:\n  \
                    jq -r '.events[] | select(.data.kind == \"surprise\") | [.data.source, .data.by] | @csv'\n\n\
                    Orders are drawn in the order of the file: where a budget ends, that of their entries in the \
                    ledger decides who was in time. Guests are drawn when they are credited: give such an order \
                    its member then, or leave it out.\n\n";
    format!("{examples}{}", columns::help())
}

/// The bytes of a seed.
#[derive(Clone, Debug)]
struct Seed(Vec<u8>);

/// An order that the seed draws.
#[derive(Serialize)]
struct DrawnOrder {
    order_id: String,
    row: u64,
    surprises: Vec<String>,
}

/// An order that was given something else than the seed draws.
#[derive(Serialize)]
struct Differing {
    order_id: String,
    /// Its row; `None` where the orders do not have it.
    row: Option<u64>,
    given: BTreeSet<String>,
    right: BTreeSet<String>,
}

/// What was found, for programs.
#[derive(Serialize)]
struct Told<'a> {
    good: bool,
    /// Orders that took part.
    orders: u64,
    drawn: &'a [DrawnOrder],
    differing: &'a [Differing],
    /// Surprises whose seed was not given.
    unchecked: &'a [String],
}

fn bytes(text: &str) -> Result<Seed, String> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|it| u8::try_from(it.to_digit(16)?).ok())
        .collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2));
    let digits = digits.ok_or("a seed is bytes in hexadecimal, two digits each")?;
    let pairs = digits.chunks(2);
    Ok(Seed(
        pairs
            .map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit))
            .collect(),
    ))
}

impl Draws {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let program = read_program(&self.program)?;
        let seeds = self.seeds(&program)?;
        let revealed_at = self.revealed_at.as_deref();
        let revealed_at = revealed_at.map(|at| parse_at(at, &program)).transpose()?;
        let unchecked = program.surprises().iter();
        let unchecked = unchecked.filter(|it| !seeds.iter().any(|(id, _)| *id == it.id));
        let unchecked: Vec<String> = unchecked.map(|it| it.id.clone()).collect();
        let mut given = self.given.as_deref().map(read_given).transpose()?;
        for ids in given.iter_mut().flat_map(HashMap::values_mut) {
            ids.retain(|id| !unchecked.contains(id));
        }
        let mut orders = self.orders.open_as_entered(program.calendar())?;
        let mut shop: Shop<'_, ()> = Shop::new(&program, HashMap::new());
        let (mut count, mut drawn, mut differing) = (0_u64, Vec::new(), Vec::new());
        while let Some(order) = orders.next_order()? {
            let right = repeat(&mut shop, &order, &program, &seeds, revealed_at);
            let right = match right {
                Ok(right) => right,
                Err(message) => {
                    orders.refuse(&order, message)?;
                    continue;
                }
            };
            count += u64::from(!order.member_id.is_empty());
            let was = given
                .as_mut()
                .map(|given| given.remove(&order.id).unwrap_or_default());
            let right_ids: BTreeSet<String> = right.iter().cloned().collect();
            if let Some(was) = was.filter(|was| *was != right_ids) {
                differing.push(Differing {
                    order_id: order.id.clone(),
                    row: Some(order.row),
                    given: was,
                    right: right_ids,
                });
            }
            if !right.is_empty() {
                drawn.push(DrawnOrder {
                    order_id: order.id.clone(),
                    row: order.row,
                    surprises: right,
                });
            }
            orders.pass(order);
        }
        let strangers = given.unwrap_or_default().into_iter();
        let mut strangers: Vec<_> = strangers.filter(|(_, ids)| !ids.is_empty()).collect();
        strangers.sort();
        differing.extend(strangers.into_iter().map(|(order_id, given)| Differing {
            order_id,
            row: None,
            given,
            right: BTreeSet::new(),
        }));
        let told = Told {
            good: differing.is_empty(),
            orders: count,
            drawn: &drawn,
            differing: &differing,
            unchecked: &unchecked,
        };
        if self.json {
            output.say_json(&told);
        } else {
            output.say(&for_people(&told, self.given.is_some(), output.paint()));
        }
        Ok(Verdict::from(told.good))
    }

    /// The seed of each surprise, by its id.
    fn seeds<'p>(&self, program: &'p Program) -> Result<Vec<(&'p str, &[u8])>, Unusable> {
        let mut found = Vec::new();
        for Seed(seed) in &self.seeds {
            let surprises = program.surprises().iter();
            let of_it = surprises.filter(|it| verify(seed, &it.commitment));
            let before = found.len();
            found.extend(of_it.map(|it| (it.id.as_str(), seed.as_slice())));
            if found.len() == before {
                return Err(Unusable::Argument(format!(
                    "no surprise of {} is drawn with this seed: its SHA-256 is {}",
                    self.program,
                    earnest_core::surprise::Commitment::to(seed)
                )));
            }
        }
        Ok(found)
    }
}

/// The surprises that an order is given, by their ids.
fn repeat(
    shop: &mut Shop<'_, ()>,
    order: &Order,
    program: &Program,
    seeds: &[(&str, &[u8])],
    revealed_at: Option<Timestamp>,
) -> Result<Vec<String>, String> {
    let is_late = revealed_at.is_some_and(|at| at <= order.placed_at);
    let surprises = program.surprises().iter().filter(|_| !is_late);
    let draws = surprises.filter_map(|surprise| {
        let (_, seed) = seeds.iter().find(|(id, _)| *id == surprise.id)?;
        Some(Drawn {
            surprise: &surprise.id,
            number: draw(seed, &surprise.id, &order.id),
        })
    });
    let draws: Vec<Drawn<'_>> = draws.collect();
    // What is repeated was reported as it was paid, perks taken off.
    let booked = shop.book(order, &draws, &Perks::default())?;
    let gifts = booked.map_or_else(Vec::new, |(booked, ())| booked.gifts);
    let surprises = gifts.into_iter();
    let surprises = surprises.filter(|it| it.kind == EntryKind::Surprise);
    Ok(surprises.map(|it| it.giver).collect())
}

/// What each order was given, by its id.
fn read_given(path: &str) -> Result<HashMap<String, BTreeSet<String>>, Unusable> {
    let file = File::open(path).map_err(Unusable::file(path))?;
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(file);
    let mut given: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (nth, row) in (1..).zip(rows.records()) {
        let wrong = |message: String| Unusable::Row {
            path: path.to_owned(),
            row: nth,
            message,
        };
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let (Some(order), Some(surprise), None) = (row.get(0), row.get(1), row.get(2)) else {
            return Err(wrong("write an order's id and the id of a surprise".into()));
        };
        // The header may be there or not.
        if nth > 1 || order != "order_id" {
            given
                .entry(order.to_owned())
                .or_default()
                .insert(surprise.to_owned());
        }
    }
    Ok(given)
}

fn for_people(told: &Told<'_>, was_compared: bool, paint: Paint) -> String {
    let orders = match told.orders {
        1 => "1 order".to_owned(),
        many => format!("{many} orders"),
    };
    let drawn = told.drawn.len();
    let mut text = if !was_compared {
        format!("{orders} of members, of which the seed draws {drawn}\n")
    } else if told.good {
        let good = paint.green("good");
        format!(
            "{good}. {orders} of members, of which {drawn} were given what the seed draws, and no other\n"
        )
    } else {
        let bad = paint.red("different");
        format!(
            "{bad}. {orders} of members, and {} were not given what the seed draws\n",
            told.differing.len()
        )
    };
    if !was_compared {
        for it in told.drawn {
            text += &format!("  {}: {}\n", it.order_id, it.surprises.join(", "));
        }
    }
    let ids = |ids: &BTreeSet<String>| match ids.iter().map(String::as_str).collect::<Vec<_>>() {
        ids if ids.is_empty() => "nothing".to_owned(),
        ids => ids.join(", "),
    };
    for it in told.differing.iter().take(MOST_TOLD) {
        let place = it.row.map_or_else(
            || " is not among the orders".to_owned(),
            |row| format!(", row {row}"),
        );
        text += &format!(
            "  {}{place}: was given {}, is drawn {}\n",
            it.order_id,
            ids(&it.given),
            ids(&it.right)
        );
    }
    if told.differing.len() > MOST_TOLD {
        text += &format!("  and {} more\n", told.differing.len() - MOST_TOLD);
    }
    if !told.unchecked.is_empty() {
        text += &format!(
            "not drawn, for want of their seed: {}\n",
            told.unchecked.join(", ")
        );
    }
    text
}
