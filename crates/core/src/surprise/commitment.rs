//! The commitment to a seed: its digest, published before anything is drawn with it.
//!
//! Owns its text, nothing else. Its invariant: 32 bytes, the SHA-256 of the seed.

use std::fmt;
use std::str::FromStr;

const BYTES: usize = 32;
const PREFIX: &str = "sha256:";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// The SHA-256 of a seed, written as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment([u8; BYTES]);

/// The text is no commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a commitment is \"sha256:\" and the 64 hexadecimal digits of the seed's SHA-256")]
pub struct CommitmentError;

impl Commitment {
    /// From a digest.
    #[must_use]
    pub fn from_digest(digest: [u8; BYTES]) -> Self {
        Self(digest)
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> [u8; BYTES] {
        self.0
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Lower-case digits only: one commitment has one text.
impl FromStr for Commitment {
    type Err = CommitmentError;

    fn from_str(text: &str) -> Result<Self, CommitmentError> {
        let hex = text.strip_prefix(PREFIX).ok_or(CommitmentError)?.as_bytes();
        if hex.len() != BYTES.saturating_mul(2) {
            return Err(CommitmentError);
        }
        let digit = |byte: &u8| HEX.iter().position(|known| known == byte);
        let mut digest = [0; BYTES];
        for (byte, pair) in digest.iter_mut().zip(hex.chunks(2)) {
            let mut value = 0_usize;
            for digit in pair.iter().map(digit) {
                value = (value << 4) | digit.ok_or(CommitmentError)?;
            }
            *byte = u8::try_from(value).map_err(|_| CommitmentError)?;
        }
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
