//! Splitting a whole into whole shares, by largest remainder, so that no unit is lost or made.
//!
//! Also known as Hamilton's method: every share is first rounded down, then the units left over go to
//! the largest remainders. Ties go to the smaller key, so the order of the shares does not matter.

use crate::ranking::Ranking;

/// Splits `total` minor units over `weights`; the shares sum to `total`.
///
/// A share is `total * weight / sum`, rounded down or up by less than one unit, and so is never more
/// than its weight when `total <= sum`. When all weights are zero the shares are equal. `keys` break
/// ties and must be distinct; `total` and the weights are zero or more.
///
/// ```
/// # use earnest_core::allocation::split;
/// assert_eq!(split(100, &[1, 1, 1], &["a", "b", "c"]), [34, 33, 33]);
/// assert_eq!(split(5, &[3, 0, 1], &["a", "b", "c"]), [4, 0, 1]);
/// ```
#[must_use]
pub fn split(total: i64, weights: &[i64], keys: &[&str]) -> Vec<i64> {
    let sum = weights
        .iter()
        .map(|weight| i128::from(*weight))
        .fold(0, i128::saturating_add);
    if sum == 0 && !weights.is_empty() {
        return split(total, &vec![1; weights.len()], keys);
    }
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for weight in weights {
        let product = i128::from(total).saturating_mul(i128::from(*weight));
        // Rounded down: the units that this leaves over are given out below.
        let (share, remainder) = divide(product, sum);
        shares.push(share);
        remainders.push(remainder);
    }
    let given = shares.iter().copied().fold(0, i64::saturating_add);
    give_out(total.saturating_sub(given), &mut shares, &remainders, keys);
    shares
}

/// Quotient, rounded down, and remainder; both fit, since no weight is more than their sum.
fn divide(product: i128, sum: i128) -> (i64, i64) {
    // Nearly all fit an i64, which machines divide many times quicker.
    if let (Ok(product), Ok(sum)) = (i64::try_from(product), i64::try_from(sum)) {
        return (
            product.checked_div(sum).unwrap_or(0),
            product.checked_rem(sum).unwrap_or(0),
        );
    }
    let whole = |number: Option<i128>| number.and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    (
        whole(product.checked_div(sum)),
        whole(product.checked_rem(sum)),
    )
}

/// Gives `left` units, one each, to the shares with the largest remainders.
pub(crate) fn give_out(left: i64, shares: &mut [i64], remainders: &[i64], keys: &[&str]) {
    let Ok(left @ 1..) = usize::try_from(left) else {
        return;
    };
    let mut ranking = Ranking::default();
    for (place, (remainder, key)) in remainders.iter().zip(keys).enumerate() {
        ranking.add(*remainder, key, place);
    }
    for (_, place) in ranking.take(left) {
        if let Some(share) = shares.get_mut(place) {
            *share = share.saturating_add(1);
        }
    }
}
