//! What a simulation found, for people and for programs.
//!
//! Owns the telling of the whole; the figures of one currency are told in `in_currency.rs`.

use earnest_core::Date;
use serde_json::{Value, json};

use super::Replay;
use super::book::Unit;
use super::chart;
use super::elsewhere::AtPartner;
use super::gifts::GivenReward;
use super::in_currency::{HEADS, Holding, InCurrency, OnBalance};
use super::months::Month;
use super::sources::Source;
use super::worth::Worth;
use crate::figure::{amount, count, counted, grouped, grouped_decimal, money};
use crate::left_out::{self, left_out};
use crate::orders::{BadRows, Orders};
use crate::output::Paint;
use crate::perks::Cost;
use crate::table::Table;

/// The whole answer.
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) digest: String,
    pub(crate) word: String,
    pub(crate) assumption: String,
    assumption_document: Value,
    /// The dates of the first order and the last.
    pub(crate) days: Option<(String, String)>,
    pub(crate) orders: u64,
    pub(crate) guest_orders: u64,
    pub(crate) lines: u64,
    pub(crate) members_at_start: u64,
    /// The ids and names of the tiers; the first is that of none.
    pub(crate) tiers: Vec<(Option<String>, String)>,
    pub(crate) currencies: Vec<InCurrency>,
    /// Every month from the first to the last: `2026-05`.
    pub(crate) months: Vec<(String, Month)>,
    /// What the program gives and no figure has.
    pub(crate) left_out: Vec<&'static str>,
    pub(crate) bad_rows: BadRows,
}

impl Report {
    pub(super) fn new(worth: Worth<'_>, replay: &Replay<'_>, orders: &Orders) -> Self {
        let program = replay.program;
        let (_, last) = replay.days.unwrap_or((0, i64::MIN));
        let months = replay.months.all();
        let places: Vec<i64> = months.iter().map(|(at, _)| *at).collect();
        let books = replay.books.all();
        let currencies = books.iter().enumerate().filter_map(|(nth, book)| {
            let Unit::Points(currency) = book.unit else {
                return None;
            };
            let mut found = InCurrency::new(program, worth, currency, books, &places, last);
            found.sources = replay.sources.told(nth, currency, program);
            found.perks = replay.perks.told(nth, currency);
            found.gifts = replay.gifts.told(nth, currency);
            found.partners = replay.elsewhere.told(nth, currency, program);
            for balance in &mut found.balances {
                let book = balance.book;
                let sources = &replay.sources;
                let told = book.map(|book| sources.told_of_money(book, currency, program));
                balance.sources = told.unwrap_or_default();
            }
            Some(found)
        });
        let tiers = program.tiers().iter();
        let tiers = tiers.map(|tier| (Some(tier.id.clone()), tier.name.clone()));
        let currencies = currencies.collect();
        Self {
            name: program.name().to_owned(),
            version: program.reference().version,
            digest: program.reference().digest.clone(),
            word: program.word().other.clone(),
            assumption: replay.books.assumption().sentence(),
            assumption_document: replay.books.assumption().document(),
            days: replay.days.map(|(first, last)| (date(first), date(last))),
            orders: replay.orders,
            guest_orders: replay.guest_orders,
            lines: orders.lines_read(),
            members_at_start: replay.members_at_start,
            tiers: [(None, "no tier".to_owned())]
                .into_iter()
                .chain(tiers)
                .collect(),
            currencies,
            months: months
                .into_iter()
                .map(|(at, month)| (month_name(at), month))
                .collect(),
            left_out: left_out(program),
            bad_rows: orders.bad_rows().clone(),
        }
    }

    /// How many members joined.
    pub(crate) fn joined(&self) -> u64 {
        self.months.iter().map(|(_, month)| month.joined()).sum()
    }

    /// What was replayed, in a sentence.
    pub(crate) fn stream(&self) -> String {
        let days = self.days.as_ref();
        let days = days.map_or("no day".into(), |(first, last)| {
            format!("{first} to {last}")
        });
        format!(
            "{} of {} from {days}, {} of them guests'. {} at the start, {} joined.",
            counted(self.orders, "order"),
            counted(self.lines, "line"),
            count(self.guest_orders),
            counted(self.members_at_start, "member"),
            count(self.joined()),
        )
    }

    /// The heads and rows of the table of tiers; none where the program has no tiers.
    pub(crate) fn tier_rows(&self) -> Option<(Vec<&str>, Vec<Vec<String>>)> {
        if self.tiers.len() < 2 {
            return None;
        }
        let names = self.tiers.iter().map(|(_, name)| name.as_str());
        let heads = ["month", "joined"].into_iter().chain(names);
        let heads = heads.chain(["moved up", "moved down"]).collect();
        let rows = self.months.iter().map(|(name, month)| {
            let moved = |is_it: fn(&(usize, usize)) -> bool| {
                let moves = month.moves.iter().filter(|(way, _)| is_it(way));
                count(moves.map(|(_, members)| members).sum())
            };
            let in_tier = month.in_tier.iter().map(|members| count(*members));
            let ways = [moved(|(from, to)| from < to), moved(|(from, to)| from > to)];
            let cells = [name.clone(), count(month.joined())].into_iter();
            cells.chain(in_tier).chain(ways).collect()
        });
        Some((heads, rows.collect()))
    }

    pub(crate) fn for_people(&self, paint: Paint) -> String {
        let name = paint.strong(format!("{}, version {}", self.name, self.version));
        let mut text = format!("{name}\n{}\n{}\n", self.stream(), self.assumption);
        text += &left_out::told(&self.left_out);
        for it in &self.currencies {
            let mut table = Table::new(1, &HEADS);
            for row in it.rows(&self.months) {
                table.row(row);
            }
            let mut lines = table.lines();
            if let Some(total) = lines.last_mut() {
                *total = paint.strong(&total);
            }
            text += &format!("\n{}\n", lines.join("\n"));
            if let Some(note) = &it.note {
                text += &format!("\n{}\n", paint.yellow(note));
            }
            let figures = it.months.iter().map(|it| (it.flow.issued, it.outstanding));
            let figures: Vec<(i64, i64)> = figures.collect();
            if it.has_points() {
                let chart = chart::chart(&self.months, &figures, grouped, paint);
                text += &format!("\n{chart}");
            }
            for balance in &it.balances {
                let mut heads = OnBalance::HEADS;
                heads[0] = &balance.name;
                let mut table = Table::new(1, &heads);
                for row in balance.rows(&self.months, it.currency) {
                    table.row(row);
                }
                text += &format!("\n{}\n", table.lines().join("\n"));
                let figures = balance.months.iter();
                let figures = figures.map(|it| (it.flow.issued, it.outstanding));
                let figures: Vec<(i64, i64)> = figures.collect();
                let tell = |minor| money(minor, it.currency);
                text += &format!("\n{}", chart::chart(&self.months, &figures, tell, paint));
                text += &sources(&balance.name, &balance.sources);
            }
            text += &sources(&self.word, &it.sources);
            if !it.perks.is_empty() {
                let mut table = Table::new(2, &Cost::HEADS);
                for perk in &it.perks {
                    table.row(perk.row(it.currency));
                }
                text += &format!("\n{}\n", table.lines().join("\n"));
            }
            if !it.gifts.is_empty() {
                let mut table = Table::new(2, &GivenReward::HEADS);
                for gift in &it.gifts {
                    table.row(gift.row(it.currency));
                }
                text += &format!("\n{}\n{}\n", table.lines().join("\n"), GivenReward::NOTE);
            }
            if !it.partners.is_empty() {
                let mut table = Table::new(1, &AtPartner::HEADS);
                for partner in &it.partners {
                    table.row(partner.row(it.currency));
                }
                text += &format!("\n{}\n", table.lines().join("\n"));
            }
        }
        if let Some((heads, rows)) = self.tier_rows() {
            let mut table = Table::new(1, &heads);
            for row in rows {
                table.row(row);
            }
            text += &format!("\n{}\n", table.lines().join("\n"));
        }
        text + &self.bad_rows.for_people(paint)
    }

    /// The figures for programs.
    pub(crate) fn json(&self) -> Value {
        let currencies = self.currencies.iter().map(|it| {
            let months = self.months.iter().zip(&it.months);
            let months = months.map(|((name, _), figures)| {
                let mut month = figures.json(it.currency);
                month["month"] = name.as_str().into();
                month
            });
            let balances = it.balances.iter().map(|balance| {
                let told = |held: &Holding| {
                    let [issued, redeemed, outstanding] =
                        [held.flow.issued, held.flow.redeemed, held.outstanding]
                            .map(|minor| amount(minor, it.currency));
                    json!({ "issued": issued, "redeemed": redeemed, "outstanding": outstanding })
                };
                let months = self.months.iter().zip(&balance.months);
                let months = months.map(|((name, _), held)| {
                    let mut month = told(held);
                    month["month"] = name.as_str().into();
                    month
                });
                json!({
                    "balance": balance.id,
                    "total": told(&balance.total),
                    "months": months.collect::<Value>(),
                    "sources": balance.sources,
                })
            });
            let mut told = json!({
                "currency": it.currency.code(),
                "total": it.total.json(it.currency),
                "months": months.collect::<Value>(),
                "sources": it.sources,
                "balances": balances.collect::<Value>(),
            });
            if !it.perks.is_empty() {
                told["perks"] = json!(it.perks);
            }
            if !it.gifts.is_empty() {
                told["gifts"] = json!(it.gifts);
            }
            if !it.partners.is_empty() {
                told["partners"] = json!(it.partners);
            }
            told
        });
        let tier = |seat: usize| self.tiers.get(seat).and_then(|(id, _)| id.as_deref());
        let months = self.months.iter().map(|(name, month)| {
            let moves = month.moves.iter().map(|((from, to), members)| {
                json!({ "from": tier(*from), "to": tier(*to), "members": members })
            });
            let in_tier = month.in_tier.iter().enumerate();
            let in_tier =
                in_tier.map(|(seat, members)| json!({ "tier": tier(seat), "members": members }));
            json!({
                "month": name,
                "joined": month.joined(),
                "member_orders": month.member_orders,
                "tiers": in_tier.collect::<Value>(),
                "moves": moves.collect::<Value>(),
            })
        });
        let (from, to) = self.days.clone().unzip();
        let mut told = json!({
            "program": { "name": self.name, "version": self.version, "digest": self.digest },
            "assumption": self.assumption_document,
            "from": from,
            "to": to,
            "orders": self.orders,
            "guest_orders": self.guest_orders,
            "lines": self.lines,
            "members": { "at_start": self.members_at_start, "joined": self.joined() },
            "currencies": currencies.collect::<Value>(),
            "months": months.collect::<Value>(),
            "bad_rows": self.bad_rows,
        });
        if !self.left_out.is_empty() {
            told["left_out"] = json!(self.left_out);
        }
        told
    }
}

/// The table of where something came from.
fn sources(what: &str, sources: &[Source]) -> String {
    if sources.is_empty() {
        return String::new();
    }
    let mut table = Table::new(2, &[what, "why", "orders", "given"]);
    for source in sources {
        table.row(vec![
            source.label.clone(),
            source.name(),
            count(source.orders),
            grouped_decimal(&source.points),
        ]);
    }
    format!("\n{}\n", table.lines().join("\n"))
}

fn date(day: i64) -> String {
    let Date { year, month, day } = Date::of_day(day);
    format!("{year:04}-{month:02}-{day:02}")
}

fn month_name(month: i64) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}
