//! What challenges forget: an order that was sent back, or what of it was.
//!
//! That counts no more. Steps that are not reached without it lose what they gave, and may be reached again. Invariant:
//! never more is lost than was given, and what is forgotten twice is lost once as far as marks go back. Of a streak that
//! has begun anew nobody knows any more which of its weeks an order stood for: what that gave stays. So does what was
//! reached in a time that is long over, by orders of which nobody knows any more, and the step that gave a reward, which cannot be taken back where it was used.

use super::{Challenge, ChallengeProgress, Event, Goal, Mark, add};
use crate::refund::{AchievedLine, TakenBack};
use crate::{Calendar, Program};

/// Takes out of what counts what of an order came back with a refund. Says which challenges take back how many
/// points of what they gave.
#[must_use]
pub fn forget(
    program: &Program,
    progress: &mut [ChallengeProgress],
    back: &TakenBack,
) -> Vec<(String, i64)> {
    let Some(achieved) = &back.achieved else {
        return Vec::new();
    };
    let event = |minor: fn(&AchievedLine) -> i64| Event::Order {
        at: back.placed_at,
        currency: back.counted_in,
        lines: (achieved.lines.iter())
            .map(|line| (line.categories.as_slice(), minor(line)))
            .collect(),
    };
    let (was, is) = (event(|line| line.was_minor), event(|line| line.is_minor));
    let challenges = program.challenges().iter();
    let counted = challenges.filter(|it| achieved.challenges.contains(&it.id));
    let lost = counted.filter_map(|challenge| {
        let mut progress = progress.iter_mut();
        let hers = progress.find(|it| it.challenge == challenge.id)?;
        let points = challenge.forget(hers, (&was, Some(&is)), program.calendar());
        (points > 0).then(|| (challenge.id.clone(), points))
    });
    lost.collect()
}

impl Challenge {
    /// Takes an event out of what counts, or what of it counts no more; the points of steps that are not reached without
    /// that. An order counts as one while anything of it counts.
    pub(super) fn forget(
        &self,
        progress: &mut ChallengeProgress,
        (event, still): (&Event<'_>, Option<&Event<'_>>),
        calendar: &Calendar,
    ) -> i64 {
        let mut gone = self.counted(event);
        for (name, amount) in still.map_or_else(Vec::new, |still| self.counted(still)) {
            let mut counted = gone.iter_mut();
            if let Some((_, minor)) = counted.find(|(known, left)| *known == name && *left > 0) {
                *minor = minor.saturating_sub(amount);
            }
        }
        gone.retain(|(_, amount)| *amount > 0);
        if gone.is_empty() || !self.is_open(event.at()) {
            return 0;
        }
        let given = self.given(progress);
        let at = self.place_in_time(calendar, event.at());
        let reached = self.best(&progress.marks).1;
        let mut missing = 0_i64;
        for (name, amount) in gone {
            missing = missing.saturating_add(self.unmark(&mut progress.marks, at, name, amount));
        }
        let total = self.best(&progress.marks).1;
        let steps = self.steps.iter().take(progress.steps);
        // A reward may have been used by now. Its step stays, and those before it, and so does a round that gave it:
        // nobody gets it again and again.
        let kept = steps.clone().rposition(|step| step.reward.is_some());
        let kept = kept.map_or(0, |nth| nth.saturating_add(1));
        let fallen = steps.filter(|step| total < step.at && step.at <= reached);
        progress.steps = progress.steps.saturating_sub(fallen.count());
        if !self.repeats {
            progress.steps = progress.steps.max(progress.firm);
        }
        progress.steps = progress.steps.max(kept);
        if !self.repeats && progress.steps < self.steps.len() {
            progress.rounds = 0;
        }
        let has_rewards = self.steps.iter().any(|step| step.reward.is_some());
        if self.repeats && missing > 0 && !has_rewards {
            self.reopen(progress, at, missing);
        }
        given.saturating_sub(self.given(progress)).max(0)
    }

    /// Points that it has given her.
    fn given(&self, progress: &ChallengeProgress) -> i64 {
        let sum = |count: usize| {
            let steps = self.steps.iter().take(count);
            steps.fold(0_i64, |sum, step| sum.saturating_add(step.points.get()))
        };
        let rounds = if self.repeats { progress.rounds } else { 0 };
        let of_rounds = sum(self.steps.len()).saturating_mul(rounds);
        of_rounds.saturating_add(sum(progress.steps))
    }

    /// Takes an amount out of what stands for it: its own mark, or, of what is interchangeable, one that counts
    /// together with it. Says what was not there.
    fn unmark(&self, marks: &mut Vec<Mark>, at: i64, name: &str, amount: i64) -> i64 {
        let reach = self.days.unwrap_or(1);
        let mut missing = amount;
        let is_own = |it: &Mark| it.at == at && it.name == name;
        let is_near = |it: &Mark| {
            !matches!(self.goal, Goal::Weeks | Goal::Months)
                && it.name.is_empty()
                && it.at.abs_diff(at) < reach.unsigned_abs()
        };
        for own in [true, false] {
            let fit = marks.iter_mut();
            for mark in fit.filter(|it| if own { is_own(it) } else { is_near(it) }) {
                let part = mark.amount.min(missing).max(0);
                mark.amount = mark.amount.saturating_sub(part);
                missing = missing.saturating_sub(part);
            }
        }
        marks.retain(|it| it.amount > 0);
        missing
    }

    /// Takes back as many rounds as it takes to find what is missing; the rest of them counts again.
    fn reopen(&self, progress: &mut ChallengeProgress, at: i64, missing: i64) {
        if matches!(self.goal, Goal::Weeks | Goal::Months) {
            return;
        }
        let top = self.top();
        let beyond = missing.saturating_add(top).saturating_sub(1);
        let rounds = beyond.div_euclid(top).min(progress.rounds);
        progress.rounds = progress.rounds.saturating_sub(rounds);
        let rest = rounds.saturating_mul(top).saturating_sub(missing);
        if rest > 0 {
            add(&mut progress.marks, at, "", rest);
        }
        let total = self.best(&progress.marks).1;
        let stand = self.steps.iter().filter(|step| step.at <= total);
        progress.steps = stand.count();
    }
}
