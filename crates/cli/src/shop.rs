//! A shop that runs one program: its members, and what orders book for them.
//!
//! Owns the two calls of the core, `evaluate` and `plan`, and the members' snapshots between them. Its
//! invariant: points here are those of entries that the core planned; none is computed.

mod kept;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use earnest_core::membership::Membership;
use earnest_core::surprise::Drawn;
use earnest_core::{
    Cart, Command, Earning, EntryKind, Given, Plan, Program, Snapshot, Timestamp, evaluate, plan,
    plan_onto,
};
use smol_str::SmolStr;

use self::kept::Kept;
use crate::orders::Order;
use crate::perks::{Off, Perks};

/// A program and the members under it; `Extra` is what a command keeps of each of them.
pub(crate) struct Shop<'program, Extra> {
    program: &'program Program,
    /// By their ids. Most ids are short, and then stand in the map itself. Members do not: a map that grows would carry
    /// them all to its new place.
    members: HashMap<SmolStr, Box<Member<Extra>>>,
    /// What all members have had of each budget.
    budgets: Vec<(String, i64)>,
}

struct Member<Extra> {
    kept: Kept,
    tier: Held,
    extra: Extra,
}

/// A tier that a member holds, and until when at least: what she buys meanwhile can only make it later.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    /// Its place among the tiers of the program.
    pub(crate) place: Option<usize>,
    until: Option<Timestamp>,
    /// Whether it is from before the stream: until when it is held, only her first order here tells.
    is_brought: bool,
}

/// A change of tier: when, from which place and to which.
pub(crate) type Move = (Timestamp, Option<usize>, Option<usize>);

/// What an order did.
pub(crate) struct Booked {
    /// The points that it booked, what joining gave too.
    pub(crate) points: i64,
    /// Those among them that joining gave.
    pub(crate) welcome: i64,
    /// The points for which a part of its price is deferred, and what of that was spent on it, in minor units.
    pub(crate) earned: (i64, i64),
    /// The money that it put on balances: the place of each in the program, and minor units.
    pub(crate) credits: Vec<(usize, i64)>,
    /// Whether the member joined with it, and how.
    pub(crate) joined: Option<Joined>,
    /// How her tier changed since her last order and by this one.
    pub(crate) moves: Vec<Move>,
    /// Why it earned what it earned.
    pub(crate) earning: Earning,
    /// What it was given for nothing, and what joining was.
    pub(crate) gifts: Vec<Given>,
    /// The points that it gave besides what it earned.
    pub(crate) beside: Vec<Beside>,
    /// What her perks took off it; `None` where that is nothing.
    pub(crate) off: Option<Box<Off>>,
}

/// Points that came with an order, and that its cart did not earn.
pub(crate) struct Beside {
    /// What kind of thing gave them: `challenge`, `surprise`.
    pub(crate) code: &'static str,
    /// The ids of those that did.
    pub(crate) givers: String,
    /// How many.
    pub(crate) points: i64,
}

/// How somebody joined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joined {
    /// The place of the tier that she was in at once.
    pub(crate) tier: Option<usize>,
}

impl Held {
    fn new(program: &Program, member: &Snapshot, now: Timestamp) -> Self {
        Self {
            place: program.tier_at(member, now).map(|(place, _)| place),
            until: program.tier_until(member, now),
            is_brought: false,
        }
    }

    /// Lets time go by until `now`: tiers that end meanwhile are told as moves. Whether any may have.
    fn lapse(
        &mut self,
        program: &Program,
        member: &Snapshot,
        now: Timestamp,
        moves: &mut Vec<Move>,
    ) -> bool {
        let mut has_lapsed = false;
        while let Some(until) = self.until.filter(|until| *until <= now) {
            let next = Self::new(program, member, until);
            if next.place != self.place {
                moves.push((until, self.place, next.place));
            }
            // A tier that ended at an instant ends later or never.
            *self = Self {
                until: next.until.filter(|later| *later > until),
                ..next
            };
            has_lapsed = true;
        }
        has_lapsed
    }
}

impl<'program, Extra: Default> Shop<'program, Extra> {
    /// A shop with the members whom it has already.
    pub(crate) fn new(program: &'program Program, members: HashMap<Box<str>, Snapshot>) -> Self {
        let members = members.into_iter().map(|(id, snapshot)| {
            let member = Member {
                kept: Kept::new(program, snapshot),
                tier: Held::default(),
                extra: Extra::default(),
            };
            (id.into(), Box::new(member))
        });
        Self {
            program,
            members: members.collect(),
            budgets: Vec::new(),
        }
    }

    /// What is kept of each member, by her id.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &Extra)> {
        let members = self.members.iter();
        members.map(|(id, member)| (id.as_str(), &member.extra))
    }

    /// What is kept of a member.
    pub(crate) fn of(&self, id: &str) -> Option<&Extra> {
        self.members.get(id).map(|member| &member.extra)
    }

    /// Every member as she is when the stream begins, with her tier.
    pub(crate) fn begin(
        &mut self,
        now: Timestamp,
        mut each: impl FnMut(&Snapshot, Option<usize>, &mut Extra),
    ) {
        for member in self.members.values_mut() {
            let snapshot = member.kept.snapshot(self.program);
            member.tier = Held::new(self.program, &snapshot, now);
            member.tier.is_brought = true;
            each(&snapshot, member.tier.place, &mut member.extra);
        }
    }

    /// Every member when the stream has ended, with the moves since her last order.
    pub(crate) fn end(&mut self, now: Timestamp, mut each: impl FnMut(&[Move], &mut Extra)) {
        for member in self.members.values_mut() {
            let mut moves = Vec::new();
            let snapshot = member.kept.snapshot(self.program);
            member.tier.lapse(self.program, &snapshot, now, &mut moves);
            each(&moves, &mut member.extra);
        }
    }

    /// Evaluates an order, less what her perks take off it, and books what it earns, and what it is given by these draws;
    /// `None` for a guest's. Who is not a member yet joins; with an order that is refused she has not joined.
    pub(crate) fn book(
        &mut self,
        order: &Order,
        draws: &[Drawn<'_>],
        perks: &Perks,
    ) -> Result<Option<(Booked, &mut Extra)>, String> {
        let member_id = order.member_id.as_str();
        if member_id.is_empty() {
            return Ok(None);
        }
        let (program, now) = (self.program, order.placed_at);
        let entry = self.members.entry(member_id.into());
        let (snapshot, settled, mut tier, mut joined) = match &entry {
            Entry::Occupied(known) => {
                let Member { kept, tier, .. } = &**known.get();
                (kept.snapshot(program), kept.tier(), *tier, None)
            }
            Entry::Vacant(_) => {
                let nobody = Snapshot {
                    budgets: self.budgets.clone(),
                    ..Snapshot::default()
                };
                let planned = plan(program, Some(&nobody), Command::Enrol { member_id }, now);
                let mut joined =
                    planned.map_err(|refusal| format!("member {member_id:?}: {refusal}"))?;
                let kept = Kept::of(program, &mut joined);
                let snapshot = kept.snapshot(program);
                let tier = Held::new(program, &snapshot, now);
                (snapshot, kept.tier(), tier, Some(Box::new(joined)))
            }
        };
        let mut moves = Vec::new();
        let has_lapsed = tier.lapse(program, &snapshot, now, &mut moves);
        let is_paid = Membership::is_active(snapshot.paid_until, now);
        let off = perks.off(&order.cart, tier.place, is_paid);
        let cart = off.as_ref().map_or(&order.cart, |off| &off.cart);
        let (earning, mut planned) = earn(program, snapshot, &self.budgets, (order, cart, draws))
            .map_err(|message| format!("order {}: {message}", order.id))?;
        let kept = Kept::of(program, &mut planned);
        let tier_before = tier.place;
        // Between two lapses only an order changes a tier, and it says so in the snapshot.
        if has_lapsed || tier.is_brought || kept.tier() != settled {
            let held = Held::new(program, &kept.snapshot(program), now);
            if held.place != tier.place {
                moves.push((now, tier.place, held.place));
            }
            tier = held;
        }
        let mut booked = Booked {
            points: 0,
            welcome: joined.as_deref().map_or(0, points_of),
            earned: (0, 0),
            credits: Vec::new(),
            joined: joined.as_ref().map(|_| Joined { tier: tier_before }),
            moves,
            earning,
            gifts: Vec::new(),
            beside: beside(&planned),
            off: off.map(Box::new),
        };
        for plan in joined.as_deref_mut().into_iter().chain([&mut planned]) {
            booked.add(program, plan);
            for used in &plan.budgets {
                let mut known = self.budgets.iter_mut();
                match known.find(|(holder, _)| *holder == used.holder) {
                    Some((_, points)) => *points += used.points,
                    None => self.budgets.push((used.holder.clone(), used.points)),
                }
            }
        }
        let member = match entry {
            Entry::Occupied(known) => {
                let member = known.into_mut();
                (member.kept, member.tier) = (kept, tier);
                member
            }
            Entry::Vacant(place) => place.insert(Box::new(Member {
                kept,
                tier,
                extra: Extra::default(),
            })),
        };
        Ok(Some((booked, &mut member.extra)))
    }
}

impl Booked {
    /// What was paid for the order.
    pub(crate) fn paid<'a>(&'a self, order: &'a Order) -> &'a Cart {
        self.off.as_ref().map_or(&order.cart, |off| &off.cart)
    }

    /// Adds what a plan books and gives.
    fn add(&mut self, program: &Program, plan: &mut Plan) {
        self.points += points_of(plan);
        let pools = plan.entries.iter().flat_map(|entry| &entry.pools);
        for pool in pools.filter(|pool| pool.currency.is_some()) {
            self.earned.0 += pool.points;
            self.earned.1 += pool.spent_minor;
        }
        self.gifts.append(&mut plan.gifts);
        for credit in &plan.credits {
            let mut balances = program.balances().iter();
            let place = balances.position(|balance| balance.id == credit.balance);
            self.credits
                .extend(place.map(|place| (place, credit.minor)));
        }
    }
}

/// What the order earns, and what is to be written.
fn earn(
    program: &Program,
    mut member: Snapshot,
    budgets: &[(String, i64)],
    (order, cart, draws): (&Order, &Cart, &[Drawn<'_>]),
) -> Result<(Earning, Plan), String> {
    member.budgets = budgets.to_vec();
    let now = order.placed_at;
    let earning = evaluate(program, &member, cart, now).map_err(|error| error.to_string())?;
    let command = Command::Earn {
        order_id: &order.id,
        cart,
        placed_at: now,
        earning: &earning,
        redemptions: &[],
        draws,
    };
    let planned = plan_onto(program, member, command, now);
    Ok((earning, planned.map_err(|refusal| refusal.to_string())?))
}

/// What steps of challenges and surprises gave.
fn beside(plan: &Plan) -> Vec<Beside> {
    let entries = plan.entries.iter().filter_map(|entry| {
        let code = match entry.kind {
            EntryKind::OrderChallenge => "challenge",
            EntryKind::Surprise => "surprise",
            _ => return None,
        };
        Some(Beside {
            code,
            givers: entry.rules.join(", "),
            points: entry.points.get(),
        })
    });
    entries.collect()
}

fn points_of(plan: &Plan) -> i64 {
    plan.entries.iter().map(|entry| entry.points.get()).sum()
}
