//! Grants as shares: what a grant gives to each line that it touches.

use super::shares::Share;
use super::sheet::Row;
use crate::allocation::split;
use crate::spend::Earned;
use crate::{Currency, Decimal, ExactPoints, GrantScope, Points, PointsError, Spend};

pub(super) fn factor_shares(
    rows: &[Row<'_>],
    touched: &[bool],
    factor: Decimal,
) -> Result<Vec<Share>, PointsError> {
    let bonus = factor.above_one();
    let mut shares = Vec::with_capacity(rows.len());
    for (row, touched) in rows.iter().zip(touched) {
        shares.push(if *touched {
            Share::Gets(row.base.times(bonus)?)
        } else {
            Share::Untouched
        });
    }
    Ok(shares)
}

pub(super) fn bonus_shares(
    rows: &[Row<'_>],
    touched: &[bool],
    points: Points,
    per: GrantScope,
) -> Vec<Share> {
    if per == GrantScope::Order {
        return split_shares(rows, touched, points);
    }
    let mut shares = Vec::with_capacity(rows.len());
    for (row, touched) in rows.iter().zip(touched) {
        let times = if per == GrantScope::Item {
            row.line.quantity
        } else {
            1
        };
        shares.push(Share::of(*touched, points.times(times)));
    }
    shares
}

pub(super) fn spend_shares(
    rows: &[Row<'_>],
    touched: &[bool],
    currency: Currency,
    spend: &Spend,
) -> Result<Vec<Share>, PointsError> {
    let counted = rows.iter().zip(touched).filter(|(_, touched)| **touched);
    let minors = counted.map(|(row, _)| row.counted.minor);
    let sum_minor = minors.fold(0, i64::saturating_add);
    let rate = match spend.on(currency, sum_minor)? {
        Earned::Whole(points) => return Ok(split_shares(rows, touched, points)),
        Earned::ByMinor(rate) => rate,
    };
    let mut shares = Vec::with_capacity(rows.len());
    for (row, touched) in rows.iter().zip(touched) {
        shares.push(Share::of(*touched, rate.on(row.counted.minor)));
    }
    Ok(shares)
}

/// Whole points that the lines share in proportion to their worth.
fn split_shares(rows: &[Row<'_>], touched: &[bool], points: Points) -> Vec<Share> {
    let (mut ids, mut weights) = (Vec::new(), Vec::new());
    for (row, _) in rows.iter().zip(touched).filter(|(_, touched)| **touched) {
        ids.push(row.line.id.as_str());
        weights.push(row.counted.minor);
    }
    let mut found = split(points.get(), &weights, &ids).into_iter();
    let mut shares = Vec::with_capacity(rows.len());
    for touched in touched {
        shares.push(if *touched {
            Share::Gets(ExactPoints::whole(found.next().unwrap_or(0).into()))
        } else {
            Share::Untouched
        });
    }
    shares
}
