//! A guest orders, something of it may come back, and then she joins: what she ordered is credited to her, by the
//! request of the shop's server or by the cron.

use std::sync::Arc;

use earnest_ledger::store::newcomers;
use earnest_ledger::{BookingError, GuestBooking, MAX_GUEST_ORDERS, load_waiting};

use super::refund::SendBack;
use super::{Operation, SHOPS, enrolment, moves, order, referral, refund};
use crate::Violation;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Person, Said, anybody};

#[derive(Debug)]
struct OrderAndJoin {
    /// What she orders; of the last something comes back.
    orders: Vec<order::DeliverOrder>,
    back: Option<SendBack>,
    join: Arc<dyn Operation>,
    /// Who comes by at once, if anybody does.
    cron: Option<Arc<dyn Operation>>,
    /// What comes back when the orders are hers.
    back_later: Option<SendBack>,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let person: Person = anybody(random);
    let shop = random.place(SHOPS);
    let order = |random: &mut Random| {
        let mut order = order::any(random);
        order.shop = shop;
        order.who = Said::Email(person);
        order
    };
    let (first, last) = (order(random), order(random));
    Arc::new(OrderAndJoin {
        back: random.one_in(3).then(|| refund::any(last.clone(), random)),
        back_later: random.one_in(3).then(|| refund::any(last.clone(), random)),
        orders: vec![first, last],
        join: enrolment::of(shop, person, random),
        cron: random.one_in(2).then(|| moves::draw(random)),
    })
}

/// Credits the orders that somebody placed before she joined, and says whether these were all.
pub(super) fn credit(
    shop: usize,
    member_id: &str,
    shell: &mut Shell,
) -> Result<bool, BookingError> {
    referral::decide(shop, member_id, shell)?;
    let waiting = load_waiting(shop_id(shop), member_id, shell.program(shop));
    let [found] = shell.read(&[waiting])?;
    let order_ids = newcomers::order_ids(&found)?;
    let are_all = order_ids.len() < usize::try_from(MAX_GUEST_ORDERS).unwrap_or(usize::MAX);
    for order_id in order_ids {
        let booking = GuestBooking {
            shop: shop_id(shop),
            member_id,
            order_id: &order_id,
            codes: shell.codes(),
        };
        let what = ("guest's order", shop, order_id.clone());
        let judged = match shell.book(shop, &booking) {
            Told::First(answer) => {
                shell.tally.count("orders of guests were credited");
                shell.acknowledge(what, &answer, true)
            }
            Told::Again(answer) => shell.acknowledge(what, &answer, false),
            Told::Not(error) => return Err(error),
        };
        shell.judged(judged);
    }
    Ok(are_all)
}

impl Operation for OrderAndJoin {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        for order in &self.orders {
            order.deliver(None, shell)?;
        }
        if let Some(back) = &self.back {
            back.perform(shell)?;
        }
        self.join.perform(shell)?;
        if let Some(cron) = &self.cron {
            cron.perform(shell)?;
        }
        match &self.back_later {
            Some(back) => back.perform(shell),
            None => Ok(()),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        for order in &self.orders {
            order.carry(errand)?;
        }
        if let Some(back) = &self.back {
            back.carry(errand)?;
        }
        self.join.carry(errand)?;
        if let Some(cron) = &self.cron {
            cron.carry(errand)?;
        }
        match &self.back_later {
            Some(back) => back.carry(errand),
            None => Ok(()),
        }
    }
}
