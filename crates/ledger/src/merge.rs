//! Merges: two members turn out to be one person.
//!
//! One is emptied, and everything that was hers is sent to the other, as a transfer is. From the first of the two
//! batches on whatever names the one finds the other. Invariants: nobody is merged twice; who takes her over
//! stands for herself, so that every trace leads to a member in one step.

use earnest_core::{Command, Program, Refusal, Timestamp, plan};
use serde::Serialize;

use crate::store::append::{self, Base};
use crate::store::transfers::{self, NewTransfer, ParcelKind};
use crate::store::{Rows, Statement};
use crate::store::{members, referrals, scores};
use crate::transfer::Pair;
use crate::transfer::parcel::MemberParcel;
use crate::{
    ArrivalBooking, Booking, BookingError, Found, TransferError, Written, check_same, json,
};

/// A member to merge into another one.
#[derive(Clone, Debug)]
pub struct MergeBooking<'a> {
    shop: &'a str,
    member_id: &'a str,
    into: &'a str,
    transfer_id: String,
}

/// What is compared when she is merged again. The name is that of the request.
#[derive(Serialize)]
struct Content<'a> {
    into: &'a str,
}

impl<'a> MergeBooking<'a> {
    /// Of a member whose points and all go to another one.
    #[must_use]
    pub fn new(shop: &'a str, member_id: &'a str, into: &'a str) -> Self {
        Self {
            shop,
            member_id,
            into,
            transfer_id: transfer_id_of(member_id),
        }
    }

    /// What brings it.
    #[must_use]
    pub fn arrival(&self) -> ArrivalBooking<'_> {
        ArrivalBooking {
            shop: self.shop,
            transfer_id: &self.transfer_id,
        }
    }

    fn content(into: &str) -> String {
        json(&Content { into })
    }
}

/// What the ids of transfers begin with that are merges; no shop gives such a one.
pub const MERGE_PREFIX: &str = "merge:";

/// The id of the transfer that empties a member: there is one at most.
#[must_use]
pub fn transfer_id_of(merged: &str) -> String {
    format!("{MERGE_PREFIX}{merged}")
}

impl Booking<3> for MergeBooking<'_> {
    type Known = Pair;

    fn reads(&self) -> [Statement; 3] {
        [
            transfers::load(self.shop, &self.transfer_id),
            members::load_by_id(self.shop, self.member_id),
            members::load_by_id(self.shop, self.into),
        ]
    }

    fn find<R: Rows>(&self, [sent, member, into]: &[R; 3]) -> Result<Found<Pair>, BookingError> {
        if let Some(sent) = transfers::transfer(sent)? {
            let (was, is) = (Self::content(&sent.to_member), Self::content(self.into));
            check_same(&was, &is).map_err(TransferError::Differs)?;
            return Ok(Found::Booked(is));
        }
        Pair::new(member, into, "/into").map(Found::Open)
    }

    fn decide(
        &self,
        program: &Program,
        pair: Pair,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Pair { giver, receiver } = &pair;
        let snapshot = giver.snapshot()?;
        // What time has done is booked to her while she is there; what is left of her travels.
        let settled = plan(program, Some(&snapshot), Command::Settle, now).map_err(refused)?;
        let other = settled.snapshot;
        let member_id = self.member_id;
        let planned = plan(
            program,
            Some(&snapshot),
            Command::MergeOut { member_id },
            now,
        );
        let planned = planned.map_err(refused)?;
        // What cannot arrive is not sent.
        let arrives = Command::MergeIn {
            member_id,
            other: &other,
        };
        plan(program, Some(&receiver.snapshot()?), arrives, now).map_err(refused)?;

        let parcel = json(&MemberParcel::new(&other, giver.household.as_deref()));
        let base = Base::of(giver)?;
        let mut statements = append::store_plan(self.shop, &base, program, &planned, now);
        statements.push(members::store_merged(self.shop, member_id, self.into));
        statements.push(members::store_followers(self.shop, member_id, self.into));
        statements.push(referrals::store_merged(self.shop, member_id, self.into));
        statements.extend(scores::store_merged(self.shop, member_id, self.into));
        let transfer = NewTransfer {
            transfer_id: &self.transfer_id,
            kind: ParcelKind::Merge,
            from_member: member_id,
            to_member: self.into,
            content: &parcel,
        };
        statements.push(transfers::store(self.shop, transfer, now));
        Ok(Written {
            statements,
            answer: Self::content(self.into),
        })
    }
}

fn refused(refusal: Refusal) -> BookingError {
    let pointer = (refusal == Refusal::SameMember).then_some("/into");
    BookingError::refused(refusal, pointer)
}
