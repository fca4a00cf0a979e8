//! What challenges know of two members who turn out to be one.
//!
//! Whatever counted for either counts for her, whichever of the two was merged into the other. Invariant: what was given
//! is not given again, and nothing that was counted is lost but what a completed streak has used up. What both reach only
//! together is given with the next thing that she does, as any step is.

use super::{Challenge, ChallengeProgress, MAX_MARKS, add};

/// Adds how far another member is in a challenge; `None` for one that the program no longer has.
pub fn unite(
    challenge: Option<&Challenge>,
    known: &mut Vec<ChallengeProgress>,
    more: &ChallengeProgress,
) {
    let Some(hers) = known.iter_mut().find(|it| it.challenge == more.challenge) else {
        known.push(more.clone());
        return;
    };
    for mark in &more.marks {
        add(&mut hers.marks, mark.at, &mark.name, mark.amount);
    }
    hers.steps = hers.steps.max(more.steps);
    hers.firm = hers.firm.max(more.firm);
    hers.used_until = hers.used_until.max(more.used_until);
    if let Some(used) = hers.used_until {
        hers.marks.retain(|it| used < it.at);
    }
    hers.rounds = if challenge.is_some_and(|it| it.repeats) {
        hers.rounds.saturating_add(more.rounds)
    } else {
        hers.rounds.max(more.rounds)
    };
    if let Some(challenge) = challenge {
        challenge.let_go(hers);
    } else {
        let beyond = hers.marks.len().saturating_sub(MAX_MARKS);
        hers.marks.drain(..beyond);
    }
}
