//! Grants as shares: what a grant gives to each line that it touches.
//!
//! Shares come in as nothing for each line that is touched, and go out as what it gets.

use super::shares::Share;
use super::sheet::Row;
use crate::allocation::split;
use crate::spend::Earned;
use crate::{Currency, Decimal, ExactPoints, GrantScope, Points, PointsError, Spend};

/// The lines that are touched, each with what it gets.
fn touched<'s, 'r, 'a>(
    rows: &'r [Row<'a>],
    shares: &'s mut [Share],
) -> impl Iterator<Item = (&'r Row<'a>, &'s mut ExactPoints)> {
    rows.iter()
        .zip(shares)
        .filter_map(|(row, share)| match share {
            Share::Gets(exact) => Some((row, exact)),
            Share::Untouched | Share::Lost => None,
        })
}

/// What the factor has above one, times the base.
pub(super) fn multiply(
    rows: &[Row<'_>],
    shares: &mut [Share],
    factor: Decimal,
) -> Result<(), PointsError> {
    let bonus = factor.above_one();
    for (row, exact) in touched(rows, shares) {
        *exact = row.base.times(bonus)?;
    }
    Ok(())
}

/// So many points for each item, each line or the order.
pub(super) fn give(rows: &[Row<'_>], shares: &mut [Share], points: Points, per: GrantScope) {
    if per == GrantScope::Order {
        return divide(rows, shares, points);
    }
    for (row, exact) in touched(rows, shares) {
        *exact = match per {
            GrantScope::Item => points.times(row.line.quantity),
            GrantScope::Line | GrantScope::Order => points.into(),
        };
    }
}

/// What the money spent on the lines together earns.
pub(super) fn earn(
    rows: &[Row<'_>],
    shares: &mut [Share],
    currency: Currency,
    spend: &Spend,
) -> Result<(), PointsError> {
    let mut sum_minor = 0_i64;
    for (row, _) in touched(rows, shares) {
        sum_minor = sum_minor.saturating_add(row.counted.minor);
    }
    match spend.on(currency, sum_minor)? {
        Earned::Whole(points) => divide(rows, shares, points),
        Earned::ByMinor(rate) => {
            for (row, exact) in touched(rows, shares) {
                *exact = rate.on(row.counted.minor);
            }
        }
    }
    Ok(())
}

/// Whole points that the lines share in proportion to their worth.
fn divide(rows: &[Row<'_>], shares: &mut [Share], points: Points) {
    let (mut ids, mut weights) = (Vec::new(), Vec::new());
    for (row, _) in touched(rows, shares) {
        ids.push(row.line.id.as_str());
        weights.push(row.counted.minor);
    }
    let found = split(points.get(), &weights, &ids);
    for ((_, exact), found) in touched(rows, shares).zip(found) {
        *exact = ExactPoints::whole(found.into());
    }
}
