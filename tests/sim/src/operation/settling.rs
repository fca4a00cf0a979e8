//! The cron comes by: what time alone did to members is booked.

use std::rc::Rc;

use earnest_core::{Command, plan};
use earnest_ledger::BookingError;
use earnest_ledger::store::append::{self, Base};
use earnest_ledger::store::members;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::random::Random;
use crate::shell::{Shell, shop_id};
use crate::who::{Person, anybody};

#[derive(Debug)]
struct Settle {
    shop: usize,
    person: Person,
}

pub(super) fn draw(random: &mut Random) -> Rc<dyn Operation> {
    Rc::new(Settle {
        shop: random.place(SHOPS),
        person: anybody(random),
    })
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

impl Operation for Settle {
    fn shop(&self) -> usize {
        self.shop
    }

    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        if !shell.has_crons {
            return Ok(());
        }
        let member_id = shell.member_id(self.shop, self.person);
        let settled = shell.take_turns(|shell| settle(self.shop, &member_id, shell));
        settled.or_else(|error| shell.may_fail(self.shop, &error))
    }
}
