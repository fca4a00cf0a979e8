//! Splitting a whole into whole shares, by largest remainder, so that no unit is lost or made.
//!
//! Also known as Hamilton's method: every share is first rounded down, then the units left over go to
//! the largest remainders. Ties go to the smaller key, so the order of the shares does not matter.

use crate::ranking::Ranking;

/// Splits `total` minor units over `weights`; the shares sum to `total`.
///
/// A share is `total * weight / sum`, rounded down or up by less than one unit, and so is never more
/// than its weight when `total <= sum`. When all weights are zero the shares are equal. `keys` break
/// ties and must be distinct; `total` and the weights are zero or more, as is, in an `i64`, their sum.
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

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn check(total: i64, weights: &[i64], shares: &[i64]) {
        let keys = ["a", "b", "c", "d", "e"];
        let keys = keys.get(..weights.len()).expect("few weights");
        assert_eq!(
            split(total, weights, keys),
            shares,
            "{total} over {weights:?}"
        );
    }

    #[test]
    fn what_does_not_divide_goes_to_the_largest_remainders() {
        check(100, &[], &[]);
        check(0, &[1, 2], &[0, 0]);
        check(7, &[0], &[7]);
        check(7, &[5], &[7]);
        check(10, &[1, 2, 4], &[1, 3, 6]);
        check(100, &[1, 1, 1], &[34, 33, 33]);
        check(101, &[1, 1, 1], &[34, 34, 33]);
        check(1, &[1, 1, 1, 1, 1], &[1, 0, 0, 0, 0]);
        check(5, &[0, 0, 0], &[2, 2, 1]);
        check(5, &[0, 3, 0], &[0, 5, 0]);
        check(3, &[0, 1, 0, 1], &[0, 2, 0, 1]);
    }

    #[test]
    fn the_largest_amounts_are_split_to_the_last_unit() {
        let most = crate::limits::MAX_AMOUNT_MINOR;
        check(most, &[most], &[most]);
        check(most - 1, &[1, most - 1], &[1, most - 2]);
        check(
            most,
            &[1, 1, 1],
            &[
                333_333_333_333_334,
                333_333_333_333_333,
                333_333_333_333_333,
            ],
        );
        check(
            most / 2,
            &[most / 3, most / 3, most / 3 + 1],
            &[
                166_666_666_666_667,
                166_666_666_666_666,
                166_666_666_666_667,
            ],
        );
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_whole_and_lie_within_one_unit(
            total in prop_oneof![0..100_i64, 0..1_000_000_000_000_000_i64],
            weights in vec(prop_oneof![Just(0), 0..50_i64, 0..1_000_000_000_000_i64], 1..30),
        ) {
            let keys: Vec<String> = (0..weights.len()).map(|nth| format!("k{nth}")).collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let shares = split(total, &weights, &keys);
            prop_assert_eq!(shares.iter().sum::<i64>(), total);
            let sum: i128 = weights.iter().copied().map(i128::from).sum();
            for (share, weight) in shares.into_iter().zip(weights) {
                if sum > 0 {
                    let distance = i128::from(share) * sum - i128::from(total) * i128::from(weight);
                    prop_assert!(-sum < distance && distance < sum);
                    prop_assert!(i128::from(total) > sum || share <= weight);
                }
            }
        }

        #[test]
        fn the_order_of_the_shares_does_not_matter(
            total in 0..1_000_i64,
            (one, other) in vec(0..20_i64, 1..20).prop_flat_map(|weights| {
                let named: Vec<(String, i64)> = (0..).map(|nth| format!("k{nth}")).zip(weights).collect();
                (Just(named.clone()), Just(named).prop_shuffle())
            }),
        ) {
            let by_key = |named: &[(String, i64)]| {
                let weights: Vec<i64> = named.iter().map(|(_, weight)| *weight).collect();
                let keys: Vec<&str> = named.iter().map(|(key, _)| key.as_str()).collect();
                let shares = split(total, &weights, &keys);
                let named: std::collections::BTreeMap<_, _> =
                    keys.into_iter().map(str::to_owned).zip(shares).collect();
                named
            };
            prop_assert_eq!(by_key(&one), by_key(&other));
        }
    }
}
