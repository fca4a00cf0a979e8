//! Planning: the whole of writing.
//!
//! A command becomes the entries to append and the snapshot after them, or a refusal. A shell stores a
//! plan whole or not at all. Its invariant: the snapshot's balance is the old one plus the entries.

mod achieve;
mod tally;
#[cfg(all(test, feature = "compile"))]
mod tests;

use crate::limits::{MAX_ID_BYTES, MAX_TEXT_BYTES};
use crate::telling::tell;
use crate::{
    Activity, Cart, CreditEntry, Earning, Entry, EntryKind, EvaluateError, ON_ACCOUNT_CREATED,
    Points, PointsError, Program, Snapshot, Timestamp, evaluate_activity,
};

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
        /// What was bought.
        cart: &'a Cart,
        /// When it was placed: what it was evaluated at.
        placed_at: Timestamp,
        /// What [`evaluate`](crate::evaluate()) says that it earns.
        earning: &'a Earning,
    },
    /// A member did something.
    Act {
        /// What she did.
        activity: &'a Activity,
        /// When: what it was evaluated at.
        occurred_at: Timestamp,
        /// What [`evaluate_activity()`](crate::evaluate_activity()) says that it earns.
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
    /// The entries to append to balances of money, in order.
    pub credits: Vec<CreditEntry>,
    /// What to add to what all members have had of budgets: a holder's id, points, and its budget. No more
    /// than the budget may be stored.
    pub budgets: Vec<BudgetUse>,
    /// The member after them.
    pub snapshot: Snapshot,
}

/// What a plan takes from a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetUse {
    /// The id of the rule or campaign whose budget it is.
    pub holder: String,
    /// Points that are taken from it.
    pub points: i64,
    /// Points that all may take together.
    pub budget: i64,
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
    /// An adjustment without a reason cannot be audited, and one in control characters cannot be read.
    #[error(
        "an adjustment needs a reason, of at most {MAX_TEXT_BYTES} bytes and no control characters"
    )]
    ReasonUnusable,
    /// The points or the balance would be beyond 2^53 - 1.
    #[error("the points would be beyond 9007199254740991 (2^53 - 1)")]
    PointsBeyondLimit,
    /// More points would be taken than there are.
    #[error("the balance would go below zero")]
    BalanceBelowZero,
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
            Self::PointsBeyondLimit => "points_beyond_limit",
            Self::BalanceBelowZero => "balance_below_zero",
        }
    }
}

impl From<EvaluateError> for Refusal {
    fn from(EvaluateError::TooManyPoints(error): EvaluateError) -> Self {
        error.into()
    }
}

impl From<PointsError> for Refusal {
    fn from(_: PointsError) -> Self {
        Self::PointsBeyondLimit
    }
}

/// Turns a command into what is to be written at `now`. `member` is `None` for somebody unknown; for who joins
/// it may be a snapshot that says no more than what all members have had of budgets.
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
        Command::Earn {
            order_id,
            cart,
            placed_at,
            earning,
        } => {
            let member = member.ok_or(Refusal::NotEnrolled)?;
            let mut draft = Draft::on(member, program, now);
            draft.earn(checked_key(order_id)?, cart, placed_at, earning)?;
            draft.achieve_by_order(order_id, cart, placed_at, earning)?;
            Ok(draft.plan)
        }
        Command::Act {
            activity,
            occurred_at,
            earning,
        } => {
            let member = member.ok_or(Refusal::NotEnrolled)?;
            let mut draft = Draft::on(member, program, now);
            draft.act(activity.id(), occurred_at, earning)?;
            draft.achieve_by_activity(activity, occurred_at)?;
            Ok(draft.plan)
        }
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
    if member.is_some_and(|member| member.seq > 0 || member.joined_at.is_some()) {
        return Err(Refusal::AlreadyEnrolled);
    }
    let member_id = checked_key(member_id)?;
    let newcomer = Snapshot {
        joined_at: Some(now),
        budgets: member.map_or_else(Vec::new, |member| member.budgets.clone()),
        ..program.newcomer()
    };
    let mut draft = Draft::on(&newcomer, program, now);
    let welcome = program.welcome(now);
    if welcome > Points::ZERO {
        draft.append(EntryKind::Welcome, welcome, member_id, Why::default())?;
    }
    // Not the bare member's id: a shop may well report an activity under that.
    let id = tell(&[ON_ACCOUNT_CREATED, ":", member_id]);
    let kind = ON_ACCOUNT_CREATED.to_owned();
    let joined = Activity::new(id, kind, Vec::new(), 1).map_err(|_| Refusal::KeyUnusable)?;
    let earning = evaluate_activity(program, &draft.plan.snapshot, &joined, now)?;
    draft.act(joined.id(), now, &earning)?;
    draft.achieve_by_activity(&joined, now)?;
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
    if reason.is_empty() || reason.len() > MAX_TEXT_BYTES || reason.contains(char::is_control) {
        return Err(Refusal::ReasonUnusable);
    }
    let mut draft = Draft::on(member, program, now);
    let why = Why {
        reason: Some(reason.to_owned()),
        ..Why::default()
    };
    draft.append(EntryKind::Adjust, Points::new(points)?, key, why)?;
    Ok(draft.plan)
}

fn checked_key(key: &str) -> Result<&str, Refusal> {
    if (1..=MAX_ID_BYTES).contains(&key.len()) {
        Ok(key)
    } else {
        Err(Refusal::KeyUnusable)
    }
}

/// Why an entry is booked, beside what it is booked for.
#[derive(Default)]
struct Why {
    reason: Option<String>,
    rules: Vec<String>,
    partner: Option<String>,
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
            credits: Vec::new(),
            budgets: Vec::new(),
            snapshot: member.clone(),
        };
        Self { plan, program, now }
    }

    fn append(
        &mut self,
        kind: EntryKind,
        points: Points,
        source: &str,
        why: Why,
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
            reason: why.reason,
            rules: why.rules,
            partner: why.partner,
            program: self.program.reference().clone(),
            booked_at: self.now,
        });
        Ok(())
    }
}
