//! A cart: what is about to be bought, or was.
//!
//! Owns the invariants of a cart and how its discounts and shipping fall on its lines. Its invariant:
//! no line is ever worth less than nothing, and everything sums within the limit, so evaluation needs
//! no further check. Amounts are minor units of the cart's one currency.

mod error;

pub use self::error::{CartError, CartErrorKind};
use crate::Currency;
use crate::allocation::split;
use crate::limits::{
    MAX_AMOUNT_MINOR, MAX_COUPONS, MAX_ID_BYTES, MAX_LABEL_BYTES, MAX_LABELS_PER_LINE, MAX_LINES,
    MAX_QUANTITY,
};
use crate::money::MoneyError;
use crate::ranking::Ranking;
use crate::telling::tell_whole;

/// One line of a cart. The default is no line yet: it has no id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Names the line; no two lines of a cart share it.
    pub id: String,
    /// The shop's product id.
    pub product: String,
    /// The categories that the product is in.
    pub categories: Vec<String>,
    /// Free tags of the product.
    pub tags: Vec<String>,
    /// The brand of the product.
    pub brand: Option<String>,
    /// Who sells it, where that is not the shop.
    pub vendor: Option<String>,
    /// Units, 1 or more.
    pub quantity: u32,
    /// The price of one unit, before any discount.
    pub unit_price_minor: i64,
    /// What is taken off the whole line.
    pub discount_minor: i64,
    /// The tax of the line after all discounts, the order's too.
    pub tax_minor: i64,
}

/// What a cart says of itself as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CartTotals {
    /// The one currency of every amount.
    pub currency: Currency,
    /// Whether unit prices and shipping have their tax in them.
    pub prices_include_tax: bool,
    /// What is taken off the order; it falls on the lines in proportion to their worth.
    pub discount_minor: i64,
    /// The price of shipping.
    pub shipping_minor: i64,
    /// The tax of shipping.
    pub shipping_tax_minor: i64,
}

/// How and where an order is placed, as far as the shop says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkout {
    /// How it is paid: `store-card`.
    pub payment_method: Option<String>,
    /// Where it is sold: `web`, `app`, `till`.
    pub channel: Option<String>,
    /// The store.
    pub location: Option<String>,
    /// How it is delivered: `pickup`, `slow`.
    pub delivery: Option<String>,
    /// The partner whose order it is; none for the shop's own.
    pub partner: Option<String>,
    /// The coupons used.
    pub coupons: Vec<String>,
}

/// A checked cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    totals: CartTotals,
    checkout: Checkout,
    lines: Vec<Line>,
}

impl Line {
    /// Checks the line by itself; `/lines/{nth}` is where errors point.
    fn check(&self, nth: usize) -> Result<(), CartError> {
        let at = Some(nth);
        check_id(&self.id, at, "id")?;
        check_id(&self.product, at, "product")?;
        check_maybe_id(self.brand.as_deref(), at, "brand")?;
        check_maybe_id(self.vendor.as_deref(), at, "vendor")?;
        check_labels(&self.categories, at, "categories")?;
        check_labels(&self.tags, at, "tags")?;
        check_not_negative(self.unit_price_minor, at, "unit_price")?;
        check_not_negative(self.discount_minor, at, "discount")?;
        check_not_negative(self.tax_minor, at, "tax")?;
        if !(1..=MAX_QUANTITY).contains(&self.quantity) {
            return Err(CartErrorKind::QuantityOutOfRange(self.quantity).at(at, "quantity"));
        }
        match self.gross_minor() {
            None => Err(CartErrorKind::SumTooLarge.at(at, "")),
            Some(gross) if self.discount_minor > gross => {
                Err(CartErrorKind::DiscountExceedsLine.at(at, "discount"))
            }
            Some(_) => Ok(()),
        }
    }

    /// The units at their price, before any discount; `None` beyond the limit.
    pub(crate) fn gross_minor(&self) -> Option<i64> {
        self.unit_price_minor
            .checked_mul(i64::from(self.quantity))
            .filter(|gross| *gross <= MAX_AMOUNT_MINOR)
    }

    /// The line after its own discount. Never negative: the cart was checked.
    fn net_minor(&self) -> i64 {
        self.gross_minor()
            .unwrap_or(0)
            .saturating_sub(self.discount_minor)
    }
}

fn check_id(id: &str, line: Option<usize>, field: &str) -> Result<(), CartError> {
    let kind = match id.len() {
        0 => CartErrorKind::EmptyId,
        len if len > MAX_ID_BYTES => CartErrorKind::TextTooLong {
            len,
            max: MAX_ID_BYTES,
        },
        _ => return Ok(()),
    };
    Err(kind.at(line, field))
}

fn check_maybe_id(id: Option<&str>, line: Option<usize>, field: &str) -> Result<(), CartError> {
    id.map_or(Ok(()), |id| check_id(id, line, field))
}

fn check_labels(labels: &[String], line: Option<usize>, field: &str) -> Result<(), CartError> {
    if labels.len() > MAX_LABELS_PER_LINE {
        return Err(CartErrorKind::TooManyLabels(labels.len()).at(line, field));
    }
    for label in labels {
        let (len, max) = (label.len(), MAX_LABEL_BYTES);
        if len > max {
            return Err(CartErrorKind::TextTooLong { len, max }.at(line, field));
        }
    }
    Ok(())
}

fn check_not_negative(minor: i64, line: Option<usize>, field: &str) -> Result<(), CartError> {
    if minor < 0 {
        let kind = CartErrorKind::from(MoneyError::Negative(tell_whole(minor)));
        Err(kind.at(line, field))
    } else {
        Ok(())
    }
}

/// The first line whose id an earlier line has.
fn second_of_a_kind(lines: &[Line]) -> Option<(usize, &Line)> {
    // Most shops number their lines, or sort them.
    if lines.is_sorted_by(|one, next| one.id < next.id) {
        return None;
    }
    let mut by_id = Ranking::default();
    for (nth, line) in lines.iter().enumerate() {
        by_id.add(0, &line.id, nth);
    }
    let (mut before, mut second) = (None, None);
    for (id, nth) in by_id {
        if before.replace(id) == Some(id) {
            second = Some(second.map_or(nth, |first: usize| first.min(nth)));
        }
    }
    second.and_then(|nth| Some((nth, lines.get(nth)?)))
}

impl Cart {
    /// Checks the parts of a cart. A cart without lines is a cart; it earns nothing.
    ///
    /// # Errors
    /// The first rule that is broken, with a pointer to where.
    pub fn new(totals: CartTotals, lines: Vec<Line>) -> Result<Self, CartError> {
        if lines.len() > MAX_LINES {
            return Err(CartErrorKind::TooManyLines(lines.len()).at(None, "lines"));
        }
        for (nth, line) in lines.iter().enumerate() {
            line.check(nth)?;
        }
        if let Some((nth, line)) = second_of_a_kind(&lines) {
            let kind = CartErrorKind::DuplicateLineId(line.id.clone());
            return Err(kind.at(Some(nth), "id"));
        }
        check_not_negative(totals.discount_minor, None, "discount")?;
        check_not_negative(totals.shipping_minor, None, "shipping")?;
        check_not_negative(totals.shipping_tax_minor, None, "shipping_tax")?;
        let cart = Self {
            totals,
            checkout: Checkout::default(),
            lines,
        };
        cart.check_sums()?;
        Ok(cart)
    }

    fn check_sums(&self) -> Result<(), CartError> {
        let totals = self.totals;
        let mut sum = totals.shipping_minor.checked_add(totals.shipping_tax_minor);
        let mut net_minor = 0_i64;
        for line in &self.lines {
            let gross_minor = line.gross_minor().unwrap_or(i64::MAX);
            let with = |sum: i64| sum.checked_add(gross_minor)?.checked_add(line.tax_minor);
            sum = sum.and_then(with);
            net_minor = net_minor.saturating_add(line.net_minor());
        }
        if sum.is_none_or(|sum| sum > MAX_AMOUNT_MINOR) {
            return Err(CartErrorKind::SumTooLarge.at(None, ""));
        }
        if totals.discount_minor > net_minor {
            return Err(CartErrorKind::DiscountExceedsCart.at(None, "discount"));
        }
        if totals.prices_include_tax {
            if totals.shipping_tax_minor > totals.shipping_minor {
                return Err(CartErrorKind::TaxExceedsPrice.at(None, "shipping_tax"));
            }
            let taxed = self.lines.iter().zip(self.discounted_minor()).enumerate();
            for (nth, (line, discounted_minor)) in taxed {
                if line.tax_minor > discounted_minor {
                    return Err(CartErrorKind::TaxExceedsPrice.at(Some(nth), "tax"));
                }
            }
        }
        Ok(())
    }

    /// The same cart, placed so.
    ///
    /// # Errors
    /// The first text that is empty or too long, or too many coupons, with a pointer to where.
    pub fn placed(self, checkout: Checkout) -> Result<Self, CartError> {
        check_maybe_id(checkout.payment_method.as_deref(), None, "payment_method")?;
        check_maybe_id(checkout.channel.as_deref(), None, "channel")?;
        check_maybe_id(checkout.location.as_deref(), None, "location")?;
        check_maybe_id(checkout.delivery.as_deref(), None, "delivery")?;
        check_maybe_id(checkout.partner.as_deref(), None, "partner")?;
        if checkout.coupons.len() > MAX_COUPONS {
            let kind = CartErrorKind::TooManyCoupons(checkout.coupons.len());
            return Err(kind.at(None, "coupons"));
        }
        for coupon in &checkout.coupons {
            check_id(coupon, None, "coupons")?;
        }
        Ok(Self { checkout, ..self })
    }

    /// How and where it is placed.
    #[must_use]
    pub fn checkout(&self) -> &Checkout {
        &self.checkout
    }

    /// What the cart says of itself as a whole.
    #[must_use]
    pub fn totals(&self) -> CartTotals {
        self.totals
    }

    /// The one currency of every amount.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.totals.currency
    }

    /// The lines, in the shop's order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines together, after all discounts, as they are priced.
    #[must_use]
    pub fn goods_minor(&self) -> i64 {
        let nets = self.lines.iter().map(Line::net_minor);
        let sum = nets.fold(0, i64::saturating_add);
        sum.saturating_sub(self.totals.discount_minor)
    }

    /// The lines by themselves, for whoever builds the next cart in the same memory.
    #[must_use]
    pub fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    /// Each line after its own discount and its share of the order's, which falls on the lines in
    /// proportion to their worth, to the last minor unit.
    #[must_use]
    pub fn discounted_minor(&self) -> Vec<i64> {
        let mut nets: Vec<i64> = self.lines.iter().map(Line::net_minor).collect();
        if self.totals.discount_minor > 0 {
            let ids: Vec<&str> = self.lines.iter().map(|line| line.id.as_str()).collect();
            let shares = split(self.totals.discount_minor, &nets, &ids);
            for (net, share) in nets.iter_mut().zip(shares) {
                *net = net.saturating_sub(share);
            }
        }
        nets
    }
}

#[cfg(test)]
mod tests;
