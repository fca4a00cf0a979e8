//! Warnings: what is legal and surely not meant.
//!
//! Owns no rule of the language: a program with warnings is a program. Its invariant: nothing is warned of
//! that could be meant; where it cannot be told for sure, nothing is said.

mod idle;
mod matching;
mod reach;
mod rewards;
mod stacking;
#[cfg(test)]
mod tests;

use super::check::Problem;
use super::source::ProgramSource;
use crate::{Grant, GrantScope, Points, Program, Rule, RuleGift};

/// Everything that is surely not meant.
pub(super) fn warn(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let gifts: Vec<Rule> = program.rule_gifts().iter().map(as_rule).collect();
    let (mut earning, mut giving) = (program.rules().iter(), gifts.iter());
    for (nth, written) in source.rules.iter().enumerate() {
        let is_gift = written.grant.reward.is_some();
        let rule = if is_gift {
            giving.next()
        } else {
            earning.next()
        };
        if let Some(why) = rule.and_then(|rule| matching::why_never(program, rule)) {
            warnings.push(warning(
                format!("/rules/{nth}"),
                format!("this rule can never match: {why}"),
            ));
        } else if let Some((place, why)) = rule
            .filter(|_| !is_gift)
            .and_then(|rule| reach::why_little(program, rule))
        {
            warnings.push(warning(format!("/rules/{nth}{place}"), why));
        }
    }
    for (nth, exclusion) in program.exclusions().iter().enumerate() {
        let never = matching::why_contradictory(&exclusion.when)
            .or_else(|| matching::why_no_tier(program, &exclusion.when));
        let never = never.map(|why| format!("this exclusion can never match: {why}"));
        if let Some(why) = never.or_else(|| matching::why_nobody_is_left(program, &exclusion.when))
        {
            warnings.push(warning(format!("/exclusions/{nth}"), why));
        }
    }
    warnings.extend(idle_parts(source));
    warnings.extend(idle::idle(source, program));
    warnings.extend(reach::tiers_out_of_reach(source, program));
    warnings.extend(rewards::worth_more_than_they_cost(program));
    warnings.extend(stacking::more_than_meant(source, program));
    warnings.extend(stacking::several_winners(program));
    warnings.extend(stacking::always_outdone(source, program));
    warnings
}

/// A rule that gives a reward, as one that gives points: it matches where that would.
fn as_rule(gift: &RuleGift) -> Rule {
    Rule {
        id: gift.id.clone(),
        label: gift.label.clone(),
        activity: gift.activity.clone(),
        when: gift.when.clone(),
        grant: Grant::Bonus {
            points: Points::ZERO,
            per: GrantScope::Order,
        },
        balance: None,
        group: None,
        priority: 0,
        campaign: gift.campaign,
        rounding: None,
        limits: gift.limits,
    }
}

fn warning(pointer: String, message: String) -> Problem {
    Problem {
        pointer,
        is_about_key: false,
        message,
    }
}

/// Campaigns and groups that no rule belongs to.
fn idle_parts(source: &ProgramSource) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let rules = || source.rules.iter();
    for (nth, campaign) in source.campaigns.iter().enumerate() {
        if !rules().any(|rule| rule.campaign.as_ref() == Some(&campaign.id)) {
            warnings.push(warning(
                format!("/campaigns/{nth}"),
                format!(
                    "no rule belongs to this campaign; add `campaign = {:?}` to its rules",
                    campaign.id
                ),
            ));
        }
    }
    for (nth, group) in source.groups.iter().enumerate() {
        let mut of_tiers = source.tiers.iter();
        if !rules().any(|rule| rule.group.as_ref() == Some(&group.id))
            && !of_tiers.any(|tier| tier.group.as_ref() == Some(&group.id))
        {
            warnings.push(warning(
                format!("/groups/{nth}"),
                format!(
                    "no rule is in this group; add `group = {:?}` to its rules",
                    group.id
                ),
            ));
        }
    }
    warnings
}
