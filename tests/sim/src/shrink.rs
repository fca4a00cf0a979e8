//! Shrinking: the fewest steps, with the fewest faults, that still fail.
//!
//! Invariant: what is left fails when it is played by itself.

use crate::Violation;
use crate::episode::{Episode, Step};

/// The fewest steps of a failing episode that fail too, and how.
pub(crate) fn shrink(episode: &Episode, violation: Violation) -> (Vec<Step>, Violation) {
    let mut least = (episode.steps.clone(), violation);
    while smaller(episode, &mut least) {}
    least
}

/// Leaves out what can be left out; whether there was anything.
fn smaller(episode: &Episode, least: &mut (Vec<Step>, Violation)) -> bool {
    let before = (least.0.len(), faults(&least.0));
    let mut width = least.0.len().div_ceil(2);
    while width > 0 {
        let mut from = 0;
        while from < least.0.len() {
            let to = least.0.len().min(from + width);
            let mut fewer = least.0.clone();
            fewer.drain(from..to);
            if !keep(episode, least, fewer) {
                from = to;
            }
        }
        width /= 2;
    }
    for step in 0..least.0.len() {
        let mut fault = 0;
        while fault < least.0[step].faults.len() {
            let mut fewer = least.0.clone();
            fewer[step].faults.remove(fault);
            if !keep(episode, least, fewer) {
                fault += 1;
            }
        }
    }
    (least.0.len(), faults(&least.0)) != before
}

/// Takes these steps for the least if they fail.
fn keep(episode: &Episode, least: &mut (Vec<Step>, Violation), fewer: Vec<Step>) -> bool {
    match episode.play(&fewer) {
        Ok(_) => false,
        Err(violation) => {
            *least = (fewer, violation);
            true
        }
    }
}

fn faults(steps: &[Step]) -> usize {
    steps.iter().map(|step| step.faults.len()).sum()
}
