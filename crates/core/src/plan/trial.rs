//! Trials: a member has the membership for some days, for nothing.
//!
//! Its invariant: there is one trial for each member, however often it is asked for. That it ends is nothing to book:
//! it is told once that has come to pass, and only where her membership ended with it.

use super::{Draft, Refusal};
use crate::{EventKind, Timestamp};

impl Draft<'_> {
    pub(super) fn start_trial(&mut self) -> Result<(), Refusal> {
        let (program, now) = (self.program, self.now);
        let member = &mut self.plan.snapshot;
        if program.trial_running(member, now).is_some() {
            return Ok(());
        }
        let until = program.trial_at(member, now)?;
        program.keep_trial(member, until);
        self.tell(EventKind::TrialStarted { until }, now);
        Ok(())
    }

    pub(super) fn tell_of_trial(&mut self, since: Timestamp) {
        let end = self.program.trial_lapses_at(&self.plan.snapshot);
        if let Some(end) = end.filter(|end| since < *end && *end <= self.now) {
            self.tell(EventKind::TrialLapsed, end);
        }
    }
}
