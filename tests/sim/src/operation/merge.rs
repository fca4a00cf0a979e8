//! Two members turn out to be one person: one is emptied by one batch, the other takes her over by another, which
//! may come much later.

use std::sync::Arc;

use earnest_core::Refusal;
use earnest_ledger::{BookingError, MergeBooking, TransferError};
use serde::Deserialize;
use serde_json::json;

use super::{Operation, SHOPS, enrolment};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Person, anybody};

#[derive(Debug)]
struct Merge {
    shop: usize,
    person: Person,
    into: Person,
    /// Whether the request breaks off between its halves.
    breaks_off: bool,
    /// What happens meanwhile.
    between: Option<Arc<dyn Operation>>,
}

#[derive(Deserialize)]
struct Kept {
    merged_into: Option<String>,
    is_held: i64,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let (shop, person) = (random.place(SHOPS), anybody(random));
    of(shop, person, anybody(random), random)
}

/// A person turns out to be another one.
pub(super) fn of(
    shop: usize,
    person: Person,
    into: Person,
    random: &mut Random,
) -> Arc<dyn Operation> {
    Arc::new(Merge {
        shop,
        person,
        into,
        breaks_off: random.one_in(3),
        between: match random.below(4) {
            0 => Some(super::draw(random)),
            // One of the two comes again, by her own names or by the other's.
            1 => Some(enrolment::mixed_up(shop, person, into, random)),
            _ => None,
        },
    })
}

impl Operation for Merge {
    fn rival(&self, random: &mut Random) -> Option<Arc<dyn Operation>> {
        let Self {
            shop, person, into, ..
        } = *self;
        Some(enrolment::mixed_up(shop, person, into, random))
    }

    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let shop = shop_id(self.shop);
        let member_id = &shell.member_id(self.shop, self.person);
        let into = &shell.member_id(self.shop, self.into);
        let booking = MergeBooking::new(shop, member_id, into);
        let told = shell.book(self.shop, &booking);
        let kept = |member_id: &str| {
            let kept = "SELECT merged_into, holdings ->> '$.reservations[0]' IS NOT NULL AS is_held FROM members \
                 WHERE shop = ?1 AND member_id = ?2";
            let kept: Vec<Kept> = shell.database.ask(kept, &[shop, member_id]);
            kept.into_iter().next()
        };
        let is_merged =
            |member_id: &str| kept(member_id).is_some_and(|kept| kept.merged_into.is_some());
        let right = match told {
            Told::First(_) | Told::Again(_) => {
                Violation::unless(
                    is_merged(member_id),
                    "a merge was acknowledged, and she stands for herself",
                )?;
                return self.arrive(&booking, member_id, shell);
            }
            Told::Not(BookingError::MemberUnknown) => kept(member_id).is_none(),
            Told::Not(BookingError::Transfer(TransferError::ReceiverUnknown { .. })) => {
                kept(into).is_none()
            }
            Told::Not(BookingError::Transfer(TransferError::Differs(_))) => is_merged(member_id),
            Told::Not(BookingError::MemberMerged { .. }) => is_merged(into),
            Told::Not(BookingError::Refused {
                refusal: Refusal::SameMember,
                ..
            }) => member_id == into,
            Told::Not(BookingError::Refused {
                refusal: Refusal::RedemptionOpen,
                ..
            }) => kept(member_id).is_some_and(|kept| kept.is_held != 0),
            Told::Not(error) => return shell.may_fail(self.shop, &error),
        };
        Violation::unless(
            right || shell.was_interrupted(),
            "a merge was refused for what is not so",
        )
    }

    /// As one request, which nobody can break off between its halves; the next one finishes what broke off.
    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let [from, into] =
            [self.person, self.into].map(|person| errand.member_id(self.shop, person));
        let path = format!("/v1/members/{from}/merges");
        let request = Request::post(self.shop, path, &json!({ "into": into }));
        match errand.book(("merge", from), &request)? {
            Reply::Booked(..) => Ok(()),
            Reply::Refused(code) => expect(
                &code,
                &[
                    "member_not_found",
                    "member_unknown",
                    "member_merged",
                    "transfer_differs",
                    "same_member",
                    "redemption_open",
                ],
            ),
        }?;
        match &self.between {
            Some(between) => between.carry(errand),
            None => Ok(()),
        }
    }
}

impl Merge {
    fn arrive(
        &self,
        booking: &MergeBooking<'_>,
        member_id: &str,
        shell: &mut Shell,
    ) -> Result<(), Violation> {
        if let Some(between) = &self.between {
            between.perform(shell)?;
        }
        if self.breaks_off {
            return Ok(());
        }
        let what = ("merge", self.shop, member_id.to_owned());
        match shell.book(self.shop, &booking.arrival()) {
            Told::First(answer) => shell.acknowledge(what, &answer, true),
            Told::Again(answer) => shell.acknowledge(what, &answer, false),
            Told::Not(error) => shell.may_fail(self.shop, &error),
        }
    }
}
