//! `earnest diff`: who gains and who loses by a new program, and what it costs.
//!
//! Owns the comparison: the same orders are booked in two shops, one for each program, each with its own
//! members. Its invariant: what a member gains is what the new shop gave her less what the old one did, in the money
//! that both say it is worth, or in points where one is worth the same in both and they give nothing else.

mod measure;
mod side;
mod telling;

use std::collections::{BTreeMap, HashMap};

use clap::Args;
use earnest_core::{Currency, Program, Snapshot};
use serde::Serialize;

use self::measure::{Given, Measure, worth_minor};
use self::side::{Side, revenue_minor};
use crate::Verdict;
use crate::figure::amount;
use crate::input::read_program;
use crate::left_out::left_out;
use crate::members::{self, MembersArguments};
use crate::orders::columns;
use crate::orders::{BadRows, OrdersArguments};
use crate::output::Output;
use crate::progress::Progress;
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
         earnest diff club.toml club-2.toml --orders orders.csv --members members.csv --top 20 --json\n\n\
         Perks of tiers and of the membership that take something off (percent off, free shipping) are\n\
         taken off what the orders say before they earn and count for tiers. Revenue is what is paid under\n\
         the program as it is; partners' orders are not in it.\n\n{}{}",
        columns::help(),
        members::HELP
    )
}

/// A figure under one program and under the other.
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
    /// None where the programs cannot be compared.
    members: Option<Members>,
    /// Tiers that members have at the start and the new program has not, with how many have them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tiers_gone: BTreeMap<String, u64>,
    /// What members' gains are measured in: `points`, or the code of a currency; none where the programs cannot be
    /// compared.
    measure: Option<&'static str>,
    points: Pair,
    currencies: Vec<InCurrency>,
    gain_most: Vec<Mover>,
    lose_most: Vec<Mover>,
    /// What either program gives and no figure has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<&'static str>,
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
    /// What the points are worth when they are spent, and the money on balances; none where a program does
    /// not say.
    worth_old: Option<String>,
    worth_new: Option<String>,
    /// What perks take off the orders, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    perks_old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    perks_new: Option<String>,
    /// What more the new program gives away.
    costs_more: Option<String>,
    #[serde(skip)]
    revenue_minor: i64,
    #[serde(skip)]
    worth_minor: [Option<i64>; 2],
    #[serde(skip)]
    perks_minor: Pair,
    /// The programs that have no rate for it.
    #[serde(skip)]
    not_covered: Option<&'static str>,
}

fn code<S: serde::Serializer>(currency: &Currency, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(currency.code())
}

/// A member who gains or loses.
#[derive(Serialize)]
struct Mover {
    member: String,
    old: String,
    new: String,
    difference: String,
}

/// The orders of a currency so far.
struct Sums {
    currency: Currency,
    revenue_minor: i64,
    points: Pair,
    credits_minor: Pair,
    perks_minor: Pair,
}

impl Sums {
    /// Those of a currency, which are nothing where there are none.
    fn of(all: &mut Vec<Self>, currency: Currency) -> &mut Self {
        let known = all.iter().position(|sums| sums.currency == currency);
        let place = known.unwrap_or_else(|| {
            all.push(Self {
                currency,
                revenue_minor: 0,
                points: Pair::default(),
                credits_minor: Pair::default(),
                perks_minor: Pair::default(),
            });
            all.len() - 1
        });
        &mut all[place]
    }

    /// Whether both programs gave the same but for points.
    fn are_besides_the_same(&self) -> bool {
        self.credits_minor.gain() == 0 && self.perks_minor.gain() == 0
    }
}

impl Pair {
    fn gain(self) -> i64 {
        self.new - self.old
    }

    fn is_nothing(self) -> bool {
        (self.old, self.new) == (0, 0)
    }

    fn add(&mut self, old: i64, new: i64) {
        self.old += old;
        self.new += new;
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
        let difference = self.compare(&old, &new, output)?;
        if self.json {
            output.say_json(&difference);
        } else {
            output.say(&difference.for_people(output.paint()));
        }
        Ok(Verdict::Good)
    }

    fn compare(
        &self,
        old: &Program,
        new: &Program,
        output: &Output,
    ) -> Result<Difference, Unusable> {
        let mut orders = self.orders.open(old.calendar())?;
        let known = self.members.read(old, &self.orders)?;
        known.tell(output);
        let members = known.members;
        let tiers_gone = tiers_gone(&members, new);
        let mut in_old = Side::new(old, members.clone());
        let mut in_new = Side::new(new, members);
        let mut measure = None;
        let mut by_currency: Vec<Sums> = Vec::new();
        let (mut count, mut guest_orders) = (0, 0);
        let mut progress = Progress::over(self.orders.bytes());
        while let Some(order) = orders.next_order()? {
            progress.order(&orders);
            let first = Some(order.cart.currency());
            let measure = *measure.get_or_insert_with(|| Measure::of(old, new, first));
            let before = in_old.book(measure, &order);
            let both = before.and_then(|before| Ok(before.zip(in_new.book(measure, &order)?)));
            let booked = match both {
                Ok(booked) => booked,
                Err(message) => {
                    orders.refuse(&order, message)?;
                    continue;
                }
            };
            count += 1;
            let currency = order.cart.currency();
            let sums = Sums::of(&mut by_currency, currency);
            let paid_minor = booked.map(|((_, paid_minor), _)| paid_minor);
            let revenue_minor = revenue_minor([old, new], &order, paid_minor);
            sums.revenue_minor = sums.revenue_minor.saturating_add(revenue_minor);
            orders.pass(order);
            let Some(((old, _), (new, _))) = booked else {
                guest_orders += 1;
                continue;
            };
            sums.points.add(old.points, new.points);
            sums.credits_minor.add(old.minor, new.minor);
            sums.perks_minor.add(old.perks_minor, new.perks_minor);
        }
        progress.end();
        orders.end()?;
        by_currency.sort_by_key(|sums| sums.currency.code());
        let points = by_currency.iter().fold(Pair::default(), |mut sum, sums| {
            sum.add(sums.points.old, sums.points.new);
            sum
        });
        let measure = measure.unwrap_or_else(|| Measure::of(old, new, None));
        let besides = |given: &Given| (given.minor, given.perks_minor);
        let measure = measure.for_given((old, new), (points.old, points.new), || {
            let mut each = in_old.shop.each();
            by_currency.iter().all(Sums::are_besides_the_same)
                && each.all(|(id, old)| in_new.shop.of(id).map(besides) == Some(besides(old)))
        });
        let is_told = measure != Measure::None;
        let currencies = by_currency.iter();
        let currencies = currencies.map(|sums| InCurrency::new(old, new, sums));
        let by_member: Vec<(&str, Pair)> = in_old
            .shop
            .each()
            .map(|(id, given)| {
                let given_new = in_new.shop.of(id).copied().unwrap_or_default();
                let pair = Pair {
                    old: measure.value(old, *given),
                    new: measure.value(new, given_new),
                };
                (id, pair)
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
        let top = if is_told { self.top } else { 0 };
        Ok(Difference {
            old: old.into(),
            new: new.into(),
            orders: count,
            guest_orders,
            lines: orders.lines_read(),
            members: is_told.then_some(members),
            tiers_gone,
            measure: measure.name(),
            points,
            currencies: currencies.collect(),
            gain_most: movers(&by_member, top, 1, measure),
            lose_most: movers(&by_member, top, -1, measure),
            left_out: left_out_of(old, new),
            bad_rows: orders.bad_rows().clone(),
        })
    }
}

/// Tiers that members have and a program does not, with how many have them.
fn tiers_gone(members: &HashMap<Box<str>, Snapshot>, new: &Program) -> BTreeMap<String, u64> {
    let mut gone = BTreeMap::new();
    let tiers = members.values().filter_map(|member| member.tier.as_ref());
    for tier in tiers.filter(|tier| new.tier(tier).is_none()) {
        *gone.entry(tier.clone()).or_default() += 1;
    }
    gone
}

/// What either program gives and no figure has.
fn left_out_of(old: &Program, new: &Program) -> Vec<&'static str> {
    let mut parts = left_out(old);
    parts.extend(left_out(new));
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// The members who move furthest in a direction, the furthest first, equals by id.
fn movers(by_member: &[(&str, Pair)], top: usize, direction: i64, measure: Measure) -> Vec<Mover> {
    let moved = |pair: &Pair| pair.gain() * direction;
    let moving = by_member.iter().filter(|(_, pair)| moved(pair) > 0);
    let mut moving: Vec<_> = moving.collect();
    moving.sort_unstable_by_key(|(id, pair)| (-moved(pair), *id));
    let first = moving.into_iter().take(top);
    let movers = first.map(|(id, pair)| Mover {
        member: (*id).to_owned(),
        old: measure.tell(pair.old),
        new: measure.tell(pair.new),
        difference: with_sign(pair.gain(), |value| measure.tell(value)),
    });
    movers.collect()
}

fn with_sign(value: i64, tell: impl Fn(i64) -> String) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", tell(value))
}

impl InCurrency {
    fn new(old: &Program, new: &Program, sums: &Sums) -> Self {
        let Sums {
            currency,
            revenue_minor,
            points,
            credits_minor,
            perks_minor,
        } = *sums;
        let worth = |program: &Program, points: i64, credits_minor: i64| {
            let mut balances = program.balances().iter();
            let has_balance = balances.any(|balance| balance.currency == currency);
            let worth = worth_minor(program, points, currency);
            // Where there are no points, what perks take off is all.
            let is_all = points == 0 && !perks_minor.is_nothing();
            let worth = worth.or((has_balance || is_all).then_some(0));
            worth.map(|worth| worth + credits_minor)
        };
        let worth_old = worth(old, points.old, credits_minor.old);
        let worth_new = worth(new, points.new, credits_minor.new);
        let costs_more = worth_new.zip(worth_old);
        let costs_more = costs_more.map(|(new, old)| new - old + perks_minor.gain());
        let told = |minor| amount(minor, currency);
        let perks = (!perks_minor.is_nothing()).then_some(perks_minor);
        Self {
            currency,
            revenue: told(revenue_minor),
            points,
            worth_old: worth_old.map(told),
            worth_new: worth_new.map(told),
            costs_more: costs_more.map(told),
            perks_old: perks.map(|perks| told(perks.old)),
            perks_new: perks.map(|perks| told(perks.new)),
            revenue_minor,
            worth_minor: [worth_old, worth_new],
            perks_minor,
            not_covered: match (old.covers(currency), new.covers(currency)) {
                (true, true) => None,
                (true, false) => Some("the new program"),
                (false, true) => Some("the old program"),
                (false, false) => Some("both programs"),
            },
        }
    }
}
