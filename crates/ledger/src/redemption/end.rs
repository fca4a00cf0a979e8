//! The end of a redemption: committed without an order, or released.
//!
//! Invariant: its answer is told from what it is then, so every delivery gets the same.

use earnest_core::{Command, Program, Refusal, Timestamp, plan};
use serde::Serialize;

use super::{AskedCart, RedemptionError};
use crate::store::append::{self, Base};
use crate::store::members::{self, MemberRow};
use crate::store::redemptions::{self, RedemptionRow};
use crate::store::{Rows, Statement};
use crate::{Booking, BookingError, Found, Written, json};

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its points are spent.
    Commit,
    /// They are free again.
    Release,
}

/// The end of a redemption, to book.
#[derive(Clone, Debug)]
pub struct RedemptionEnd<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// The id of the redemption.
    pub redemption_id: &'a str,
    /// How it ends.
    pub ending: Ending,
}

/// The answer to it.
#[derive(Serialize)]
struct EndAnswer<'a> {
    redemption_id: &'a str,
    status: &'static str,
    member_id: &'a str,
    points: i64,
}

/// What is known of a redemption that is held, or was given.
#[derive(Clone, Debug)]
pub struct HeldRedemption {
    member: MemberRow,
    redemption: RedemptionRow,
}

impl Booking<2> for RedemptionEnd<'_> {
    type Known = HeldRedemption;

    fn reads(&self) -> [Statement; 2] {
        [
            redemptions::load(self.shop, &[self.redemption_id.to_owned()]),
            redemptions::load_member(self.shop, self.redemption_id),
        ]
    }

    fn find<R: Rows>(
        &self,
        [redemption, member]: &[R; 2],
    ) -> Result<Found<HeldRedemption>, BookingError> {
        let redemption = redemptions::redemptions(redemption)?.into_iter().next();
        let redemption = redemption.ok_or(RedemptionError::Unknown)?;
        let member = members::member(member)?.ok_or(BookingError::MemberUnknown)?;
        let points = redemption.points;
        if redemption.is_spent() {
            return match self.ending {
                Ending::Commit => Ok(Found::Booked(self.told(&member, points))),
                Ending::Release => Err(RedemptionError::Spent(redemption.redemption_id).into()),
            };
        }
        let holdings = member.snapshot()?.holdings;
        let is_held = holdings.reservation(self.redemption_id).is_some();
        if !is_held && !redemption.is_gift() {
            return match self.ending {
                Ending::Release => Ok(Found::Booked(self.told(&member, points))),
                Ending::Commit => Err(BookingError::refused(Refusal::RedemptionNotHeld, None)),
            };
        }
        Ok(Found::Open(HeldRedemption { member, redemption }))
    }

    fn decide(
        &self,
        program: &Program,
        held: HeldRedemption,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let redemption_id = self.redemption_id;
        let (is_gift, is_over) = (held.redemption.is_gift(), held.redemption.is_over(now));
        if is_over && self.ending == Ending::Commit {
            return Err(RedemptionError::Over(held.redemption.redemption_id).into());
        }
        let asked = AskedCart::of(&held.redemption)?;
        let partner = asked.map(AskedCart::of_partner).transpose()?.flatten();
        let command = match self.ending {
            // It cost nothing and was counted when it was given: what is left is to mark it. And nothing is held for
            // it, so there is nothing to set free.
            _ if is_gift => Command::Settle,
            Ending::Commit => Command::Commit {
                redemption_id,
                partner: partner.as_ref(),
            },
            Ending::Release => Command::Release { redemption_id },
        };
        let member = held.member.snapshot()?;
        let planned = match plan(program, Some(&member), command, now) {
            // Its time was up just now: settling sets it free, which is what was asked for.
            Err(Refusal::RedemptionNotHeld) if self.ending == Ending::Release => {
                plan(program, Some(&member), Command::Settle, now)
            }
            planned => planned,
        };
        let planned = planned.map_err(|refusal| BookingError::refused(refusal, None))?;
        let base = Base::of(&held.member)?;
        let mut statements = append::store_plan(self.shop, &base, program, &planned, now);
        if self.ending == Ending::Commit {
            statements.push(redemptions::store_spent(self.shop, redemption_id, now));
        }
        let points = held.redemption.points;
        let answer = match self.ending {
            // It stays hers, unless it was not any more.
            Ending::Release if is_gift => {
                let status = if is_over { "over" } else { "given" };
                self.told_as(status, &held.member, points)
            }
            _ => self.told(&held.member, points),
        };
        Ok(Written { statements, answer })
    }
}

impl RedemptionEnd<'_> {
    fn told(&self, member: &MemberRow, points: i64) -> String {
        let status = match self.ending {
            Ending::Commit => "spent",
            Ending::Release => "released",
        };
        self.told_as(status, member, points)
    }

    fn told_as(&self, status: &'static str, member: &MemberRow, points: i64) -> String {
        json(&EndAnswer {
            redemption_id: self.redemption_id,
            status,
            member_id: &member.member_id,
            points,
        })
    }
}
