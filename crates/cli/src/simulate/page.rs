//! The report as one HTML page: plots, tables, no script, nothing fetched.
//!
//! Owns the page and its style, light and dark. Its invariant: every text that a merchant wrote is escaped.

use super::elsewhere::AtPartner;
use super::gifts::GivenReward;
use super::in_currency::{HEADS, InCurrency, OnBalance};
use super::plot::{Kind, Plot, Series};
use super::report::Report;
use super::sources::Source;
use earnest_core::Decimal;

use crate::figure::{count, counted, grouped, grouped_decimal, money, per_cent};
use crate::left_out;
use crate::perks::Cost;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub(crate) fn page(report: &Report) -> String {
    let name = escape(&report.name);
    let mut body = format!(
        "<header><h1>{name}</h1><p>Version {}, <code>{}</code></p><p>{}</p><p class=\"assumed\">{} {}</p></header>",
        report.version,
        escape(&report.digest),
        escape(&report.stream()),
        escape(&report.assumption),
        escape(left_out::told(&report.left_out).trim_end()),
    );
    for it in &report.currencies {
        body += &in_currency(report, it);
    }
    if let Some((heads, rows)) = report.tier_rows() {
        body += "<section><h2>Tiers</h2>";
        body += &tiers(report);
        body += &format!(
            "<details><summary>Month by month</summary>{}</details>",
            table(&heads, &rows, 1)
        );
        body += "</section>";
    }
    if report.bad_rows.count > 0 {
        body += &format!(
            "<section><h2>{} left out</h2><ul>",
            counted(report.bad_rows.count, "bad row")
        );
        for bad in &report.bad_rows.first {
            body += &format!("<li>Row {}: {}</li>", bad.row, escape(&bad.message));
        }
        body += "</ul></section>";
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{name}: simulated</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
}

fn in_currency(report: &Report, it: &InCurrency) -> String {
    let total = &it.total;
    let (word, currency) = (&report.word, it.currency);
    let told = |minor: Option<i64>| minor.map_or("–".into(), |minor| money(minor, it.currency));
    let share = total
        .cost_minor
        .and_then(|cost| per_cent(cost, total.flow.revenue_minor));
    let figures = [
        (format!("{word} issued"), grouped(total.flow.issued)),
        (format!("{word} redeemed"), grouped(total.flow.redeemed)),
        (format!("{word} expired"), grouped(total.flow.expired)),
        (format!("{word} outstanding"), grouped(total.outstanding)),
        ("cost".into(), told(total.cost_minor)),
        (
            "cost of revenue".into(),
            share.unwrap_or_else(|| "–".into()),
        ),
        ("liability".into(), told(total.liability_minor)),
    ];
    let mut text = format!("<section><h2>Orders in {}</h2><dl>", it.currency);
    for (name, figure) in figures {
        text += &format!(
            "<div><dt>{}</dt><dd>{}</dd></div>",
            escape(&name),
            escape(&figure)
        );
    }
    text += "</dl>";
    if let Some(note) = &it.note {
        text += &format!("<p>{}</p>", escape(note));
    }
    text += &plots(report, it);
    text += &format!(
        "<details class=\"total\"><summary>Month by month</summary>{}</details>",
        table(&HEADS, &it.rows(&report.months), 1)
    );
    for balance in &it.balances {
        let rows = balance.rows(&report.months, it.currency);
        text += &format!(
            "<h3>{}</h3><div class=\"total\">{}</div>",
            escape(&balance.name),
            table(&OnBalance::HEADS, &rows, 1)
        );
        text += &sources(&balance.name, &balance.sources);
    }
    text += &sources(word, &it.sources);
    if !it.gifts.is_empty() {
        let rows: Vec<Vec<String>> = it.gifts.iter().map(|it| it.row(currency)).collect();
        text += "<h3>Rewards given for nothing</h3>";
        text += &table(&GivenReward::HEADS, &rows, 2);
        text += &format!("<p>{}</p>", escape(GivenReward::NOTE));
    }
    if !it.perks.is_empty() {
        let rows: Vec<Vec<String>> = it.perks.iter().map(|it| it.row(currency)).collect();
        text += "<h3>What perks cost</h3>";
        text += &table(&Cost::HEADS, &rows, 2);
    }
    if !it.partners.is_empty() {
        let rows: Vec<Vec<String>> = it.partners.iter().map(|it| it.row(currency)).collect();
        text += "<h3>At partners</h3>";
        text += &table(&AtPartner::HEADS, &rows, 1);
    }
    text + "</section>"
}

/// Where something came from.
fn sources(what: &str, sources: &[Source]) -> String {
    if sources.is_empty() {
        return String::new();
    }
    let sources = sources.iter().map(|source| {
        vec![
            source.label.clone(),
            source.name(),
            count(source.orders),
            grouped_decimal(&source.points),
        ]
    });
    let sources: Vec<Vec<String>> = sources.collect();
    let head = format!("<h3>Where the {} came from</h3>", escape(what));
    head + &table(&["", "why", "orders", "given"], &sources, 2)
}

fn plots(report: &Report, it: &InCurrency) -> String {
    let months = || {
        report
            .months
            .iter()
            .map(|(name, _)| name.as_str())
            .collect()
    };
    let series = |name: &str, class: &str, value: &dyn Fn(usize) -> i64| Series {
        name: name.to_owned(),
        class: class.to_owned(),
        values: (0..it.months.len()).map(value).collect(),
    };
    let figures = &it.months;
    let points = Plot {
        title: &format!("{} issued, redeemed and expired", capital(&report.word)),
        months: months(),
        series: vec![
            series("issued", "a", &|nth| figures[nth].flow.issued),
            series("redeemed", "b", &|nth| figures[nth].flow.redeemed),
            series("expired", "c", &|nth| figures[nth].flow.expired),
        ],
        kind: Kind::Bars,
        tell: &grouped,
        tell_short: &grouped,
    };
    let has_worth = it.total.liability_minor.is_some();
    let in_money = |minor: i64| money(minor, it.currency);
    let short = |minor: i64| {
        let amount = Decimal::new(minor, it.currency.minor_digits());
        grouped_decimal(&amount.normalize().to_string())
    };
    let owed = |nth: usize| {
        figures[nth]
            .liability_minor
            .unwrap_or(figures[nth].outstanding)
    };
    let liability = Plot {
        title: if has_worth {
            &format!("Liability at the end of the month, {}", it.currency)
        } else {
            "Outstanding at the end of the month"
        },
        months: months(),
        series: vec![series("liability", "a", &owed)],
        kind: Kind::Area,
        tell: if has_worth { &in_money } else { &grouped },
        tell_short: if has_worth { &short } else { &grouped },
    };
    let in_per_cent = |hundredths: i64| format!("{}%", Decimal::new(hundredths, 2).normalize());
    let share = Plot {
        title: "Cost as a share of revenue",
        months: months(),
        series: vec![series("cost", "b", &|nth| {
            figures[nth].cost_share().unwrap_or(0)
        })],
        kind: Kind::Area,
        tell: &in_per_cent,
        tell_short: &in_per_cent,
    };
    let mut text = if it.has_points() {
        points.svg()
    } else {
        String::new()
    };
    for balance in &it.balances {
        let held = &balance.months;
        let plot = Plot {
            title: &format!("{} given and redeemed, {}", balance.name, it.currency),
            months: months(),
            series: vec![
                series("given", "a", &|nth| held[nth].flow.issued),
                series("redeemed", "b", &|nth| held[nth].flow.redeemed),
            ],
            kind: Kind::Bars,
            tell: &in_money,
            tell_short: &short,
        };
        text += &plot.svg();
    }
    text += &liability.svg();
    if has_worth {
        text += &share.svg();
    }
    text
}

fn tiers(report: &Report) -> String {
    let series = report.tiers.iter().enumerate().map(|(seat, (_, name))| {
        let members = report.months.iter().map(|(_, month)| {
            let members = month.in_tier.get(seat).copied().unwrap_or(0);
            i64::try_from(members).unwrap_or(i64::MAX)
        });
        Series {
            name: name.clone(),
            class: format!("t{}", seat.min(6)),
            values: members.collect(),
        }
    });
    let plot = Plot {
        title: "Members by tier at the end of the month",
        months: report
            .months
            .iter()
            .map(|(name, _)| name.as_str())
            .collect(),
        series: series.collect(),
        kind: Kind::Stack,
        tell: &grouped,
        tell_short: &grouped,
    };
    plot.svg()
}

fn table(heads: &[&str], rows: &[Vec<String>], words: usize) -> String {
    let class = |nth: usize| if nth < words { "" } else { " class=\"n\"" };
    let cell = |name: &'static str| {
        move |(nth, text): (usize, &str)| format!("<{name}{}>{}</{name}>", class(nth), escape(text))
    };
    let head: String = heads.iter().copied().enumerate().map(cell("th")).collect();
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().map(String::as_str).enumerate();
        format!("<tr>{}</tr>", cells.map(cell("td")).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    first.map_or(String::new(), |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Text that stands for itself in HTML and in an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            _ => escaped.push(char),
        }
    }
    escaped
}
