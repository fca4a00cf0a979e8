//! A scene: every word and number that the box shows at one moment.
//!
//! Owns the states of the box and their texts. It is pure, so that each state is tested without a
//! browser; what is put where is the painting's business. Its invariant: a text that is empty is not
//! shown.

mod says;

use earnest_core::{Earning, Program, Snapshot, Timestamp};

use self::says::Says;
use crate::tongue::Tongue;

/// What is known about the cart.
#[derive(Debug, Default)]
pub(crate) enum Preview {
    /// The page has not handed one in.
    #[default]
    Awaited,
    /// The page handed in something that is not a cart; its developer was told.
    Unreadable,
    /// What it earns.
    Earned(Earning),
}

/// How far joining has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Joining {
    #[default]
    Asking,
    Sending,
    Done,
}

/// Why the shopper could not join, and so what she can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Her own e-mail field is empty or no e-mail.
    Email,
    /// The page's field is empty or no e-mail.
    PageEmail,
    /// The terms are not ticked.
    Terms,
    /// Too many tries from here.
    TooMany,
    /// Anything that is not hers to mend.
    Failed,
}

/// What a scene is made of.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) program: &'a Program,
    pub(crate) preview: &'a Preview,
    pub(crate) member: Option<&'a Snapshot>,
    pub(crate) joining: Joining,
    pub(crate) obstacle: Option<Obstacle>,
    /// The page's e-mail; `None` where the page has no field for it.
    pub(crate) page_email: Option<&'a str>,
    /// The e-mail that joined.
    pub(crate) joined_email: &'a str,
    pub(crate) now: Timestamp,
}

/// The texts of a scene, by where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Tier,
    Lead,
    Number,
    Word,
    Tail,
    Worth,
    Balance,
    Next,
    Note,
    Problem,
    Using,
    Button,
    Already,
    Total,
}

/// What `box.js` calls the slots, in their order.
const PARTS: [&str; SLOTS] = [
    "tier",
    "lead",
    "number",
    "word",
    "tail",
    "worth",
    "balance",
    "next",
    "note",
    "problem",
    "using",
    "button",
    "alreadyNote",
    "total",
];

/// How many slots there are.
pub(crate) const SLOTS: usize = Slot::Total as usize + 1;

/// What the box shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scene {
    /// `waiting`, `guest`, `joining`, `joined`, `member` or `quiet`.
    pub(crate) state: &'static str,
    texts: [String; SLOTS],
    /// Asks her to join.
    pub(crate) asks: bool,
    /// Asks for her e-mail, which the page does not have.
    pub(crate) asks_email: bool,
    pub(crate) obstacle: Option<Obstacle>,
    /// Percent of the way from the member's tier to the next, before and after this order.
    pub(crate) progress: (i32, i32),
    /// A label and a step for each reason.
    pub(crate) reasons: Vec<(String, String)>,
}

impl Scene {
    pub(crate) fn of(facts: &Facts<'_>, tongue: &dyn Tongue) -> Self {
        let mut scene = Self::default();
        Says::new(facts, tongue).into_scene(&mut scene);
        scene
    }

    /// What `box.js` calls the slot.
    pub(crate) fn part(slot: usize) -> &'static str {
        PARTS[slot]
    }

    pub(crate) fn text(&self, slot: usize) -> &str {
        &self.texts[slot]
    }

    /// What a screen reader says of this scene after that one; nothing where it is the same, or the first.
    pub(crate) fn announcement_after(&self, before: &Self) -> String {
        let said = self.spoken();
        let first = before.state.is_empty() || before.state == "waiting";
        if first || said == before.spoken() {
            return String::new();
        }
        said
    }

    fn spoken(&self) -> String {
        let mut said = String::new();
        for slot in [Slot::Lead, Slot::Number, Slot::Word, Slot::Tail, Slot::Note] {
            let text = self.text(slot as usize);
            if !said.is_empty() && !text.is_empty() {
                said.push_str(if matches!(slot, Slot::Note) {
                    ". "
                } else {
                    " "
                });
            }
            said.push_str(text);
        }
        said
    }

    /// Puts a text together from its parts.
    fn say(&mut self, slot: Slot, parts: &[&str]) {
        self.texts[slot as usize] = parts.concat();
    }
}

impl Obstacle {
    /// What she can do.
    fn advice(self) -> &'static str {
        match self {
            Self::Email => "Enter your e-mail, like you@example.com.",
            Self::PageEmail => "Enter your e-mail in the order form first, then join.",
            Self::Terms => "Tick the membership terms to join.",
            Self::TooMany => "That was too often. Wait a minute, then try again.",
            Self::Failed => "Joining did not work just now. Try again, or order as usual.",
        }
    }
}

/// Whether it could be an e-mail; whether it is one, the edge decides.
pub(crate) fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|byte| *byte == b'@').unwrap_or(0);
    let host = bytes.get(at + 1..).unwrap_or_default();
    at > 0
        && host.contains(&b'.')
        && !host.contains(&b'@')
        && !host.ends_with(b".")
        && !bytes.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests;
