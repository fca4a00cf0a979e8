//! Randomness, from the runtime's cryptographic source: new ids, and who steps aside for how long.

use crate::problem::Failure;
use earnest_ledger::{Codes, hex};

/// A new member's id: 128 bits, which nobody guesses and no two share.
pub(crate) fn member_id() -> Result<String, Failure> {
    Ok(format!("mem_{}", hex(&bytes::<16>()?)))
}

/// A new quote's id: 128 bits too.
pub(crate) fn quote_id() -> Result<String, Failure> {
    Ok(format!("quo_{}", hex(&bytes::<16>()?)))
}

/// What the codes of one booking's gifts are made of: 256 bits.
pub(crate) fn codes() -> Result<Codes, Failure> {
    Ok(Codes::from_random(bytes()?))
}

/// A number below `limit`, evenly enough for a pause.
pub(crate) fn below(limit: u64) -> Result<u64, Failure> {
    let number = u64::from_le_bytes(bytes()?);
    Ok(number.checked_rem(limit).unwrap_or(0))
}

/// So many random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Failure::internal)?;
    Ok(bytes)
}
