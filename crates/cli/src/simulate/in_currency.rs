//! What a simulation found for the orders of one currency, and the money that follows from it.
//!
//! Money is what the program says that a point is worth, and what is on balances; where it says neither, there
//! is none to tell. What is redeemed costs that; what is owed is what the books defer.

use earnest_core::{Currency, Decimal, Program};
use serde_json::{Value, json};

use super::book::{Book, Flow, Unit};
use super::deferred::deferred;
use super::elsewhere::AtPartner;
use super::gifts::GivenReward;
use super::months::Month;
use super::sources::Source;
use super::worth::Worth;
use crate::figure::{amount, count, grouped, hundredths_of_per_cent, money, per_cent};
use crate::perks::Cost;

/// The orders of one currency.
pub(crate) struct InCurrency {
    pub(crate) currency: Currency,
    pub(crate) total: Figures,
    /// One for each month of the report.
    pub(crate) months: Vec<Figures>,
    pub(crate) sources: Vec<Source>,
    /// The balances of money in it.
    pub(crate) balances: Vec<OnBalance>,
    /// What perks cost, which is in the cost.
    pub(crate) perks: Vec<Cost>,
    /// The rewards that were given for nothing, which are in the cost where it is known.
    pub(crate) gifts: Vec<GivenReward>,
    /// What was bought at partners, which is not in the revenue.
    pub(crate) partners: Vec<AtPartner>,
    /// Why no cost is told, where none is.
    pub(crate) note: Option<String>,
}

/// The money on a balance, in minor units.
pub(crate) struct OnBalance {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The place of its book.
    pub(crate) book: Option<usize>,
    pub(crate) sources: Vec<Source>,
    pub(crate) total: Holding,
    /// One for each month of the report.
    pub(crate) months: Vec<Holding>,
}

/// What happened to the money on a balance in a month, and what is on it at the end.
#[derive(Clone, Copy, Default)]
pub(crate) struct Holding {
    pub(crate) flow: Flow,
    pub(crate) outstanding: i64,
}

/// What happened in a month, or in all of them.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) flow: Flow,
    /// The points that are outstanding at its end.
    pub(crate) outstanding: i64,
    /// What the redeemed points were worth, in minor units.
    pub(crate) cost_minor: Option<i64>,
    /// Revenue deferred for points at its end, in minor units.
    pub(crate) liability_minor: Option<i64>,
}

impl Figures {
    /// `held` is the money on the balances in that currency, which costs what is redeemed of it; `worth` are points
    /// in money, where that is known.
    fn new(
        points: Holding,
        held: Holding,
        worth: impl Fn(i64) -> Option<i64>,
        liability_minor: Option<i64>,
    ) -> Self {
        let Holding { flow, outstanding } = points;
        let cost = worth(flow.redeemed);
        Self {
            flow,
            outstanding,
            cost_minor: cost.map(|cost| cost + held.flow.redeemed + flow.perks_minor),
            liability_minor,
        }
    }

    /// The cost as hundredths of a per cent of the revenue.
    pub(crate) fn cost_share(&self) -> Option<i64> {
        hundredths_of_per_cent(self.cost_minor?, self.flow.revenue_minor)
    }

    fn row(&self, name: &str, currency: Currency) -> Vec<String> {
        let flow = &self.flow;
        let told = |minor: Option<i64>| minor.map_or("-".into(), |minor| money(minor, currency));
        let share = self
            .cost_minor
            .and_then(|cost| per_cent(cost, flow.revenue_minor));
        vec![
            name.to_owned(),
            count(flow.orders),
            money(flow.revenue_minor, currency),
            grouped(flow.issued),
            grouped(flow.redeemed),
            grouped(flow.expired),
            grouped(self.outstanding),
            told(self.cost_minor),
            share.unwrap_or_else(|| "-".into()),
            told(self.liability_minor),
        ]
    }

    pub(super) fn json(&self, currency: Currency) -> Value {
        let told = |minor: Option<i64>| minor.map(|minor| amount(minor, currency));
        let flow = &self.flow;
        let share = self.cost_share();
        let share = share.map(|share| Decimal::new(share, 4).to_string());
        json!({
            "orders": flow.orders,
            "revenue": amount(flow.revenue_minor, currency),
            "opening": flow.opening,
            "issued": flow.issued,
            "redeemed": flow.redeemed,
            "expired": flow.expired,
            "outstanding": self.outstanding,
            "cost": told(self.cost_minor),
            "cost_of_revenue": share,
            "liability": told(self.liability_minor),
        })
    }
}

/// The heads of the table of months, which the page shares.
pub(crate) const HEADS: [&str; 10] = [
    "month",
    "orders",
    "revenue",
    "issued",
    "redeemed",
    "expired",
    "outstanding",
    "cost",
    "of revenue",
    "liability",
];

impl InCurrency {
    pub(super) fn new(
        program: &Program,
        worth: Worth<'_>,
        currency: Currency,
        books: &[Book],
        months: &[i64],
        last: i64,
    ) -> Self {
        let of = |unit: Unit| books.iter().find(|book| book.unit == unit);
        let balances = program.balances().iter().enumerate();
        let balances = balances.filter(|(_, balance)| balance.currency == currency);
        let balances = balances.map(|(place, balance)| {
            let unit = Unit::Balance(place);
            let (total, months) = held(of(unit), months, last);
            OnBalance {
                book: books.iter().position(|book| book.unit == unit),
                sources: Vec::new(),
                id: balance.id.clone(),
                name: balance.name.clone(),
                total,
                months,
            }
        });
        let balances: Vec<OnBalance> = balances.collect();
        let sum = |each: &dyn Fn(&OnBalance) -> Holding| {
            balances
                .iter()
                .map(each)
                .fold(Holding::default(), |mut sum, held| {
                    sum.flow.add(held.flow);
                    sum.outstanding += held.outstanding;
                    sum
                })
        };
        let (total, by_month) = held(of(Unit::Points(currency)), months, last);
        // Where there are no points at all, what there is else is the whole cost.
        let has_points = total.flow.opening + total.flow.issued > 0;
        let each = worth.each(currency);
        let worth = |points: i64| match worth.minor(points, currency) {
            None if !has_points => Some(0),
            worth => worth,
        };
        let flows: Vec<Flow> = by_month.iter().map(|it| it.flow).collect();
        let liabilities = match each {
            Some(each) => deferred(program, each, currency, &flows),
            None => (!has_points).then(|| vec![0; flows.len()]),
        };
        let liability = |nth: usize| liabilities.as_ref()?.get(nth).copied();
        let figures = |points, held, liability| Figures::new(points, held, worth, liability);
        let by_month = by_month.iter().enumerate();
        let months = by_month
            .map(|(nth, points)| figures(*points, sum(&|it| it.months[nth]), liability(nth)));
        let closing = liability(flows.len().saturating_sub(1));
        Self {
            currency,
            months: months.collect(),
            total: figures(total, sum(&|it| it.total), closing),
            note: note(program, currency, worth(0).is_none()).or_else(|| {
                let gives = !(program.rules().is_empty() && program.rates().is_empty());
                let is_nothing = !has_points && balances.is_empty() && gives;
                is_nothing.then(|| format!("No order in {currency} earned anything."))
            }),
            sources: Vec::new(),
            balances,
            perks: Vec::new(),
            gifts: Vec::new(),
            partners: Vec::new(),
        }
    }

    /// Whether there are points in it at all.
    pub(crate) fn has_points(&self) -> bool {
        self.total.flow.opening + self.total.flow.issued > 0
    }

    /// The rows of the table of months, the total last.
    pub(crate) fn rows(&self, months: &[(String, Month)]) -> Vec<Vec<String>> {
        let named = months.iter().zip(&self.months);
        let rows = named.map(|((name, _), figures)| figures.row(name, self.currency));
        rows.chain([self.total.row("total", self.currency)])
            .collect()
    }
}

/// Why orders in a currency earn nothing, or why no cost is told.
fn note(program: &Program, currency: Currency, is_priceless: bool) -> Option<String> {
    if !program.covers(currency) {
        return Some(format!(
            "Orders in {currency} earn nothing: earn has no rate for {currency}; add one, such as per_unit = {{ {currency} = 1 }}."
        ));
    }
    is_priceless.then(|| {
        format!(
            "No cost and no liability are told in {currency}: the program does not say what one {} is worth. Say it \
             with --point-worth {currency}=0.05, or with points.worth in the program.",
            program.word().one
        )
    })
}

/// What a book holds in all, and at the end of each month.
fn held(book: Option<&Book>, months: &[i64], last: i64) -> (Holding, Vec<Holding>) {
    let flows = book.map(|book| book.flows(last)).unwrap_or_default();
    let mut total = Holding::default();
    let by_month = months.iter().map(|at| {
        let flow = flows.get(at).copied().unwrap_or_default();
        total.flow.add(flow);
        total.outstanding += flow.outstanding();
        Holding {
            flow,
            outstanding: total.outstanding,
        }
    });
    let by_month = by_month.collect();
    (total, by_month)
}

impl OnBalance {
    /// The heads of its table.
    pub(crate) const HEADS: [&str; 4] = ["", "issued", "redeemed", "outstanding"];

    /// The rows of its table, the total last.
    pub(crate) fn rows(&self, months: &[(String, Month)], currency: Currency) -> Vec<Vec<String>> {
        let row = |name: &str, held: &Holding| {
            let figures = [held.flow.issued, held.flow.redeemed, held.outstanding];
            let figures = figures.map(|minor| money(minor, currency));
            [name.to_owned()].into_iter().chain(figures).collect()
        };
        let named = months.iter().zip(&self.months);
        let rows = named.map(|((name, _), held)| row(name, held));
        rows.chain([row("total", &self.total)]).collect()
    }
}
