//! Rules that together come to more than a merchant means.

use super::super::check::Problem;
use super::super::source::ProgramSource;
use super::matching::{self, Window};
use super::warning;
use crate::limits::MAX_RATE_DECIMALS;
use crate::{Combine, Currency, Decimal, Fact, Grant, Limits, Program, Rule, Spend, Test, Tier};

/// Together so many times the base is surely not meant, in hundredths.
const MOST_HUNDREDTHS: i64 = 1_000;
const ONE_HUNDREDTHS: i64 = 100;

/// A warning at the first rule of each set of rules that multiply to more than ten times.
pub(super) fn more_than_meant(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    // Those that give rewards are no rules of the program's.
    let written = source.rules.iter().enumerate();
    let earning = written.filter(|(_, rule)| rule.grant.reward.is_none());
    let multipliers: Vec<(usize, &Rule)> = earning
        .map(|(nth, _)| nth)
        .zip(program.rules())
        .filter(|(_, rule)| !is_limited(program, rule))
        .collect();
    let (adding, multipliers): (Vec<_>, Vec<_>) = multipliers
        .into_iter()
        .partition(|(_, rule)| rule.grant.factor().is_none());
    let mut told: Vec<usize> = Vec::new();
    let mut warnings = tiers_alone(program);
    warnings.extend(rates_alone(program, &adding));
    // The strongest first, so that of two that never meet the weaker one does not keep the stronger one out.
    let mut strongest = multipliers.clone();
    strongest.sort_by_key(|(_, rule)| std::cmp::Reverse(rule.grant.factor()));
    for (nth, anchor) in &multipliers {
        if told.contains(nth) {
            continue;
        }
        let mut set: Vec<(usize, &Rule)> = vec![(*nth, anchor)];
        for (other, rule) in &strongest {
            let fits = |(_, known): &(usize, &Rule)| may_meet(program, known, rule);
            if other != nth && set.iter().all(fits) {
                set.push((*other, rule));
            }
        }
        let mut together = together_hundredths(program, &set);
        if together <= MOST_HUNDREDTHS {
            let (more, beside) = added_hundredths(program, &set, &adding);
            together = together.saturating_add(more);
            set.extend(beside);
        }
        if together <= MOST_HUNDREDTHS {
            continue;
        }
        set.sort_by_key(|(nth, _)| *nth);
        let factor = Decimal::new(together, 2).normalize();
        if let [(_, rule)] = set.as_slice() {
            let with = if rule.grant.factor().and_then(|it| it.scaled(2)) == Some(together) {
                ""
            } else {
                ", with the multiplier of the best tier,"
            };
            let message = format!(
                "{:?} alone{with} makes lines earn {factor}x; lower it, or limit it, such as limits.per_order = 500",
                rule.id
            );
            warnings.push(warning(format!("/rules/{nth}/grant/multiply"), message));
        } else {
            told.extend(set.iter().map(|(nth, _)| *nth));
            let names: Vec<_> = set
                .iter()
                .map(|(_, rule)| format!("{:?}", rule.id))
                .collect();
            let message = format!(
                "{} can meet on one line and then earn {factor}x; put them into a group with \
                 `combine = \"best\"`, or limit them",
                names.join(", ")
            );
            warnings.push(warning(format!("/rules/{nth}/grant/multiply"), message));
        }
    }
    warnings
}

/// A warning at each group of which one is to win, and whose rules give to points and to money: what is earned
/// on each balance is worked out by itself, so one wins on each.
pub(super) fn several_winners(program: &Program) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for (nth, group) in program.groups().iter().enumerate() {
        if !matches!(group.combine, Combine::BestPerLine | Combine::BestPerOrder) {
            continue;
        }
        let members = || {
            let rules = program.rules().iter();
            rules.filter(move |rule| rule.group == Some(nth))
        };
        let has_tier = program.tiers().iter().any(|tier| tier.group == Some(nth));
        let meets_another = |rule: &&Rule| {
            let mut others = members().filter(|other| other.balance != rule.balance);
            let meets_tier = has_tier && rule.balance.is_some() && rule.activity.is_none();
            meets_tier || others.any(|other| may_meet(program, rule, other))
        };
        if let Some(rule) = members().find(meets_another) {
            let message = format!(
                "the rules of this group give to points and to money, or to several balances, and on each of \
                 them one wins: {:?} does not compete with all the others; make a group for each",
                rule.id
            );
            warnings.push(warning(format!("/groups/{nth}"), message));
        }
    }
    warnings
}

/// What the rules and the best tier make of the base, in hundredths.
fn together_hundredths(program: &Program, set: &[(usize, &Rule)]) -> i64 {
    let hundredths = |factor: Decimal| factor.scaled(2).unwrap_or(i64::MAX);
    let mut bonuses = 0_i64;
    let mut groups: Vec<Option<i64>> = vec![None; program.groups().len()];
    let mut add = |group: Option<usize>, factor: i64| {
        let bonus = factor.saturating_sub(ONE_HUNDREDTHS);
        let known = group.and_then(|nth| Some((groups.get_mut(nth)?, program.groups().get(nth)?)));
        match known {
            Some((sum, group)) => {
                *sum = Some(match (*sum, group.combine) {
                    (None, _) => factor,
                    (Some(sum), Combine::Add) => sum.saturating_add(bonus),
                    (Some(sum), Combine::Multiply) => sum.saturating_mul(factor) / ONE_HUNDREDTHS,
                    (Some(sum), Combine::BestPerLine | Combine::BestPerOrder) => sum.max(factor),
                });
            }
            None => bonuses = bonuses.saturating_add(bonus),
        }
    };
    for (_, rule) in set {
        add(rule.group, rule.grant.factor().map_or(0, hundredths));
    }
    // Of one that comes to more by itself something is told already.
    let tiers = program.tiers().iter();
    let tiers =
        tiers.filter(|tier| hundredths(tier.factor) <= MOST_HUNDREDTHS && fits_all(tier, set));
    if let Some(tier) = tiers.max_by_key(|tier| tier.factor) {
        add(tier.group, hundredths(tier.factor));
    }
    let groups = groups.into_iter().flatten();
    let of_groups = groups.map(|factor| factor.saturating_sub(ONE_HUNDREDTHS));
    of_groups
        .fold(bonuses, i64::saturating_add)
        .saturating_add(ONE_HUNDREDTHS)
}

/// Whether a member of the tier can be meant by all of the rules.
fn fits_all(tier: &Tier, set: &[(usize, &Rule)]) -> bool {
    let tests = set.iter().flat_map(|(_, rule)| rule.when.tests());
    tests.into_iter().all(|test| match test {
        Test::Text {
            fact: Fact::Tier,
            not,
            texts,
        } => texts.contains(&tier.id) != *not,
        _ => true,
    })
}

/// Whether what a rule gives has a bound of its own, or of its campaign or the programme.
fn is_limited(program: &Program, rule: &Rule) -> bool {
    let bounds = |limits: &Limits| {
        let Limits {
            per_order,
            per_day,
            per_month,
            per_year,
            per_member,
            budget,
            times,
            ..
        } = *limits;
        [
            per_order, per_day, per_month, per_year, per_member, budget, times,
        ]
        .iter()
        .any(Option::is_some)
    };
    let campaign = rule.campaign.and_then(|nth| program.campaigns().get(nth));
    bounds(&rule.limits)
        || campaign.is_some_and(|it| bounds(&it.limits))
        || bounds(program.limits())
}

/// Tiers that come to more by themselves.
fn tiers_alone(program: &Program) -> Vec<Problem> {
    let tiers = program.tiers().iter().enumerate();
    let high =
        tiers.filter(|(_, tier)| tier.factor > Decimal::from(MOST_HUNDREDTHS / ONE_HUNDREDTHS));
    high.map(|(nth, tier)| {
        let message = format!(
            "this tier alone makes orders earn {}x; lower it",
            tier.factor
        );
        warning(format!("/tiers/{nth}/multiplier"), message)
    })
    .collect()
}

/// What rules that add to the rate come to beside a set that multiplies it, in hundredths of the rate of the currency in
/// which that is most, and these rules. Of those that come to too much by themselves something is told already.
fn added_hundredths<'p>(
    program: &'p Program,
    set: &[(usize, &Rule)],
    adding: &[(usize, &'p Rule)],
) -> (i64, Vec<(usize, &'p Rule)>) {
    let in_currency = |currency: Currency| {
        let (mut sum, mut beside) = (0_i64, Vec::new());
        for (nth, rule) in adding {
            let Grant::Spend(spends) = &rule.grant else {
                continue;
            };
            let mut spends = spends.iter();
            let spend = spends.find(|(of, _)| *of == currency);
            let more = spend.and_then(|(_, spend)| times_the_rate(program, currency, spend));
            let fits = |(_, known): &(usize, &Rule)| may_meet(program, known, rule);
            let counts = rule.balance.is_none() && rule.group.is_none();
            if let Some(more) = more.filter(|more| {
                counts
                    && more.saturating_add(ONE_HUNDREDTHS) <= MOST_HUNDREDTHS
                    && set.iter().chain(&beside).all(fits)
            }) {
                sum = sum.saturating_add(more);
                beside.push((*nth, *rule));
            }
        }
        (sum, beside)
    };
    let each = program
        .rates()
        .iter()
        .map(|rate| in_currency(rate.currency));
    each.max_by_key(|(sum, _)| *sum).unwrap_or_default()
}

/// What is earned by spending, in hundredths of the rate.
fn times_the_rate(program: &Program, currency: Currency, spend: &Spend) -> Option<i64> {
    let rate = program.rate(currency)?.spend.as_ref()?;
    let scaled = |it: Decimal| it.scaled(MAX_RATE_DECIMALS).map(i128::from);
    let (more, base) = (scaled(spend.per_unit()?)?, scaled(rate.per_unit()?)?);
    let hundredths = more.checked_mul(ONE_HUNDREDTHS.into())?;
    i64::try_from(hundredths.checked_div(base)?).ok()
}

/// Rules that add to the rate so many times what it is.
fn rates_alone(program: &Program, rules: &[(usize, &Rule)]) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for (nth, rule) in rules {
        let Grant::Spend(spends) = &rule.grant else {
            continue;
        };
        if rule.balance.is_some() {
            continue;
        }
        let times = |currency: Currency, spend: &Spend| {
            let more = times_the_rate(program, currency, spend)?;
            more.checked_add(ONE_HUNDREDTHS)
        };
        for (currency, spend) in spends {
            if let Some(hundredths) = times(*currency, spend).filter(|it| *it > MOST_HUNDREDTHS) {
                let factor = Decimal::new(hundredths, 2).normalize();
                let message = format!(
                    "{:?} and the rate together come to {factor}x the rate; lower it, or limit it, such as \
                     limits.per_order = 500",
                    rule.id
                );
                warnings.push(warning(
                    format!("/rules/{nth}/grant/per_unit/{currency}"),
                    message,
                ));
            }
        }
    }
    warnings
}

/// A warning at each rule beside which one of a higher priority always stands, in a group of which one wins.
pub(super) fn always_outdone(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let written = source.rules.iter().enumerate();
    let earning = written.filter(|(_, rule)| rule.grant.reward.is_none());
    for ((nth, _), rule) in earning.zip(program.rules()) {
        let group = rule.group.and_then(|nth| program.groups().get(nth));
        if !group
            .is_some_and(|it| matches!(it.combine, Combine::BestPerLine | Combine::BestPerOrder))
        {
            continue;
        }
        let stands_beside = |other: &&Rule| {
            // What is limited ends, and what is given by currency is not given in all.
            other.group == rule.group
                && other.priority > rule.priority
                && other.balance == rule.balance
                && other.activity == rule.activity
                && (other.campaign.is_none() || other.campaign == rule.campaign)
                && other.limits.is_none()
                && !is_limited(program, other)
                && !matches!(other.grant, Grant::Spend(_))
                && other
                    .when
                    .tests()
                    .all(|test| rule.when.tests().any(|asked| asked == test))
        };
        if let Some(other) = program.rules().iter().find(stands_beside) {
            let message = format!(
                "{:?} has a higher priority and applies wherever this rule does, so this one never wins; raise its \
                 priority, or narrow {:?}",
                other.id, other.id
            );
            warnings.push(warning(format!("/rules/{nth}"), message));
        }
    }
    warnings
}

/// Whether both can apply to one line, as far as that can be told.
fn may_meet(program: &Program, one: &Rule, other: &Rule) -> bool {
    let window = |rule: &Rule| {
        let campaign = rule.campaign.and_then(|nth| program.campaigns().get(nth));
        let (from, until) = campaign.map_or((None, None), |it| (it.from, it.until));
        Window::of(&rule.when).within(from, until)
    };
    let second = window(other);
    let overlap = window(one).within(second.from, second.until);
    !overlap.is_empty()
        && one.activity == other.activity
        && !one.when.tests().any(|test| excludes(test, other))
        && matching::why_never_both(program.calendar(), &one.when, &other.when).is_none()
}

/// Whether the test and a test of the other rule ask one text to be two.
fn excludes(test: &Test, other: &Rule) -> bool {
    let has_one_text = |fact: Fact| {
        matches!(
            fact,
            Fact::Product
                | Fact::Brand
                | Fact::Vendor
                | Fact::Tier
                | Fact::Currency
                | Fact::PaymentMethod
                | Fact::Channel
                | Fact::Location
                | Fact::Delivery
                | Fact::Partner
        )
    };
    let Test::Text { fact, not, texts } = test else {
        return false;
    };
    other.when.tests().any(|asked| match asked {
        Test::Text {
            fact: same,
            not: not_other,
            texts: wanted,
        } if same == fact => match (not, not_other) {
            (false, false) => has_one_text(*fact) && !texts.iter().any(|it| wanted.contains(it)),
            (true, false) => wanted.iter().all(|it| texts.contains(it)),
            (false, true) => texts.iter().all(|it| wanted.contains(it)),
            (true, true) => false,
        },
        _ => false,
    })
}
