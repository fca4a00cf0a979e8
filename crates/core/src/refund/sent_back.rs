//! What of an order came back: units of its lines, or what of them was paid back.
//!
//! What was paid back is the shop's to say: less than units are worth where it keeps a fee, more where something is
//! amiss besides. Invariant: no more comes back than was bought, and what of a line is left never grows.

use crate::{Cart, Currency, Decimal, Line};

/// What one refund sends back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refund {
    /// Everything that is not back yet.
    Rest,
    /// These lines, or parts of them.
    Lines(Vec<RefundedLine>),
}

/// What a refund sends back of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundedLine {
    /// The id of the line in the order.
    pub id: String,
    /// Units that come back.
    pub quantity: u32,
    /// What is paid back of the line, in minor units: for these units, or without any, for a scratch. `None` for what
    /// the units are worth, as far as that has not been paid back.
    pub amount_minor: Option<i64>,
}

/// What has come back of each line, in the cart's order: units, and what was paid back besides what these are worth, in
/// minor units; below zero where less was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentBack(pub(super) Vec<(u32, i64)>);

/// A refund that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// The order has no such line.
    #[error("the order has no line {id:?}")]
    LineUnknown {
        /// The place of the line in the refund.
        nth: usize,
        /// The line.
        id: String,
    },
    /// More would come back than was bought.
    #[error(
        "more would come back of line {id:?} than is left, which is {left} of its units and {amount} {code}",
        amount = Decimal::new(*left_minor, currency.minor_digits()),
        code = currency.code()
    )]
    ExceedsOrder {
        /// The place of the line in the refund.
        nth: usize,
        /// The line.
        id: String,
        /// Units that have not come back.
        left: u32,
        /// What of the line has not been paid back, in minor units.
        left_minor: i64,
        /// In this currency.
        currency: Currency,
    },
    /// Nothing would come back.
    #[error(
        "nothing comes back: name units or an amount, or leave out the lines for all that is left"
    )]
    NothingBack {
        /// The place of the line in the refund; `None` for all of it.
        nth: Option<usize>,
    },
}

impl SentBack {
    /// Adds a refund of the cart to what has come back so far.
    ///
    /// # Errors
    /// When a line is unknown, more would come back than is left of it, or nothing would.
    pub fn with(&self, cart: &Cart, refund: &Refund) -> Result<Self, RefundError> {
        let worths = cart.discounted_minor();
        let mut back = self.of(cart);
        let before = back.clone();
        match refund {
            Refund::Rest => {
                for ((units, minor), line) in back.0.iter_mut().zip(cart.lines()) {
                    *units = line.quantity;
                    *minor = 0;
                }
            }
            Refund::Lines(lines) => {
                for (nth, refunded) in lines.iter().enumerate() {
                    let mut places = cart.lines().iter().zip(&worths).zip(&mut back.0);
                    let found = places.find(|((line, _), _)| line.id == refunded.id);
                    let Some(((line, worth), sent)) = found else {
                        let id = refunded.id.clone();
                        return Err(RefundError::LineUnknown { nth, id });
                    };
                    if refunded.quantity == 0 && refunded.amount_minor.is_none() {
                        return Err(RefundError::NothingBack { nth: Some(nth) });
                    }
                    let left = left_minor(line, *worth, *sent);
                    *sent = sent_after(line, (*worth, left), *sent, refunded).ok_or_else(|| {
                        RefundError::ExceedsOrder {
                            nth,
                            id: line.id.clone(),
                            left: line.quantity.saturating_sub(sent.0),
                            left_minor: left,
                            currency: cart.currency(),
                        }
                    })?;
                }
            }
        }
        if back == before {
            Err(RefundError::NothingBack { nth: None })
        } else {
            Ok(back)
        }
    }

    /// Whether nothing of the cart is left: of each line all units are back, or all that was paid for it. What was
    /// given away beside what was paid for keeps nothing, but what something else than money paid for does.
    #[must_use]
    pub fn is_whole(&self, cart: &Cart) -> bool {
        let (back, worths) = (self.of(cart), cart.discounted_minor());
        let was_paid = worths.iter().any(|worth| *worth > 0);
        let mut lines = cart.lines().iter().zip(&worths).zip(&back.0);
        lines.all(|((line, worth), sent)| {
            let is_paid_back = *worth > 0 && left_minor(line, *worth, *sent) <= 0;
            let is_given_away = was_paid && line.unit_price_minor == 0;
            sent.0 >= line.quantity || is_paid_back || is_given_away
        })
    }

    /// As many entries as the cart has lines.
    pub(super) fn of(&self, cart: &Cart) -> Self {
        let mut back = self.clone();
        back.0.resize(cart.lines().len(), (0, 0));
        back
    }

    /// The part of something that came back with the lines: by what they were worth, or, where that was nothing,
    /// by their units; rounded down, and all of it when all is back.
    pub(super) fn part_of(&self, cart: &Cart, whole: i64) -> i64 {
        self.part_by(cart, &cart.discounted_minor(), whole)
    }

    /// The same for what paid a part of the price: a line that it made free weighs what it would have cost. So nobody
    /// keeps what her points bought, and has them back for the rest.
    pub(super) fn part_of_price(&self, cart: &Cart, whole: i64) -> i64 {
        let worths = cart.discounted_minor().into_iter().zip(cart.lines());
        let weighed = worths.map(|(worth, line)| match worth {
            0 => line.gross_minor().unwrap_or(0),
            _ => worth,
        });
        self.part_by(cart, &weighed.collect::<Vec<_>>(), whole)
    }

    fn part_by(&self, cart: &Cart, worths: &[i64], whole: i64) -> i64 {
        if self.is_whole(cart) {
            return whole;
        }
        let back = self.of(cart);
        let (mut worth, mut left, mut units, mut units_back) = (0_i64, 0_i64, 0_i64, 0_i64);
        for ((line, of_line), sent) in cart.lines().iter().zip(worths).zip(&back.0) {
            worth = worth.saturating_add(*of_line);
            left = left.saturating_add(left_minor(line, *of_line, *sent));
            units = units.saturating_add(line.quantity.into());
            units_back = units_back.saturating_add(sent.0.into());
        }
        if worth > 0 {
            share(whole, worth.saturating_sub(left), worth)
        } else {
            share(whole, units_back, units)
        }
    }
}

/// What has come back of a line that is worth so much, of which so much was left; `None` where more would come back.
fn sent_after(
    line: &Line,
    (worth_minor, left_minor): (i64, i64),
    sent: (u32, i64),
    refunded: &RefundedLine,
) -> Option<(u32, i64)> {
    let units = sent.0.saturating_add(refunded.quantity);
    let worth_of = |units: u32| share(worth_minor, units.into(), line.quantity.into());
    let paid_minor = refunded.amount_minor.unwrap_or_else(|| {
        let of_units = worth_of(units).saturating_sub(worth_of(sent.0));
        of_units.min(left_minor)
    });
    if units > line.quantity || paid_minor > left_minor {
        return None;
    }
    if units == line.quantity {
        return Some((units, 0));
    }
    let left_minor = left_minor.saturating_sub(paid_minor);
    let of_rest = worth_minor.saturating_sub(worth_of(units));
    Some((units, of_rest.saturating_sub(left_minor)))
}

/// What of a line is left, in minor units. The worth of units is rounded down, so that all of them are all of it.
pub(super) fn left_minor(line: &Line, worth_minor: i64, (units, minor): (u32, i64)) -> i64 {
    let back = share(worth_minor, units.into(), line.quantity.into());
    worth_minor.saturating_sub(back).saturating_sub(minor)
}

/// `whole * part / of`, rounded down; all of it where there is nothing to divide by.
pub(super) fn share(whole: i64, part: i64, of: i64) -> i64 {
    let product = i128::from(whole).saturating_mul(part.into());
    let share = product.checked_div(of.into());
    share.map_or(whole, |share| i64::try_from(share).unwrap_or(whole))
}
