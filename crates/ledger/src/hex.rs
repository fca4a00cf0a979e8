//! Bytes as lower-case hexadecimal: digests, hashes and random ids.

use std::fmt::Write as _;

/// Two digits for each byte.
///
/// # Panics
/// Never: a `String` takes whatever is written to it.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a String takes whatever is written to it");
    }
    text
}
