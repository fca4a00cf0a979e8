//! What is given besides an order's points: rewards, referrals, surprises, challenges.
//!
//! Every answer was worked out by hand; draws come from another implementation of HMAC. Each kind of question is one
//! file here, as it is one file of vectors.

pub mod challenges;
pub mod referral;
pub mod rewards;
pub mod surprise;

use std::collections::BTreeMap;

use earnest_core::reward::Gift;
use earnest_core::{Currency, Points, Program};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Outcome, all_published, document_difference, parsed};

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors<Question> {
    /// Program files by name.
    pub programs: BTreeMap<String, String>,
    /// Questions to them.
    pub cases: Vec<Case<Question>>,
}

/// A question, and its answer.
#[derive(Debug, Deserialize)]
pub struct Case<Question> {
    /// What it shows.
    pub name: String,
    /// How the answer is worked out by hand.
    pub why: String,
    /// The program that is asked.
    pub program: String,
    /// What is asked.
    #[serde(flatten)]
    pub question: Question,
    /// The answer.
    pub expect: Value,
}

/// Runs the file of a topic.
pub(crate) fn run(topic: &str, text: &str) -> Outcome {
    match topic {
        "challenges" => run_all(text, challenges::answer),
        "referral" => run_all(text, referral::answer),
        "rewards" => run_all(text, rewards::answer),
        "surprise" => run_all(text, surprise::answer),
        _ => panic!("there are no benefits called {topic}"),
    }
}

fn run_all<Question: DeserializeOwned>(
    text: &str,
    answer: fn(&Program, &Question) -> Value,
) -> Outcome {
    let Vectors { programs, cases } = parsed::<Vectors<Question>>(text);
    let programs = all_published(&programs);
    let mut outcome = Outcome::default();
    for case in &cases {
        let found = answer(&programs[case.program.as_str()], &case.question);
        let differs = document_difference(&case.expect, &found);
        outcome.add(&case.name, &case.why, differs);
    }
    outcome
}

fn points(count: i64) -> Points {
    Points::new(count).expect("points of the vectors")
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency of the vectors")
}

fn euro() -> String {
    "EUR".into()
}

fn told(gift: &Gift) -> Value {
    match gift {
        Gift::Points(points) => json!({ "points": points.get() }),
        Gift::Reward(reward) => json!({ "reward": reward }),
    }
}
