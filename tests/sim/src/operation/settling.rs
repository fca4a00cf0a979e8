//! The cron comes by: what time alone did to members is booked, for whoever is due, a slice at a time.

use std::sync::Arc;

use earnest_core::{Command, plan};
use earnest_ledger::store::append::{self, Base};
use earnest_ledger::store::members;
use earnest_ledger::{BookingError, Settling};

use super::{Operation, SHOPS};
use crate::Violation;
use crate::errand::Errand;
use crate::random::Random;
use crate::shell::{Shell, shop_id};

/// Rounds that follow each other until nobody is due: far more than there are members.
const MOST_SLICES: u32 = 100;

#[derive(Debug)]
struct Cron;

pub(super) fn draw(_random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Cron)
}

/// A round, as the Worker's cron does it.
fn round(shell: &mut Shell) -> Result<(), BookingError> {
    let mut settling = Settling::new(shell.now);
    for _ in 0..MOST_SLICES {
        let Some(slice) = settling.next_slice() else {
            return Ok(());
        };
        let [rows] = shell.read(&[slice])?;
        for due in settling.found(&rows)? {
            let program = shell.program_of(due.shop());
            let statements = due.settle(&program)?;
            if !settling.may_run(&statements) {
                return Ok(());
            }
            match shell.send(&statements) {
                Err(error) if !error.is_conflict() => return Err(error.into()),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Books what time alone did to a member.
pub(crate) fn settle(shop: usize, member_id: &str, shell: &mut Shell) -> Result<(), BookingError> {
    let program = shell.program_now(shop);
    let shop = shop_id(shop);
    let [member] = shell.read(&[members::load_by_id(shop, member_id)])?;
    let Some(member) = members::member(&member)? else {
        return Ok(());
    };
    let planned = plan(
        &program,
        Some(&member.snapshot()?),
        Command::Settle,
        shell.now,
    )
    .map_err(|refusal| BookingError::refused(refusal, None))?;
    let base = Base::of(&member)?;
    shell.send(&append::store_plan(
        shop, &base, &program, &planned, shell.now,
    ))?;
    Ok(())
}

impl Operation for Cron {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        if !shell.has_crons {
            return Ok(());
        }
        if let Err(error) = round(shell) {
            return (0..SHOPS).try_for_each(|shop| shell.may_fail(shop, &error));
        }
        if shell.was_interrupted() {
            return Ok(());
        }
        let now = shell.now.as_millis().to_string();
        let due = "SELECT member_id FROM members WHERE due_at <= CAST(?1 AS INTEGER)";
        let left = shell.database.ask::<serde::de::IgnoredAny>(due, &[&now]);
        Violation::unless(
            left.is_empty(),
            "the cron came by, and somebody is due still",
        )
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        errand.settle();
        Ok(())
    }
}
