//! Booking an activity: what the rules for it give. One read, one write.

use earnest_core::wire::EarningDocument;
use earnest_core::{Command, EntryKind, Program, Timestamp, evaluate_activity, plan};
use serde::Serialize;

use super::{Report, ReportError};
use crate::store::activities::{self, NewActivity};
use crate::store::append::{self, Base};
use crate::store::budgets::{self, Budgets};
use crate::store::members::{self, MemberRow};
use crate::store::{Rows, Statement};
use crate::{
    Booking, BookingError, Codes, Found, GiftDocument, Gifts, Written, check_same, json, rfc3339,
};

/// An activity to book.
#[derive(Clone, Copy, Debug)]
pub struct ActivityBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// What was reported.
    pub report: &'a Report,
    /// What the codes of its gifts are made of.
    pub codes: Codes,
}

/// What is known when an activity is new.
#[derive(Clone, Debug)]
pub struct Doer {
    member: MemberRow,
    budgets: Budgets,
    content: String,
}

/// The answer to an activity.
#[derive(Serialize)]
struct ActivityAnswer<'a> {
    activity_id: &'a str,
    member_id: &'a str,
    points: i64,
    balance_points: i64,
    earning: EarningDocument<'a>,
    booked_at: String,
    /// The rewards that rules and challenges gave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gifts: Vec<GiftDocument<'a>>,
}

impl Booking<3> for ActivityBooking<'_> {
    type Known = Doer;

    fn reads(&self) -> [Statement; 3] {
        [
            activities::load(self.shop, self.report.activity.id()),
            members::load_by_traces(self.shop, self.report.customer.traces()),
            budgets::load(self.shop),
        ]
    }

    fn find<R: Rows>(
        &self,
        [booked, member, budgets]: &[R; 3],
    ) -> Result<Found<Doer>, BookingError> {
        let content = self.report.content();
        if let Some(booked) = activities::activity(booked)? {
            check_same(&booked.content, &content).map_err(ReportError::Differs)?;
            return Ok(Found::Booked(booked.answer));
        }
        Ok(Found::Open(Doer {
            member: members::member(member)?.ok_or(ReportError::UnknownMember)?,
            budgets: budgets::budgets(budgets)?,
            content,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        doer: Doer,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Self {
            shop,
            report,
            codes,
        } = self;
        let Doer {
            member,
            budgets,
            content,
        } = doer;
        let activity = &report.activity;
        let mut snapshot = member.snapshot()?;
        snapshot.budgets = budgets;
        report.check_kind(program)?;

        let occurred_at = report.occurred_at.unwrap_or(now);
        let earning = evaluate_activity(program, &snapshot, activity, occurred_at)
            .map_err(|error| BookingError::evaluate(error, ""))?;
        let command = Command::Act {
            activity,
            occurred_at,
            earning: &earning,
        };
        let planned = plan(program, Some(&snapshot), command, now)
            .map_err(|refusal| BookingError::refused(refusal, None))?;
        let gifts = Gifts::of(&planned, program, codes);
        let answer = json(&ActivityAnswer {
            activity_id: activity.id(),
            member_id: &member.member_id,
            points: earning.points.get(),
            balance_points: planned.snapshot.balance.get(),
            earning: EarningDocument::of_activity(program, activity, &earning),
            booked_at: rfc3339(now),
            gifts: gifts.told_of(&[EntryKind::Activity, EntryKind::ActivityChallenge]),
        });
        let mut statements = vec![activities::store(
            shop,
            NewActivity {
                activity_id: activity.id(),
                member_id: &member.member_id,
                kind: activity.kind(),
                content: &content,
                answer: &answer,
                points: earning.points,
                program: program.reference(),
                occurred_at,
                booked_at: now,
            },
        )];
        let base = Base::of(&member)?;
        statements.extend(append::store_plan(shop, &base, program, &planned, now));
        statements.extend(gifts.store(shop, &member.member_id, now));
        Ok(Written { statements, answer })
    }
}
