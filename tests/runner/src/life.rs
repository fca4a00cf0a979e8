//! Stories of a member, or of several, step by step: the life of points, and what she is given.
//!
//! Owns the format, and tells a file. Run here by the same `plan` that the edge stores; `tests/it/life_at_edge.rs` asks a
//! running edge for each step. Its invariant: a story is over with the first step that differs.

mod one;
mod several;

use std::collections::BTreeMap;

use earnest_core::wire::CartDocument;
use serde::Deserialize;

use self::several::Lives;
use crate::{Outcome, all_published, difference, instant, parsed};

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
    /// Whether the two are of one household.
    #[serde(default)]
    pub household: bool,
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
#[derive(Debug, Deserialize)]
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
#[derive(Debug, Deserialize)]
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
    /// What comes of it for the other member, where there is one.
    pub other: Option<Box<Expected>>,
}

/// Runs a file; a story is over with the first step that differs.
pub(crate) fn run(text: &str) -> Outcome {
    let Vectors { programs, stories } = parsed(text);
    let programs = all_published(&programs);
    let mut outcome = Outcome::default();
    for story in &stories {
        let program = &programs[story.program.as_str()];
        let mut lives = Lives::new(program, instant(&story.steps[0].at));
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

impl Expected {
    fn refused(code: &str) -> Self {
        Self {
            refused: Some(code.to_owned()),
            ..Self::default()
        }
    }
}
