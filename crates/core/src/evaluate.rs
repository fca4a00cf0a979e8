//! Evaluation: the whole of earning.
//!
//! The browser previews and the edge awards by this one function. What counts of a cart is settled in
//! `counted.rs`, whether a rule applies in `occasion.rs`, what rules offer and how offers compete in
//! `offers.rs`; all of it is written on the sheet of `sheet.rs`, which is rounded once, as the program says.

mod counted;
mod gifts;
mod grants;
mod occasion;
mod offers;
mod shares;
mod sheet;
#[cfg(all(test, feature = "compile"))]
mod tests;

use self::counted::Counted;
pub(crate) use self::gifts::{gifts_of_activity, gifts_of_order};
use self::occasion::Occasion;
#[cfg(feature = "compile")]
pub(crate) use self::occasion::fits_day;
use self::sheet::Sheet;
use crate::telling::tell;
use crate::{
    Activity, Cart, Cause, CreditEarning, Earning, PointsError, Program, Snapshot, Timestamp,
};

/// Why a cart could not be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// The cart earns more points than a ledger can hold.
    #[error("{}", self.message())]
    TooManyPoints(#[from] PointsError),
}

impl EvaluateError {
    /// What is wrong.
    #[must_use]
    pub fn message(self) -> String {
        tell(&["the cart earns too much: ", PointsError::MESSAGE])
    }
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
    let mut occasion = Occasion::of_order(program, member, cart, now);
    let counted = counted::count(&occasion, cart);
    occasion.sum_minor = counted::sum_minor(&counted);
    let why_nothing = why_nothing(program, cart, occasion.sum_minor, now);
    earn(&occasion, counted, why_nothing)
}

/// What an activity earns for the member at `now`, and why. It has one line, which is itself.
///
/// # Errors
/// When the points are beyond 2^53 - 1.
pub fn evaluate_activity(
    program: &Program,
    member: &Snapshot,
    activity: &Activity,
    now: Timestamp,
) -> Result<Earning, EvaluateError> {
    let occasion = Occasion::of_activity(program, member, activity, now);
    let why_nothing = (!program.runs_at(now)).then_some(Cause::NotRunning);
    earn(&occasion, vec![Counted::default()], why_nothing)
}

fn earn(
    occasion: &Occasion<'_>,
    counted: Vec<Counted>,
    why_nothing: Option<Cause>,
) -> Result<Earning, EvaluateError> {
    let program = occasion.program;
    let mut credits = Vec::new();
    let mut sheet = Sheet::new(occasion, counted);
    if let Some(why_nothing) = why_nothing {
        sheet.book_why_nothing(why_nothing)?;
    } else {
        let mut campaigns = offers::left_of_campaigns(occasion);
        for (balance, known) in program.balances().iter().enumerate() {
            if occasion
                .currency
                .is_none_or(|currency| currency == known.currency)
            {
                let mut money = sheet.blank();
                offers::book(occasion, Some(balance), &mut money, &mut campaigns)?;
                money.round(program.rounding(), program.rounding_scope())?;
                credits.extend(money.into_credit(balance));
            }
        }
        offers::book_base(occasion, &mut sheet, &mut campaigns)?;
        offers::book(occasion, None, &mut sheet, &mut campaigns)?;
        sheet.round(program.rounding(), program.rounding_scope())?;
        let left = occasion.left_of("", program.limits());
        sheet.cap_whole(left)?;
    }
    sheet.book_exclusions(program.exclusions().len());
    Ok(into_earning(sheet, occasion, credits))
}

fn into_earning(sheet: Sheet<'_>, occasion: &Occasion<'_>, credits: Vec<CreditEarning>) -> Earning {
    let (points, lines, reasons) = sheet.into_parts();
    Earning {
        points,
        currency: occasion.currency,
        counted_minor: occasion.sum_minor,
        lines,
        reasons,
        credits,
    }
}

/// Why the cart earns nothing, if that can be said before any rule is looked at.
fn why_nothing(program: &Program, cart: &Cart, sum_minor: i64, now: Timestamp) -> Option<Cause> {
    let partner = cart.checkout().partner.as_deref();
    if partner.is_some_and(|partner| program.is_unknown_partner(partner)) {
        return Some(Cause::PartnerNotCovered);
    }
    let place = program.rate_place(cart.currency(), partner);
    let is_covered = match partner {
        Some(_) if program.has_partners() => place.is_some(),
        _ => program.covers(cart.currency()),
    };
    if !is_covered {
        return Some(Cause::CurrencyNotCovered);
    }
    let rate = place.and_then(|nth| program.rates().get(nth));
    if !program.runs_at(now) {
        return Some(Cause::NotRunning);
    }
    let minimum = rate?.minimum_order?;
    let missing = minimum.shortfall(sum_minor)?;
    Some(Cause::BelowMinimum {
        missing_minor: missing.minor(),
    })
}
