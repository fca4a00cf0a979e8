//! The members of a story, what goes from one of them to another, and what they share.
//!
//! Its invariants: what two members do together is planned for both before it is kept for either; and what one has had of
//! a budget is had of it for all.

use std::collections::BTreeMap;

use earnest_core::{BudgetUse, Command, Plan, Program, Timestamp};

use super::guests::Guests;
use super::one::Life;
use super::quoted::Quotes;
use super::{Act, Expected, RefundAct, Step, Story};
use crate::instant;

/// The members of a story by name.
pub(super) struct Lives<'a> {
    /// Those that the shop may publish.
    programs: &'a BTreeMap<&'a str, Program>,
    /// The one in force.
    pub(super) program: &'a Program,
    begin_at: Timestamp,
    pub(super) by_name: BTreeMap<String, Life<'a>>,
    /// What all of them have had of budgets, by the ids of their holders.
    pub(super) budgets: Vec<(String, i64)>,
    pub(super) guests: Guests,
    /// Refunds whose orders have not come yet.
    pub(super) early: Vec<RefundAct>,
    pub(super) quotes: Quotes<'a>,
}

impl<'a> Lives<'a> {
    /// Nobody yet: who is named joined a moment before.
    pub(super) fn new(programs: &'a BTreeMap<&'a str, Program>, story: &Story) -> Self {
        Self {
            programs,
            program: &programs[story.program.as_str()],
            begin_at: instant(&story.steps[0].at),
            by_name: BTreeMap::new(),
            budgets: Vec::new(),
            guests: Guests::default(),
            early: Vec::new(),
            quotes: Quotes::default(),
        }
    }

    /// Does a step, and tells what came of it as the story does.
    pub(super) fn step(&mut self, step: &Step) -> Expected {
        let now = instant(&step.at);
        let told = self.try_step(step, now);
        let mut told = told.unwrap_or_else(Expected::refused);
        if step.expect.household.is_some() {
            told.household = Some(self.pooled(&step.who, now));
        }
        told
    }

    fn try_step(&mut self, step: &Step, now: Timestamp) -> Result<Expected, &'static str> {
        let (who, expect) = (step.who.as_str(), &step.expect);
        let (hers, other, theirs) = match &step.act {
            Act::Transfer(it) => {
                let home = self.of(who).home.clone();
                let giving = Command::TransferOut {
                    transfer_id: &it.id,
                    points: it.points,
                    is_of_household: home.is_some() && home == self.of(&it.to).home,
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
                self.guests.merge(who, into);
                self.quotes.merge(who, into);
                let left = self.of(who).leave();
                self.of(into).take_over(left);
                (emptied, into, united)
            }
            Act::Household(home) => {
                let life = self.of(who);
                life.home.clone_from(home);
                return Ok(life.tell(now, expect));
            }
            Act::Publish(name) => return Ok(self.publish(&self.programs[name.as_str()])),
            Act::Quote(asked) => return Ok(self.ask(who, asked, now)),
            Act::Enrol { email, .. } => return Ok(self.enrol(who, email, now, expect)),
            Act::Order(order) => return self.order(who, order, now, expect),
            Act::Refund(refund) if self.guests.send_back(refund) => {
                return Ok(Expected::told("guest 0".to_owned()));
            }
            Act::Refund(refund) if !self.is_booked(&refund.order) => {
                self.early.push(refund.clone());
                return Ok(Expected::told("waiting 0".to_owned()));
            }
            act => {
                let planned = self.of(who).plan(act, now)?;
                return Ok(self.keep(who, planned, now, expect));
            }
        };
        let told = self.keep(who, hers, now, expect);
        let beside = expect.other.as_deref().cloned().unwrap_or_default();
        let theirs = self.keep(other, theirs, now, &beside);
        Ok(Expected {
            other: Some(Box::new(theirs)),
            ..told
        })
    }

    /// Somebody of the story, who knows what others have had meanwhile.
    pub(super) fn of(&mut self, name: &str) -> &mut Life<'a> {
        if !self.by_name.contains_key(name) {
            let before = self.begin_at.as_millis().saturating_sub(1);
            let before = Timestamp::from_millis(before);
            let (life, joined) = Life::joined(self.program, name, before, &self.budgets);
            self.by_name.insert(name.to_owned(), life);
            self.take(joined.budgets);
        }
        let life = self.by_name.get_mut(name).expect("she has joined");
        life.know_budgets(&self.budgets);
        life
    }

    /// Whether an order is anybody's.
    fn is_booked(&self, order: &str) -> bool {
        self.by_name.values().any(|life| life.has(order))
    }

    /// Keeps what was planned for her.
    pub(super) fn keep(
        &mut self,
        name: &str,
        mut planned: Plan,
        now: Timestamp,
        expect: &Expected,
    ) -> Expected {
        self.take(std::mem::take(&mut planned.budgets));
        self.of(name).keep(planned, now, expect)
    }

    /// Adds to what all members have had of budgets.
    pub(super) fn take(&mut self, taken: Vec<BudgetUse>) {
        for BudgetUse {
            holder,
            points,
            budget,
        } in taken
        {
            let known = self.budgets.iter().position(|(known, _)| *known == holder);
            let place = known.unwrap_or(self.budgets.len());
            if known.is_none() {
                self.budgets.push((holder.clone(), 0));
            }
            let used = &mut self.budgets[place].1;
            *used = used.saturating_add(points);
            assert!(*used <= budget, "{holder} is overdrawn");
        }
    }

    /// What those who live with somebody may spend together, herself among them.
    fn pooled(&mut self, who: &str, now: Timestamp) -> i64 {
        let Some(home) = self.of(who).home.clone() else {
            return 0;
        };
        let lives = self.by_name.values();
        let living = lives.filter(|life| life.home.as_ref() == Some(&home));
        living.map(|life| life.free(now)).sum()
    }
}
