//! Arrivals: what is on its way is given to whom it was sent to, or to who she is by now.
//!
//! The answers are told from what is booked, so they are the same whoever brought it, and for ever.

use earnest_core::{Command, EntryKind, Plan, Program, Timestamp, plan};
use serde::Serialize;

use super::parcel::{MemberParcel, PointsParcel};
use crate::store::append::{self, Base};
use crate::store::entries::{self, EntryRow};
use crate::store::members::{self, MemberRow};
use crate::store::transfers::{self, ParcelKind, TransferRow};
use crate::store::{Rows, Statement};
use crate::{Booking, BookingError, Found, StoreError, Written, json, rfc3339};

/// Something to bring that was sent.
#[derive(Clone, Copy, Debug)]
pub struct ArrivalBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// The id of the transfer.
    pub transfer_id: &'a str,
}

/// What is on its way, and to whom.
#[derive(Clone, Debug)]
pub struct Arriving {
    sent: TransferRow,
    receiver: MemberRow,
    entries: Vec<EntryRow>,
}

#[derive(Serialize)]
struct TransferAnswer<'a> {
    transfer_id: &'a str,
    points: i64,
    /// Who gave, with her balance after that.
    from: Side<'a>,
    /// Who was given, with her balance after that. What she owed is paid off by a further entry.
    to: Side<'a>,
    sent_at: String,
}

#[derive(Serialize)]
struct Side<'a> {
    member_id: &'a str,
    balance_points: i64,
}

#[derive(Serialize)]
struct MergeAnswer<'a> {
    member_id: &'a str,
    merged_into: &'a str,
    merged_at: String,
}

impl Booking<3> for ArrivalBooking<'_> {
    type Known = Arriving;

    fn reads(&self) -> [Statement; 3] {
        [
            transfers::load(self.shop, self.transfer_id),
            transfers::load_receiver(self.shop, self.transfer_id),
            transfers::load_entries(self.shop, self.transfer_id),
        ]
    }

    fn find<R: Rows>(
        &self,
        [sent, receiver, entries]: &[R; 3],
    ) -> Result<Found<Arriving>, BookingError> {
        let sent = transfers::transfer(sent)?.ok_or_else(|| broken("nothing was sent"))?;
        let entries = entries::entries(entries)?;
        if sent.arrived_at.is_some() {
            return Ok(Found::Booked(told(&sent, &entries)?));
        }
        let receiver = members::member(receiver)?;
        let receiver = receiver.ok_or_else(|| broken("nobody is to receive it"))?;
        Ok(Found::Open(Arriving {
            sent,
            receiver,
            entries,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        arriving: Arriving,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Arriving {
            sent,
            receiver,
            mut entries,
        } = arriving;
        let (planned, more) = match sent.kind {
            ParcelKind::Transfer => (self.plan_points(program, &sent, &receiver, now)?, None),
            ParcelKind::Merge => self.plan_merge(program, &sent, &receiver, now)?,
        };
        let base = Base::of(&receiver)?;
        let mut statements = append::store_plan(self.shop, &base, program, &planned, now);
        statements.extend(more);
        statements.push(transfers::store_arrival(self.shop, self.transfer_id, now));
        let booked = planned.entries.iter();
        entries.extend(booked.map(|entry| EntryRow::new(&receiver.member_id, entry)));
        Ok(Written {
            statements,
            answer: told(&sent, &entries)?,
        })
    }
}

impl ArrivalBooking<'_> {
    fn plan_points(
        &self,
        program: &Program,
        sent: &TransferRow,
        receiver: &MemberRow,
        now: Timestamp,
    ) -> Result<Plan, BookingError> {
        let command = Command::TransferIn {
            transfer_id: self.transfer_id,
            lots: &PointsParcel::read(&sent.content)?.lots()?,
        };
        plan(program, Some(&receiver.snapshot()?), command, now)
            .map_err(|refusal| BookingError::refused(refusal, None))
    }

    /// The plan, and what a member takes over besides.
    fn plan_merge(
        &self,
        program: &Program,
        sent: &TransferRow,
        receiver: &MemberRow,
        now: Timestamp,
    ) -> Result<(Plan, Option<Statement>), BookingError> {
        let mut parcel = MemberParcel::read(&sent.content)?;
        let household = parcel.household.take();
        let other = parcel.member()?;
        let command = Command::MergeIn {
            member_id: &sent.from_member,
            other: &other,
        };
        let planned = plan(program, Some(&receiver.snapshot()?), command, now)
            .map_err(|refusal| BookingError::refused(refusal, None))?;
        let (id, joined_at) = (&receiver.member_id, other.joined_at.unwrap_or(now));
        let (from, household) = (&sent.from_member, household.as_deref());
        let more = members::store_taken_over(self.shop, id, from, joined_at, household);
        Ok((planned, Some(more)))
    }
}

/// What became of it, by the entries that it has.
fn told(sent: &TransferRow, entries: &[EntryRow]) -> Result<String, BookingError> {
    let sent_at = rfc3339(Timestamp::from_millis(sent.sent_at));
    if sent.kind == ParcelKind::Merge {
        return Ok(json(&MergeAnswer {
            member_id: &sent.from_member,
            merged_into: &sent.to_member,
            merged_at: sent_at,
        }));
    }
    // What time alone did may have been booked with it.
    let of = |kind: EntryKind| {
        let is = |entry: &&EntryRow| entry.kind == kind.name() && entry.source == sent.transfer_id;
        let entry = entries.iter().find(is);
        entry.ok_or_else(|| broken("an entry of a transfer is missing"))
    };
    let side = |entry: &'_ EntryRow| (entry.member_id.clone(), entry.balance_points);
    let from = of(EntryKind::TransferOut).map(side)?;
    let to = of(EntryKind::TransferIn).map(side)?;
    Ok(json(&TransferAnswer {
        transfer_id: &sent.transfer_id,
        points: PointsParcel::read(&sent.content)?.points,
        from: Side {
            member_id: &from.0,
            balance_points: from.1,
        },
        to: Side {
            member_id: &to.0,
            balance_points: to.1,
        },
        sent_at,
    }))
}

fn broken(what: &str) -> StoreError {
    StoreError::Broken(format!("{what}, and a transfer needs it"))
}
