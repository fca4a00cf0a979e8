//! Seeds: what surprises are drawn with, secret until they are revealed.
//!
//! Invariant: a seed that was told draws nothing any more, and a batch that gave something by one meets who tells it
//! meanwhile as a conflict.

use earnest_core::Timestamp;
use serde::Deserialize;

use super::{Rows, Statement, StoreError};
use crate::json;

/// Seeds that a shop draws with at once at most: each is read with every order.
pub const MAX_SEEDS: usize = 50;

/// A seed as it is stored.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SeedRow {
    /// The commitment to it, as programs name it.
    pub commitment: String,
    /// Its bytes, hexadecimal.
    pub seed: String,
    /// When it came, in milliseconds.
    pub created_at: i64,
    /// When it was revealed.
    pub revealed_at: Option<i64>,
}

/// Not the seed: what is debugged gets logged.
impl std::fmt::Debug for SeedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SeedRow")
            .field("commitment", &self.commitment)
            .field("revealed_at", &self.revealed_at)
            .finish_non_exhaustive()
    }
}

/// The seeds that a statement found.
///
/// # Errors
/// Where a row is not as the ledger keeps it.
pub fn seeds(rows: &impl Rows) -> Result<Vec<SeedRow>, StoreError> {
    rows.all()
}

/// Finds the seeds that a shop draws with.
pub fn load_in_use(shop: &str) -> Statement {
    Statement::new(
        "SELECT commitment, seed, created_at, revealed_at FROM seeds INDEXED BY seeds_in_use \
         WHERE shop = ?1 AND revealed_at IS NULL",
        [shop.into()],
    )
}

/// Finds seeds by the commitments to them.
pub fn load(shop: &str, commitments: &[String]) -> Statement {
    Statement::new(
        "SELECT commitment, seed, created_at, revealed_at FROM json_each(?2) CROSS JOIN seeds \
         ON seeds.shop = ?1 AND commitment = value",
        [shop.into(), json(&commitments).as_str().into()],
    )
}

/// Finds the seed that was made under a key; none for no key.
pub fn load_by_key(shop: &str, key: Option<&str>) -> Statement {
    Statement::new(
        "SELECT commitment, seed, created_at, revealed_at FROM seeds \
         WHERE shop = ?1 AND idempotency_key = ?2",
        [shop.into(), key.into()],
    )
}

/// Keeps a seed, under the key of the request that makes it. Of two under one key one is first.
pub fn store(
    shop: &str,
    commitment: &str,
    seed: &str,
    key: Option<&str>,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO seeds (shop, commitment, seed, created_at, idempotency_key) VALUES (?1, ?2, ?3, ?4, ?5)",
        [
            shop.into(),
            commitment.into(),
            seed.into(),
            now.into(),
            key.into(),
        ],
    )
}

/// Takes a seed out of use, for good.
pub fn store_revealed(shop: &str, commitment: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE seeds SET revealed_at = ?3 WHERE shop = ?1 AND commitment = ?2",
        [shop.into(), commitment.into(), now.into()],
    )
}

/// Changes nothing, in a batch that gives something by a seed. Where it has been revealed it is a conflict: another
/// writer was first.
pub(crate) fn check_in_use(shop: &str, commitment: &str) -> Statement {
    Statement::new(
        "UPDATE seeds SET revealed_at = NULL WHERE shop = ?1 AND commitment = ?2",
        [shop.into(), commitment.into()],
    )
}
