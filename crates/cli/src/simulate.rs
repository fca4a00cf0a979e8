//! `earnest simulate`: a stream of orders replayed in order of time.
//!
//! Owns the replay. An order is read, booked and forgotten; what is kept is one snapshot for each member,
//! one row for each month and one sum for each day on which points are due to be redeemed or to expire.
//! So memory grows with members and days, never with orders.

mod assumption;
mod book;
mod chart;
mod months;
mod page;
mod plot;
mod report;
mod sources;

use clap::Args;
use earnest_core::{Calendar, Program};

use self::assumption::AssumptionArguments;
use self::book::{Books, Pot};
use self::months::Months;
use self::report::Report;
use self::sources::Sources;
use crate::Verdict;
use crate::input::read_program;
use crate::members::{self, MembersArguments};
use crate::orders::OrdersArguments;
use crate::orders::columns;
use crate::output::Output;
use crate::progress::Progress;
use crate::shop::{Shop, place};
use crate::unusable::Unusable;

/// A program, a stream of orders, and what to assume of those who redeem.
#[derive(Args)]
#[command(after_help = help())]
pub(crate) struct Simulate {
    /// The program file
    program: String,
    #[command(flatten)]
    orders: OrdersArguments,
    #[command(flatten)]
    members: MembersArguments,
    #[command(flatten)]
    assumption: AssumptionArguments,
    /// Write a report with plots, one file that needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<String>,
    /// Answer with the figures as JSON
    #[arg(long)]
    json: bool,
}

fn help() -> String {
    format!(
        "Examples:\n  earnest simulate club.toml --orders orders.csv\n  \
         earnest simulate club.toml --orders orders.csv --html report.html --redeem 0.6\n  \
         earnest simulate club.toml --orders export.csv --column order_id=Name --column \
         placed_at=\"Created at\" --currency EUR --bad-rows skip\n  \
         zcat 2025.csv.gz | earnest simulate club.toml --orders - --json\n\n\
         Orders must be sorted by time. Guests' orders count as revenue and earn nothing.\n\n{}{}",
        columns::help(),
        members::HELP
    )
}

/// What was found in the stream.
struct Replay {
    orders: u64,
    guest_orders: u64,
    members_at_start: u64,
    books: Books,
    months: Months,
    sources: Sources,
    /// The local days of the first order and the last; `None` without orders.
    days: Option<(i64, i64)>,
}

impl Simulate {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let program = read_program(&self.program)?;
        let report = self.replay(&program)?;
        if let Some(path) = &self.html {
            std::fs::write(path, page::page(&report)).map_err(Unusable::file(path))?;
        }
        if self.json {
            output.say_json(&report.json());
        } else {
            output.say(&report.for_people(output.paint()));
            if let Some(path) = &self.html {
                output.say(&format!("\nThe report is in {path}\n"));
            }
        }
        Ok(Verdict::Good)
    }

    fn replay(&self, program: &Program) -> Result<Report, Unusable> {
        let calendar = Calendar::default();
        let assumption = self.assumption.resolve(calendar.clone())?;
        let mut orders = self.orders.open()?;
        let mut shop: Shop<'_, Pot> = Shop::new(program, self.members.read(program)?);
        let mut replay = Replay {
            orders: 0,
            guest_orders: 0,
            members_at_start: 0,
            books: Books::new(assumption),
            months: Months::new(program.tiers().len()),
            sources: Sources::default(),
            days: None,
        };
        let mut progress = Progress::over(self.orders.bytes());
        while let Some(order) = orders.next_order()? {
            progress.order(&orders);
            let day = calendar.local(order.placed_at).day;
            let book = replay.books.of(order.cart.currency());
            if replay.days.is_none() {
                for (member, pot) in shop.members() {
                    replay.members_at_start += 1;
                    replay.months.start_in(place(program, member));
                    replay.books.open(book, day, member.balance.get(), pot);
                }
            }
            replay.days = Some((replay.days.map_or(day, |(first, _)| first), day));
            let booked = match shop.book(&order) {
                Ok(booked) => booked,
                Err(message) => {
                    orders.refuse(&order, message)?;
                    continue;
                }
            };
            replay.orders += 1;
            replay.months.advance_to(day);
            replay.books.order(book, day, &order);
            let Some((booked, pot)) = booked else {
                replay.guest_orders += 1;
                continue;
            };
            replay.months.order(&booked);
            replay.books.issue(book, day, booked.points, pot);
            replay.sources.add(book, &booked);
        }
        progress.end();
        if let Some((_, last)) = replay.days {
            for (_, pot) in shop.members() {
                replay.books.close(last, pot);
            }
        }
        Ok(Report::new(program, &replay, &orders))
    }
}
