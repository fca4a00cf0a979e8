//! Referrals: what a step of a friend gives her, and who brought her.
//!
//! The core judges; here is what it is told, and what becomes of its answer. Invariants: each step is decided once, in
//! the batch that gives the friend hers; what her advocate gets is sent to her in the same batch, and numbered, so
//! that no limit is passed however many friends are decided at once.

mod first_order;

use earnest_core::referral::{
    Identity, ReferralEvent, ReferralFacts, ReferralGrant, ReferralRefusal, judge,
};
use earnest_core::reward::Gift;
use earnest_core::{Command, EntryKind, Program, Snapshot, Timestamp, plan};
use serde::Serialize;

pub(crate) use self::first_order::{
    FirstOrder, Gave, Outcome, counted, falls_below, member_after, take_back,
};
pub use self::first_order::{sent_by_order, sent_by_refund};
use crate::gift::{Codes, Gifts};
use crate::gift_sent::{GiftContent, SentGift};
use crate::store::append::{self, Base};
use crate::store::budgets::{self, Budgets};
use crate::store::gifts_sent;
use crate::store::members::{self, MemberRow, Traces};
use crate::store::referrals::{self, Counted, Decided, ReferralRow};
use crate::store::{Rows, Statement, StoreError};
use crate::{Booking, BookingError, Found, Signs, Written, json};

/// What gives what is given for friends, in entries and events.
pub(crate) const GIVER: &str = "referral";

/// A friend whose joining is to be decided. Nothing is, where nobody brought her.
#[derive(Clone, Copy, Debug)]
pub struct ReferralBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// Who joined.
    pub friend_id: &'a str,
    /// What the codes of gifts are made of.
    pub codes: Codes,
}

/// What is known of a friend whose joining is not decided.
#[derive(Clone, Debug)]
pub struct Brought {
    row: ReferralRow,
    friend: MemberRow,
    budgets: Budgets,
}

/// What became of a step, as it is kept and told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Verdict<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    advocate: Option<Told<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    friend: Option<Told<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'static str>,
}

/// A gift as programs write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told<'a> {
    Points(i64),
    Reward(&'a str),
}

/// A step, and how it was judged.
pub(crate) struct Judged<'p> {
    grant: Result<ReferralGrant<'p>, ReferralRefusal>,
    counted: Option<Counted>,
}

impl<'a> From<&'a Gift> for Told<'a> {
    fn from(gift: &'a Gift) -> Self {
        match gift {
            Gift::Points(points) => Self::Points(points.get()),
            Gift::Reward(id) => Self::Reward(id),
        }
    }
}

impl Booking<3> for ReferralBooking<'_> {
    type Known = Brought;

    fn reads(&self) -> [Statement; 3] {
        let friend = Traces {
            member_id: Some(self.friend_id),
            ..Traces::default()
        };
        [
            referrals::load(self.shop, friend),
            members::load_by_traces(self.shop, friend),
            budgets::load(self.shop),
        ]
    }

    fn find<R: Rows>(
        &self,
        [referral, friend, budgets]: &[R; 3],
    ) -> Result<Found<Brought>, BookingError> {
        let Some(row) = referrals::referral(referral)? else {
            return Ok(Found::Booked("null".to_owned()));
        };
        if let Some(joined) = row.joined {
            return Ok(Found::Booked(joined));
        }
        Ok(Found::Open(Brought {
            row,
            friend: members::member(friend)?.ok_or(BookingError::MemberUnknown)?,
            budgets: budgets::budgets(budgets)?,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        brought: Brought,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Brought {
            row,
            friend,
            budgets,
        } = brought;
        let signs = friend.signs()?;
        let judged = row.judge(program, ReferralEvent::Joined, (&friend, &signs), now)?;
        let mut statements = Vec::new();
        let mut was_given = false;
        if let Some(gift) = judged.friend() {
            let snapshot = Snapshot {
                budgets,
                ..friend.snapshot()?
            };
            let command = Command::Give {
                kind: EntryKind::Referral,
                source: &format!("joined:{}", row.friend_id),
                giver: GIVER,
                gift,
                order: None,
            };
            let given = plan(program, Some(&snapshot), command, now);
            let given = given.map_err(|refusal| BookingError::refused(refusal, None))?;
            let base = Base::of(&friend)?;
            statements = append::store_plan(self.shop, &base, program, &given, now);
            let gifts = Gifts::of(&given, program, &self.codes);
            statements.extend(gifts.store(self.shop, &friend.member_id, now));
            was_given = !given.gifts.is_empty();
        }
        let verdict = json(&judged.verdict(was_given));
        // Who was a customer before is none whom anybody brought, whatever she orders. An order may have been first.
        let is_known = judged.grant == Err(ReferralRefusal::FriendKnown);
        let is_over = is_known && row.ordered.is_none();
        statements.push(referrals::store_decided(
            self.shop,
            Decided {
                friend_id: &row.friend_id,
                advocate_id: &row.advocate_id,
                joined: Some(&verdict),
                ordered: is_over.then_some(verdict.as_str()),
                order_id: None,
                counted: judged.counted,
            },
        ));
        if let Some(gift) = judged.advocate() {
            let sent = SentGift {
                gift_id: advocate_gift_of_joining(&row.friend_id),
                kind: EntryKind::Referral,
                member_id: row.advocate_id.clone(),
                content: GiftContent::give(GIVER, gift, None),
            };
            statements.push(gifts_sent::store(self.shop, &sent, now));
        }
        Ok(Written {
            statements,
            answer: verdict,
        })
    }
}

/// What an advocate is given for the joining of a friend, as it is on its way.
#[must_use]
pub fn advocate_gift_of_joining(friend_id: &str) -> String {
    format!("friend-joined:{friend_id}")
}

/// What an advocate is given for the first order of a friend, as it is on its way.
#[must_use]
pub fn advocate_gift_of_order(friend_id: &str) -> String {
    format!("friend-ordered:{friend_id}")
}

/// What takes that back.
#[must_use]
pub fn advocate_gift_taken_back(friend_id: &str) -> String {
    format!("friend-returned:{friend_id}")
}

impl<'p> Judged<'p> {
    fn friend(&self) -> Option<&'p Gift> {
        self.grant.as_ref().ok()?.friend
    }

    fn advocate(&self) -> Option<&'p Gift> {
        self.grant.as_ref().ok()?.advocate
    }

    /// As it is kept. What the friend was to be given and was not, because none is left of it, is not told.
    fn verdict(&self, was_given: bool) -> Verdict<'p> {
        Verdict {
            advocate: self.advocate().map(Told::from),
            friend: self.friend().filter(|_| was_given).map(Told::from),
            refused: self.grant.as_ref().err().map(|refusal| refusal.code()),
        }
    }
}

impl ReferralRow {
    /// Judges a step of the friend. `signs` are hers, with what the step told.
    fn judge<'p>(
        &self,
        program: &'p Program,
        event: ReferralEvent,
        (friend, signs): (&MemberRow, &Signs),
        now: Timestamp,
    ) -> Result<Judged<'p>, StoreError> {
        let broken = |error| StoreError::Broken(format!("a referral cannot be read: {error}"));
        let had: Vec<(i64, i64, i64, i64)> = serde_json::from_str(&self.had).map_err(broken)?;
        let hers: Vec<Signs> = serde_json::from_str(&self.advocate_signs).map_err(broken)?;
        let united = |all: Signs, more: &[Signs]| more.iter().fold(all, |all, it| all.with(it));
        let hers = united(Signs::default(), &hers);
        // What she left as a guest is credited to her soon.
        let as_guest: Vec<Signs> = serde_json::from_str(&self.guest_signs).map_err(broken)?;
        let signs = &united(signs.clone(), &as_guest);
        let date = program.calendar().local(now).date();
        let month = date.year.saturating_mul(12).saturating_add(date.month);
        let in_all: i64 = had.iter().map(|(_, nth, ..)| nth).sum();
        let of_month = had.iter().filter(|(_, _, in_month, _)| *in_month == month);
        let in_month: i64 = of_month.map(|(.., month_nth)| month_nth).sum();
        // She is not among the other friends for whom something was given.
        let has_given = i64::from(self.nth.is_some());
        let has_given_now = i64::from(self.month == Some(month));
        let is_one = friend.member_id == self.advocate_id;
        let one = Some(friend.member_id.as_str()).filter(|_| is_one);
        let shared = hers.shared(signs);
        let facts = ReferralFacts {
            event,
            friend_is_known: self.is_friend_known != 0,
            advocate: Identity {
                customer: one.or(self.advocate_customer.as_deref()),
                ..shared
            },
            friend: Identity {
                customer: one.or(friend.customer_id.as_deref()),
                ..shared
            },
            rewarded: in_all.saturating_sub(has_given),
            rewarded_this_month: in_month.saturating_sub(has_given_now),
        };
        let grant = judge(program.referral(), &facts);
        let gives = grant.is_ok_and(|grant| grant.advocate.is_some());
        // Numbered among those of who she is now: the others' numbers stay as they are.
        let own = had.iter().find(|(is_own, ..)| *is_own != 0);
        let counted = (gives && self.nth.is_none()).then(|| Counted {
            nth: own.map_or(0, |(_, nth, ..)| *nth).saturating_add(1),
            month,
            month_nth: own
                .filter(|(_, _, in_month, _)| *in_month == month)
                .map_or(0, |(.., month_nth)| *month_nth)
                .saturating_add(1),
            after: in_all,
        });
        Ok(Judged { grant, counted })
    }
}
