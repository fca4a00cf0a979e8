//! Splitting a whole into whole shares, by largest remainder, so that no unit is lost or made.
//!
//! Also known as Hamilton's method: every share is first rounded down, then the units left over go to
//! the largest remainders. Ties go to the smaller key, so the order of the shares does not matter.

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
pub fn split<K: Ord>(total: i64, weights: &[i64], keys: &[K]) -> Vec<i64> {
    let sum: i128 = weights
        .iter()
        .map(|weight| i128::from(*weight))
        .fold(0, i128::saturating_add);
    if sum == 0 {
        if weights.is_empty() {
            return Vec::new();
        }
        return split(total, &vec![1; weights.len()], keys);
    }
    let (mut shares, remainders): (Vec<i64>, Vec<i128>) = weights
        .iter()
        .map(|weight| {
            let product = i128::from(total).saturating_mul(i128::from(*weight));
            // Rounded down: the units that this leaves over are given out below.
            let share = product.checked_div(sum).unwrap_or(0);
            let remainder = product.checked_rem(sum).unwrap_or(0);
            (i64::try_from(share).unwrap_or(i64::MAX), remainder)
        })
        .unzip();
    let given: i64 = shares.iter().copied().fold(0, i64::saturating_add);
    give_out(total.saturating_sub(given), &mut shares, &remainders, keys);
    shares
}

/// Gives `left` units, one each, to the shares with the largest remainders.
pub(crate) fn give_out<R: Ord, K: Ord>(
    left: i64,
    shares: &mut [i64],
    remainders: &[R],
    keys: &[K],
) {
    let Ok(left) = usize::try_from(left) else {
        return;
    };
    if left == 0 {
        return;
    }
    let mut ranked: Vec<_> = remainders.iter().zip(keys).zip(shares).collect();
    ranked.sort_unstable_by(|((a, a_key), _), ((b, b_key), _)| b.cmp(a).then(a_key.cmp(b_key)));
    for (_, share) in ranked.into_iter().take(left) {
        *share = share.saturating_add(1);
    }
}
