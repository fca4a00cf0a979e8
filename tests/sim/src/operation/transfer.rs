//! A member gives points to another one: sent by one batch, brought by another, which may come much later.

use std::sync::Arc;

use earnest_core::Refusal;
use earnest_ledger::{BookingError, TransferBooking, TransferError};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Person, anybody};

const IDS: u64 = 150;

#[derive(Debug)]
struct Give {
    shop: usize,
    id: u64,
    from: Person,
    to: Person,
    points: i64,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Give {
        shop: random.place(SHOPS),
        id: random.below(IDS),
        from: anybody(random),
        to: anybody(random),
        points: random.pick(&[0, 1, 20, 20, 75, 400]),
    })
}

/// A member gives points to a certain one.
pub(super) fn between(
    shop: usize,
    from: Person,
    to: Person,
    random: &mut Random,
) -> Arc<dyn Operation> {
    Arc::new(Give {
        shop,
        id: random.below(IDS),
        from,
        to,
        points: random.pick(&[1, 20, 75]),
    })
}

const ONE_HOUSEHOLD: &str = "
    SELECT household FROM members WHERE shop = ?1 AND member_id = ?2 AND household = (
      SELECT household FROM members WHERE shop = ?1 AND member_id = ?3)";

impl Give {
    /// Whether the program lets the one give to the other.
    fn is_allowed(&self, booking: &TransferBooking<'_>, shell: &mut Shell) -> bool {
        let about = [booking.shop, booking.from, booking.to];
        let shared: Vec<IgnoredAny> = shell.database.ask(ONE_HOUSEHOLD, &about);
        let transfers = shell.program(self.shop).custody().transfers;
        transfers.between_members || (transfers.household && !shared.is_empty())
    }
}

impl Operation for Give {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let transfer_id = &format!("t-{}", self.id);
        let booking = TransferBooking {
            shop: shop_id(self.shop),
            transfer_id,
            from: &shell.member_id(self.shop, self.from),
            to: &shell.member_id(self.shop, self.to),
            points: self.points,
        };
        let is_allowed = self.is_allowed(&booking, shell);
        let booked = shell.book(self.shop, &booking);
        let is_sure = !shell.was_interrupted();
        match booked {
            Told::First(_) => {
                Violation::unless(is_allowed || !is_sure, "a member gave to whom she may not")?;
                if !shell.program(self.shop).custody().transfers.between_members {
                    shell.tally.count("transfers were within a household");
                }
            }
            Told::Again(_) => {}
            Told::Not(BookingError::Refused {
                refusal: Refusal::TransfersNotAllowed,
                ..
            }) => {
                return Violation::unless(
                    !is_allowed || !is_sure,
                    "a member may give to another, and was refused",
                );
            }
            Told::Not(
                BookingError::MemberUnknown
                | BookingError::MemberMerged { .. }
                | BookingError::Transfer(
                    TransferError::ReceiverUnknown { .. } | TransferError::Differs(_),
                )
                | BookingError::Refused {
                    refusal:
                        Refusal::SameMember
                        | Refusal::TransferOfNothing
                        | Refusal::NotEnoughAvailable { .. },
                    ..
                },
            ) => return Ok(()),
            Told::Not(error) => return shell.may_fail(self.shop, &error),
        }
        // As the Worker does; what breaks off here is brought when the request comes again.
        let what = ("transfer", self.shop, transfer_id.clone());
        match shell.book(self.shop, &booking.arrival()) {
            Told::First(answer) => shell.acknowledge(what, &answer, true),
            Told::Again(answer) => shell.acknowledge(what, &answer, false),
            Told::Not(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let [from, to] = [self.from, self.to].map(|person| errand.member_id(self.shop, person));
        let id = format!("t-{}", self.id);
        let body = json!({ "id": id, "to": to, "points": self.points });
        let request = Request::post(self.shop, format!("/v1/members/{from}/transfers"), &body);
        match errand.book(("transfer", id), &request)? {
            Reply::Booked(..) => Ok(()),
            Reply::Refused(code) => expect(
                &code,
                &[
                    "member_not_found",
                    "member_unknown",
                    "member_merged",
                    "transfer_differs",
                    "transfer_of_nothing",
                    "transfers_not_allowed",
                    "same_member",
                    "not_enough_available",
                ],
            ),
        }
    }
}
