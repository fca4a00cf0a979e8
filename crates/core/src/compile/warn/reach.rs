//! How many points a member can earn, and what asks for more.

use super::super::check::Problem;
use super::super::source::{ProgramSource, TierPeriodName};
use super::{matching, warning};
use crate::limits::MAX_POINTS;
use crate::{Grant, GrantScope, Limits, Program, Rule};

/// Tiers that ask for more points than a member can earn.
pub(super) fn tiers_out_of_reach(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    let by = source.tiers_by.clone().unwrap_or_default();
    let (most, why) = most_points(program, by.period);
    // Only tiers that go by points have from_points.
    let tiers = source.tiers.iter().enumerate();
    let out_of_reach = tiers.filter(|(_, tier)| tier.from_points.is_some_and(|from| from > most));
    out_of_reach
        .map(|(nth, _)| {
            warning(
                format!("/tiers/{nth}/from_points"),
                format!("nobody can reach this tier: {why}"),
            )
        })
        .collect()
}

/// The most points that orders give a member in a period, as far as that is sure, and why it is no more.
fn most_points(program: &Program, period: TierPeriodName) -> (i64, String) {
    let limits = program.limits();
    let in_all = |points: i64| format!("earn.limits lets a member earn {points} in all");
    let in_a_period = |points: i64| format!("earn.limits lets a member earn {points} in a period");
    let mut bounds: Vec<(i64, String)> = Vec::new();
    bounds.extend(limits.per_member.map(|it| (it, in_all(it))));
    bounds.extend(limits.budget.map(|it| (it, in_all(it))));
    // A year that does not begin on 1 January lies in two calendar years, and in thirteen calendar months; one that does
    // not begin at midnight in one day more than it has.
    let (years, months, days) = match period {
        TierPeriodName::Lifetime => (None, None, None),
        TierPeriodName::CalendarYear => (Some(1), Some(12), Some(366)),
        TierPeriodName::ProgramYear
        | TierPeriodName::Anniversary
        | TierPeriodName::Rolling12Months => (Some(2), Some(13), Some(367)),
    };
    for (limit, times) in [
        (limits.per_year, years),
        (limits.per_month, months),
        (limits.per_day, days),
    ] {
        let most = limit
            .zip(times)
            .map(|(limit, times)| limit.saturating_mul(times));
        bounds.extend(most.map(|it| (it, in_a_period(it))));
    }
    let of_orders = |rule: &&Rule| rule.activity.is_none() && rule.balance.is_none();
    let rules = || program.rules().iter().filter(of_orders);
    if !program.rates().iter().any(|rate| rate.spend.is_some()) {
        let mut each = rules().map(|rule| most_of_rule(program, rule));
        let sum = each.try_fold(0_i64, |sum, most| Some(sum.saturating_add(most?)));
        bounds.extend(sum.map(|it| match it {
            0 => (0, "orders earn no points".to_owned()),
            _ => (it, format!("its rules give a member {it} in all")),
        }));
    }
    let least = bounds.into_iter().min_by_key(|(most, _)| *most);
    least.unwrap_or_else(|| (MAX_POINTS, in_all(MAX_POINTS)))
}

/// The most that a rule gives a member, where that is limited.
fn most_of_rule(program: &Program, rule: &Rule) -> Option<i64> {
    // Nothing times something: there is no rate here.
    let has_base = has_base(program);
    if matching::why_never(program, rule).is_some() || (rule.grant.factor().is_some() && !has_base)
    {
        return Some(0);
    }
    let campaign = rule.campaign.and_then(|nth| program.campaigns().get(nth));
    let of_limits = |limits: &Limits| [limits.per_member, limits.budget];
    let of_an_order = match rule.grant {
        Grant::Bonus {
            points,
            per: GrantScope::Order,
        } => Some(points.get()),
        _ => None,
    };
    let of_an_order = of_an_order.into_iter().chain(rule.limits.per_order).min();
    let by_times = rule.limits.times.zip(of_an_order);
    let by_times = by_times.map(|(times, points)| times.saturating_mul(points));
    of_limits(&rule.limits)
        .into_iter()
        .chain(campaign.into_iter().flat_map(|it| of_limits(&it.limits)))
        .chain([by_times])
        .flatten()
        .min()
}

/// Whether anything gives base points, which factors multiply. Neither is money's.
fn has_base(program: &Program) -> bool {
    let is_fixed = |rule: &Rule| matches!(rule.grant, Grant::Fixed { .. });
    program.rates().iter().any(|rate| rate.spend.is_some()) || program.rules().iter().any(is_fixed)
}

/// Why a rule gives nothing although it matches, or less than it says, with the place in the rule.
pub(super) fn why_little(program: &Program, rule: &Rule) -> Option<(&'static str, String)> {
    if rule.grant.factor().is_some() && !has_base(program) {
        let why = "this rule gives nothing: no order has base points to multiply; give earn a rate, such as \
                   per_unit = { EUR = 1 }";
        return Some(("/grant/multiply", why.to_owned()));
    }
    let Grant::Bonus { points, .. } = rule.grant else {
        return None;
    };
    let campaign = rule.campaign.and_then(|nth| program.campaigns().get(nth));
    let caps = |limits: &Limits| {
        [
            ("per_order", limits.per_order),
            ("per_day", limits.per_day),
            ("per_month", limits.per_month),
            ("per_year", limits.per_year),
            ("per_member", limits.per_member),
            ("budget", limits.budget),
        ]
    };
    let whose = [
        ("its", Some(&rule.limits)),
        ("its campaign's", campaign.map(|it| &it.limits)),
        (
            "earn's",
            Some(program.limits()).filter(|_| rule.balance.is_none()),
        ),
    ];
    let mut whose = whose.into_iter().filter_map(|(whose, limits)| {
        let mut caps = caps(limits?).into_iter();
        let cap = caps.find(|(_, cap)| cap.is_some_and(|cap| cap < points.get()))?;
        Some((whose, cap.0))
    });
    let (whose, limit) = whose.next()?;
    let why = format!(
        "this bonus is never given whole: it is more than {whose} limits.{limit} lets it give at all; lower it, or \
         raise the limit"
    );
    Some(("/grant/bonus", why))
}
