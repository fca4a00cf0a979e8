//! A member gives points to another one: sent by one batch, brought by another, which may come much later.

use std::rc::Rc;

use earnest_core::Refusal;
use earnest_ledger::{BookingError, TransferBooking, TransferError};

use super::{Operation, SHOPS};
use crate::Violation;
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

pub(super) fn draw(random: &mut Random) -> Rc<dyn Operation> {
    Rc::new(Give {
        shop: random.place(SHOPS),
        id: random.below(IDS),
        from: anybody(random),
        to: anybody(random),
        points: random.pick(&[0, 1, 20, 20, 75, 400]),
    })
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
        match shell.book(self.shop, &booking) {
            Told::First(_) | Told::Again(_) => {}
            Told::Not(
                BookingError::MemberUnknown
                | BookingError::MemberMerged { .. }
                | BookingError::Transfer(
                    TransferError::ReceiverUnknown { .. } | TransferError::Differs(_),
                )
                | BookingError::Refused {
                    refusal:
                        Refusal::SameMember | Refusal::TransferOfNothing | Refusal::NotEnoughAvailable,
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
}
