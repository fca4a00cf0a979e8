//! What challenges give a member for what she does, and how far she is.

use std::collections::BTreeMap;

use earnest_core::wire::CartDocument;
use earnest_core::{
    Activity, Cart, Command, EntryKind, Plan, Program, Snapshot, Timestamp, evaluate,
    evaluate_activity, plan,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::euro;
use crate::{instant, parsed};

/// What a member does, in the order in which it is booked, and when she looks at her progress.
#[derive(Debug, Deserialize)]
pub struct Doing {
    /// One after another.
    pub events: Vec<Deed>,
    /// With the last of them, where it does not say.
    pub told_at: Option<String>,
}

/// An order of so much, each line of one category; or so many activities of a kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// When.
    pub at: String,
    /// Of the order.
    #[serde(default = "euro")]
    pub currency: String,
    /// Category and price of each line.
    #[serde(default)]
    pub lines: Vec<(String, String)>,
    /// Kind and quantity.
    pub activity: Option<(String, u32)>,
}

impl Deed {
    /// The cart of the order.
    #[must_use]
    pub fn cart(&self) -> Value {
        let lines = self.lines.iter().enumerate();
        let lines = lines.map(|(nth, (category, price))| {
            json!({ "id": nth.to_string(), "product": "p", "quantity": 1,
                "unit_price": price, "categories": [category] })
        });
        json!({ "currency": self.currency, "lines": lines.collect::<Vec<_>>() })
    }

    /// What the core does of it.
    fn plan(&self, program: &Program, member: &Snapshot, id: String, now: Timestamp) -> Plan {
        let planned = if let Some((kind, quantity)) = &self.activity {
            let activity = Activity::new(id, kind.clone(), Vec::new(), *quantity);
            let activity = activity.expect("an activity of the vectors");
            let earning = evaluate_activity(program, member, &activity, now);
            let command = Command::Act {
                activity: &activity,
                occurred_at: now,
                earning: &earning.expect("few points"),
            };
            plan(program, Some(member), command, now)
        } else {
            let cart: CartDocument = parsed(&self.cart().to_string());
            let cart = Cart::try_from(cart).expect("a cart of the vectors");
            let earning = evaluate(program, member, &cart, now);
            let command = Command::Earn {
                order_id: &id,
                cart: &cart,
                placed_at: now,
                earning: &earning.expect("few points"),
                redemptions: &[],
                draws: &[],
            };
            plan(program, Some(member), command, now)
        };
        planned.expect("a plan")
    }
}

pub(super) fn answer(program: &Program, doing: &Doing) -> Value {
    let mut member = program.newcomer();
    let mut given = Vec::new();
    for (nth, deed) in doing.events.iter().enumerate() {
        let planned = deed.plan(program, &member, format!("deed-{nth}"), instant(&deed.at));
        let kinds = [EntryKind::OrderChallenge, EntryKind::ActivityChallenge];
        let entries = planned.entries.iter().filter(|it| kinds.contains(&it.kind));
        given.push(entries.map(|entry| entry.points.get()).sum::<i64>());
        member = planned.snapshot;
    }
    let mut told = standing(program, &member, looked_at(doing));
    told["points"] = given.into();
    told
}

/// When she looks at her progress.
///
/// # Panics
/// When nothing is done.
#[must_use]
pub fn looked_at(doing: &Doing) -> Timestamp {
    let last = doing.events.last().map(|deed| &deed.at);
    instant(doing.told_at.as_ref().or(last).expect("something is done"))
}

/// How far a member is in each challenge at `now`, and her badges.
#[must_use]
pub fn standing(program: &Program, member: &Snapshot, now: Timestamp) -> Value {
    let challenges: Vec<_> = program.challenges_at(member, now).collect();
    let open = challenges.iter().filter(|it| it.is_open);
    let progress: BTreeMap<_, _> = open
        .map(|it| (it.challenge.id.as_str(), [it.done, it.of]))
        .collect();
    let badges: Vec<_> = challenges.iter().flat_map(|it| &it.badges).collect();
    json!({ "progress": progress, "badges": badges })
}
