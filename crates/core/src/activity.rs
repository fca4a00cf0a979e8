//! An activity: something that a member did, other than to buy.
//!
//! Owns its checks. What it earns is decided by the rules that answer to its kind.

use crate::limits::{MAX_ID_BYTES, MAX_LABELS_PER_LINE, MAX_QUANTITY};
use crate::{Line, ON_ORDER};

/// A checked activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    line: [Line; 1],
}

/// What is wrong with an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivityError {
    /// The id cannot name it.
    #[error("an id has 1 to {MAX_ID_BYTES} bytes")]
    IdUnusable,
    /// The kind cannot name what was done.
    #[error("a kind has 1 to {MAX_ID_BYTES} bytes, and is not \"{ON_ORDER}\"")]
    KindUnusable,
    /// Too many tags, or one that is too long.
    #[error(
        "an activity has at most {MAX_LABELS_PER_LINE} tags, of 1 to {MAX_ID_BYTES} bytes each"
    )]
    TagsUnusable,
    /// The quantity is out of range.
    #[error("a quantity is a whole number from 1 to {MAX_QUANTITY}")]
    QuantityOutOfRange,
}

impl Activity {
    /// Checks an activity: its id, what was done (`review`), tags of it (`photo`), and how much of it.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn new(
        id: String,
        kind: String,
        tags: Vec<String>,
        quantity: u32,
    ) -> Result<Self, ActivityError> {
        let names = |text: &String| (1..=MAX_ID_BYTES).contains(&text.len());
        if !names(&id) {
            return Err(ActivityError::IdUnusable);
        }
        if !names(&kind) || kind == ON_ORDER {
            return Err(ActivityError::KindUnusable);
        }
        if tags.len() > MAX_LABELS_PER_LINE || !tags.iter().all(names) {
            return Err(ActivityError::TagsUnusable);
        }
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            return Err(ActivityError::QuantityOutOfRange);
        }
        let line = Line {
            id,
            product: kind,
            tags,
            quantity,
            ..Line::default()
        };
        Ok(Self { line: [line] })
    }

    /// Names the activity, so that a second delivery is one.
    #[must_use]
    pub fn id(&self) -> &str {
        let [line] = &self.line;
        &line.id
    }

    /// What was done.
    #[must_use]
    pub fn kind(&self) -> &str {
        let [line] = &self.line;
        &line.product
    }

    /// The activity as the one line of an order that costs nothing.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_activity_has_a_name_a_kind_and_a_size() {
        let check = |id: &str, kind: &str, tag: &str, quantity, told| {
            let made = Activity::new(id.into(), kind.into(), vec![tag.into()], quantity);
            assert_eq!(made.map(|_| ()), told, "{id} {kind} {tag} {quantity}");
        };
        check("a1", "review", "photo", 1, Ok(()));
        check("a1", "review", "photo", MAX_QUANTITY, Ok(()));
        check("", "review", "photo", 1, Err(ActivityError::IdUnusable));
        check("a1", "order", "photo", 1, Err(ActivityError::KindUnusable));
        check("a1", "review", "", 1, Err(ActivityError::TagsUnusable));
        check(
            "a1",
            "review",
            "photo",
            0,
            Err(ActivityError::QuantityOutOfRange),
        );
    }
}
