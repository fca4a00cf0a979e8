//! A friend's first order: what it gives is decided in the batch that books it, and goes back with all of it; or, where
//! bonuses hang on their thresholds, when what is left of it is too little.

use earnest_core::custody::Bonuses;
use earnest_core::referral::ReferralEvent;
use earnest_core::refund::{TakenBack, own_currency};
use earnest_core::wire::GiftDocument as GiftText;
use earnest_core::{
    Cart, Command, Earning, EntryKind, GivenFor, Plan, Program, Snapshot, Timestamp, plan,
};
use serde::{Deserialize, Serialize};

use super::{GIVER, Verdict, advocate_gift_of_order, advocate_gift_taken_back};
use crate::gift::withdraw;
use crate::gift_sent::{GiftContent, SentGift, points_of, read_gift};
use crate::store::gifts_sent;
use crate::store::members::MemberRow;
use crate::store::referrals::{self, Decided, FriendRow, ReferralRow};
use crate::store::refunds::RefundedOrder;
use crate::store::{Statement, StoreError};
use crate::{BookingError, Signs, json};

/// An order of somebody who was brought.
pub(crate) struct FirstOrder<'a> {
    pub(crate) shop: &'a str,
    pub(crate) friend: &'a MemberRow,
    /// Of the friend, with what the order tells.
    pub(crate) signs: &'a Signs,
    pub(crate) order_id: &'a str,
    pub(crate) cart: &'a Cart,
    /// What of it counts, in minor units.
    pub(crate) counted_minor: i64,
    /// How many orders she had before.
    pub(crate) orders_before: u32,
    pub(crate) placed_at: Timestamp,
}

/// What an order gives besides, or takes back.
pub(crate) struct Outcome<'p> {
    /// The plan of the order, with what the friend is given.
    pub(crate) planned: Plan,
    /// What keeps it, and sends what her advocate is given.
    pub(crate) statements: Vec<Statement>,
    /// What became of it.
    pub(crate) verdict: Option<Verdict<'p>>,
}

/// What a step gave, as it was kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Gave {
    #[serde(skip_serializing_if = "Option::is_none")]
    advocate: Option<GiftText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    friend: Option<GiftText>,
}

/// What goes back with an order.
pub(crate) struct GoneBack {
    /// The plan of the refund, with what is taken from the friend.
    pub(crate) planned: Plan,
    /// What keeps it, and sends for what her advocate was given.
    pub(crate) statements: Vec<Statement>,
    /// What goes back; `None` where nothing does.
    pub(crate) gave: Option<Gave>,
}

impl FirstOrder<'_> {
    /// Decides upon the plan of the order. Nothing is decided where nobody brought her, where it was before, or where
    /// all of the order has come back already.
    pub(crate) fn decide<'p>(
        &self,
        program: &'p Program,
        row: Option<&ReferralRow>,
        planned: Plan,
        now: Timestamp,
    ) -> Result<Outcome<'p>, BookingError> {
        let stands = planned.snapshot.orders > self.orders_before;
        let Some(row) = row.filter(|row| row.ordered.is_none() && stands) else {
            return Ok(Outcome {
                planned,
                statements: Vec::new(),
                verdict: None,
            });
        };
        let event = ReferralEvent::Ordered {
            number: i64::from(self.orders_before).saturating_add(1),
            currency: self.cart.currency(),
            counted_minor: self.counted_minor,
        };
        let judged = row.judge(program, event, (self.friend, self.signs), now)?;
        let order = given_for(self.cart, self.placed_at);
        let mut planned = planned;
        let mut was_given = false;
        if let Some(gift) = judged.friend() {
            let command = Command::Give {
                kind: EntryKind::Referral,
                source: &friend_gift(&row.friend_id),
                giver: GIVER,
                gift,
                order: Some(order),
            };
            let given = plan(program, Some(&member_after(&planned)), command, now);
            let given = given.map_err(|refusal| BookingError::refused(refusal, None))?;
            was_given = !given.gifts.is_empty();
            planned = planned.then(given);
        }
        let verdict = judged.verdict(was_given);
        let gives = was_given || judged.advocate().is_some();
        let mut statements = vec![referrals::store_decided(
            self.shop,
            Decided {
                friend_id: &row.friend_id,
                advocate_id: &row.advocate_id,
                joined: None,
                ordered: Some(&json(&verdict)),
                order_id: gives.then_some(self.order_id),
                counted: judged.counted,
            },
        )];
        if let Some(gift) = judged.advocate() {
            let sent = SentGift {
                gift_id: advocate_gift_of_order(&row.friend_id),
                kind: EntryKind::Referral,
                member_id: row.advocate_id.clone(),
                content: GiftContent::give(GIVER, gift, Some(order)),
            };
            statements.push(gifts_sent::store(self.shop, &sent, now));
        }
        Ok(Outcome {
            planned,
            statements,
            verdict: Some(verdict),
        })
    }
}

/// What of an order counts for who brought its buyer: all of it, or, where the program that decided it has bonuses hang
/// on their thresholds, what has not come back.
pub(crate) fn counted(program: &Program, earning: &Earning, back: &[TakenBack]) -> i64 {
    let left = back.last().map(|back| back.counted_left_minor);
    let left = left.filter(|_| program.custody().refunds.bonuses == Bonuses::Threshold);
    left.unwrap_or(earning.counted_minor)
}

/// Whether a refund leaves a first order below what it had to be worth, where bonuses hang on their thresholds.
pub(crate) fn falls_below(order: &RefundedOrder, back: &TakenBack) -> bool {
    let program = order.program.as_ref();
    let program = program.filter(|it| it.custody().refunds.bonuses == Bonuses::Threshold);
    let referral = program.and_then(Program::referral);
    referral.is_some_and(|it| it.is_below_minimum(back.counted_in, back.counted_left_minor))
}

/// What an order sent to who brought its buyer, by the answer to it.
#[must_use]
pub fn sent_by_order(answer: &str) -> Option<String> {
    friend_of(answer).map(|friend_id| advocate_gift_of_order(&friend_id))
}

/// What a refund sent for, by the answer to it.
#[must_use]
pub fn sent_by_refund(answer: &str) -> Option<String> {
    friend_of(answer).map(|friend_id| advocate_gift_taken_back(&friend_id))
}

/// The friend whom an answer is about, where it gave something to who brought her, or takes it back.
fn friend_of(answer: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Told {
        member_id: String,
        referral: Gave,
    }
    // Most orders are nobody's first.
    if !answer.contains("\"referral\":") {
        return None;
    }
    let told: Told = serde_json::from_str(answer).ok()?;
    told.referral.advocate.map(|_| told.member_id)
}

/// Takes back what the first order of a friend gave, upon the plan of the refund by which all of it came back, or too
/// much. Nothing is, where that was done. What was given is named after who she was when she ordered.
pub(crate) fn take_back(
    shop: &str,
    program: &Program,
    row: &FriendRow,
    order: &RefundedOrder,
    planned: Plan,
    now: Timestamp,
) -> Result<GoneBack, BookingError> {
    let (mut planned, mut statements) = (planned, Vec::new());
    let Some(ordered) = row
        .ordered
        .as_deref()
        .filter(|_| row.taken_back_at.is_none())
    else {
        return Ok(GoneBack {
            planned,
            statements,
            gave: None,
        });
    };
    let gave: Gave = serde_json::from_str(ordered)
        .map_err(|error| StoreError::Broken(format!("a referral cannot be read: {error}")))?;
    let friend_id = order.member_id.as_ref().unwrap_or(&row.friend_id);
    let given_for = given_for(&order.cart, order.placed_at);
    if let Some(gift) = gave.friend.clone() {
        let command = Command::TakeGift {
            source: &format!("returned:{friend_id}"),
            points: points_of(&read_gift(gift)?),
            credits: &order.referred,
            order: given_for,
        };
        let taken = plan(program, Some(&planned.snapshot), command, now);
        planned = planned.then(taken.map_err(|refusal| BookingError::refused(refusal, None))?);
        let source = friend_gift(friend_id);
        statements.push(withdraw(shop, EntryKind::Referral, &source, now));
    }
    if let Some(gift) = gave.advocate.clone() {
        let sent = SentGift {
            gift_id: advocate_gift_taken_back(friend_id),
            kind: EntryKind::Referral,
            member_id: row.advocate_id.clone(),
            content: GiftContent::take(&advocate_gift_of_order(friend_id), gift, given_for),
        };
        statements.push(gifts_sent::store(shop, &sent, now));
    }
    statements.push(referrals::store_taken_back(shop, &row.friend_id, now));
    Ok(GoneBack {
        planned,
        statements,
        gave: Some(gave),
    })
}

/// What the friend's own gift for her first order is booked for.
fn friend_gift(friend_id: &str) -> String {
    format!("ordered:{friend_id}")
}

fn given_for(cart: &Cart, placed_at: Timestamp) -> GivenFor {
    GivenFor {
        placed_at,
        currency: own_currency(cart),
    }
}

/// The member after a plan, who knows what it took of budgets.
pub(crate) fn member_after(planned: &Plan) -> Snapshot {
    let mut member = planned.snapshot.clone();
    for taken in &planned.budgets {
        let mut budgets = member.budgets.iter_mut();
        match budgets.find(|(holder, _)| *holder == taken.holder) {
            Some((_, used)) => *used = used.saturating_add(taken.points),
            None => member.budgets.push((taken.holder.clone(), taken.points)),
        }
    }
    member
}
