//! Planning: the whole of writing.
//!
//! A command becomes the entries to append and the snapshot after them, or a refusal. A shell stores a
//! plan whole or not at all. Its invariant: the snapshot's balance is the old one plus the entries.

use crate::limits::{MAX_ID_BYTES, MAX_TEXT_BYTES};
use crate::{Earning, Entry, EntryKind, Points, PointsError, Program, Snapshot, Timestamp};

/// What somebody asks to be written.
#[derive(Clone, Copy, Debug)]
pub enum Command<'a> {
    /// Somebody joins.
    Enrol {
        /// The id that the new member gets.
        member_id: &'a str,
    },
    /// An order was paid.
    Earn {
        /// The shop's id of the order.
        order_id: &'a str,
        /// What [`evaluate`](crate::evaluate()) says that it earns.
        earning: &'a Earning,
    },
    /// A person gives or takes points.
    Adjust {
        /// Names the adjustment, so that a second delivery is one.
        key: &'a str,
        /// What to add; negative to take away.
        points: i64,
        /// Why.
        reason: &'a str,
    },
}

/// What to write: all of it, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The entries to append, in order. An order that earns nothing has none.
    pub entries: Vec<Entry>,
    /// The member after them.
    pub snapshot: Snapshot,
}

/// An expected no, named after the rule that says so. Where several apply, the first declared is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// There is a member with this id already.
    #[error("the member has joined already")]
    AlreadyEnrolled,
    /// There is no such member.
    #[error("there is no such member; enrol her first")]
    NotEnrolled,
    /// The key of the command is empty or too long.
    #[error("the key of a command has 1 to {MAX_ID_BYTES} bytes")]
    KeyUnusable,
    /// An adjustment of zero changes nothing.
    #[error("an adjustment adds or takes at least one point")]
    AdjustmentOfZero,
    /// An adjustment without a reason cannot be audited.
    #[error("an adjustment needs a reason, of at most {MAX_TEXT_BYTES} bytes")]
    ReasonUnusable,
    /// More points would be taken than there are.
    #[error("the balance would go below zero")]
    BalanceBelowZero,
    /// The points or the balance would be beyond 2^53 - 1.
    #[error("the points would be beyond 9007199254740991 (2^53 - 1)")]
    PointsBeyondLimit,
}

impl Refusal {
    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyEnrolled => "already_enrolled",
            Self::NotEnrolled => "not_enrolled",
            Self::KeyUnusable => "key_unusable",
            Self::AdjustmentOfZero => "adjustment_of_zero",
            Self::ReasonUnusable => "reason_unusable",
            Self::BalanceBelowZero => "balance_below_zero",
            Self::PointsBeyondLimit => "points_beyond_limit",
        }
    }
}

impl From<PointsError> for Refusal {
    fn from(_: PointsError) -> Self {
        Self::PointsBeyondLimit
    }
}

/// Turns a command into what is to be written at `now`. `member` is `None` for somebody unknown.
///
/// # Errors
/// The refusal, where a rule says no; then nothing is to be written.
pub fn plan(
    program: &Program,
    member: Option<&Snapshot>,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    match command {
        Command::Enrol { member_id } => plan_enrol(program, member, member_id, now),
        Command::Earn { order_id, earning } => plan_earn(program, member, order_id, earning, now),
        Command::Adjust {
            key,
            points,
            reason,
        } => plan_adjust(program, member, key, points, reason, now),
    }
}

fn plan_enrol(
    program: &Program,
    member: Option<&Snapshot>,
    member_id: &str,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    if member.is_some() {
        return Err(Refusal::AlreadyEnrolled);
    }
    let welcome = program.welcome(now);
    let mut draft = Draft::on(&program.newcomer(), program, now);
    if welcome > Points::ZERO {
        draft.append(EntryKind::Welcome, welcome, checked_key(member_id)?, None)?;
    }
    Ok(draft.plan)
}

fn plan_earn(
    program: &Program,
    member: Option<&Snapshot>,
    order_id: &str,
    earning: &Earning,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    let member = member.ok_or(Refusal::NotEnrolled)?;
    let mut draft = Draft::on(member, program, now);
    let order_id = checked_key(order_id)?;
    if earning.points > Points::ZERO {
        draft.append(EntryKind::Earn, earning.points, order_id, None)?;
        let earned = member.earned.checked_add(earning.points)?;
        draft.plan.snapshot.earned = earned;
        draft.plan.snapshot.tier = program
            .tier_after(member, earned)
            .map(|tier| tier.id.clone());
    }
    Ok(draft.plan)
}

fn plan_adjust(
    program: &Program,
    member: Option<&Snapshot>,
    key: &str,
    points: i64,
    reason: &str,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    let member = member.ok_or(Refusal::NotEnrolled)?;
    let key = checked_key(key)?;
    if points == 0 {
        return Err(Refusal::AdjustmentOfZero);
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > MAX_TEXT_BYTES {
        return Err(Refusal::ReasonUnusable);
    }
    let mut draft = Draft::on(member, program, now);
    draft.append(EntryKind::Adjust, Points::new(points)?, key, Some(reason))?;
    Ok(draft.plan)
}

fn checked_key(key: &str) -> Result<&str, Refusal> {
    if (1..=MAX_ID_BYTES).contains(&key.len()) {
        Ok(key)
    } else {
        Err(Refusal::KeyUnusable)
    }
}

/// A plan being written; appending keeps the balance and the sequence right.
struct Draft<'program> {
    plan: Plan,
    program: &'program Program,
    now: Timestamp,
}

impl<'program> Draft<'program> {
    fn on(member: &Snapshot, program: &'program Program, now: Timestamp) -> Self {
        let plan = Plan {
            entries: Vec::new(),
            snapshot: member.clone(),
        };
        Self { plan, program, now }
    }

    fn append(
        &mut self,
        kind: EntryKind,
        points: Points,
        source: &str,
        reason: Option<&str>,
    ) -> Result<(), Refusal> {
        let member = &mut self.plan.snapshot;
        let balance = member.balance.checked_add(points)?;
        if balance < Points::ZERO {
            return Err(Refusal::BalanceBelowZero);
        }
        member.balance = balance;
        member.seq = member
            .seq
            .checked_add(1)
            .ok_or(Refusal::PointsBeyondLimit)?;
        self.plan.entries.push(Entry {
            seq: member.seq,
            kind,
            points,
            balance,
            source: source.to_owned(),
            reason: reason.map(str::to_owned),
            program: self.program.reference().clone(),
            booked_at: self.now,
        });
        Ok(())
    }
}
