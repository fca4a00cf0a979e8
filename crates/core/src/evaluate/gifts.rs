//! Which rewards rules give on an occasion.
//!
//! Its invariant: a reward is given where the same rule would give points: not where an order earns nothing as such,
//! nor beyond its limits, which count rewards.

use super::counted::{self, Counted};
use super::occasion::Occasion;
use super::why_nothing;
use crate::{Activity, Cart, Program, RuleGift, Snapshot, Timestamp};

/// The rules that give a reward for an order.
pub(crate) fn gifts_of_order<'p>(
    program: &'p Program,
    member: &Snapshot,
    cart: &Cart,
    now: Timestamp,
) -> Vec<&'p RuleGift> {
    // Most programs have none.
    if program.rule_gifts().is_empty() {
        return Vec::new();
    }
    let mut occasion = Occasion::of_order(program, member, cart, now);
    let counted = counted::count(&occasion, cart);
    occasion.sum_minor = counted::sum_minor(&counted);
    if why_nothing(program, cart, occasion.sum_minor, now).is_some() {
        return Vec::new();
    }
    given(program, &occasion, &counted)
}

/// The rules that give a reward for an activity.
pub(crate) fn gifts_of_activity<'p>(
    program: &'p Program,
    member: &Snapshot,
    activity: &Activity,
    now: Timestamp,
) -> Vec<&'p RuleGift> {
    if !program.runs_at(now) {
        return Vec::new();
    }
    let occasion = Occasion::of_activity(program, member, activity, now);
    given(program, &occasion, &[Counted::default()])
}

fn given<'p>(
    program: &'p Program,
    occasion: &Occasion<'_>,
    counted: &[Counted],
) -> Vec<&'p RuleGift> {
    let campaigns = program.campaigns();
    let gives = |rule: &&RuleGift| {
        let campaign = rule.campaign.and_then(|nth| campaigns.get(nth));
        let mut lines = occasion.lines.iter().zip(counted);
        rule.activity.as_deref() == occasion.activity()
            && campaign.is_none_or(|campaign| campaign.runs_at(occasion.now()))
            && occasion.fits_order(&rule.when)
            && lines.any(|(line, it)| {
                it.earns() && occasion.fits_line(&rule.when, line, it.amount_minor)
            })
            && occasion.left_of(&rule.id, &rule.limits) != Some(0)
    };
    program.rule_gifts().iter().filter(gives).collect()
}
