//! `earnest diff`: who gains and who loses by a new program, and what it costs.
//!
//! Owns the comparison: the same orders are booked in two shops, one for each program, each with its own
//! members. Its invariant: what a member gains is what the new shop booked for her less what the old one did.

use clap::Args;
use earnest_core::{Currency, Points, Program};
use serde::Serialize;

use crate::Verdict;
use crate::figure::{amount, count, counted, grouped, money, per_cent, signed};
use crate::input::read_program;
use crate::members::{self, MembersArguments};
use crate::orders::columns;
use crate::orders::{BadRows, Order, OrdersArguments};
use crate::output::{Output, Paint};
use crate::progress::Progress;
use crate::shop::Shop;
use crate::table::Table;
use crate::unusable::Unusable;

/// Two programs, and the orders to compare them by.
#[derive(Args)]
#[command(after_help = help())]
pub(crate) struct Diff {
    /// The program as it is
    old: String,
    /// The program as it would be
    new: String,
    #[command(flatten)]
    orders: OrdersArguments,
    #[command(flatten)]
    members: MembersArguments,
    /// How many of those who gain most, and who lose most, are told
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    top: usize,
    /// Answer with the figures as JSON
    #[arg(long)]
    json: bool,
}

fn help() -> String {
    format!(
        "Examples:\n  earnest diff club.toml club-2.toml --orders orders.csv\n  \
         earnest diff club.toml club-2.toml --orders orders.csv --members members.csv --top 20 --json\n\n{}{}",
        columns::help(),
        members::HELP
    )
}

/// The points of one program and those of the other.
#[derive(Clone, Copy, Default, Serialize)]
struct Pair {
    old: i64,
    new: i64,
}

/// What differs.
#[derive(Serialize)]
struct Difference {
    old: Told,
    new: Told,
    orders: u64,
    guest_orders: u64,
    lines: u64,
    members: Members,
    points: Pair,
    currencies: Vec<InCurrency>,
    gain_most: Vec<Mover>,
    lose_most: Vec<Mover>,
    bad_rows: BadRows,
}

/// A program.
#[derive(Serialize)]
struct Told {
    name: String,
    version: u32,
    digest: String,
}

/// How many members gain, lose, and neither.
#[derive(Default, Serialize)]
struct Members {
    gain: u64,
    lose: u64,
    same: u64,
}

/// The orders of one currency.
#[derive(Serialize)]
struct InCurrency {
    #[serde(serialize_with = "code")]
    currency: Currency,
    revenue: String,
    points: Pair,
    /// What the points are worth when they are spent, where each program says so.
    worth_old: Option<String>,
    worth_new: Option<String>,
    /// What more the new program gives away.
    costs_more: Option<String>,
    #[serde(skip)]
    revenue_minor: i64,
    #[serde(skip)]
    worth_minor: Option<Pair>,
}

fn code<S: serde::Serializer>(currency: &Currency, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(currency.code())
}

/// A member whose points differ.
#[derive(Serialize)]
struct Mover {
    member: String,
    #[serde(flatten)]
    points: Pair,
}

impl Pair {
    fn gain(self) -> i64 {
        self.new - self.old
    }
}

impl From<&Program> for Told {
    fn from(program: &Program) -> Self {
        Self {
            name: program.name().to_owned(),
            version: program.reference().version,
            digest: program.reference().digest.clone(),
        }
    }
}

impl Diff {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let old = read_program(&self.old)?;
        let new = read_program(&self.new)?;
        let difference = self.compare(&old, &new)?;
        if self.json {
            output.say_json(&difference);
        } else {
            output.say(&difference.for_people(output.paint()));
        }
        Ok(Verdict::Good)
    }

    fn compare(&self, old: &Program, new: &Program) -> Result<Difference, Unusable> {
        let mut orders = self.orders.open(old.calendar())?;
        let members = self.members.read(old)?;
        let mut old_shop = Shop::new(old, members.clone());
        let mut new_shop = Shop::new(new, members);
        let mut by_currency: Vec<(Currency, Pair, i64)> = Vec::new();
        let (mut count, mut guest_orders) = (0, 0);
        let mut progress = Progress::over(self.orders.bytes());
        while let Some(order) = orders.next_order()? {
            progress.order(&orders);
            let in_old = book(&mut old_shop, &order);
            let booked = in_old.and_then(|old| Ok(old.zip(book(&mut new_shop, &order)?)));
            let booked = match booked {
                Ok(booked) => booked,
                Err(message) => {
                    orders.refuse(&order, message)?;
                    continue;
                }
            };
            count += 1;
            let currency = order.cart.currency();
            let at = by_currency
                .iter()
                .position(|(known, ..)| *known == currency);
            let at = at.unwrap_or_else(|| {
                by_currency.push((currency, Pair::default(), 0));
                by_currency.len() - 1
            });
            let (_, points, revenue_minor) = &mut by_currency[at];
            *revenue_minor = revenue_minor.saturating_add(order.goods_minor);
            let Some((old, new)) = booked else {
                guest_orders += 1;
                continue;
            };
            points.old += old;
            points.new += new;
        }
        progress.end();
        by_currency.sort_by_key(|(currency, ..)| currency.code());
        let currencies = by_currency.into_iter();
        let currencies = currencies.map(|found| InCurrency::new(old, new, found));
        let by_member: Vec<(&str, Pair)> = old_shop
            .each()
            .map(|(id, old)| {
                let new = new_shop.of(id).copied().unwrap_or(0);
                (id, Pair { old: *old, new })
            })
            .collect();
        let mut members = Members::default();
        for (_, pair) in &by_member {
            match pair.gain().signum() {
                1 => members.gain += 1,
                -1 => members.lose += 1,
                _ => members.same += 1,
            }
        }
        let points = by_member
            .iter()
            .fold(Pair::default(), |sum, (_, pair)| Pair {
                old: sum.old + pair.old,
                new: sum.new + pair.new,
            });
        Ok(Difference {
            old: old.into(),
            new: new.into(),
            orders: count,
            guest_orders,
            lines: orders.lines_read(),
            members,
            points,
            currencies: currencies.collect(),
            gain_most: movers(&by_member, self.top, 1),
            lose_most: movers(&by_member, self.top, -1),
            bad_rows: orders.bad_rows().clone(),
        })
    }
}

/// Books an order; answers with the points, which are added to her sum too. `None` for a guest.
fn book(shop: &mut Shop<'_, i64>, order: &Order) -> Result<Option<i64>, String> {
    let booked = shop.book(order)?;
    Ok(booked.map(|(booked, sum)| {
        *sum += booked.points;
        booked.points
    }))
}

/// The members who move furthest in a direction, the furthest first, equals by id.
fn movers(by_member: &[(&str, Pair)], top: usize, direction: i64) -> Vec<Mover> {
    let moved = |pair: &Pair| pair.gain() * direction;
    let moving = by_member.iter().filter(|(_, pair)| moved(pair) > 0);
    let mut moving: Vec<_> = moving.collect();
    moving.sort_unstable_by_key(|(id, pair)| (-moved(pair), *id));
    let first = moving.into_iter().take(top);
    let movers = first.map(|(id, pair)| Mover {
        member: (*id).to_owned(),
        points: *pair,
    });
    movers.collect()
}

impl InCurrency {
    fn new(
        old: &Program,
        new: &Program,
        (currency, points, revenue_minor): (Currency, Pair, i64),
    ) -> Self {
        let worth = |program: &Program, count: i64| {
            let worth = program.worth(Points::new(count).ok()?, currency)?;
            Some(worth.minor())
        };
        let (worth_old, worth_new) = (worth(old, points.old), worth(new, points.new));
        let worth_minor = worth_old.zip(worth_new).map(|(old, new)| Pair { old, new });
        let told = |minor| amount(minor, currency);
        Self {
            currency,
            revenue: told(revenue_minor),
            points,
            worth_old: worth_old.map(told),
            worth_new: worth_new.map(told),
            costs_more: worth_minor.map(|worth| told(worth.gain())),
            revenue_minor,
            worth_minor,
        }
    }
}

impl Difference {
    fn for_people(&self, paint: Paint) -> String {
        let program = |told: &Told| format!("{}, version {}", told.name, told.version);
        let mut text = format!(
            "{} -> {}\n{} of {}, {} of them guests'\n\n",
            program(&self.old),
            program(&self.new),
            counted(self.orders, "order"),
            counted(self.lines, "line"),
            count(self.guest_orders),
        );
        let Members { gain, lose, same } = self.members;
        text += &format!(
            "Members: {}, {}, {} earn the same\n\n",
            paint.green(format!("{} gain", count(gain))),
            paint.red(format!("{} lose", count(lose))),
            count(same),
        );
        let mut table = Table::new(1, &["", "old", "new", "difference", "of revenue"]);
        let row = |name: String, Pair { old, new }: Pair| {
            vec![name, grouped(old), grouped(new), signed(new - old)]
        };
        table.row(row("points".into(), self.points));
        for it in &self.currencies {
            if self.currencies.len() > 1 {
                table.row(row(
                    format!("points on orders in {}", it.currency),
                    it.points,
                ));
            }
            if let Some(worth) = it.worth_minor {
                let told = |minor| money(minor, it.currency);
                let sign = if worth.gain() > 0 { "+" } else { "" };
                table.row(vec![
                    "their worth when spent".into(),
                    told(worth.old),
                    told(worth.new),
                    format!("{sign}{}", told(worth.gain())),
                    per_cent(worth.gain(), it.revenue_minor).unwrap_or_default(),
                ]);
            }
        }
        text += &(table.lines().join("\n") + "\n");
        for (what, movers) in [
            ("gain most", &self.gain_most),
            ("lose most", &self.lose_most),
        ] {
            if !movers.is_empty() {
                let mut table = Table::new(1, &[what, "old", "new", "difference"]);
                for mover in movers {
                    table.row(row(mover.member.clone(), mover.points));
                }
                text += &format!("\n{}\n", table.lines().join("\n"));
            }
        }
        text + &self.bad_rows.for_people(paint)
    }
}
