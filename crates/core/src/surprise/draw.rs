//! The draw itself: keyed hashes, which the browser module goes without.
//!
//! Owns the bytes that are hashed; the formula and its reasons are told in [`surprise`](super). Its
//! invariant: the same seed, surprise and order always draw the same number.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Commitment;

/// Bytes that a seed has at least. A shorter one could be found from its digest by trying.
pub const MIN_SEED_BYTES: usize = 32;

impl Commitment {
    /// The commitment to a seed.
    #[must_use]
    pub fn to(seed: &[u8]) -> Self {
        Self::from_digest(Sha256::digest(seed).into())
    }

    /// Whether it is the commitment to this seed. The seed is public when this is asked, so the time that it
    /// takes tells nothing.
    #[must_use]
    pub fn is_of(&self, seed: &[u8]) -> bool {
        *self == Self::to(seed)
    }
}

/// Whether a seed is the one that was committed to: the first step of an audit.
#[must_use]
pub fn verify(seed: &[u8], commitment: &Commitment) -> bool {
    commitment.is_of(seed)
}

/// The number that is drawn for an order.
///
/// ```
/// # use earnest_core::surprise::{draw, is_drawn};
/// let seed = b"32 random bytes, kept by the shop";
/// let drawn = draw(seed, "extra", "1001");
/// assert_eq!(drawn, draw(seed, "extra", "1001"));
/// assert_ne!(drawn, draw(seed, "extra", "1002"));
/// assert!(is_drawn(drawn, 1));
/// ```
///
/// # Panics
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn draw(seed: &[u8], surprise_id: &str, order_id: &str) -> u64 {
    let mut mac = Hmac::<Sha256>::new_from_slice(seed).expect("HMAC takes a key of any length");
    mac.update(surprise_id.as_bytes());
    mac.update(&[0]);
    mac.update(order_id.as_bytes());
    let digest = mac.finalize().into_bytes();
    let first = digest.iter().take(8);
    first.fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::super::is_drawn;
    use super::*;

    const SEED: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn a_seed_is_told_from_others_by_its_commitment() {
        let commitment = Commitment::to(SEED);
        // As `sha256sum` tells it.
        assert_eq!(
            commitment.to_string(),
            "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
        );
        assert!(verify(SEED, &commitment));
        assert!(!verify(b"another", &commitment) && !verify(b"", &commitment));
    }

    #[test]
    fn what_is_drawn_is_pinned_and_depends_on_every_part() {
        // As Python's `hmac` computes it.
        assert_eq!(draw(SEED, "extra", "1001"), 17_352_069_866_865_395_829);
        let base = draw(SEED, "extra", "1001");
        assert_ne!(base, draw(SEED, "extra", "1002"));
        assert_ne!(base, draw(SEED, "other", "1001"));
        assert_ne!(base, draw(b"another", "extra", "1001"));
        assert_ne!(draw(SEED, "extra1", "001"), draw(SEED, "extra", "1001"));
    }

    #[test]
    fn about_one_order_in_n_is_drawn() {
        let check = |one_in: u32, orders: u32, least: usize, most: usize| {
            let drawn = (0..orders)
                .filter(|order| is_drawn(draw(SEED, "extra", &order.to_string()), one_in))
                .count();
            assert!(
                (least..=most).contains(&drawn),
                "{drawn} of {orders}, 1 in {one_in}"
            );
        };
        // Four standard deviations around the mean; the draws never change, so this never fails by chance.
        check(1, 1_000, 1_000, 1_000);
        check(2, 10_000, 4_800, 5_200);
        check(7, 10_000, 1_289, 1_569);
        check(100, 20_000, 144, 256);
    }
}
