//! The sheet that an evaluation is written on: a row for each line, and their sums.
//!
//! Its invariant: what a step gives to the order is the sum of what it gives to the rows, so the reasons
//! of the order and those of its lines tell the same story.

use super::counted::Counted;
use crate::allocation::{give_out, split};
use crate::{
    Cart, Cause, Condition, Earning, ExactPoints, ExactRate, Line, LineEarning, Points,
    PointsError, Reason, Rounding, RoundingScope,
};

pub(super) struct Sheet<'cart> {
    cart: &'cart Cart,
    rows: Vec<Row<'cart>>,
    order: Tally,
}

/// What a step gives to each line that it touches.
pub(super) enum Gain {
    /// Nothing: the step only says why.
    Nothing,
    /// So much for what of the line counts.
    Spend(ExactRate),
    /// So many points.
    Points(Points),
    /// So many points for each unit.
    PointsPerItem(Points),
    /// A share of its own, in the order of the lines.
    Shares(std::vec::IntoIter<i64>),
}

struct Row<'cart> {
    line: &'cart Line,
    counted: Counted,
    tally: Tally,
}

/// The points so far, and why.
#[derive(Default)]
struct Tally {
    exact: ExactPoints,
    points: Points,
    reasons: Vec<Reason>,
}

impl Tally {
    fn add(&mut self, cause: Cause, points_exact: ExactPoints) -> Result<(), PointsError> {
        self.exact = self.exact.checked_add(points_exact)?;
        self.reasons.push(Reason {
            cause,
            points_exact,
        });
        Ok(())
    }

    /// Settles on whole points, and tells the rounding if there was any.
    fn settle(&mut self, points: Points, cause: Cause) -> Result<(), PointsError> {
        self.points = points;
        let rounded = ExactPoints::from(points).checked_sub(self.exact)?;
        if rounded.is_zero() {
            Ok(())
        } else {
            self.add(cause, rounded)
        }
    }
}

impl Row<'_> {
    fn is_touched(&self, touches: Option<&Condition>) -> bool {
        self.counted.earns() && touches.is_none_or(|condition| condition.fits_line(self.line))
    }
}

impl Gain {
    fn of(&mut self, row: &Row<'_>) -> ExactPoints {
        match self {
            Self::Nothing => ExactPoints::ZERO,
            Self::Spend(rate) => rate.on(row.counted.minor),
            Self::Points(points) => points.times(1),
            Self::PointsPerItem(points) => points.times(row.line.quantity),
            Self::Shares(shares) => ExactPoints::whole(shares.next().unwrap_or(0).into()),
        }
    }
}

impl<'cart> Sheet<'cart> {
    /// A row for each line; `counted` says what of it counts.
    pub(super) fn new(cart: &'cart Cart, counted: Vec<Counted>) -> Self {
        // Most lines have a rate, a factor and a rounding: room for them at once.
        let tally = || Tally {
            reasons: Vec::with_capacity(4),
            ..Tally::default()
        };
        let rows = cart.lines().iter().zip(counted);
        let rows = rows
            .map(|(line, counted)| Row {
                line,
                counted,
                tally: tally(),
            })
            .collect();
        Self {
            cart,
            rows,
            order: tally(),
        }
    }

    /// What of the cart counts, in minor units.
    pub(super) fn counted_minor(&self) -> i64 {
        self.rows
            .iter()
            .map(|row| row.counted.minor)
            .fold(0, i64::saturating_add)
    }

    /// How a bonus that the order gets once falls on the lines that fit: in proportion to their worth.
    pub(super) fn shares_of_bonus(&self, points: Points, touches: &Condition) -> Gain {
        let (mut ids, mut weights) = (Vec::new(), Vec::new());
        for row in self.rows.iter().filter(|row| row.is_touched(Some(touches))) {
            ids.push(row.line.id.as_str());
            weights.push(row.counted.minor);
        }
        Gain::Shares(split(points.get(), &weights, &ids).into_iter())
    }

    /// Books a step on each line that earns and that it touches (`None`: all), in the order of the lines,
    /// and its sum on the order. A step that touches no line leaves no reason.
    pub(super) fn book(
        &mut self,
        cause: Cause,
        touches: Option<&Condition>,
        mut gain: Gain,
    ) -> Result<(), PointsError> {
        let mut sum = None;
        for row in self.rows.iter_mut().filter(|row| row.is_touched(touches)) {
            let points_exact = gain.of(row);
            row.tally.add(cause, points_exact)?;
            sum = Some(sum.unwrap_or(ExactPoints::ZERO).checked_add(points_exact)?);
        }
        match sum {
            Some(sum) => self.order.add(cause, sum),
            None => Ok(()),
        }
    }

    /// Tells why the lines that are left out earn nothing: on the order in the program's order, whatever
    /// the order of the lines.
    pub(super) fn book_exclusions(&mut self, exclusions: usize) {
        for exclusion in 0..exclusions {
            let reason = Reason {
                cause: Cause::Excluded { exclusion },
                points_exact: ExactPoints::ZERO,
            };
            let rows = self.rows.iter_mut();
            let mut left_out = rows.filter(|row| row.counted.excluded_by == Some(exclusion));
            if let Some(first) = left_out.next() {
                first.tally.reasons.push(reason);
                left_out.for_each(|row| row.tally.reasons.push(reason));
                self.order.reasons.push(reason);
            }
        }
    }

    /// Rounds to whole points. By order, the lines share the rounded total by largest remainder, so that
    /// their points sum to it.
    pub(super) fn round(
        &mut self,
        rounding: Rounding,
        scope: RoundingScope,
    ) -> Result<(), PointsError> {
        let (cause, shares) = match scope {
            RoundingScope::Line => (Cause::Rounding(rounding), None),
            RoundingScope::Order => {
                let total = rounding.round(self.order.exact)?;
                (Cause::RoundingShare, Some(self.shares_of(total)?))
            }
        };
        let mut total = Points::ZERO;
        for (nth, row) in self.rows.iter_mut().enumerate() {
            let points = match &shares {
                None => rounding.round(row.tally.exact)?,
                Some(shares) => Points::new(shares.get(nth).copied().unwrap_or(0))?,
            };
            row.tally.settle(points, cause)?;
            total = total.checked_add(points)?;
        }
        self.order.settle(total, Cause::Rounding(rounding))
    }

    fn shares_of(&self, total: Points) -> Result<Vec<i64>, PointsError> {
        let (mut shares, mut remainders, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for row in &self.rows {
            let (whole, remainder) = row.tally.exact.split();
            shares.push(i64::try_from(whole).map_err(|_| PointsError)?);
            remainders.push(remainder);
            ids.push(row.line.id.as_str());
        }
        let given = shares.iter().copied().fold(0, i64::saturating_add);
        let left = total.get().saturating_sub(given);
        give_out(left, &mut shares, &remainders, &ids);
        Ok(shares)
    }

    pub(super) fn into_earning(self) -> Earning {
        let counted_minor = self.counted_minor();
        let mut lines = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            lines.push(LineEarning {
                points: row.tally.points,
                counted_minor: row.counted.minor,
                reasons: row.tally.reasons,
            });
        }
        Earning {
            points: self.order.points,
            currency: self.cart.currency(),
            counted_minor,
            lines,
            reasons: self.order.reasons,
        }
    }
}
