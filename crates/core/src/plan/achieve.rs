//! What an order or an activity adds to challenges, and the entry of what it completes.
//!
//! Its invariant: one entry for everything that one order or activity completes, so that it books once.

use super::{Draft, Refusal, Why};
use crate::challenge::{Event, Granted, record};
use crate::{Activity, Cart, Earning, EntryKind, Points, Timestamp};

impl Draft<'_> {
    pub(super) fn achieve_by_order(
        &mut self,
        order_id: &str,
        cart: &Cart,
        placed_at: Timestamp,
        earning: &Earning,
    ) -> Result<(), Refusal> {
        let lines = cart.lines().iter().zip(&earning.lines);
        let lines = lines.map(|(line, earned)| (line.categories.as_slice(), earned.counted_minor));
        let event = Event::Order {
            at: placed_at,
            currency: cart.currency(),
            lines: lines.collect(),
        };
        self.achieve(EntryKind::OrderChallenge, order_id, &event)
    }

    pub(super) fn achieve_by_activity(
        &mut self,
        activity: &Activity,
        occurred_at: Timestamp,
    ) -> Result<(), Refusal> {
        let quantity = activity.lines().first().map_or(1, |line| line.quantity);
        let event = Event::Activity {
            at: occurred_at,
            kind: activity.kind(),
            quantity: quantity.into(),
        };
        self.achieve(EntryKind::ActivityChallenge, activity.id(), &event)
    }

    fn achieve(&mut self, kind: EntryKind, source: &str, event: &Event<'_>) -> Result<(), Refusal> {
        let program = self.program;
        if !program.runs_at(event.at()) {
            return Ok(());
        }
        let progress = &mut self.plan.snapshot.challenges;
        let granted = record(program.challenges(), progress, event, program.calendar());
        let mut points = Points::ZERO;
        let mut rules: Vec<String> = Vec::new();
        for Granted {
            challenge,
            points: more,
            ..
        } in granted
        {
            points = points.checked_add(more)?;
            if !rules.contains(&challenge.id) {
                rules.push(challenge.id.clone());
            }
        }
        if points > Points::ZERO {
            let why = Why {
                rules,
                ..Why::default()
            };
            self.append(kind, points, source, why)?;
        }
        Ok(())
    }
}
