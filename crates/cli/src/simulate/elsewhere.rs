//! Orders at partners: other brands' revenue, and what they pay for the points that are earned there.
//!
//! Owns those sums, apart from the shop's own. Its invariant: no order of a partner is in the shop's revenue.

use earnest_core::{Currency, Program};
use serde::Serialize;

use super::worth::times;
use crate::figure::{amount, count, grouped, money};
use crate::orders::Order;

/// What was bought and earned at each partner, by the place of the book and that of the partner.
#[derive(Default)]
pub(crate) struct Elsewhere {
    sums: Vec<((usize, usize), Sum)>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    orders: u64,
    revenue_minor: i64,
    points: i64,
}

/// One partner in one currency.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AtPartner {
    pub(crate) partner: String,
    #[serde(skip)]
    name: String,
    orders: u64,
    /// The partner's revenue, not the shop's.
    revenue: String,
    points: i64,
    /// What it pays the shop for them; none where the program does not say.
    pays: Option<String>,
    #[serde(skip)]
    minor: (i64, Option<i64>),
}

impl AtPartner {
    /// The heads of the table of partners.
    pub(crate) const HEADS: [&str; 5] = [
        "at partners",
        "orders",
        "their revenue",
        "issued",
        "they pay",
    ];

    pub(crate) fn row(&self, currency: Currency) -> Vec<String> {
        let (revenue, pays) = self.minor;
        vec![
            self.name.clone(),
            count(self.orders),
            money(revenue, currency),
            grouped(self.points),
            pays.map_or("-".into(), |minor| money(minor, currency)),
        ]
    }
}

impl Elsewhere {
    /// Whether the order is a partner's, which then is added with the points that it earned.
    pub(crate) fn add(
        &mut self,
        program: &Program,
        book: usize,
        order: &Order,
        points: i64,
    ) -> bool {
        let Some(place) = order.partner_of(program) else {
            return false;
        };
        let key = (book, place);
        let known = self.sums.iter().position(|(known, _)| *known == key);
        let at = known.unwrap_or_else(|| {
            self.sums.push((key, Sum::default()));
            self.sums.len() - 1
        });
        let sum = &mut self.sums[at].1;
        sum.orders += 1;
        sum.revenue_minor = sum.revenue_minor.saturating_add(order.cart.goods_minor());
        sum.points += points;
        true
    }

    /// Each partner of a book.
    pub(crate) fn told(
        &self,
        book: usize,
        currency: Currency,
        program: &Program,
    ) -> Vec<AtPartner> {
        let sums = self.sums.iter().filter(|((at, _), _)| *at == book);
        let told = sums.filter_map(|((_, place), sum)| {
            let partner = program.partners().get(*place)?;
            let rate = |rates: &[(Currency, earnest_core::Decimal)]| {
                let mut rates = rates.iter();
                rates
                    .find(|(known, _)| *known == currency)
                    .map(|(_, it)| *it)
            };
            let each = rate(&partner.pays).or_else(|| rate(&partner.spend));
            let pays = each.and_then(|each| times(sum.points, each, currency));
            Some(AtPartner {
                partner: partner.id.clone(),
                name: partner.name.clone(),
                orders: sum.orders,
                revenue: amount(sum.revenue_minor, currency),
                points: sum.points,
                pays: pays.map(|minor| amount(minor, currency)),
                minor: (sum.revenue_minor, pays),
            })
        });
        told.collect()
    }
}
