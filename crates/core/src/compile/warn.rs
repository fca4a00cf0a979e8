//! Warnings: what is legal and surely not meant.
//!
//! Owns no rule of the language: a program with warnings is a program. Its invariant: nothing is warned of
//! that could be meant; where it cannot be told for sure, nothing is said.

mod matching;
mod rewards;
mod stacking;
#[cfg(test)]
mod tests;

use super::check::Problem;
use super::source::ProgramSource;
use crate::limits::MAX_POINTS;
use crate::wire::ProgramDocument;
use crate::{Grant, GrantScope, Points, Program, Rule, RuleGift};

/// Everything that is surely not meant.
pub(super) fn warn(
    source: &ProgramSource,
    document: &ProgramDocument,
    program: &Program,
) -> Vec<Problem> {
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
        }
    }
    for (nth, exclusion) in program.exclusions().iter().enumerate() {
        if let Some(why) = matching::why_contradictory(&exclusion.when) {
            warnings.push(warning(
                format!("/exclusions/{nth}"),
                format!("this exclusion can never match: {why}"),
            ));
        }
    }
    warnings.extend(idle_parts(source));
    warnings.extend(tiers_out_of_reach(source, document));
    warnings.extend(rewards::worth_more_than_they_cost(program));
    warnings.extend(stacking::more_than_meant(source, program));
    warnings.extend(stacking::several_winners(program));
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

/// Tiers that ask for more points than a member can earn.
fn tiers_out_of_reach(source: &ProgramSource, document: &ProgramDocument) -> Vec<Problem> {
    let limits = document.earn.limits.as_ref();
    let by_spend = document.earn.rates.iter().any(|rate| rate.spend.is_some());
    let mut rules = document.rules.iter();
    let earns = by_spend || rules.any(|rule| rule.on.is_none() && rule.balance.is_none());
    let most = if earns {
        limits
            .and_then(|limits| limits.per_member)
            .unwrap_or(MAX_POINTS)
    } else {
        0
    };
    let tiers = source.tiers.iter().enumerate();
    let out_of_reach = tiers.filter(|(_, tier)| tier.from_points.is_some_and(|from| from > most));
    out_of_reach
        .map(|(nth, _)| {
            let why = if earns {
                format!("earn.limits lets a member earn {most} in all")
            } else {
                "orders earn no points".to_owned()
            };
            warning(
                format!("/tiers/{nth}/from_points"),
                format!("nobody can reach this tier: {why}"),
            )
        })
        .collect()
}
