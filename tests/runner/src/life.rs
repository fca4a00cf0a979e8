//! Stories of a member, or of several, step by step: the life of points, and what she is given.
//!
//! Owns the format, and tells a file. Run here by the same `plan` that the edge stores; `tests/it/life_at_edge.rs` asks a
//! running edge for each step. Its invariant: a story is over with the first step that differs.

mod counter;
mod guests;
mod one;
mod quoted;
mod several;

use std::collections::BTreeMap;

use earnest_core::Cart;
use earnest_core::wire::{CartDocument, SnapshotDocument};
use serde::Deserialize;
use serde_json::Value;

use self::several::Lives;
use crate::{Outcome, all_published, difference, parsed};

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// Program files by name.
    pub programs: BTreeMap<String, String>,
    /// What happens to members of theirs.
    pub stories: Vec<Story>,
}

/// What happens to members, who all joined a moment before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it shows.
    pub name: String,
    /// How its answers are worked out by hand.
    pub why: String,
    /// The program of her shop.
    pub program: String,
    /// One after another.
    pub steps: Vec<Step>,
}

/// What is done, and what is so then.
#[derive(Debug, Deserialize)]
pub struct Step {
    /// When.
    pub at: String,
    /// Who does it: `ada` where it does not say.
    #[serde(default = "first")]
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub act: Act,
    /// What comes of it.
    pub expect: Expected,
}

/// What is done.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// She has paid an order.
    Order(Box<OrderAct>),
    /// She has done something else.
    Activity(ActivityAct),
    /// She sends something back.
    Refund(RefundAct),
    /// She asks for rewards.
    Redeem(RedeemAct),
    /// What a redemption holds is spent.
    Commit(String),
    /// What a redemption holds is free again.
    Release(String),
    /// Somebody gives or takes points.
    Adjust {
        /// Names it.
        key: String,
        /// How many.
        points: i64,
    },
    /// She gives points to another member.
    Transfer(TransferAct),
    /// She turns out to be another member as well.
    Merge {
        /// Who she is from now on.
        into: String,
    },
    /// She joins, or says what was not known of her.
    Enrol {
        /// Her e-mail.
        email: String,
        /// The shop's own name for her.
        customer: Option<String>,
    },
    /// Somebody asks for a quote.
    Quote(Box<QuoteAct>),
    /// The shop publishes another program of the file.
    Publish(String),
    /// She lives in a household from now on; null in none.
    Household(Option<String>),
    /// She tries the membership.
    Trial(()),
    /// Nothing: time has passed.
    Settle(()),
}

/// Points that go to another member.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferAct {
    /// Names it.
    pub id: String,
    /// Who gets them.
    pub to: String,
    /// How many.
    pub points: i64,
}

fn first() -> String {
    "ada".to_owned()
}

/// An order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderAct {
    /// Its id.
    pub id: String,
    /// What was bought.
    pub cart: CartDocument,
    /// When; the step's time where it does not say.
    pub placed_at: Option<String>,
    /// What it was paid with.
    #[serde(default)]
    pub redemptions: Vec<String>,
    /// The e-mail of who bought, where that is all that is known of her.
    pub email: Option<String>,
    /// The shop's own name for who bought, where that is all; where an account makes a member, it makes her one.
    pub customer: Option<String>,
    /// The quote that it brings.
    pub quote: Option<String>,
    /// Or one that somebody has changed.
    pub forged: Option<String>,
}

/// A quote that is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteAct {
    /// Names it in the story.
    pub id: String,
    /// What is about to be bought.
    pub cart: CartDocument,
    /// Who asks.
    #[serde(default)]
    pub by: QuotedBy,
    /// What a page says of its member.
    pub member: Option<SnapshotDocument>,
}

/// Who asks for a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotedBy {
    /// The shop's server, for the member whom the step names.
    #[default]
    Server,
    /// A page, for whoever buys.
    Page,
    /// The server of another shop, for whoever buys.
    Elsewhere,
}

/// An activity.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityAct {
    /// Its id.
    pub id: String,
    /// What it was.
    pub kind: String,
    /// How many.
    #[serde(default = "once")]
    pub quantity: u32,
}

fn once() -> u32 {
    1
}

/// What comes back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundAct {
    /// The refund's id.
    pub id: String,
    /// The order's.
    pub order: String,
    /// All that is left, where it does not say.
    pub lines: Option<Vec<LineAct>>,
}

/// A line that comes back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineAct {
    /// Its id.
    pub id: String,
    /// Units of it.
    #[serde(default)]
    pub quantity: u32,
    /// Or an amount.
    pub amount: Option<String>,
}

/// Rewards that she asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemAct {
    /// The redemption's id.
    pub id: String,
    /// The rewards.
    pub rewards: Vec<WishAct>,
}

/// A reward that she asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishAct {
    /// Its id.
    pub id: String,
    /// Points, where she may say how many.
    pub points: Option<i64>,
}

/// What comes of a step; 0, none, or nothing, where it does not say.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Expected {
    /// The code of the refusal; then nothing else is said.
    pub refused: Option<String>,
    /// Entries, each by its kind and points.
    pub entries: Vec<String>,
    /// Events, each by its type.
    pub events: Vec<String>,
    /// What she was given besides what the order or activity earned, each by its giver and what it is.
    pub gifts: Vec<String>,
    /// Points that she may spend.
    pub free: i64,
    /// Points that wait.
    pub pending: i64,
    /// Points that are held.
    pub held: i64,
    /// Points that she owes.
    pub owed: i64,
    /// Her tier.
    pub tier: Option<String>,
    /// What is on the balance of money, where the story is about one.
    pub credit: Option<i64>,
    /// What she and those who live with her may spend, where the story is about a household.
    pub household: Option<i64>,
    /// What is told of an order or a refund of nobody, as `guest 40`, of a refund that comes before its order, as
    /// `waiting 0`, and of what is quoted: `quoted 40`.
    pub told: Option<String>,
    /// What became of the quote that an order brought, and the points that it had told: `honoured 40`.
    pub quote: Option<String>,
    /// What comes of it for the other member, where there is one.
    pub other: Option<Box<Expected>>,
}

/// Runs a file; a story is over with the first step that differs.
pub(crate) fn run(text: &str) -> Outcome {
    let Vectors { programs, stories } = parsed(text);
    let programs = all_published(&programs);
    let mut outcome = Outcome::default();
    for story in &stories {
        let mut lives = Lives::new(&programs, story);
        let mut steps = story.steps.iter().enumerate();
        let differs = steps.find_map(|(nth, step)| {
            let found = lives.step(step);
            let differs = difference(&step.expect, &found, |it| format!("{it:?}"))?;
            Some(format!("step {nth} at {}\n  {differs}", step.at))
        });
        outcome.add(&story.name, &story.why, differs);
    }
    outcome
}

impl Act {
    /// Who else it is about.
    #[must_use]
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Transfer(it) => Some(&it.to),
            Self::Merge { into } => Some(into),
            _ => None,
        }
    }
}

/// What the answer to an order says of its quote, as a story tells it.
#[must_use]
pub fn quote_told(outcome: &Value) -> Option<String> {
    let is_honoured = outcome["honoured"].as_bool()?;
    let became = if is_honoured {
        "honoured"
    } else {
        outcome["reason"].as_str()?
    };
    let points = outcome["points"].as_i64();
    let points = points.map(|points| format!(" {points}"));
    Some(format!("{became}{}", points.unwrap_or_default()))
}

fn cart(document: &CartDocument) -> Cart {
    Cart::try_from(document.clone()).expect("a cart of the vectors")
}

impl Expected {
    /// Of a step that is nobody's.
    #[must_use]
    pub fn told(told: String) -> Self {
        Self {
            told: Some(told),
            ..Self::default()
        }
    }

    /// Of a step to which a rule says no.
    #[must_use]
    pub fn refused(code: &str) -> Self {
        Self {
            refused: Some(code.to_owned()),
            ..Self::default()
        }
    }
}
