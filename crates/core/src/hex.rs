//! A digest of 32 bytes as text: 64 lower-case hexadecimal digits.
//!
//! Its invariant: one digest has one text, so texts can be compared as they are.

use std::fmt;

/// Bytes of a SHA-256.
pub(crate) const DIGEST_BYTES: usize = 32;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

pub(crate) fn write_digest(digest: &[u8; DIGEST_BYTES], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// `None` where it is anything but 64 lower-case digits.
pub(crate) fn parse_digest(text: &str) -> Option<[u8; DIGEST_BYTES]> {
    let text = text.as_bytes();
    if text.len() != DIGEST_BYTES.saturating_mul(2) {
        return None;
    }
    let digit = |byte: &u8| DIGITS.iter().position(|known| known == byte);
    let mut digest = [0; DIGEST_BYTES];
    for (byte, pair) in digest.iter_mut().zip(text.chunks(2)) {
        let mut value = 0_usize;
        for digit in pair.iter().map(digit) {
            value = (value << 4) | digit?;
        }
        *byte = u8::try_from(value).ok()?;
    }
    Some(digest)
}
