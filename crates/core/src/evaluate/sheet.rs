//! The sheet that an evaluation is written on: a row for each line, and their sums.
//!
//! Its invariant: what a step gives to the order is the sum of what it gives to the rows, so the reasons
//! of the order and those of its lines tell the same story.

use super::counted::Counted;
use super::occasion::Occasion;
use super::shares::{Share, whole_shares};
use crate::allocation::split;
use crate::condition::IS_MARKING;
use crate::{
    Cause, CreditEarning, ExactPoints, Line, LineEarning, Points, PointsError, Reason, Rounding,
    RoundingScope,
};

pub(super) struct Sheet<'a> {
    rows: Vec<Row<'a>>,
    order: Tally,
}

pub(super) struct Row<'a> {
    pub(super) line: &'a Line,
    pub(super) counted: Counted,
    /// The marks of the line's texts.
    pub(super) marks: u64,
    /// What factors multiply.
    pub(super) base: ExactPoints,
    tally: Tally,
}

/// The points so far, and why.
#[derive(Clone, Default)]
struct Tally {
    exact: ExactPoints,
    points: Points,
    reasons: Vec<Reason>,
}

impl Tally {
    fn with_room() -> Self {
        // Most orders have a rate, a few factors and bonuses, and a rounding: room for them at once.
        Self {
            reasons: Vec::with_capacity(6),
            ..Self::default()
        }
    }

    fn add(&mut self, cause: Cause, points_exact: ExactPoints) -> Result<(), PointsError> {
        self.exact = self.exact.checked_add(points_exact)?;
        self.reasons.push(Reason {
            cause,
            points_exact,
        });
        Ok(())
    }

    /// Settles on whole points, and tells the difference if there is any.
    fn settle(&mut self, points: Points, cause: Cause) -> Result<(), PointsError> {
        self.points = points;
        let difference = ExactPoints::from(points).checked_sub(self.exact)?;
        if difference.is_zero() {
            Ok(())
        } else {
            self.add(cause, difference)
        }
    }
}

impl<'a> Sheet<'a> {
    /// A row for each line; `counted` says what of it counts.
    pub(super) fn new(occasion: &Occasion<'a>, counted: Vec<Counted>) -> Self {
        let mut rows = Vec::with_capacity(counted.len());
        for (line, counted) in occasion.lines.iter().zip(counted) {
            rows.push(Row {
                line,
                counted,
                marks: occasion.marks(line),
                base: ExactPoints::ZERO,
                tally: Tally::with_room(),
            });
        }
        Self {
            rows,
            order: Tally::with_room(),
        }
    }

    /// A sheet for the same lines with nothing on it.
    pub(super) fn blank(&self) -> Self {
        let rows = self.rows.iter().map(|row| Row {
            tally: Tally::default(),
            ..*row
        });
        Self {
            rows: rows.collect(),
            order: Tally::default(),
        }
    }

    pub(super) fn rows(&self) -> &[Row<'a>] {
        &self.rows
    }

    /// The marks of all lines together.
    pub(super) fn marks(&self) -> u64 {
        if !IS_MARKING {
            return 0;
        }
        self.rows.iter().fold(0, |marks, row| marks | row.marks)
    }

    /// Says of every line that earns why it does not after all.
    pub(super) fn book_why_nothing(&mut self, cause: Cause) -> Result<(), PointsError> {
        let shares = |row: &Row<'_>| Share::of(row.counted.earns(), ExactPoints::ZERO);
        let shares: Vec<_> = self.rows.iter().map(shares).collect();
        self.book(cause, &shares).map(drop)
    }

    /// Books shares as the base that factors multiply. What they are together.
    pub(super) fn book_base(
        &mut self,
        cause: Cause,
        shares: &[Share],
    ) -> Result<ExactPoints, PointsError> {
        self.set_base(shares);
        self.book(cause, shares)
    }

    /// Takes shares as the base that factors multiply.
    pub(super) fn set_base(&mut self, shares: &[Share]) {
        for (row, share) in self.rows.iter_mut().zip(shares) {
            if let Share::Gets(exact) = share {
                row.base = *exact;
            }
        }
    }

    /// Books what a step gives to each row, and its sum, which is the answer, on the order. A step that
    /// touches no line leaves no reason; what a line has lost is told on the line, and on the order where
    /// nothing was gained.
    pub(super) fn book(
        &mut self,
        cause: Cause,
        shares: &[Share],
    ) -> Result<ExactPoints, PointsError> {
        let (mut total, mut touches) = (ExactPoints::ZERO, false);
        for (row, share) in self.rows.iter_mut().zip(shares) {
            if let Share::Gets(exact) = share {
                row.tally.add(cause, *exact)?;
                total = total.checked_add(*exact)?;
                touches = true;
            }
        }
        if touches {
            self.order.add(cause, total)?;
        }
        Ok(total)
    }

    /// Tells what was lost: on each line that lost it, and on the order where no line has it.
    pub(super) fn tell_lost(&mut self, cause: Cause, shares: &[Share]) -> Result<(), PointsError> {
        let (mut lost, mut gained) = (false, false);
        for (row, share) in self.rows.iter_mut().zip(shares) {
            match share {
                Share::Lost => {
                    lost = true;
                    row.tally.add(cause, ExactPoints::ZERO)?;
                }
                Share::Gets(_) => gained = true,
                Share::Untouched => {}
            }
        }
        if lost && !gained {
            self.order.add(cause, ExactPoints::ZERO)?;
        }
        Ok(())
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
                let exacts: Vec<_> = self.rows.iter().map(|row| row.tally.exact).collect();
                let shares = whole_shares(total, &exacts, &self.ids())?;
                (Cause::RoundingShare, Some(shares))
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

    /// Cuts whole points down to what is left; the lines share that in proportion.
    pub(super) fn cap_whole(&mut self, left: Option<i64>) -> Result<(), PointsError> {
        let Some(left) = left.filter(|left| self.order.points.get() > *left) else {
            return Ok(());
        };
        let weights: Vec<_> = self.rows.iter().map(|row| row.tally.points.get()).collect();
        let shares = split(left, &weights, &self.ids());
        for (row, share) in self.rows.iter_mut().zip(shares) {
            row.tally.settle(Points::new(share)?, Cause::Capped(None))?;
        }
        self.order.settle(Points::new(left)?, Cause::Capped(None))
    }

    pub(super) fn ids(&self) -> Vec<&'a str> {
        self.rows.iter().map(|row| row.line.id.as_str()).collect()
    }

    /// The total, the lines and the reasons.
    pub(super) fn into_parts(self) -> (Points, Vec<LineEarning>, Vec<Reason>) {
        let mut lines = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            lines.push(LineEarning {
                points: row.tally.points,
                counted_minor: row.counted.minor,
                reasons: row.tally.reasons,
            });
        }
        (self.order.points, lines, self.order.reasons)
    }

    /// What a money balance gets; nothing where there is no reason for it.
    pub(super) fn into_credit(self, balance: usize) -> Option<CreditEarning> {
        let lines_minor = self.rows.iter().map(|row| row.tally.points.get());
        (!self.order.reasons.is_empty()).then(|| CreditEarning {
            balance,
            minor: self.order.points.get(),
            lines_minor: lines_minor.collect(),
            reasons: self.order.reasons,
        })
    }
}
