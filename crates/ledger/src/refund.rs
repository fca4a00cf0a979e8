//! Refunds: an order was sent back, or a part of it.
//!
//! Invariants: a refund books once; what it takes back is what its lines earned under the program that decided the
//! order; and it may come before the order itself, which is then booked without what had come back, and tells what
//! became of each.

mod early;
mod returned;

use earnest_core::challenge::forget;
use earnest_core::refund::{BookedOrder, RefundError, SentBack, TakenBack, take_back};
use earnest_core::{Command, EntryKind, Plan, Points, Program, Refusal, Snapshot, Timestamp, plan};
use serde::Serialize;

pub(crate) use self::early::{Early, of_guest, tell_refused};
pub use self::returned::{ReturnContent, ReturnLine};

use crate::competition::uncount;
use crate::gift::withdraw_lost;
use crate::redemption::TenderDocument;
use crate::referral::{self, Gave};
use crate::store::append::{self, Base};
use crate::store::members::{self, MemberRow};
use crate::store::redemptions::{self, UsedGift};
use crate::store::referrals::{self, FriendRow};
use crate::store::refunds::{self, RefundRow, RefundedOrder};
use crate::store::{Rows, Statement};
use crate::{
    Booking, BookingError, Differences, Found, Written, check_same, json, rfc3339, withdraw,
};

/// Why a refund is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReturnError {
    /// Another refund came under the same id.
    #[error("{}", .0.told("a refund"))]
    Differs(Differences),
    /// A refund of another order has this id.
    #[error("a refund of another order has this id; give each its own")]
    OfOtherOrder,
    /// An amount is none of the order's currency.
    #[error("{message}")]
    Amount {
        /// The place of the line in the refund.
        nth: usize,
        /// What would be right.
        message: String,
    },
    /// It does not fit the order.
    #[error("{0}")]
    Order(RefundError),
}

impl ReturnError {
    /// The stable name, for programs to act on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Differs(_) | Self::OfOtherOrder => "refund_differs",
            Self::Amount { .. } => "field_invalid",
            Self::Order(RefundError::LineUnknown { .. }) => "refund_line_unknown",
            Self::Order(RefundError::ExceedsOrder { .. }) => "refund_exceeds_order",
            Self::Order(RefundError::NothingBack { .. }) => "refund_of_nothing",
        }
    }
}

/// A refund to book.
#[derive(Clone, Copy, Debug)]
pub struct RefundBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// The shop's id of the refund.
    pub refund_id: &'a str,
    /// What came back.
    pub content: &'a ReturnContent,
}

/// What is known when a refund is new.
#[derive(Clone, Debug)]
pub struct Returned {
    order: Option<RefundedOrder>,
    earlier: Vec<RefundRow>,
    member: Option<MemberRow>,
    /// The friend whose first order it was, where it gave something.
    friend: Option<FriendRow>,
    /// What was given for it and has been used.
    used: Vec<UsedGift>,
}

/// The answer to a refund.
#[derive(Default, Serialize)]
pub(crate) struct RefundAnswer<'a> {
    refund_id: &'a str,
    order_id: &'a str,
    /// `booked`; `guest` for an order of somebody who is no member; `waiting` for one that has not come yet; `refused`
    /// where it came before its order, and does not fit it.
    status: &'static str,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The same as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    member_id: Option<String>,
    /// What the lines that came back had earned.
    points: i64,
    /// What challenges take back that are not reached without the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_points: Option<i64>,
    /// What of all this was there to be taken.
    taken_points: i64,
    /// What of it is owed now; the rest is let go.
    owed_points: i64,
    /// Points spent on the order that came back.
    returned_points: i64,
    /// Money of balances that paid for it and came back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    returned_credits: Vec<TenderDocument>,
    balance_points: Option<i64>,
    booked_at: String,
    /// What the order had given to its buyer and to who brought her, and goes back with all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<Gave>,
    /// What it gave, would go back with it, and has been used: she keeps it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_gifts: Vec<UsedGiftAnswer<'a>>,
}

/// A reward that was given for the order, and used before it came back.
#[derive(Serialize)]
struct UsedGiftAnswer<'a> {
    redemption_id: &'a str,
    reward: &'a str,
    /// What it costs others, where the program in force has a price for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
    spent_at: String,
}

impl Booking<6> for RefundBooking<'_> {
    type Known = Returned;

    fn reads(&self) -> [Statement; 6] {
        let order_id = &self.content.order_id;
        [
            refunds::load_order(self.shop, order_id),
            refunds::load(self.shop, order_id),
            refunds::load_member(self.shop, order_id),
            refunds::load_known(self.shop, self.refund_id),
            referrals::load_by_order(self.shop, order_id),
            redemptions::load_used_gifts(self.shop, order_id),
        ]
    }

    fn find<R: Rows>(
        &self,
        [order, earlier, member, known, referrals, used]: &[R; 6],
    ) -> Result<Found<Returned>, BookingError> {
        let earlier = refunds::refunds(earlier)?;
        let known = refunds::known(known)?;
        if let Some(booked) = earlier.iter().find(|it| it.refund_id == self.refund_id) {
            check_same(&booked.content, &json(self.content)).map_err(ReturnError::Differs)?;
            // What became of one that came before its order, that has told.
            let became = known.and_then(|known| known.became);
            return Ok(Found::Booked(
                became.unwrap_or_else(|| booked.answer.clone()),
            ));
        }
        if known.is_some_and(|known| known.order_id != self.content.order_id) {
            return Err(ReturnError::OfOtherOrder.into());
        }
        Ok(Found::Open(Returned {
            order: refunds::order(order)?,
            earlier,
            member: members::member(member)?,
            friend: referrals::friends(referrals)?.into_iter().next(),
            used: redemptions::used_gifts(used)?,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        known: Returned,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        self.content.check()?;
        let of = (self.refund_id, self.content.order_id.as_str());
        let mut answer = RefundAnswer::new(of, "waiting", now);
        let mut planned = None;
        let mut more = Vec::new();
        let mut taken_back = None;
        if let Some(order) = &known.order {
            answer.status = "guest";
            let before = order.sent_back(&known.earlier)?;
            let refund = self.content.of(&order.cart)?;
            let nothing = SentBack::default();
            let after = before.last().unwrap_or(&nothing);
            let after = after.with(&order.cart, &refund);
            let after = after.map_err(ReturnError::Order)?;
            if let Some(member) = &known.member {
                let snapshot = member.snapshot()?;
                let taken =
                    order.refund(program, &snapshot, self.refund_id, (&before, &after), now)?;
                answer = answer.taken(program, &member.member_id, &snapshot, &taken);
                more = uncount(self.shop, program, &member.member_id, &taken.back);
                let mut plan = taken.plan;
                let friend = known.friend.as_ref();
                let is_too_little = referral::falls_below(order, &taken.back);
                let goes_back = is_too_little || after.is_whole(&order.cart);
                if let Some(friend) = friend.filter(|_| goes_back) {
                    let back = referral::take_back(self.shop, program, friend, order, plan, now)?;
                    plan = back.planned;
                    more.extend(back.statements);
                    answer.referral = back.gave;
                }
                let lost = &taken.back.lost_gifts;
                let is_lost =
                    |it: &UsedGift| it.given_by.as_ref().is_some_and(|by| lost.contains(by));
                let used = known.used.iter().filter(|it| goes_back || is_lost(it));
                answer.used_gifts = used.map(|it| it.told(program)).collect();
                answer.balance_points = Some(plan.snapshot.balance.get());
                planned = Some((member, plan));
                taken_back = Some(taken.back);
            }
        }
        let answer = json(&answer);
        let nth = known.earlier.last().map_or(0, |last| last.nth);
        let row = RefundRow {
            refund_id: self.refund_id.to_owned(),
            content: json(self.content),
            answer: answer.clone(),
            nth: nth.saturating_add(1),
        };
        let mut statements = Vec::new();
        if let Some((member, planned)) = &planned {
            let base = Base::of(member)?;
            statements = append::store_plan(self.shop, &base, program, planned, now);
        }
        statements.extend(more);
        let order_id = &self.content.order_id;
        if let Some(back) = &taken_back {
            // What it was given and has not been used goes with it.
            let of_surprises = || withdraw(self.shop, EntryKind::Surprise, order_id, now);
            statements.extend(back.is_whole.then(of_surprises));
            statements.extend(withdraw_lost(self.shop, order_id, back, now));
        }
        statements.push(refunds::store(self.shop, order_id, &row, now));
        Ok(Written { statements, answer })
    }
}

impl UsedGift {
    fn told(&self, program: &Program) -> UsedGiftAnswer<'_> {
        let mut rewards = program.rewards().iter();
        let reward = rewards.find(|it| it.id == self.reward);
        UsedGiftAnswer {
            redemption_id: &self.redemption_id,
            reward: &self.reward,
            points: reward.and_then(|it| it.points).map(Points::get),
            spent_at: rfc3339(self.spent_at),
        }
    }
}

impl<'a> RefundAnswer<'a> {
    fn new(
        (refund_id, order_id): (&'a str, &'a str),
        status: &'static str,
        now: Timestamp,
    ) -> Self {
        Self {
            refund_id,
            order_id,
            status,
            booked_at: rfc3339(now),
            ..Self::default()
        }
    }

    /// With what it takes of a member who was so before.
    fn taken(self, program: &Program, member_id: &str, before: &Snapshot, taken: &Taken) -> Self {
        let after = &taken.plan.snapshot;
        let owed = after.holdings.owed.saturating_sub(before.holdings.owed);
        Self {
            status: "booked",
            member_id: Some(member_id.to_owned()),
            points: taken.back.points,
            challenge_points: Some(taken.challenge_points).filter(|it| *it > 0),
            taken_points: taken.sum(EntryKind::Clawback).saturating_neg(),
            owed_points: owed.max(0),
            returned_points: taken.sum(EntryKind::Return),
            returned_credits: TenderDocument::of(program, &taken.back.returned_credits),
            balance_points: Some(after.balance.get()),
            ..self
        }
    }

    /// With why it is refused.
    fn refused(self, why: &ReturnError) -> Self {
        Self {
            status: "refused",
            reason: Some(why.code()),
            detail: Some(why.to_string()),
            ..self
        }
    }
}

/// What a refund does.
pub(crate) struct Taken {
    pub(crate) plan: Plan,
    /// What the lines that came back had earned, and counted for.
    pub(crate) back: TakenBack,
    /// What challenges take back.
    challenge_points: i64,
}

impl Taken {
    /// The points of the plan's entries of a kind.
    fn sum(&self, kind: EntryKind) -> i64 {
        let entries = self.plan.entries.iter().filter(|entry| entry.kind == kind);
        entries.map(|entry| entry.points.get()).sum()
    }
}

impl RefundedOrder {
    /// Plans a refund on the member whose order it is now. `today` is the program in force; what the order earned,
    /// the one that decided it says.
    pub(crate) fn refund(
        &self,
        today: &Program,
        member: &Snapshot,
        refund_id: &str,
        (before, after): (&[SentBack], &SentBack),
        now: Timestamp,
    ) -> Result<Taken, BookingError> {
        let order = BookedOrder {
            cart: &self.cart,
            member: &self.member,
            evaluated_at: self.evaluated_at,
            placed_at: self.placed_at,
            points: self.points,
            credits: &self.credits,
            spent: &self.spent,
            tendered: &self.tendered,
            surprises: &self.surprises,
        };
        let taken_back = take_back(self.program.as_ref(), &order, before, after);
        let mut taken_back = taken_back.map_err(|error| BookingError::evaluate(error, ""))?;
        taken_back.counted_on.extend(self.counted_on.clone());
        let command = Command::Refund {
            refund_id,
            taken_back: &taken_back,
        };
        let refused = |refusal: Refusal| BookingError::refused(refusal, None);
        let lost = forget(today, &mut member.challenges.clone(), &taken_back);
        Ok(Taken {
            challenge_points: lost.iter().map(|(_, points)| points).sum(),
            plan: plan(today, Some(member), command, now).map_err(refused)?,
            back: taken_back,
        })
    }
}
