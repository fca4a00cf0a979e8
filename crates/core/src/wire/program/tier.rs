//! Tiers, what they go by, and perks in a published program.

use serde::{Deserialize, Serialize};

use super::read::{Read, UnreadableProgram, all, currency, place};
use crate::wire::DecimalText;
use crate::{Decimal, Measure, Period, Perk, PerkKind, Tier, TierRules};

/// What tiers go by. A program without it goes by points over the lifetime.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TiersByDocument {
    /// `points`, `orders`, or the code of the currency in which spending counts.
    pub what: String,
    /// `lifetime`, `year`, `rolling` or `anniversary`.
    pub period: String,
    /// Month and day on which years begin. Default: 1 January.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<(i64, i64)>,
    /// Whether a tier ends with the period that reached it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends_with_period: bool,
    /// Days of grace.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub grace_days: i64,
    /// Whether who falls, falls one tier a period.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub soft_landing: bool,
}

/// A tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierDocument {
    /// Names the tier in rules.
    pub id: String,
    /// What members call it.
    pub name: String,
    /// What the shopper reads as a reason: `Gold: 1.5x`.
    pub label: String,
    /// The points that reach it, where tiers go by points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_points: Option<i64>,
    /// The orders or minor units that reach it, where tiers go by those. With neither it is by invitation
    /// only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// What base points are multiplied by. Default: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiplier: Option<DecimalText>,
    /// The place of the group that it competes in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
    /// What it gives besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perks: Vec<PerkDocument>,
}

/// A perk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerkDocument {
    /// What the shop acts on: `free-shipping`.
    pub kind: String,
    /// What the shopper reads.
    pub label: String,
    /// The percentage of `percent-off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<DecimalText>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to the field; wide only on some machines"
)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

pub(super) fn tier_rules(document: Option<TiersByDocument>) -> Read<TierRules> {
    let Some(document) = document else {
        return Ok(TierRules::default());
    };
    let (month, day) = document.starts.unwrap_or((1, 1));
    let period = match document.period.as_str() {
        "lifetime" => Period::Lifetime,
        "year" => Period::Year { month, day },
        "rolling" => Period::Rolling,
        "anniversary" => Period::Anniversary,
        _ => return Err(UnreadableProgram("a period")),
    };
    let measure = measure(&document.what)?;
    let mut basis = document.what;
    basis.push(' ');
    basis.push_str(&document.period);
    Ok(TierRules {
        basis,
        measure,
        period,
        ends_with_period: document.ends_with_period,
        grace_days: document.grace_days,
        soft_landing: document.soft_landing,
    })
}

/// `points`, `orders`, or the code of a currency.
pub(super) fn measure(name: &str) -> Read<Measure> {
    Ok(match name {
        "points" => Measure::Points,
        "orders" => Measure::Orders,
        code => Measure::Spend(currency(code)?),
    })
}

pub(super) fn tier(document: TierDocument) -> Read<Tier> {
    let from = document.from_points.or(document.from);
    if from.is_some_and(i64::is_negative) {
        return Err(UnreadableProgram("a tier"));
    }
    Ok(Tier {
        id: document.id,
        name: document.name,
        label: document.label,
        from,
        factor: document.multiplier.map_or(Decimal::ONE, |factor| factor.0),
        group: place(document.group),
        perks: all(document.perks, perk)?,
    })
}

impl From<&Perk> for PerkDocument {
    fn from(perk: &Perk) -> Self {
        Self {
            kind: perk.kind.name().to_owned(),
            label: perk.label.clone(),
            percent: perk.kind.percent().map(DecimalText),
        }
    }
}

pub(super) fn perk(document: PerkDocument) -> Read<Perk> {
    let percent = document.percent.map(|percent| percent.0);
    let kind = PerkKind::parse(&document.kind, percent).ok_or(UnreadableProgram("a perk"))?;
    Ok(Perk {
        kind,
        label: document.label,
    })
}
