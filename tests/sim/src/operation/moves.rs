//! The cron comes by for what goes from one member to another, and for those who have joined.
//!
//! It is the one that finishes what a request began, so it comes whether or not the one that settles does.

use std::sync::Arc;

use earnest_core::Timestamp;
use earnest_ledger::store::newcomers::{self, Newcomer};
use earnest_ledger::store::transfers::{self, OnItsWay};
use earnest_ledger::store::{gifts_sent, scores};
use earnest_ledger::{ArrivalBooking, BookingError, Statement};

use super::{Operation, SHOPS, competition, guest, referral};
use crate::Violation;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};

/// As many as the Worker reads at once would never be reached here.
const SLICE: u32 = 50;
/// For so long a request may be about to bring what it sent, as in the Worker.
const GRACE_MS: i64 = 60_000;
/// For so long a newcomer is put off whose orders cannot be credited now, as in the Worker.
const PUT_OFF_MS: i64 = 86_400_000;
/// The same of a transfer.
const PUT_OFF_TRANSFER_MS: i64 = 3_600_000;

#[derive(Debug)]
struct Cron;

pub(super) fn draw(_random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Cron)
}

/// What never arrived and was never credited, does now.
pub(crate) fn finish(shell: &mut Shell) -> Result<(), Violation> {
    // What somebody's joining sends is on its way when the first round is over; and what goes back of a gift is put off
    // where a clock that jumped has it come before the gift.
    for later_ms in [GRACE_MS + PUT_OFF_MS, GRACE_MS + PUT_OFF_MS] {
        shell.now = Timestamp::from_millis(shell.now.as_millis() + later_ms);
        Cron.perform(shell)?;
    }
    Ok(())
}

fn place(shop: &str) -> usize {
    let mut shops = 0..SHOPS;
    let found = shops.find(|nth| shop_id(*nth) == shop);
    found.expect("a shop of the simulation")
}

fn bring(shell: &mut Shell) -> Result<(), BookingError> {
    let before = Timestamp::from_millis(shell.now.as_millis() - GRACE_MS);
    let [found] = shell.read(&[transfers::load_on_their_way(before, SLICE)])?;
    for OnItsWay { shop, transfer_id } in transfers::on_their_way(&found)? {
        let arrival = ArrivalBooking {
            shop: &shop,
            transfer_id: &transfer_id,
        };
        match shell.book(place(&shop), &arrival) {
            Told::Not(error) => {
                let at = after_failing(place(&shop), error, PUT_OFF_TRANSFER_MS, shell)?;
                put_off(transfers::store_later(&shop, &transfer_id, at), shell)?;
            }
            Told::First(_) | Told::Again(_) => shell.tally.count("crons found things on their way"),
        }
    }
    Ok(())
}

/// When something is tried again that did not arrive. An error is one of the database, which ends the round.
fn after_failing(
    shop: usize,
    error: BookingError,
    put_off_ms: i64,
    shell: &mut Shell,
) -> Result<Timestamp, BookingError> {
    let later_ms = if error.is_conflict() {
        GRACE_MS
    } else {
        let judged = shell.may_fail(shop, &error);
        if let BookingError::Store(error) = error {
            return Err(error.into());
        }
        shell.judged(judged);
        put_off_ms
    };
    Ok(Timestamp::from_millis(shell.now.as_millis() + later_ms))
}

/// Puts something off, unless it has been done meanwhile.
fn put_off(later: Statement, shell: &mut Shell) -> Result<(), BookingError> {
    match shell.send(&[later]) {
        Err(error) if !error.is_conflict() => Err(error.into()),
        _ => Ok(()),
    }
}

/// The prizes of competitions that are over are sent.
fn award(shell: &mut Shell) -> Result<(), BookingError> {
    let [found] = shell.read(&[scores::load_due(shell.now, SLICE)])?;
    for it in scores::due(&found)? {
        match competition::award(place(&it.shop), &it.competition, shell) {
            Err(error) if !error.is_conflict() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// What members are given for what others did, the soonest due first: what takes a gift back comes after it.
fn give(shell: &mut Shell) -> Result<(), BookingError> {
    let [found] = shell.read(&[gifts_sent::load_due(shell.now, SLICE)])?;
    for it in gifts_sent::due(&found)? {
        match referral::give(place(&it.shop), &it.gift_id, shell) {
            Ok(()) => {}
            // It may wait for another one, which is not to keep others waiting.
            Err(error) => {
                let at = after_failing(place(&it.shop), error, PUT_OFF_MS, shell)?;
                put_off(gifts_sent::store_later(&it.shop, &it.gift_id, at), shell)?;
            }
        }
    }
    Ok(())
}

fn welcome(shell: &mut Shell) -> Result<(), BookingError> {
    let [found] = shell.read(&[newcomers::load_due(shell.now, SLICE)])?;
    let found = newcomers::newcomers(&found)?;
    let (waiting, others): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|it| it.has_orders() || it.is_brought());
    if !others.is_empty() {
        shell.send(&[newcomers::store_done(&others)])?;
    }
    for newcomer in waiting {
        let Newcomer {
            shop, member_id, ..
        } = &newcomer;
        let next = match guest::credit(place(shop), member_id, shell) {
            Ok(true) => newcomers::store_done(&[newcomer]),
            // The next round goes on.
            Ok(false) => continue,
            Err(BookingError::Store(error)) => return Err(error.into()),
            Err(_) => {
                let later = Timestamp::from_millis(shell.now.as_millis() + PUT_OFF_MS);
                newcomers::store_later(&newcomer, later)
            }
        };
        shell.send(&[next])?;
    }
    Ok(())
}

impl Operation for Cron {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let any_may_fail = |shell: &Shell, error: &BookingError| {
            let mut shops = 0..SHOPS;
            if shops.any(|shop| shell.may_fail(shop, error).is_ok()) {
                return Ok(());
            }
            shell.may_fail(0, error)
        };
        for done in [bring(shell), award(shell), give(shell), welcome(shell)] {
            if let Err(error) = done {
                any_may_fail(shell, &error)?;
            }
        }
        Ok(())
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        errand.settle();
        Ok(())
    }
}
