//! What of an order came back: units of its lines, or what of them was paid back.
//!
//! Invariant: no more comes back than was bought, and what of a line is left never grows.

use crate::{Cart, Line};

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
    /// What is paid back besides, in minor units: for a scratch, say.
    pub amount_minor: i64,
}

/// What has come back of each line, in the cart's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentBack(pub(super) Vec<(u32, i64)>);

/// A refund that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// The order has no such line.
    #[error("the order has no line {0:?}")]
    LineUnknown(String),
    /// More would come back than was bought.
    #[error(
        "of line {id:?} more would come back than is left: {left} units, {left_minor} minor units"
    )]
    ExceedsOrder {
        /// The line.
        id: String,
        /// Units that have not come back.
        left: u32,
        /// What of the line has not been paid back, in minor units.
        left_minor: i64,
    },
    /// Nothing would come back.
    #[error(
        "nothing comes back: name units or an amount, or leave out the lines for all that is left"
    )]
    NothingBack,
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
                for refunded in lines {
                    let mut places = cart.lines().iter().zip(&worths).zip(&mut back.0);
                    let found = places.find(|((line, _), _)| line.id == refunded.id);
                    let Some(((line, worth), sent)) = found else {
                        return Err(RefundError::LineUnknown(refunded.id.clone()));
                    };
                    let more = (
                        sent.0.saturating_add(refunded.quantity),
                        sent.1.saturating_add(refunded.amount_minor.max(0)),
                    );
                    let beyond_all = more.0 >= line.quantity && refunded.amount_minor > 0;
                    if more.0 > line.quantity || beyond_all || left_minor(line, *worth, more) < 0 {
                        return Err(RefundError::ExceedsOrder {
                            id: line.id.clone(),
                            left: line.quantity.saturating_sub(sent.0),
                            left_minor: left_minor(line, *worth, *sent).max(0),
                        });
                    }
                    *sent = more;
                }
            }
        }
        if back == before {
            Err(RefundError::NothingBack)
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
            share(whole, units_back, units.max(1))
        }
    }
}

/// What of a line is left, in minor units. The worth of units is rounded down, so that all of them are all of it.
pub(super) fn left_minor(line: &Line, worth_minor: i64, (units, minor): (u32, i64)) -> i64 {
    let back = share(worth_minor, units.into(), line.quantity.into());
    if units >= line.quantity {
        // What was paid back for a scratch has come off the line before it came back.
        return 0;
    }
    worth_minor.saturating_sub(back).saturating_sub(minor)
}

/// `whole * part / of`, rounded down; all of it where there is nothing to divide by.
pub(super) fn share(whole: i64, part: i64, of: i64) -> i64 {
    let product = i128::from(whole).saturating_mul(part.into());
    let share = product.checked_div(of.into());
    share.map_or(whole, |share| i64::try_from(share).unwrap_or(whole))
}
