//! What perks cost: percent off every order, and shipping, for members of a tier or of the membership.
//!
//! Owns the sums. What the orders say that was paid is without perks, so each perk is taken off that; other kinds
//! (early access, gifts) have no price here. Its invariant: together they take off an order no more than it is worth.

use std::ops::Range;

use earnest_core::{Currency, Perk, PerkKind, Program};

use crate::figure::{amount, count, money};
use crate::orders::Order;
use crate::shop::Booked;

/// The perks that have a price, and what they took so far.
pub(crate) struct Perks {
    costed: Vec<Costed>,
    /// Those of each tier, and those of the membership.
    of_tiers: Vec<Range<usize>>,
    of_membership: Range<usize>,
    is_membership_free: bool,
    /// By the place of the book and that of the perk: in how many orders, and what in minor units.
    sums: Vec<((usize, usize), u64, i64)>,
}

struct Costed {
    label: String,
    /// Whose it is.
    of: String,
    takes: Takes,
}

enum Takes {
    /// Of the goods, in hundredths of a per cent.
    Share(i64),
    Shipping,
}

/// One perk, and what it took.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Cost {
    pub(crate) label: String,
    pub(crate) of: String,
    pub(crate) orders: u64,
    #[serde(skip)]
    minor: i64,
    #[serde(rename = "cost")]
    amount: String,
}

impl Cost {
    /// The heads of the table of perks.
    pub(crate) const HEADS: [&str; 4] = ["perk", "of", "orders", "cost"];

    pub(crate) fn row(&self, currency: Currency) -> Vec<String> {
        let cost = money(self.minor, currency);
        vec![
            self.label.clone(),
            self.of.clone(),
            count(self.orders),
            cost,
        ]
    }
}

impl Perks {
    pub(crate) fn new(program: &Program) -> Self {
        let mut perks: Vec<Costed> = Vec::new();
        let mut add = |of: &str, list: &[Perk]| {
            let from = perks.len();
            perks.extend(list.iter().filter_map(|perk| Costed::new(of, perk)));
            from..perks.len()
        };
        let tiers = program.tiers().iter();
        let of_tiers = tiers.map(|tier| add(&tier.name, &tier.perks)).collect();
        let membership = program.membership();
        let of_membership = membership.map_or(0..0, |it| add(&it.name, &it.perks));
        Self {
            costed: perks,
            of_tiers,
            of_membership,
            is_membership_free: membership
                .is_some_and(earnest_core::membership::Membership::is_free),
            sums: Vec::new(),
        }
    }

    /// Whether there are any.
    pub(crate) fn any(program: &Program) -> bool {
        !Self::new(program).costed.is_empty()
    }

    /// What perks take off an order, in minor units: nothing off a partner's.
    pub(crate) fn take(&mut self, book: usize, order: &Order, booked: &Booked) -> i64 {
        if self.costed.is_empty() || order.cart.checkout().partner.is_some() {
            return 0;
        }
        let of_tier = booked.tier.and_then(|place| self.of_tiers.get(place));
        let is_member = booked.is_paid || self.is_membership_free;
        let of_membership = Some(&self.of_membership).filter(|_| is_member);
        let hers = of_tier.into_iter().chain(of_membership).cloned();
        let goods = order.cart.goods_minor();
        let (mut rest, mut total) = (goods, 0_i64);
        let mut shipping = order.cart.totals().shipping_minor;
        for place in hers.flatten() {
            let minor = match self.costed[place].takes {
                Takes::Share(hundredths) => {
                    let exact = i128::from(goods) * i128::from(hundredths) / 10_000;
                    let minor = i64::try_from(exact).unwrap_or(rest).min(rest);
                    rest -= minor;
                    minor
                }
                Takes::Shipping => std::mem::take(&mut shipping),
            };
            if minor == 0 {
                continue;
            }
            total = total.saturating_add(minor);
            let key = (book, place);
            match self.sums.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, orders, sum)) => {
                    *orders += 1;
                    *sum = sum.saturating_add(minor);
                }
                None => self.sums.push((key, 1, minor)),
            }
        }
        total
    }

    /// What each took of the orders of a book.
    pub(crate) fn told(&self, book: usize, currency: Currency) -> Vec<Cost> {
        let sums = self.sums.iter().filter(|((at, _), ..)| *at == book);
        let told = sums.map(|((_, place), orders, minor)| Cost {
            label: self.costed[*place].label.clone(),
            of: self.costed[*place].of.clone(),
            orders: *orders,
            minor: *minor,
            amount: amount(*minor, currency),
        });
        told.collect()
    }
}

impl Costed {
    fn new(of: &str, perk: &Perk) -> Option<Self> {
        let takes = match perk.kind {
            PerkKind::PercentOff(percent) => Takes::Share(percent.scaled(2)?),
            PerkKind::FreeShipping => Takes::Shipping,
            _ => return None,
        };
        Some(Self {
            label: perk.label.clone(),
            of: of.to_owned(),
            takes,
        })
    }
}
