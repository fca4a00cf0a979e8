//! What is known of an e-mail address. The address itself comes nowhere near the ledger.

use crate::hex;

/// The keyed hash of a normalised address, hexadecimal. Whoever makes one has the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailHash(String);

impl EmailHash {
    /// Of the bytes of a keyed hash.
    pub fn new(hash: &[u8; 32]) -> Self {
        Self(hex(hash))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
