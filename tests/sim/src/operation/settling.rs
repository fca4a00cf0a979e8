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

impl Settle {
    fn settle(&self, member_id: &str, shell: &mut Shell) -> Result<(), BookingError> {
        let shop = shop_id(self.shop);
        let [member] = shell.read(&[members::load_by_id(shop, member_id)])?;
        let Some(member) = members::member(&member)? else {
            return Ok(());
        };
        let (program, snapshot) = (shell.program_now(self.shop), member.snapshot()?);
        let planned = plan(&program, Some(&snapshot), Command::Settle, shell.now)
            .map_err(|refusal| BookingError::refused(refusal, None))?;
        let base = Base::of(&member)?;
        shell.send(&append::store_plan(
            shop, &base, &program, &planned, shell.now,
        ))?;
        Ok(())
    }
}

impl Operation for Settle {
    fn shop(&self) -> usize {
        self.shop
    }

    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let member_id = shell.member_id(self.shop, self.person);
        let settled = shell.take_turns(|shell| self.settle(&member_id, shell));
        settled.or_else(|error| shell.may_fail(self.shop, &error))
    }
}
