//! Documents as JSON text: what is answered, and what is kept.

use serde::Serialize;

/// A document as JSON text.
///
/// # Panics
/// Never, for documents of ours.
pub fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).expect("our documents have text keys and no failing fields")
}
