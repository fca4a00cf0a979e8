//! The `Idempotency-Key` of a request: the name under which it is done once.
//!
//! Invariant: it is a text that comes through a header unharmed.

use crate::call::Call;
use crate::text::{NameError, check_name};

/// Why an `Idempotency-Key` cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IdempotencyKeyError {
    #[error("send an Idempotency-Key, a name for this adjustment, so that it is booked once")]
    Missing,
    #[error("the Idempotency-Key {0}")]
    Unusable(NameError),
    /// Beyond ASCII a header is bytes of an unknown encoding, and what cannot be read becomes the same
    /// replacement character: two keys would be one.
    #[error(
        "the Idempotency-Key must be of ASCII characters, which alone come through headers as they are"
    )]
    NotAscii,
    #[error("this Idempotency-Key was used for another request; give each its own")]
    Reused,
}

/// The key of a request, where it has one.
pub(crate) fn of(call: &Call) -> Result<Option<String>, IdempotencyKeyError> {
    let key = call.header("idempotency-key");
    key.as_deref().map_or(Ok(()), check_key)?;
    Ok(key)
}

fn check_key(key: &str) -> Result<(), IdempotencyKeyError> {
    check_name(key).map_err(IdempotencyKeyError::Unusable)?;
    if key.is_ascii() {
        Ok(())
    } else {
        Err(IdempotencyKeyError::NotAscii)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_that_comes_through_a_header_unharmed() {
        use IdempotencyKeyError::{NotAscii, Unusable};
        let check = |key: &str, expected| assert_eq!(check_key(key), expected, "{key:?}");
        check("refund of 1001", Ok(()));
        check("", Err(Unusable(NameError::Empty)));
        check("cl\u{e9}", Err(NotAscii));
        // What two bytes that are no UTF-8 both become.
        check("\u{fffd}", Err(NotAscii));
    }
}
