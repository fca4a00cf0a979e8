//! What perks cost: percent off every order, and shipping, for members of a tier or of the membership.
//!
//! Owns what is taken off and the sums. What the orders say that was paid is without perks, so each perk is taken off
//! that before the order is booked, as a shop takes it off before it reports one; other kinds (early access, gifts) have
//! no price here. Its invariant: together they take off an order no more than it is worth.

use std::ops::Range;

use earnest_core::membership::Membership;
use earnest_core::{Cart, CartTotals, Currency, Line, Perk, PerkKind, Program};

use crate::figure::{amount, count, money};
use crate::shop::Booked;

/// The perks that have a price, and what they took so far; by default there are none.
#[derive(Default)]
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

/// What perks take off an order.
pub(crate) struct Off {
    /// What is paid.
    pub(crate) cart: Cart,
    /// The place of each perk, and what it takes in minor units.
    taken: Vec<(usize, i64)>,
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
            is_membership_free: membership.is_some_and(Membership::is_free),
            sums: Vec::new(),
        }
    }

    /// Whether there are any.
    pub(crate) fn any(program: &Program) -> bool {
        !Self::new(program).costed.is_empty()
    }

    /// What is left of a cart that a member of a tier or of the paid membership buys; `None` where perks take nothing
    /// off, as off a partner's.
    pub(crate) fn off(&self, cart: &Cart, tier: Option<usize>, is_paid: bool) -> Option<Off> {
        if self.costed.is_empty() || cart.checkout().partner.is_some() {
            return None;
        }
        let of_tier = tier.and_then(|place| self.of_tiers.get(place));
        let is_member = is_paid || self.is_membership_free;
        let of_membership = Some(&self.of_membership).filter(|_| is_member);
        let hers = of_tier.into_iter().chain(of_membership).cloned();
        let goods = cart.goods_minor();
        let (mut rest, mut shipping) = (goods, cart.totals().shipping_minor);
        let mut taken = Vec::new();
        for place in hers.flatten() {
            let minor = match self.costed[place].takes {
                Takes::Share(hundredths) => {
                    let minor = share_of(goods, hundredths, 10_000).min(rest);
                    rest -= minor;
                    minor
                }
                Takes::Shipping => std::mem::take(&mut shipping),
            };
            if minor > 0 {
                taken.push((place, minor));
            }
        }
        if taken.is_empty() {
            return None;
        }
        let cart = paid(cart, goods, rest, shipping)?;
        Some(Off { cart, taken })
    }

    /// Adds what was taken off an order, and says how much it was, in minor units.
    pub(crate) fn add(&mut self, book: usize, booked: &Booked) -> i64 {
        let mut total = 0_i64;
        for (place, minor) in booked.off.iter().flat_map(|off| off.taken.iter()) {
            total = total.saturating_add(*minor);
            let key = (book, *place);
            match self.sums.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, orders, sum)) => {
                    *orders += 1;
                    *sum = sum.saturating_add(*minor);
                }
                None => self.sums.push((key, 1, *minor)),
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

/// A cart of which perks leave so much of the goods and of the shipping: the rest of the goods is taken off the order,
/// and their tax falls with them.
fn paid(cart: &Cart, goods: i64, rest: i64, shipping: i64) -> Option<Cart> {
    let totals = cart.totals();
    let of_shipping = |minor| share_of(minor, shipping, totals.shipping_minor);
    let totals = CartTotals {
        discount_minor: totals.discount_minor.checked_add(goods - rest)?,
        shipping_minor: shipping,
        shipping_tax_minor: of_shipping(totals.shipping_tax_minor),
        ..totals
    };
    let lines = cart.lines().iter().map(|line| Line {
        tax_minor: share_of(line.tax_minor, rest, goods),
        ..line.clone()
    });
    let paid = Cart::new(totals, lines.collect()).ok()?;
    paid.placed(cart.checkout().clone()).ok()
}

/// So many parts of a whole, rounded down; all of it where there are none.
fn share_of(minor: i64, parts: i64, whole: i64) -> i64 {
    if whole == 0 {
        return minor;
    }
    let exact = i128::from(minor) * i128::from(parts) / i128::from(whole);
    i64::try_from(exact).unwrap_or(minor)
}
