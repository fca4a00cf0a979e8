//! Challenges in a published program.

use serde::{Deserialize, Serialize};

use super::read::{Read, UnreadableProgram, all, currency, points};
use crate::Timestamp;
use crate::challenge::{Challenge, Goal, Step};
use crate::reward::Gift;

/// A challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeDocument {
    /// Names the challenge.
    pub id: String,
    /// What the shopper reads.
    pub label: String,
    /// `times`, `categories`, `weeks`, `months`, or the code of the currency in which spending counts.
    pub goal: String,
    /// The kind of activity that counts. Default: orders do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// The categories that count. Default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<String>,
    /// Within how many days. Default: no hurry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// The steps, lowest first.
    pub steps: Vec<ChallengeStepDocument>,
    /// Whether it begins anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeats: bool,
    /// The first instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The first instant that is too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A step of a challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeStepDocument {
    /// What must be counted.
    pub at: i64,
    /// What it gives.
    pub points: i64,
    /// The badge that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// The id of the reward that it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<String>,
}

pub(super) fn challenge(document: ChallengeDocument) -> Read<Challenge> {
    let goal = match document.goal.as_str() {
        "times" => Goal::Times,
        "categories" => Goal::Categories,
        "weeks" => Goal::Weeks,
        "months" => Goal::Months,
        code => Goal::Spend(currency(code)?),
    };
    Ok(Challenge {
        id: document.id,
        label: document.label,
        goal,
        activity: document.activity,
        among: document.among,
        days: document.days,
        steps: all(document.steps, step)?,
        repeats: document.repeats,
        from: document.from.map(Timestamp::from_millis),
        until: document.until.map(Timestamp::from_millis),
    })
}

fn step(document: ChallengeStepDocument) -> Read<Step> {
    if document.at < 1 {
        return Err(UnreadableProgram("a step"));
    }
    Ok(Step {
        at: document.at,
        points: points(document.points)?,
        badge: document.badge,
        reward: document.reward.map(Gift::Reward),
    })
}
