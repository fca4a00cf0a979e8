//! Evaluation: the whole of earning.
//!
//! The browser previews and the edge awards by this one function. A line earns
//! `counted × rate × (1 + Σ(factor − 1)) + bonuses`, exact by construction (see
//! [`limits`](crate::limits)) and rounded once, as the program says. What counts is settled in
//! `counted.rs`; each step is written to every line that it touches and, summed, to the order.

mod counted;

use rust_decimal::Decimal;

use self::counted::Counted;
use crate::allocation::{give_out, split};
use crate::{
    BonusScope, Cart, Cause, Earning, Grant, LineEarning, Points, PointsError, Program, Reason,
    RoundingScope, Snapshot, Timestamp,
};

/// Why a cart could not be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// The cart earns more points than a ledger can hold.
    #[error("the cart earns too much: {0}")]
    TooManyPoints(#[from] PointsError),
}

/// What the cart earns for the member at `now`, and why.
///
/// The order of the lines does not matter, and the points of the lines sum to the total.
///
/// # Errors
/// When the points are beyond 2^53 - 1.
pub fn evaluate(
    program: &Program,
    member: &Snapshot,
    cart: &Cart,
    now: Timestamp,
) -> Result<Earning, EvaluateError> {
    let counted = Counted::of(program, member, cart, now);
    let mut sheet = Sheet::new(cart, counted);
    sheet.book_exclusions(program);
    match reason_to_earn_nothing(program, cart, &sheet.counted, now) {
        Some(cause) => sheet.book_on_earning_lines(cause, |_| Some(Decimal::ZERO))?,
        None => sheet.book_earning(program, member, now)?,
    }
    Ok(sheet.into_earning())
}

fn reason_to_earn_nothing(
    program: &Program,
    cart: &Cart,
    counted: &Counted,
    now: Timestamp,
) -> Option<Cause> {
    let Some(rate) = program.rate(cart.currency()) else {
        return Some(Cause::CurrencyNotCovered);
    };
    if !program.runs_at(now) {
        return Some(Cause::NotRunning);
    }
    let missing = rate.minimum_order?.shortfall(counted.sum_minor())?;
    Some(Cause::BelowMinimum { missing })
}

/// The work in progress: for each line and for the order, the exact points so far and their reasons.
struct Sheet<'cart> {
    cart: &'cart Cart,
    counted: Counted,
    lines: Vec<Tally>,
    order: Tally,
}

#[derive(Clone, Default)]
struct Tally {
    exact: Decimal,
    points: Points,
    reasons: Vec<Reason>,
}

impl Tally {
    fn add(&mut self, cause: Cause, points_exact: Decimal) -> Result<(), PointsError> {
        self.exact = self.exact.checked_add(points_exact).ok_or(PointsError)?;
        self.reasons.push(Reason {
            cause,
            points_exact,
        });
        Ok(())
    }

    /// Settles on whole points, and tells the rounding if there was any.
    fn settle(&mut self, points: Points, program: &Program) -> Result<(), PointsError> {
        self.points = points;
        let rounded = Decimal::from(points.get())
            .checked_sub(self.exact)
            .ok_or(PointsError)?;
        if !rounded.is_zero() {
            self.add(Cause::Rounding(program.rounding()), rounded)?;
        }
        Ok(())
    }
}

impl<'cart> Sheet<'cart> {
    fn new(cart: &'cart Cart, counted: Counted) -> Self {
        // Four reasons are more than most lines have, so that one allocation does.
        let tally = || Tally {
            reasons: Vec::with_capacity(4),
            ..Tally::default()
        };
        let lines = cart.lines().iter().map(|_| tally()).collect();
        Self {
            cart,
            counted,
            lines,
            order: tally(),
        }
    }

    /// Books a step on each line that earns and for which `share` is something, and its sum on the
    /// order. A step that touches no line leaves no reason.
    fn book_on_earning_lines(
        &mut self,
        cause: Cause,
        mut share: impl FnMut(usize) -> Option<Decimal>,
    ) -> Result<(), PointsError> {
        let mut sum = None;
        for (nth, tally) in self.lines.iter_mut().enumerate() {
            if self.counted.earns(nth)
                && let Some(points_exact) = share(nth)
            {
                tally.add(cause, points_exact)?;
                let so_far = sum.unwrap_or(Decimal::ZERO);
                sum = Some(points_exact.checked_add(so_far).ok_or(PointsError)?);
            }
        }
        sum.map_or(Ok(()), |sum| self.order.add(cause, sum))
    }

    fn book_earning(
        &mut self,
        program: &Program,
        member: &Snapshot,
        now: Timestamp,
    ) -> Result<(), PointsError> {
        let bases = self.book_rate(program)?;
        let tier = program.tier_of(member).map(|tier| tier.id.as_str());
        let fits = |rule: &crate::Rule| rule.when.fits_order(tier, now);
        let rules = || {
            program
                .rules()
                .iter()
                .enumerate()
                .filter(|(_, rule)| fits(rule))
        };
        for (nth, rule) in rules() {
            if let Grant::Multiply(factor) = rule.grant {
                let cart = self.cart;
                let fits = |line: usize| {
                    cart.lines()
                        .get(line)
                        .is_some_and(|l| rule.when.fits_line(l))
                };
                self.book_factor(Cause::Multiplier { rule: nth }, factor, &bases, fits)?;
            }
        }
        let tiers = program.tiers().iter().enumerate();
        for (nth, reached) in tiers.filter(|(_, reached)| tier == Some(&reached.id)) {
            self.book_factor(Cause::Tier { tier: nth }, reached.factor, &bases, |_| true)?;
        }
        for (nth, rule) in rules() {
            if let Grant::Bonus { points, per } = rule.grant {
                self.book_bonus(nth, rule, points, per)?;
            }
        }
        self.round(program)
    }

    /// Books `counted × rate`; factors multiply these base points, and nothing else.
    fn book_rate(&mut self, program: &Program) -> Result<Vec<Decimal>, PointsError> {
        let currency = self.cart.currency();
        let per_unit = program
            .rate(currency)
            .map_or(Decimal::ZERO, |rate| rate.per_unit);
        let base = |minor: &i64| {
            let spend = Decimal::new(*minor, currency.minor_digits());
            spend.checked_mul(per_unit).ok_or(PointsError)
        };
        let bases = self
            .counted
            .lines
            .iter()
            .map(base)
            .collect::<Result<Vec<_>, _>>()?;
        self.book_on_earning_lines(Cause::Rate, |nth| bases.get(nth).copied())?;
        Ok(bases)
    }

    fn book_factor(
        &mut self,
        cause: Cause,
        factor: Decimal,
        bases: &[Decimal],
        fits: impl Fn(usize) -> bool,
    ) -> Result<(), PointsError> {
        let bonus = factor.checked_sub(Decimal::ONE).ok_or(PointsError)?;
        if bonus.is_zero() {
            return Ok(());
        }
        self.book_on_earning_lines(cause, |nth| {
            fits(nth)
                .then(|| bases.get(nth)?.checked_mul(bonus))
                .flatten()
        })
    }

    fn book_bonus(
        &mut self,
        nth: usize,
        rule: &crate::Rule,
        points: Points,
        per: BonusScope,
    ) -> Result<(), PointsError> {
        let (cart, counted) = (self.cart, &self.counted);
        let fitting: Vec<usize> = (0..cart.lines().len())
            .filter(|line| counted.earns(*line))
            .filter(|line| {
                cart.lines()
                    .get(*line)
                    .is_some_and(|l| rule.when.fits_line(l))
            })
            .collect();
        let line_of = |line: &usize| cart.lines().get(*line);
        let shares: Vec<i64> = match per {
            BonusScope::Line => vec![points.get(); fitting.len()],
            BonusScope::Item => {
                let quantities = fitting.iter().filter_map(line_of).map(|line| line.quantity);
                quantities
                    .map(|units| points.get().saturating_mul(i64::from(units)))
                    .collect()
            }
            BonusScope::Order => {
                let weight = |line: &usize| counted.lines.get(*line).copied();
                let weights: Vec<i64> = fitting.iter().filter_map(weight).collect();
                let ids: Vec<&str> = fitting
                    .iter()
                    .filter_map(line_of)
                    .map(|line| line.id.as_str())
                    .collect();
                split(points.get(), &weights, &ids)
            }
        };
        let mut shares = fitting.into_iter().zip(shares).peekable();
        self.book_on_earning_lines(Cause::Bonus { rule: nth }, |line| {
            shares
                .next_if(|(fitting, _)| *fitting == line)
                .map(|(_, share)| share.into())
        })
    }

    /// Rounds as the program says. Under [`RoundingScope::Order`] the lines share the rounded total by
    /// largest remainder, so that their points sum to it.
    fn round(&mut self, program: &Program) -> Result<(), PointsError> {
        let rounding = program.rounding();
        let points: Vec<Points> = match program.rounding_scope() {
            RoundingScope::Line => {
                let rounded = self.lines.iter().map(|line| rounding.round(line.exact));
                rounded.collect::<Result<_, _>>()?
            }
            RoundingScope::Order => {
                let total = rounding.round(self.order.exact)?;
                let wholes = self
                    .lines
                    .iter()
                    .map(|line| crate::Rounding::Floor.round(line.exact));
                let wholes = wholes.collect::<Result<Vec<_>, _>>()?;
                let remainders: Vec<Decimal> =
                    self.lines.iter().map(|line| line.exact.fract()).collect();
                let ids: Vec<&str> = self.cart.lines().iter().map(|l| l.id.as_str()).collect();
                let mut shares: Vec<i64> = wholes.iter().map(|points| points.get()).collect();
                let given = shares.iter().copied().fold(0, i64::saturating_add);
                give_out(
                    total.get().saturating_sub(given),
                    &mut shares,
                    &remainders,
                    &ids,
                );
                shares
                    .into_iter()
                    .map(Points::new)
                    .collect::<Result<_, _>>()?
            }
        };
        let mut total = Points::ZERO;
        for (tally, points) in self.lines.iter_mut().zip(points) {
            tally.settle(points, program)?;
            total = total.checked_add(points)?;
        }
        self.order.settle(total, program)
    }

    fn book_exclusions(&mut self, program: &Program) {
        let zero = |cause| Reason {
            cause,
            points_exact: Decimal::ZERO,
        };
        for exclusion in 0..program.exclusions().len() {
            let reason = zero(Cause::Excluded { exclusion });
            let lines = self.lines.iter_mut().zip(&self.counted.excluded_by);
            let mut left_out = lines.filter(|(_, by)| **by == Some(exclusion)).peekable();
            if left_out.peek().is_some() {
                self.order.reasons.push(reason);
            }
            left_out.for_each(|(tally, _)| tally.reasons.push(reason));
        }
    }

    fn into_earning(self) -> Earning {
        let Self {
            cart,
            counted,
            lines,
            mut order,
        } = self;
        // Exclusions were told first because they decide what is left; they are read last.
        order
            .reasons
            .sort_by_key(|reason| matches!(reason.cause, Cause::Excluded { .. }));
        let lines = lines
            .into_iter()
            .zip(&counted.lines)
            .map(|(tally, counted_minor)| LineEarning {
                points: tally.points,
                counted_minor: *counted_minor,
                reasons: tally.reasons,
            });
        Earning {
            points: order.points,
            currency: cart.currency(),
            counted_minor: counted.sum_minor(),
            lines: lines.collect(),
            reasons: order.reasons,
        }
    }
}
