//! A member brings a friend: she has a code, the friend joins by it and orders, and some of that comes back. What she
//! is given for it is sent to her, and may come much later.

use std::sync::Arc;

use earnest_core::reward::RewardCode;
use earnest_ledger::store::members;
use earnest_ledger::{BookingError, GiftArrival, ReferralBooking};

use super::refund::SendBack;
use super::{Operation, SHOPS, enrolment, merge, order, refund};
use crate::Violation;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Person, Said, anybody, stranger};

#[derive(Debug)]
struct Bring {
    shop: usize,
    advocate: Person,
    join: Arc<dyn Operation>,
    /// What happens before the friend orders.
    between: Option<Arc<dyn Operation>>,
    /// What she orders, and what of it comes back.
    order: SendBack,
    is_kept: bool,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let (shop, advocate) = (random.place(SHOPS), anybody(random));
    let friend = if random.one_in(4) {
        anybody(random)
    } else {
        stranger(random)
    };
    let mut order = order::any(random);
    order.shop = shop;
    order.who = Said::Email(friend);
    let later = match random.below(3) {
        0 => Some(merge::of(shop, friend, anybody(random), random)),
        1 => Some(merge::of(shop, advocate, anybody(random), random)),
        _ => None,
    };
    Arc::new(Bring {
        shop,
        advocate,
        join: enrolment::brought(shop, friend, advocate, random),
        between: random.one_in(3).then(|| super::draw(random)),
        order: refund::after(order, later, random),
        is_kept: random.one_in(2),
    })
}

/// Decides what the joining of somebody gives, where anybody brought her.
pub(super) fn decide(shop: usize, member_id: &str, shell: &mut Shell) -> Result<(), BookingError> {
    let booking = ReferralBooking {
        shop: shop_id(shop),
        friend_id: member_id,
        codes: shell.codes(),
    };
    let what = ("referral", shop, member_id.to_owned());
    // Of who was merged it is who she is now that is told of.
    let stands = shell.who_is_now(shop, member_id) == member_id;
    let judged = match shell.book(shop, &booking) {
        // Nobody brought her.
        Told::Again(answer) if answer == "null" => Ok(()),
        // Who gives nothing may say so twice; of what is given the invariants know.
        Told::First(answer) | Told::Again(answer) if stands => {
            shell.acknowledge(what, &answer, false)
        }
        Told::First(_) | Told::Again(_) => Ok(()),
        Told::Not(error) => return Err(error),
    };
    shell.judged(judged);
    Ok(())
}

/// Brings what somebody is given for what another did.
pub(super) fn give(shop: usize, gift_id: &str, shell: &mut Shell) -> Result<(), BookingError> {
    let arrival = GiftArrival {
        shop: shop_id(shop),
        gift_id,
        codes: shell.codes(),
    };
    match shell.book(shop, &arrival) {
        Told::First(_) => {
            shell.tally.count("gifts arrived");
            Ok(())
        }
        Told::Again(_) => Ok(()),
        Told::Not(error) => Err(error),
    }
}

impl Bring {
    /// As the Worker's endpoint does it.
    fn code(&self, shell: &mut Shell) -> Result<(), BookingError> {
        let member_id = shell.member_id(self.shop, self.advocate);
        let shop = shop_id(self.shop);
        let [member] = shell.read(&[members::load_by_id(shop, &member_id)])?;
        let member = members::member(&member)?.ok_or(BookingError::MemberUnknown)?;
        member.check_stands(None)?;
        if member.referral_code.is_some() {
            return Ok(());
        }
        let mut bytes = [0; 10];
        for (byte, drawn) in bytes.iter_mut().zip(shell.new_id("").bytes()) {
            *byte = drawn;
        }
        let code = RewardCode::from_random(bytes);
        let stored = members::store_referral_code(shop, &member_id, member.revision, code);
        shell.send(&[stored])?;
        Ok(())
    }
}

impl Operation for Bring {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        match shell.take_turns(|shell| self.code(shell)) {
            Ok(()) => {}
            Err(BookingError::MemberUnknown | BookingError::MemberMerged { .. }) => return Ok(()),
            Err(error) => return shell.may_fail(self.shop, &error),
        }
        self.join.perform(shell)?;
        if let Some(between) = &self.between {
            between.perform(shell)?;
        }
        if self.is_kept {
            self.order.order.deliver(None, shell)
        } else {
            self.order.perform(shell)
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        self.join.carry(errand)?;
        if let Some(between) = &self.between {
            between.carry(errand)?;
        }
        if self.is_kept {
            self.order.order.carry(errand)
        } else {
            self.order.carry(errand)
        }
    }
}
