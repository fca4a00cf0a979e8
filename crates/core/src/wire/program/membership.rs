//! Membership in a published program.

use serde::{Deserialize, Serialize};

use super::PerkDocument;
use super::read::{Read, UnreadableProgram, all, currency};
use super::tier::perk;
use crate::Money;
use crate::membership::Membership;

/// A membership: without a fee, everybody's who joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipDocument {
    /// What members call it.
    pub name: String,
    /// The fee for a month: codes of currencies with minor units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub monthly: Vec<(String, i64)>,
    /// The fee for a year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yearly: Vec<(String, i64)>,
    /// Days of trial.
    #[serde(default)]
    pub trial_days: i64,
    /// What it gives while it is active.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perks: Vec<PerkDocument>,
}

pub(super) fn membership(document: MembershipDocument) -> Read<Membership> {
    Ok(Membership {
        name: document.name,
        monthly: all(document.monthly, fee)?,
        yearly: all(document.yearly, fee)?,
        trial_days: document.trial_days,
        perks: all(document.perks, perk)?,
    })
}

fn fee((code, minor): (String, i64)) -> Read<Money> {
    Money::from_minor(minor, currency(&code)?).map_err(|_| UnreadableProgram("a fee"))
}
