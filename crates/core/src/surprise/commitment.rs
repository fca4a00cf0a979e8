//! The commitment to a seed: its digest, published before anything is drawn with it.
//!
//! Owns its text, nothing else. Its invariant: 32 bytes, the SHA-256 of the seed.

use std::fmt;
use std::str::FromStr;

use crate::hex::{DIGEST_BYTES, parse_digest, write_digest};

const PREFIX: &str = "sha256:";

/// The SHA-256 of a seed, written as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment([u8; DIGEST_BYTES]);

/// The text is no commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a commitment is \"sha256:\" and the 64 hexadecimal digits of the seed's SHA-256")]
pub struct CommitmentError;

impl Commitment {
    /// From a digest.
    #[must_use]
    pub fn from_digest(digest: [u8; DIGEST_BYTES]) -> Self {
        Self(digest)
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> [u8; DIGEST_BYTES] {
        self.0
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        write_digest(&self.0, f)
    }
}

/// Lower-case digits only: one commitment has one text.
impl FromStr for Commitment {
    type Err = CommitmentError;

    fn from_str(text: &str) -> Result<Self, CommitmentError> {
        let hex = text.strip_prefix(PREFIX);
        let digest = hex.and_then(parse_digest).ok_or(CommitmentError)?;
        Ok(Self(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_has_one_text() {
        let text = "sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
        let read: Commitment = text.parse().expect("a commitment");
        assert_eq!(read.to_string(), text);
        assert_eq!(
            read.digest()
                .iter()
                .map(|byte| u32::from(*byte))
                .sum::<u32>(),
            465 + 255
        );
        for wrong in [
            "",
            "sha256:",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff",
            &text.replace('a', "A"),
            &text.replace("ff", "f"),
            &text.replace("ff", "ffff"),
            &text.replace("ff", "fg"),
            &text.replace("ff", "é"),
            &text.replace("sha256", "sha512"),
        ] {
            assert_eq!(wrong.parse::<Commitment>(), Err(CommitmentError), "{wrong}");
        }
    }
}
