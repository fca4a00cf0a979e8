//! `earnest simulate`: a stream of orders replayed in order of time.
//!
//! Owns the replay. An order is read, booked and forgotten; what is kept is one snapshot for each member,
//! one row for each month and one sum for each day on which points are due to be redeemed or to expire.
//! So memory grows with members and days, never with orders.

mod assumption;
mod book;
mod chart;
mod deferred;
mod elsewhere;
mod gifts;
mod in_currency;
mod months;
mod page;
mod plot;
mod report;
mod sources;
mod worth;

use clap::Args;
use earnest_core::Program;

use self::assumption::AssumptionArguments;
use self::book::{Books, Pot, Unit};
use self::elsewhere::Elsewhere;
use self::gifts::Gifts;
use self::months::Months;
use self::report::Report;
use self::sources::Sources;
use self::worth::WorthArguments;
use crate::Verdict;
use crate::gift::drawn;
use crate::input::read_program;
use crate::members::{self, MembersArguments};
use crate::orders::columns;
use crate::orders::{Order, OrdersArguments};
use crate::output::Output;
use crate::perks::Perks;
use crate::progress::Progress;
use crate::shop::{Booked, Shop};
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
    #[command(flatten)]
    worth: WorthArguments,
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
         Orders must be sorted by time. Guests' orders count as revenue and earn nothing.\n\
         Perks of tiers and of the membership that take something off (percent off, free shipping) are\n\
         taken off what the orders say before they earn, count for tiers and are revenue, and are in the\n\
         cost. The liability is what your books have: revenue deferred for points that orders earned, with\n\
         the program's accounting.redeemed_percent. Money on balances is told by itself.\n\n{}{}",
        columns::help(),
        members::HELP
    )
}

/// What was found in the stream.
struct Replay<'program> {
    program: &'program Program,
    orders: u64,
    guest_orders: u64,
    members_at_start: u64,
    books: Books,
    months: Months<'program>,
    sources: Sources,
    perks: Perks,
    gifts: Gifts<'program>,
    elsewhere: Elsewhere,
    /// The local days of the first order and the last; `None` without orders.
    days: Option<(i64, i64)>,
}

impl Simulate {
    pub(crate) fn run(self, output: &Output) -> Result<Verdict, Unusable> {
        let program = read_program(&self.program)?;
        let report = self.replay(&program, output)?;
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

    fn replay(&self, program: &Program, output: &Output) -> Result<Report, Unusable> {
        let calendar = program.calendar();
        let assumption = self.assumption.resolve(program)?;
        let mut orders = self.orders.open(calendar)?;
        let known = self.members.read(program, &self.orders)?;
        known.tell(output);
        let mut shop: Shop<'_, Pot> = Shop::new(program, known.members);
        let mut replay = Replay {
            program,
            orders: 0,
            guest_orders: 0,
            members_at_start: 0,
            books: Books::new(assumption),
            months: Months::new(program.tiers().len(), calendar),
            sources: Sources::default(),
            perks: Perks::new(program),
            gifts: Gifts::new(program, self.worth.of(program)),
            elsewhere: Elsewhere::default(),
            days: None,
        };
        let mut progress = Progress::over(self.orders.bytes());
        while let Some(order) = orders.next_order()? {
            progress.order(&orders);
            let day = calendar.local(order.placed_at).day;
            if replay.days.is_none() {
                replay.begin(&mut shop, program, &order, day);
            }
            replay.days = Some((replay.days.map_or(day, |(first, _)| first), day));
            let booked = match shop.book(&order, &drawn(program, &order), &replay.perks) {
                Ok(booked) => booked,
                Err(message) => {
                    orders.refuse(&order, message)?;
                    continue;
                }
            };
            replay.order(&order, day, booked);
            orders.pass(order);
        }
        progress.end();
        orders.end()?;
        if let Some((_, last)) = replay.days {
            let end = calendar.start_of(last + 1);
            shop.end(end, |moves, pot| {
                replay.months.moved(moves);
                replay.books.close(last, pot);
            });
        }
        Ok(Report::new(self.worth.of(program), &replay, &orders))
    }
}

impl Replay<'_> {
    /// The first order is about to be booked. What members have already, they have as if earned on its
    /// day.
    fn begin(&mut self, shop: &mut Shop<'_, Pot>, program: &Program, order: &Order, day: i64) {
        let book = self.books.of(Unit::Points(order.cart.currency()), day);
        shop.begin(order.placed_at, |member, tier, pot| {
            self.members_at_start += 1;
            self.months.start_in(tier);
            let calendar = program.calendar();
            let active_at = member.last_order_at.map(|at| calendar.local(at).day);
            let days = (day, active_at.unwrap_or(day).min(day));
            self.books.open(book, days, member.balance.get(), pot);
            for (id, minor) in &member.credits {
                let mut balances = program.balances().iter();
                if let Some(place) = balances.position(|balance| balance.id == *id) {
                    let book = self.books.of(Unit::Balance(place), day);
                    self.books.open(book, days, *minor, pot);
                }
            }
        });
    }

    /// An order was placed; `booked` is what it did for a member.
    fn order(&mut self, order: &Order, day: i64, booked: Option<(Booked, &mut Pot)>) {
        self.orders += 1;
        let book = self.books.of(Unit::Points(order.cart.currency()), day);
        let earned = booked.as_ref().map_or(0, |(it, _)| it.points - it.welcome);
        let is_elsewhere = self.elsewhere.add(self.program, book, order, earned);
        let paid = booked.as_ref().map(|(it, _)| it.paid(order));
        let revenue_minor = if is_elsewhere {
            0
        } else {
            paid.unwrap_or(&order.cart).goods_minor()
        };
        self.books.order(book, day, revenue_minor);
        let Some((booked, pot)) = booked else {
            self.guest_orders += 1;
            self.months.order(day, None);
            return;
        };
        self.months.order(day, Some(&booked));
        self.books.issue(book, day, booked.points, pot);
        self.books.defer(book, day, booked.earned);
        for (balance, minor) in &booked.credits {
            let book = self.books.of(Unit::Balance(*balance), day);
            self.books.issue(book, day, *minor, pot);
        }
        self.sources.add(book, &booked);
        let given = self.gifts.add(book, order.cart.currency(), &booked);
        self.books.perks(book, day, given);
        if !booked.credits.is_empty() {
            let (books, sources) = (&mut self.books, &mut self.sources);
            sources.add_credits(
                self.program,
                |place| books.of(Unit::Balance(place), day),
                &booked,
            );
        }
        let taken = self.perks.add(book, &booked);
        self.books.perks(book, day, taken);
    }
}
