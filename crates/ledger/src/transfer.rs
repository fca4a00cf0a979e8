//! Transfers: a member gives points to another one.
//!
//! A batch writes one member, so a transfer is two bookings: [`TransferBooking`] takes the points and sends them,
//! [`ArrivalBooking`] brings what was sent. Invariant: what was sent arrives, once, and sum and ends of its lots
//! stay: whoever delivers the request again finishes what broke off, and so does the cron.

mod arrival;
pub(crate) mod parcel;

use earnest_core::{Command, Plan, Program, Refusal, Snapshot, Timestamp, plan};
use serde::Serialize;

pub use self::arrival::ArrivalBooking;
use self::parcel::PointsParcel;
use crate::store::append::{self, Base};
use crate::store::members::{self, MemberRow};
use crate::store::transfers::{self, NewTransfer, ParcelKind, TransferRow};
use crate::store::{Rows, Statement};
use crate::{Booking, BookingError, Differences, Found, Written, check_same, json};

/// Why nothing is transferred or merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// The receiver is nobody of this shop.
    #[error("the shop has no member of this id")]
    ReceiverUnknown {
        /// A JSON pointer to the id.
        pointer: &'static str,
    },
    /// Another transfer has this id.
    #[error("{}", .0.told("a transfer"))]
    Differs(Differences),
}

/// Points to take from one member, and to send to another.
#[derive(Clone, Copy, Debug)]
pub struct TransferBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// The shop's id of the transfer.
    pub transfer_id: &'a str,
    /// Who gives.
    pub from: &'a str,
    /// Who is given.
    pub to: &'a str,
    /// Points.
    pub points: i64,
}

/// Two members between whom something moves.
#[derive(Clone, Debug)]
pub struct Pair {
    pub(crate) giver: MemberRow,
    pub(crate) receiver: MemberRow,
}

/// What is compared when the id comes again. The names are those of the request.
#[derive(Serialize)]
struct Content<'a> {
    from: &'a str,
    to: &'a str,
    points: i64,
}

/// What has been sent: the answer is the arrival's.
#[derive(Serialize)]
struct Sent<'a> {
    transfer_id: &'a str,
}

impl Booking<3> for TransferBooking<'_> {
    type Known = Pair;

    fn reads(&self) -> [Statement; 3] {
        [
            transfers::load(self.shop, self.transfer_id),
            members::load_by_id(self.shop, self.from),
            members::load_by_id(self.shop, self.to),
        ]
    }

    fn find<R: Rows>(&self, [sent, from, to]: &[R; 3]) -> Result<Found<Pair>, BookingError> {
        if let Some(sent) = transfers::transfer(sent)? {
            self.check_same(&sent)?;
            return Ok(Found::Booked(self.sent()));
        }
        Pair::new(from, to, "/to").map(Found::Open)
    }

    fn decide(
        &self,
        program: &Program,
        pair: Pair,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let household = pair.giver.household.as_deref();
        let command = Command::TransferOut {
            transfer_id: self.transfer_id,
            points: self.points,
            is_of_household: household.is_some() && household == pair.receiver.household.as_deref(),
        };
        let planned = plan(program, Some(&pair.giver.snapshot()?), command, now);
        let planned = planned.map_err(refused)?;
        self.check_arrival(program, &pair.receiver.snapshot()?, &planned, now)?;
        let content = PointsParcel::new(self.points, &planned.drawn);
        let base = Base::of(&pair.giver)?;
        let mut statements = append::store_plan(self.shop, &base, program, &planned, now);
        let transfer = NewTransfer {
            transfer_id: self.transfer_id,
            kind: ParcelKind::Transfer,
            from_member: self.from,
            to_member: self.to,
            content: &json(&content),
        };
        statements.push(transfers::store(self.shop, transfer, now));
        Ok(Written {
            statements,
            answer: self.sent(),
        })
    }
}

impl TransferBooking<'_> {
    /// What brings it.
    #[must_use]
    pub fn arrival(&self) -> ArrivalBooking<'_> {
        ArrivalBooking {
            shop: self.shop,
            transfer_id: self.transfer_id,
        }
    }

    fn sent(&self) -> String {
        let transfer_id = self.transfer_id;
        json(&Sent { transfer_id })
    }

    fn check_same(&self, sent: &TransferRow) -> Result<(), BookingError> {
        let content = |from, to, points| json(&Content { from, to, points });
        // A merge has no points of its own, so none is any transfer.
        let points = match sent.kind {
            ParcelKind::Transfer => PointsParcel::read(&sent.content)?.points,
            ParcelKind::Merge => 0,
        };
        let was = content(&sent.from_member, &sent.to_member, points);
        let is = content(self.from, self.to, self.points);
        check_same(&was, &is).map_err(|found| TransferError::Differs(found).into())
    }

    /// What cannot arrive is not sent.
    fn check_arrival(
        &self,
        program: &Program,
        receiver: &Snapshot,
        sent: &Plan,
        now: Timestamp,
    ) -> Result<(), BookingError> {
        let command = Command::TransferIn {
            transfer_id: self.transfer_id,
            lots: &sent.drawn,
        };
        let arrives = plan(program, Some(receiver), command, now);
        arrives.map(drop).map_err(refused)
    }
}

impl Pair {
    /// The two that were read. `pointer` leads to the receiver in the request.
    pub(crate) fn new<R: Rows>(
        giver: &R,
        receiver: &R,
        pointer: &'static str,
    ) -> Result<Self, BookingError> {
        let giver = members::member(giver)?.ok_or(BookingError::MemberUnknown)?;
        giver.check_stands(None)?;
        let receiver = members::member(receiver)?;
        let receiver = receiver.ok_or(TransferError::ReceiverUnknown { pointer })?;
        if giver.member_id == receiver.member_id {
            return Err(BookingError::refused(Refusal::SameMember, Some(pointer)));
        }
        receiver.check_stands(Some(pointer))?;
        Ok(Self { giver, receiver })
    }
}

fn refused(refusal: Refusal) -> BookingError {
    let pointer = match refusal {
        Refusal::SameMember | Refusal::TransfersNotAllowed => Some("/to"),
        Refusal::TransferOfNothing
        | Refusal::NotEnoughAvailable { .. }
        | Refusal::PointsBeyondLimit => Some("/points"),
        _ => None,
    };
    BookingError::refused(refusal, pointer)
}
