//! Texts that name something from outside: ids of orders and customers, idempotency keys.
//!
//! Invariant: a name that is stored has 1 to [`MAX_ID_BYTES`] bytes and no control characters.

use earnest_core::limits::MAX_ID_BYTES;

/// Why a text cannot name anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    #[error("must not be empty")]
    Empty,
    #[error("is too long: at most {MAX_ID_BYTES} bytes, these are {0}")]
    TooLong(usize),
    #[error("has control characters in it, which cannot name anything")]
    ControlCharacter,
}

/// Checks a name.
pub(crate) fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        Err(NameError::Empty)
    } else if name.len() > MAX_ID_BYTES {
        Err(NameError::TooLong(name.len()))
    } else if name.chars().any(char::is_control) {
        Err(NameError::ControlCharacter)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_neither_empty_nor_long_nor_invisible() {
        assert_eq!(check_name("1001"), Ok(()));
        assert_eq!(check_name(&"é".repeat(64)), Ok(()));
        assert_eq!(check_name(""), Err(NameError::Empty));
        assert_eq!(check_name(&"é".repeat(65)), Err(NameError::TooLong(130)));
        assert_eq!(check_name("\0"), Err(NameError::ControlCharacter));
        assert_eq!(check_name("a\nb"), Err(NameError::ControlCharacter));
    }
}
