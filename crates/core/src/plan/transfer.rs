//! Transfers: a member gives points to another one.
//!
//! A plan is of one member, so a transfer is two: what the first gives travels as lots, with their own ends, to
//! the second. Its invariant: who gives twice under one id, or is given twice, is met by the id's one entry.

use super::refusal::check_available;
use super::{Draft, Refusal, Why};
use crate::{EntryKind, Lot};

impl Draft<'_> {
    pub(super) fn transfer_out(
        &mut self,
        id: &str,
        points: i64,
        is_of_household: bool,
    ) -> Result<(), Refusal> {
        let transfers = self.program.custody().transfers;
        let is_pooled = transfers.household && is_of_household;
        if !transfers.between_members && !is_pooled {
            return Err(Refusal::TransfersNotAllowed);
        }
        if points < 1 {
            return Err(Refusal::TransferOfNothing);
        }
        let now = self.now;
        check_available(&self.plan.snapshot.holdings, points, now)?;
        let fits = |lot: &Lot| lot.is_available(now);
        let drawn = self.draw(EntryKind::TransferOut, points, id, Why::default(), fits)?;
        self.plan.drawn = drawn;
        Ok(())
    }

    pub(super) fn transfer_in(&mut self, id: &str, lots: &[Lot]) -> Result<(), Refusal> {
        if lots.is_empty() {
            return Err(Refusal::TransferOfNothing);
        }
        self.put(EntryKind::TransferIn, lots, id, Why::default())?;
        self.repay()
    }
}
