//! The members of a story, and what goes from one of them to another.
//!
//! Its invariant: what two members do together is planned for both before it is kept for either.

use std::collections::BTreeMap;

use earnest_core::{Command, Program, Timestamp};

use super::one::Life;
use super::{Act, Expected, Step};
use crate::instant;

/// The members of a story by name.
pub(super) struct Lives<'a> {
    program: &'a Program,
    begin_at: Timestamp,
    by_name: BTreeMap<String, Life<'a>>,
}

impl<'a> Lives<'a> {
    /// Nobody yet: who is named joined a moment before.
    pub(super) fn new(program: &'a Program, begin_at: Timestamp) -> Self {
        Self {
            program,
            begin_at,
            by_name: BTreeMap::new(),
        }
    }

    fn of(&mut self, name: &str) -> &mut Life<'a> {
        let life = self.by_name.entry(name.to_owned());
        life.or_insert_with(|| Life::new(self.program, name, self.begin_at))
    }

    /// Does a step, and tells what came of it as the story does.
    pub(super) fn step(&mut self, step: &Step) -> Expected {
        let now = instant(&step.at);
        self.try_step(step, now).unwrap_or_else(Expected::refused)
    }

    fn try_step(&mut self, step: &Step, now: Timestamp) -> Result<Expected, &'static str> {
        let (who, expect) = (step.who.as_str(), &step.expect);
        let (hers, other, theirs) = match &step.act {
            Act::Transfer(it) => {
                let giving = Command::TransferOut {
                    transfer_id: &it.id,
                    points: it.points,
                    is_of_household: it.household,
                };
                let given = self.of(who).book(giving, now)?;
                let taking = Command::TransferIn {
                    transfer_id: &it.id,
                    lots: &given.drawn,
                };
                let taken = self.of(&it.to).book(taking, now)?;
                (given, &it.to, taken)
            }
            Act::Merge { into } => {
                let was = self.of(who).book(Command::Settle, now)?.snapshot;
                let emptying = Command::MergeOut { member_id: into };
                let emptied = self.of(who).book(emptying, now)?;
                let uniting = Command::MergeIn {
                    member_id: who,
                    other: &was,
                };
                let united = self.of(into).book(uniting, now)?;
                (emptied, into, united)
            }
            act => {
                let life = self.of(who);
                let planned = life.plan(act, now)?;
                return Ok(life.keep(planned, now, expect));
            }
        };
        let told = self.of(who).keep(hers, now, expect);
        let beside = expect.other.as_deref().cloned().unwrap_or_default();
        let theirs = self.of(other).keep(theirs, now, &beside);
        Ok(Expected {
            other: Some(Box::new(theirs)),
            ..told
        })
    }
}
