//! Shares: what a step gives to each line, and how exact ones become whole.
//!
//! Its invariant: whole shares sum to what was to be shared.

use crate::allocation::{give_out, split};
use crate::{ExactPoints, Points, PointsError};

/// What a step gives to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// The step does not touch it.
    Untouched,
    /// It would get something, and does not: only the reason is told.
    Lost,
    /// So much.
    Gets(ExactPoints),
}

impl Share {
    /// So much where a line is touched.
    pub(super) fn of(is_touched: bool, exact: ExactPoints) -> Self {
        if is_touched {
            Self::Gets(exact)
        } else {
            Self::Untouched
        }
    }

    pub(super) fn exact(self) -> ExactPoints {
        match self {
            Self::Gets(exact) => exact,
            Self::Untouched | Self::Lost => ExactPoints::ZERO,
        }
    }
}

/// What shares are together.
pub(super) fn sum(shares: &[Share]) -> Result<ExactPoints, PointsError> {
    let mut sum = ExactPoints::ZERO;
    for share in shares {
        sum = sum.checked_add(share.exact())?;
    }
    Ok(sum)
}

/// Exact points as whole ones that sum to `total`, which is their sum rounded up or down: each rounded
/// down, then one more for the largest remainders.
pub(super) fn whole_shares(
    total: Points,
    exacts: &[ExactPoints],
    ids: &[&str],
) -> Result<Vec<i64>, PointsError> {
    let mut shares = Vec::with_capacity(exacts.len());
    let mut remainders = Vec::with_capacity(exacts.len());
    for exact in exacts {
        let (whole, remainder) = exact.split();
        shares.push(i64::try_from(whole).map_err(|_| PointsError)?);
        remainders.push(remainder);
    }
    let given = shares.iter().copied().fold(0, i64::saturating_add);
    let left = total.get().saturating_sub(given);
    give_out(left, &mut shares, &remainders, ids);
    Ok(shares)
}

/// The same shares with whole points that sum to `total`: by largest remainder where that is their sum
/// rounded, and in proportion to what they are where it is less.
pub(super) fn spread(
    all_ids: &[&str],
    shares: &[Share],
    total: Points,
    is_rounding: bool,
) -> Result<Vec<Share>, PointsError> {
    let (mut exacts, mut ids) = (Vec::new(), Vec::new());
    for (id, share) in all_ids.iter().zip(shares) {
        if let Share::Gets(exact) = share {
            exacts.push(*exact);
            ids.push(*id);
        }
    }
    let found = if is_rounding {
        whole_shares(total, &exacts, &ids)?
    } else {
        split(total.get(), &weights(&exacts), &ids)
    };
    let mut found = found.into_iter();
    let mut spread = Vec::with_capacity(shares.len());
    for share in shares {
        spread.push(match share {
            Share::Gets(_) => Share::Gets(ExactPoints::whole(found.next().unwrap_or(0).into())),
            other => *other,
        });
    }
    Ok(spread)
}

/// Exact points as weights: halved so often that a thousand of them fit together.
fn weights(exacts: &[ExactPoints]) -> Vec<i64> {
    let most = exacts.iter().copied().max().unwrap_or(ExactPoints::ZERO);
    let mut times = 0;
    while times < 127
        && most
            .halved(times)
            .is_none_or(|weight| weight > i64::MAX / 10_000)
    {
        times = times.saturating_add(1);
    }
    let weight = |exact: &ExactPoints| exact.halved(times).unwrap_or(0);
    exacts.iter().map(weight).collect()
}
