//! Where points came from: each rule, tier and rate, with what it gave over all orders.
//!
//! Adds up the reasons that the core gave; tells none of its own.

use earnest_core::wire::EarningDocument;
use earnest_core::{
    Cart, CartTotals, Cause, Currency, Earning, ExactPoints, Giver, Points, Present, Program,
    Reason,
};
use serde::Serialize;

use crate::figure::exact_amount;
use crate::gift::giver_of;
use crate::shop::Booked;

/// What each cause gave. A program has a few dozen at most, so a list is searched.
#[derive(Default)]
pub(crate) struct Sources {
    sums: Vec<Sum>,
    /// Where to look first: the place of the sum that a giver had last, by its slot.
    latest: Vec<usize>,
    /// What joining gave, by the place of the book, and to how many.
    welcomes: Vec<(usize, i64, u64)>,
    /// What came with orders besides: what steps of challenges, surprises and rules gave.
    beside: Vec<Given>,
}

struct Sum {
    book: usize,
    cause: Cause,
    points_exact: ExactPoints,
    orders: u64,
}

struct Given {
    book: usize,
    code: &'static str,
    /// The ids of those that gave it with one order.
    givers: String,
    points: i64,
    orders: u64,
}

/// One source of points.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Source {
    /// What made the step: `rate`, `multiplier`, `tier`, …
    pub(crate) code: &'static str,
    /// The id of the rule or tier, where there is one.
    pub(crate) rule: Option<String>,
    /// As shoppers read it.
    pub(crate) label: String,
    /// In how many orders.
    pub(crate) orders: u64,
    /// How many points it gave or took, exactly.
    pub(crate) points: String,
}

impl Source {
    /// `multiplier double-bread`.
    pub(crate) fn name(&self) -> String {
        let rule = self.rule.iter().map(|rule| format!(" {rule}"));
        rule.fold(self.code.to_owned(), |name, rule| name + &rule)
    }
}

impl Sources {
    /// Adds the reasons of an order that gave or took points.
    pub(crate) fn add(&mut self, book: usize, booked: &Booked) {
        if booked.welcome > 0 {
            match self.welcomes.iter_mut().find(|(at, ..)| *at == book) {
                Some((_, points, orders)) => {
                    *points += booked.welcome;
                    *orders += 1;
                }
                None => self.welcomes.push((book, booked.welcome, 1)),
            }
        }
        for it in &booked.beside {
            self.add_given(book, it.code, &it.givers, it.points);
        }
        self.add_reasons(book, &booked.earning.reasons);
    }

    /// Adds the reasons of the money that an order put on balances, to the book of each.
    pub(crate) fn add_credits(
        &mut self,
        program: &Program,
        mut book: impl FnMut(usize) -> usize,
        booked: &Booked,
    ) {
        for credit in &booked.earning.credits {
            self.add_reasons(book(credit.balance), &credit.reasons);
        }
        for given in &booked.gifts {
            let Present::Money { balance, amount } = &given.what else {
                continue;
            };
            let mut balances = program.balances().iter();
            if let Some(place) = balances.position(|it| it.id == *balance) {
                self.add_given(book(place), giver_of(given), &given.giver, amount.minor());
            }
        }
    }

    fn add_given(&mut self, book: usize, code: &'static str, givers: &str, points: i64) {
        let mut known = self.beside.iter_mut();
        let is_same =
            |it: &&mut Given| (it.book, it.code, it.givers.as_str()) == (book, code, givers);
        if let Some(given) = known.find(is_same) {
            given.points += points;
            given.orders += 1;
        } else {
            self.beside.push(Given {
                book,
                code,
                givers: givers.to_owned(),
                points,
                orders: 1,
            });
        }
    }

    fn add_reasons(&mut self, book: usize, reasons: &[Reason]) {
        for reason in reasons
            .iter()
            .filter(|reason| !reason.points_exact.is_zero())
        {
            let is_same = |sum: &Sum| sum.book == book && sum.cause == reason.cause;
            let slot = slot(reason.cause);
            if self.latest.len() <= slot {
                self.latest.resize(slot + 1, 0);
            }
            let latest = &mut self.latest[slot];
            if !self.sums.get(*latest).is_some_and(is_same) {
                let known = self.sums.iter().position(is_same);
                *latest = known.unwrap_or(self.sums.len());
            }
            if let Some(sum) = self.sums.get_mut(*latest) {
                let total = sum.points_exact.checked_add(reason.points_exact);
                sum.points_exact = total.unwrap_or(sum.points_exact);
                sum.orders += 1;
            } else {
                self.sums.push(Sum {
                    book,
                    cause: reason.cause,
                    points_exact: reason.points_exact,
                    orders: 1,
                });
            }
        }
    }

    /// The sources of a book, the largest first, then what came besides, the welcome last. They add up to what was
    /// issued.
    pub(crate) fn told(&self, book: usize, currency: Currency, program: &Program) -> Vec<Source> {
        let sums = self.sums.iter().filter(|sum| sum.book == book);
        let mut sums: Vec<&Sum> = sums.collect();
        sums.sort_by_key(|sum| std::cmp::Reverse(sum.points_exact));
        // As the wire tells them: an earning of these reasons, without a line.
        let cart = empty_cart(currency);
        let reasons = sums.iter().map(|sum| Reason {
            cause: sum.cause,
            points_exact: sum.points_exact,
        });
        let earning = Earning {
            points: Points::ZERO,
            currency: Some(currency),
            counted_minor: 0,
            lines: Vec::new(),
            reasons: reasons.collect(),
            credits: Vec::new(),
        };
        let told = EarningDocument::new(program, &cart, &earning);
        let told = told.reasons.into_iter().zip(sums);
        let sources = told.map(|(reason, sum)| Source {
            code: reason.code,
            rule: reason.rule.map(str::to_owned),
            label: reason.label.into_owned(),
            orders: sum.orders,
            points: reason.points_exact.to_string(),
        });
        let welcomes = self.welcomes.iter().filter(|(at, ..)| *at == book);
        let welcomes = welcomes.map(|(_, points, orders)| Source {
            code: "welcome",
            rule: None,
            label: "Welcome".to_owned(),
            orders: *orders,
            points: points.to_string(),
        });
        let beside = self.beside.iter().filter(|it| it.book == book);
        let beside = beside.map(|it| Source {
            code: it.code,
            rule: Some(it.givers.clone()),
            label: it.label(program),
            orders: it.orders,
            points: it.points.to_string(),
        });
        sources.chain(beside).chain(welcomes).collect()
    }

    /// The same of the book of a balance, in its money.
    pub(crate) fn told_of_money(
        &self,
        book: usize,
        currency: Currency,
        program: &Program,
    ) -> Vec<Source> {
        let mut sources = self.told(book, currency, program);
        for source in &mut sources {
            source.points = exact_amount(&source.points, currency.minor_digits());
        }
        sources
    }
}

impl Given {
    /// What gave it as members read it.
    fn label(&self, program: &Program) -> String {
        let labels = self.givers.split(", ").map(|id| {
            let challenges = program.challenges().iter().map(|it| (&it.id, &it.label));
            let rules = program.rule_gifts().iter().map(|it| (&it.id, &it.label));
            let surprises = program.surprises().iter();
            let surprises = surprises.map(|it| (&it.id, &it.label));
            let mut known = challenges.chain(rules).chain(surprises);
            known
                .find(|(known, _)| *known == id)
                .map_or(id, |(_, label)| label)
        });
        labels.collect::<Vec<_>>().join(", ")
    }
}

/// Which causes nearly always follow on the same one of an earlier order: those of a rule each by itself.
fn slot(cause: Cause) -> usize {
    match (cause, cause.giver()) {
        (_, Some(Giver::Rule(nth))) => nth + 3,
        (_, Some(Giver::Tier(_))) => 2,
        (Cause::Rate { .. }, None) => 1,
        _ => 0,
    }
}

fn empty_cart(currency: Currency) -> Cart {
    let totals = CartTotals {
        currency,
        prices_include_tax: true,
        discount_minor: 0,
        shipping_minor: 0,
        shipping_tax_minor: 0,
    };
    Cart::new(totals, Vec::new()).expect("a cart without lines is a cart")
}
