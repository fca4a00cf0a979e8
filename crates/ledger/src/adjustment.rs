//! Adjustments: a person gives or takes points, with a reason.
//!
//! Invariant: one key books once. The same adjustment under it gets the first answer again, another one is
//! refused. The answer is told from the entry, so it is the same for ever.

use earnest_core::{Command, EntryKind, Program, Refusal, Timestamp, plan};
use serde::Serialize;

use crate::store::append::{self, Base};
use crate::store::entries::{self, EntryRow};
use crate::store::members::{self, MemberRow};
use crate::store::{Rows, Statement, StoreError};
use crate::{Booking, BookingError, EntryDocument, Found, Written, json};

/// An adjustment to book.
#[derive(Clone, Copy, Debug)]
pub struct AdjustmentBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// Whose points.
    pub member_id: &'a str,
    /// Names the adjustment.
    pub key: &'a str,
    /// What to add; negative to take away.
    pub points: i64,
    /// Why.
    pub reason: &'a str,
    /// Who decided it, where that is told.
    pub by: Option<&'a str>,
}

#[derive(Serialize)]
struct AdjustmentAnswer {
    entry: EntryDocument,
    /// After it. What she owed is paid off by a further entry.
    balance_points: i64,
}

impl Booking<2> for AdjustmentBooking<'_> {
    type Known = MemberRow;

    fn reads(&self) -> [Statement; 2] {
        [
            members::load_by_id(self.shop, self.member_id),
            entries::load_by_source(self.shop, EntryKind::Adjust, self.key),
        ]
    }

    fn find<R: Rows>(&self, [member, booked]: &[R; 2]) -> Result<Found<MemberRow>, BookingError> {
        let member = members::member(member)?.ok_or(BookingError::MemberUnknown)?;
        match entries::entries(booked)?.into_iter().next() {
            None => {
                member.check_stands(None)?;
                Ok(Found::Open(member))
            }
            Some(booked) if self.is(&booked) => Ok(Found::Booked(told(booked))),
            Some(_) => Err(BookingError::KeyReused),
        }
    }

    fn decide(
        &self,
        program: &Program,
        member: MemberRow,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let command = Command::Adjust {
            key: self.key,
            points: self.points,
            reason: self.reason,
            by: self.by,
        };
        let planned = plan(program, Some(&member.snapshot()?), command, now);
        let planned = planned.map_err(refused)?;
        // What time alone did may be booked before it.
        let mut entries = planned.entries.iter();
        let entry = entries.find(|entry| entry.kind == EntryKind::Adjust);
        let entry =
            entry.ok_or_else(|| StoreError::Broken("an adjustment is an entry".to_owned()))?;
        Ok(Written {
            statements: append::store_plan(self.shop, &Base::of(&member)?, program, &planned, now),
            answer: told(EntryRow::new(self.member_id, entry)),
        })
    }
}

impl AdjustmentBooking<'_> {
    /// Whether an entry is this adjustment. The core keeps texts without the spaces around them.
    fn is(&self, entry: &EntryRow) -> bool {
        entry.member_id == self.member_id
            && entry.points == self.points
            && entry.reason.as_deref() == Some(self.reason.trim())
            && entry.decided_by.as_deref() == self.by.map(str::trim)
    }
}

fn told(entry: EntryRow) -> String {
    json(&AdjustmentAnswer {
        balance_points: entry.balance_points,
        entry: entry.into(),
    })
}

fn refused(refusal: Refusal) -> BookingError {
    let pointer = match refusal {
        Refusal::ReasonUnusable => Some("/reason"),
        Refusal::ByUnusable => Some("/by"),
        Refusal::AdjustmentOfZero | Refusal::BalanceBelowZero | Refusal::PointsBeyondLimit => {
            Some("/points")
        }
        _ => None,
    };
    BookingError::refused(refusal, pointer)
}
