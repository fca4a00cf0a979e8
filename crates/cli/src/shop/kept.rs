//! A member as a shop keeps her from one order to the next.
//!
//! Owns what of her snapshot is kept. It is small, and in one place for most members: memory that must be fetched is
//! what a simulation waits for. Its invariant: the snapshot that it makes earns what the one earned that it was made
//! of; only her id, her entries and her lots are gone, and what all members have had of budgets.

use earnest_core::challenge::ChallengeProgress;
use earnest_core::{Plan, Points, Program, Snapshot, Standing, Timestamp, Usage};

/// What is kept.
pub(super) struct Kept {
    earned: Points,
    orders: u32,
    /// The place of her tier. One that the program does not have is none.
    tier: Option<usize>,
    last_order_at: Option<Timestamp>,
    joined_at: Option<Timestamp>,
    /// What most members have nothing of.
    rest: Option<Box<Rest>>,
}

#[derive(Clone, Default, PartialEq)]
struct Rest {
    balance: Points,
    standing: Standing,
    challenges: Vec<ChallengeProgress>,
    credits: Vec<(String, i64)>,
    birthday: Option<(u8, u8)>,
    segments: Vec<String>,
    tags: Vec<String>,
    paid_until: Option<Timestamp>,
    usage: Vec<Usage>,
}

impl Kept {
    /// Of the member after a plan, which is left without her. What becomes of points is worked out by the day, not by
    /// lots, so there is no balance to keep.
    pub(super) fn of(program: &Program, planned: &mut Plan) -> Self {
        let member = std::mem::take(&mut planned.snapshot);
        let balance = Points::ZERO;
        Self::new(program, Snapshot { balance, ..member })
    }

    /// The place of the tier that her orders have brought her to.
    pub(super) fn tier(&self) -> Option<usize> {
        self.tier
    }

    /// Of a member whom the shop has already.
    pub(super) fn new(program: &Program, member: Snapshot) -> Self {
        let tier = member.tier.as_deref();
        let tier = tier.and_then(|id| program.tiers().iter().position(|tier| tier.id == id));
        let rest = Rest {
            balance: member.balance,
            standing: member.standing,
            challenges: member.challenges,
            credits: member.credits,
            birthday: member.birthday,
            segments: member.segments,
            tags: member.tags,
            paid_until: member.paid_until,
            usage: member.usage,
        };
        Self {
            earned: member.earned,
            orders: member.orders,
            tier,
            last_order_at: member.last_order_at,
            joined_at: member.joined_at,
            rest: (rest != Rest::default()).then(|| Box::new(rest)),
        }
    }

    /// Her snapshot.
    pub(super) fn snapshot(&self, program: &Program) -> Snapshot {
        let tier = self.tier.and_then(|place| program.tiers().get(place));
        let rest = self.rest.as_deref().cloned().unwrap_or_default();
        Snapshot {
            earned: self.earned,
            orders: self.orders,
            tier: tier.map(|tier| tier.id.clone()),
            last_order_at: self.last_order_at,
            joined_at: self.joined_at,
            balance: rest.balance,
            standing: rest.standing,
            challenges: rest.challenges,
            credits: rest.credits,
            birthday: rest.birthday,
            segments: rest.segments,
            tags: rest.tags,
            paid_until: rest.paid_until,
            usage: rest.usage,
            ..Snapshot::default()
        }
    }
}
