//! Evaluation: the whole of earning.
//!
//! The browser previews and the edge awards by this one function. A line earns
//! `counted × rate × (1 + Σ(factor − 1)) + bonuses`, exactly, and is rounded once, as the program says.
//! What counts is settled in `counted.rs`; the steps here are written on the sheet of `sheet.rs`.

mod counted;
mod sheet;
#[cfg(all(test, feature = "compile"))]
mod tests;

use crate::Decimal;

use self::sheet::{Gain, Sheet};
use crate::{
    BonusScope, Cart, Cause, Earning, ExactRate, Grant, PointsError, Program, Rate, Rule, Snapshot,
    Timestamp,
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
    let mut sheet = Sheet::new(cart, counted::count(program, member, cart, now));
    match earning_rate(program, cart, sheet.counted_minor(), now) {
        Err(why_nothing) => sheet.book(why_nothing, None, Gain::Nothing)?,
        Ok(rate) => {
            let steps = Steps {
                program,
                rate,
                cart,
                member,
                now,
            };
            steps.book_rate(&mut sheet)?;
            steps.book_factors(&mut sheet)?;
            steps.book_bonuses(&mut sheet)?;
            sheet.round(program.rounding(), program.rounding_scope())?;
        }
    }
    sheet.book_exclusions(program.exclusions().len());
    Ok(sheet.into_earning())
}

/// The rate that the cart earns at, or why it earns nothing.
fn earning_rate<'p>(
    program: &'p Program,
    cart: &Cart,
    counted_minor: i64,
    now: Timestamp,
) -> Result<&'p Rate, Cause> {
    let rate = program
        .rate(cart.currency())
        .ok_or(Cause::CurrencyNotCovered)?;
    if !program.runs_at(now) {
        return Err(Cause::NotRunning);
    }
    let missing = rate
        .minimum_order
        .and_then(|minimum| minimum.shortfall(counted_minor));
    missing.map_or(Ok(rate), |missing| {
        Err(Cause::BelowMinimum {
            missing_minor: missing.minor(),
        })
    })
}

/// The steps of earning, in the order in which they are told.
struct Steps<'a> {
    program: &'a Program,
    rate: &'a Rate,
    cart: &'a Cart,
    member: &'a Snapshot,
    now: Timestamp,
}

impl<'a> Steps<'a> {
    fn book_rate(&self, sheet: &mut Sheet<'_>) -> Result<(), PointsError> {
        let gain = self.share_of_rate(Decimal::ONE)?;
        sheet.book(Cause::Rate, None, gain)
    }

    /// Books the bonus of each factor, what it has above 1, on the base points and nothing else.
    fn book_factors(&self, sheet: &mut Sheet<'_>) -> Result<(), PointsError> {
        for (nth, rule) in self.rules() {
            if let Grant::Multiply(factor) = rule.grant {
                let gain = self.share_of_rate(factor.above_one())?;
                sheet.book(Cause::Multiplier { rule: nth }, Some(&rule.when), gain)?;
            }
        }
        let hers = self.program.tier_of(self.member);
        let tiers = self.program.tiers().iter().enumerate();
        for (nth, tier) in tiers.filter(|(_, tier)| hers.is_some_and(|hers| hers.id == tier.id)) {
            if tier.factor > Decimal::ONE {
                let gain = self.share_of_rate(tier.factor.above_one())?;
                sheet.book(Cause::Tier { tier: nth }, None, gain)?;
            }
        }
        Ok(())
    }

    fn book_bonuses(&self, sheet: &mut Sheet<'_>) -> Result<(), PointsError> {
        for (nth, rule) in self.rules() {
            if let Grant::Bonus { points, per } = rule.grant {
                let gain = match per {
                    BonusScope::Order => sheet.shares_of_bonus(points, &rule.when),
                    BonusScope::Line => Gain::Points(points),
                    BonusScope::Item => Gain::PointsPerItem(points),
                };
                sheet.book(Cause::Bonus { rule: nth }, Some(&rule.when), gain)?;
            }
        }
        Ok(())
    }

    /// What counts, times the rate, times `factor`.
    fn share_of_rate(&self, factor: Decimal) -> Result<Gain, PointsError> {
        let rate = ExactRate::new(self.cart.currency(), self.rate.per_unit, factor)?;
        Ok(Gain::Spend(rate))
    }

    /// The rules that apply to this member now, with their places in the program.
    fn rules(&self) -> impl Iterator<Item = (usize, &'a Rule)> {
        let tier = self
            .program
            .tier_of(self.member)
            .map(|tier| tier.id.as_str());
        let now = self.now;
        let rules = self.program.rules().iter().enumerate();
        rules.filter(move |(_, rule)| rule.when.fits_order(tier, now))
    }
}
