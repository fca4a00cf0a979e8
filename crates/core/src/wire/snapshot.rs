//! A member's snapshot on the wire: only what evaluation needs, no personal data.

use serde::{Deserialize, Serialize};

use super::{ChallengeProgressDocument, OutlookDocument, StandingDocument};
use crate::telling::tell;
use crate::{Holdings, Points, PointsError, Snapshot, Timestamp, Usage};

/// What the shop's server hands to the page for a member who is signed in. Instants are milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotDocument {
    /// The id of her tier, or null.
    #[serde(default)]
    pub tier: Option<String>,
    /// The points that she has.
    #[serde(default)]
    pub balance_points: i64,
    /// The points that her orders have earned since she joined.
    #[serde(default)]
    pub earned_points: i64,
    /// What her tier comes from, besides the points earned.
    #[serde(default, skip_serializing_if = "StandingDocument::is_empty")]
    pub standing: StandingDocument,
    /// How far she is in each challenge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub challenges: Vec<ChallengeProgressDocument>,
    /// What she has on money balances: the balance's id and minor units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<(String, i64)>,
    /// The number of her orders.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub orders: u32,
    /// When the last of them was placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_order_at: Option<i64>,
    /// When she joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<i64>,
    /// The month and the day of her birthday: `05-14`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// The segments that the shop has put her into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<String>,
    /// The shop's tags of her.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Until when her paid membership runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_until: Option<i64>,
    /// What she has had of each holder of limits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<UsageDocument>,
    /// What all members have had of each budget: the holder's id and points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<(String, i64)>,
    /// What she reads of her standing, for the page alone: earning asks nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<OutlookDocument>,
}

/// What she has had of a holder of limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageDocument {
    /// The id of the rule or campaign; empty for the programme.
    pub holder: String,
    /// The day of the shop on which it last gave something, counted from 1970-01-01.
    pub day: i64,
    /// Points on that day.
    pub day_points: i64,
    /// Points in that day's month.
    pub month_points: i64,
    /// Points in that day's year. Default: nothing, as of who had them before years were counted.
    #[serde(default)]
    pub year_points: i64,
    /// Points in all.
    pub points: i64,
    /// Times in all.
    pub times: i64,
}

/// A snapshot that nobody can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct SnapshotError {
    /// Which field.
    pub field: &'static str,
    /// What would be right.
    pub(super) right: &'static str,
}

impl SnapshotError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        tell(&[self.field, " is ", self.right])
    }
}

impl From<&Snapshot> for SnapshotDocument {
    fn from(member: &Snapshot) -> Self {
        let usage = member.usage.iter().map(|usage| UsageDocument {
            holder: usage.holder.clone(),
            day: usage.day,
            day_points: usage.day_points,
            month_points: usage.month_points,
            year_points: usage.year_points,
            points: usage.points,
            times: usage.times,
        });
        let birthday = member.birthday;
        let challenges = member
            .challenges
            .iter()
            .map(ChallengeProgressDocument::from);
        Self {
            tier: member.tier.clone(),
            balance_points: member.balance.get(),
            earned_points: member.earned.get(),
            standing: (&member.standing).into(),
            challenges: challenges.collect(),
            credits: member.credits.clone(),
            orders: member.orders,
            last_order_at: member.last_order_at.map(Timestamp::as_millis),
            joined_at: member.joined_at.map(Timestamp::as_millis),
            birthday: birthday.map(|(month, day)| format!("{month:02}-{day:02}")),
            segments: member.segments.clone(),
            tags: member.tags.clone(),
            paid_until: member.paid_until.map(Timestamp::as_millis),
            usage: usage.collect(),
            budgets: member.budgets.clone(),
            outlook: None,
        }
    }
}

impl TryFrom<SnapshotDocument> for Snapshot {
    type Error = SnapshotError;

    fn try_from(member: SnapshotDocument) -> Result<Self, SnapshotError> {
        let points = |count: i64, field| {
            let whole = Points::new(count).and_then(|points| {
                if points < Points::ZERO {
                    Err(PointsError)
                } else {
                    Ok(points)
                }
            });
            let right = "a whole number from 0 to 9007199254740991";
            whole.map_err(|_| SnapshotError { field, right })
        };
        for (_, minor) in &member.credits {
            points(*minor, "credits")?;
        }
        for (_, used) in &member.budgets {
            points(*used, "budgets")?;
        }
        let mut usage = Vec::with_capacity(member.usage.len());
        for used in member.usage {
            for count in [
                used.day_points,
                used.month_points,
                used.year_points,
                used.points,
                used.times,
            ] {
                points(count, "usage")?;
            }
            usage.push(Usage {
                holder: used.holder,
                day: used.day,
                day_points: used.day_points,
                month_points: used.month_points,
                year_points: used.year_points,
                points: used.points,
                times: used.times,
            });
        }
        let mut challenges = Vec::with_capacity(member.challenges.len());
        for progress in member.challenges {
            challenges.push(progress.into());
        }
        let birthday = member.birthday.as_deref().map(|text| {
            parse_birthday(text).ok_or(SnapshotError {
                field: "birthday",
                right: "a month and a day, such as 05-14",
            })
        });
        Ok(Self {
            member_id: String::new(),
            holdings: Holdings::default(),
            seq: 0,
            balance: points(member.balance_points, "balance_points")?,
            earned: points(member.earned_points, "earned_points")?,
            tier: member.tier,
            standing: member.standing.into(),
            challenges,
            credits: member.credits,
            orders: member.orders,
            last_order_at: member.last_order_at.map(Timestamp::from_millis),
            joined_at: member.joined_at.map(Timestamp::from_millis),
            birthday: birthday.transpose()?,
            segments: member.segments,
            tags: member.tags,
            paid_until: member.paid_until.map(Timestamp::from_millis),
            usage,
            budgets: member.budgets,
        })
    }
}

/// `05-14` as a month and a day that some year has.
pub(super) fn parse_birthday(text: &str) -> Option<(u8, u8)> {
    let (month, day) = text.split_once('-')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse::<u8>().ok().filter(|_| two(text));
    let (month, day) = (number(month)?, number(day)?);
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((month, day))
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to the field; wide only on some machines"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
