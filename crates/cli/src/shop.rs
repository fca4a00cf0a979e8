//! A shop that runs one program: its members, and what orders book for them.
//!
//! Owns the two calls of the core, `evaluate` and `plan`, and the members' snapshots between them. Its
//! invariant: points here are those of entries that the core planned; none is computed.

use std::collections::HashMap;

use earnest_core::{Command, Earning, Plan, Program, Snapshot, evaluate, plan};

use crate::orders::Order;

/// A program and the members under it; `Extra` is what a command keeps of each of them.
pub(crate) struct Shop<'program, Extra> {
    program: &'program Program,
    members: HashMap<Box<str>, (Snapshot, Extra)>,
}

/// What an order did.
pub(crate) struct Booked {
    /// The points that it booked, the welcome of a member who joined with it too.
    pub(crate) points: i64,
    /// Those among them that joining gave.
    pub(crate) welcome: i64,
    /// Whether the member joined with it.
    pub(crate) has_joined: bool,
    /// Her tier before it, by its place in the program.
    pub(crate) tier_before: Option<usize>,
    /// Her tier after it.
    pub(crate) tier_after: Option<usize>,
    /// Why it earned what it earned.
    pub(crate) earning: Earning,
}

impl<'program, Extra: Default> Shop<'program, Extra> {
    /// A shop with the members whom it has already.
    pub(crate) fn new(program: &'program Program, members: HashMap<Box<str>, Snapshot>) -> Self {
        let members = members.into_iter();
        let members = members.map(|(id, snapshot)| (id, (snapshot, Extra::default())));
        Self {
            program,
            members: members.collect(),
        }
    }

    /// What is kept of each member, by her id.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &Extra)> {
        let members = self.members.iter();
        members.map(|(id, (_, extra))| (&**id, extra))
    }

    /// What is kept of a member.
    pub(crate) fn of(&self, id: &str) -> Option<&Extra> {
        self.members.get(id).map(|(_, extra)| extra)
    }

    /// Every member as she is, with what is kept of her.
    pub(crate) fn members(&mut self) -> impl Iterator<Item = (&Snapshot, &mut Extra)> {
        let members = self.members.values_mut();
        members.map(|(snapshot, extra)| (&*snapshot, extra))
    }

    /// Evaluates an order and books what it earns; `None` for a guest's. Who is not a member yet joins.
    pub(crate) fn book(&mut self, order: &Order) -> Result<Option<(Booked, &mut Extra)>, String> {
        let member_id = order.member_id.as_str();
        if member_id.is_empty() {
            return Ok(None);
        }
        let (program, now) = (self.program, order.placed_at);
        let known = self.members.get(member_id);
        let has_joined = known.is_none();
        let mut newcomer = None;
        let mut welcome = 0;
        let member = if let Some((member, _)) = known {
            member
        } else {
            let joined = plan(program, None, Command::Enrol { member_id }, now)
                .map_err(|refusal| format!("member {member_id:?}: {refusal}"))?;
            welcome = points_of(&joined);
            newcomer.insert(joined.snapshot)
        };
        let tier_before = place(program, member);
        let earning = evaluate(program, member, &order.cart, now)
            .map_err(|error| format!("order {}: {error}", order.id))?;
        let command = Command::Earn {
            order_id: &order.id,
            cart: &order.cart,
            placed_at: now,
            earning: &earning,
        };
        let planned = plan(program, Some(member), command, now)
            .map_err(|refusal| format!("order {}: {refusal}", order.id))?;
        let points = welcome + points_of(&planned);
        // Only now, so that who joins with an order that is refused has not joined.
        if has_joined {
            let newcomer = (Snapshot::default(), Extra::default());
            self.members.insert(member_id.into(), newcomer);
        }
        let member = self.members.get_mut(member_id);
        let (member, extra) = member.expect("who was not there has just joined");
        *member = planned.snapshot;
        let booked = Booked {
            points,
            welcome,
            has_joined,
            tier_before,
            tier_after: place(program, member),
            earning,
        };
        Ok(Some((booked, extra)))
    }
}

/// The place of a member's tier among those of the program.
pub(crate) fn place(program: &Program, member: &Snapshot) -> Option<usize> {
    let id = member.tier.as_deref()?;
    program.tiers().iter().position(|tier| tier.id == id)
}

fn points_of(plan: &Plan) -> i64 {
    plan.entries.iter().map(|entry| entry.points.get()).sum()
}
