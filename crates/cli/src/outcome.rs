//! What an order or an activity does beside the points that it earns: joining, steps, badges, rewards, the tier.
//!
//! Planned on the member as the ledger plans it, and nothing is written. What chance decides is not in it: a surprise
//! is drawn with a seed that nobody has. Its invariant: it tells what one delivery of the occasion to the edge would do,
//! to a member of this snapshot.

use earnest_core::{
    Activity, Cart, Command, Earning, EntryKind, EventKind, Plan, Present, Program, Snapshot,
    Timestamp, plan,
};
use serde::Serialize;

use crate::figure::{amount, grouped};
use crate::table::Table;

/// What was done.
#[derive(Clone, Copy)]
pub(crate) enum Occasion<'a> {
    /// She bought.
    Order(&'a Cart),
    /// She did something else.
    Activity(&'a Activity),
}

/// What follows.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Outcome {
    /// Points for joining.
    #[serde(skip_serializing_if = "is_none")]
    pub(crate) welcome_points: i64,
    /// Points for the steps of challenges.
    #[serde(skip_serializing_if = "is_none")]
    pub(crate) challenge_points: i64,
    /// The challenges that give them.
    #[serde(skip)]
    challenges: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rewards: Vec<GivenReward>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) badges: Vec<GivenBadge>,
    /// The id of the tier that she is in afterwards.
    pub(crate) tier: Option<String>,
    /// The id of the one before.
    #[serde(skip)]
    tier_before: Option<String>,
}

/// A reward for nothing.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct GivenReward {
    /// Its id; of money on a balance, that of the balance.
    pub(crate) reward: String,
    /// The id of the rule or challenge that gives it.
    pub(crate) by: String,
    /// How much, where it is money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<String>,
}

/// A badge.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct GivenBadge {
    pub(crate) badge: String,
    /// The id of the challenge that gives it.
    pub(crate) by: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_none(points: &i64) -> bool {
    *points == 0
}

/// What it does to the member; to somebody who joins with it where there is none.
pub(crate) fn outcome(
    program: &Program,
    member: Option<&Snapshot>,
    occasion: Occasion<'_>,
    earning: &Earning,
    now: Timestamp,
) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let mut joined = None;
    if member.is_none() {
        let enrol = Command::Enrol {
            member_id: "somebody",
        };
        let planned = plan(program, None, enrol, now).map_err(|refusal| refusal.to_string())?;
        outcome.welcome_points = points_of(&planned, EntryKind::Welcome);
        joined = Some(planned.snapshot);
    }
    let member = member.or(joined.as_ref()).ok_or("there is no member")?;
    let command = match occasion {
        Occasion::Order(cart) => Command::Earn {
            order_id: "order",
            cart,
            placed_at: now,
            earning,
            redemptions: &[],
            draws: &[],
        },
        Occasion::Activity(activity) => Command::Act {
            activity,
            occurred_at: now,
            earning,
        },
    };
    let planned = plan(program, Some(member), command, now);
    let planned = planned.map_err(|refusal| refusal.to_string())?;
    let of_challenges = [EntryKind::OrderChallenge, EntryKind::ActivityChallenge];
    for entry in &planned.entries {
        if of_challenges.contains(&entry.kind) {
            outcome.challenge_points += entry.points.get();
            outcome.challenges.extend(entry.rules.iter().cloned());
        }
    }
    for gift in &planned.gifts {
        let (reward, amount) = match &gift.what {
            Present::Reward { id, .. } => (id.clone(), None),
            Present::Money {
                balance,
                amount: money,
            } => (
                balance.clone(),
                Some(amount(money.minor(), money.currency())),
            ),
            Present::Points(_) => continue,
        };
        outcome.rewards.push(GivenReward {
            reward,
            by: gift.giver.clone(),
            amount,
        });
    }
    for event in &planned.events {
        if let EventKind::BadgeGiven { challenge, badge } = &event.kind {
            outcome.badges.push(GivenBadge {
                badge: badge.clone(),
                by: challenge.clone(),
            });
        }
    }
    let tier = |member: &Snapshot| {
        program
            .tier_at(member, now)
            .map(|(_, tier)| tier.id.clone())
    };
    outcome.tier_before = tier(member);
    outcome.tier = tier(&planned.snapshot);
    Ok(outcome)
}

fn points_of(planned: &Plan, kind: EntryKind) -> i64 {
    let entries = planned.entries.iter().filter(|entry| entry.kind == kind);
    entries.map(|entry| entry.points.get()).sum()
}

impl Outcome {
    /// A table of it; `None` where nothing follows.
    pub(crate) fn table(&self, program: &Program) -> Option<Table> {
        let mut table = Table::new(3, &["besides", "by", "gives"]);
        let mut is_any = false;
        let mut row = |label: String, by: String, gives: String| {
            is_any = true;
            table.row(vec![label, by, gives]);
        };
        let points = |points: i64| {
            let word = program.word();
            let word = if points == 1 { &word.one } else { &word.other };
            format!("+{} {word}", grouped(points))
        };
        if self.welcome_points > 0 {
            row(
                "Welcome".into(),
                "welcome".into(),
                points(self.welcome_points),
            );
        }
        if self.challenge_points > 0 {
            let label = |id: &String| {
                let known = program.challenges().iter().find(|it| it.id == *id);
                known.map_or(id.clone(), |it| it.label.clone())
            };
            let labels: Vec<String> = self.challenges.iter().map(label).collect();
            let by = format!("challenge {}", self.challenges.join(", "));
            row(labels.join(", "), by, points(self.challenge_points));
        }
        for GivenReward { reward, by, amount } in &self.rewards {
            let name = program.rewards().iter().find(|it| it.id == *reward);
            let name = name.map_or(reward.clone(), |it| it.name.clone());
            let gives = match amount {
                Some(amount) => format!("{amount} on {reward}"),
                None => format!("reward {reward}"),
            };
            row(name, by.clone(), gives);
        }
        for GivenBadge { badge, by } in &self.badges {
            row(badge.clone(), by.clone(), "badge".into());
        }
        if self.tier != self.tier_before {
            let name = |id: &Option<String>| {
                let tier = id.as_ref().and_then(|id| program.tier(id));
                tier.map_or("no tier".to_owned(), |tier| tier.name.clone())
            };
            let gives = format!("was {}", name(&self.tier_before));
            row(name(&self.tier), "tier".into(), gives);
        }
        is_any.then_some(table)
    }
}
