//! Rules that together come to more than a merchant means.

use super::super::check::Problem;
use super::super::source::ProgramSource;
use super::matching::Window;
use super::warning;
use crate::{Combine, Decimal, Fact, Program, Rule, Test};

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
        .filter(|(_, rule)| rule.grant.factor().is_some())
        .collect();
    let mut told: Vec<usize> = Vec::new();
    let mut warnings = Vec::new();
    for (nth, anchor) in &multipliers {
        if told.contains(nth) {
            continue;
        }
        let mut set: Vec<(usize, &Rule)> = Vec::new();
        for (other, rule) in &multipliers {
            let fits = |(_, known): &(usize, &Rule)| may_meet(program, known, rule);
            if (other == nth || may_meet(program, anchor, rule)) && set.iter().all(fits) {
                set.push((*other, rule));
            }
        }
        let together = together_hundredths(program, &set);
        if set.len() > 1 && together > MOST_HUNDREDTHS {
            told.extend(set.iter().map(|(nth, _)| *nth));
            let names: Vec<_> = set
                .iter()
                .map(|(_, rule)| format!("{:?}", rule.id))
                .collect();
            let factor = Decimal::new(together, 2).normalize();
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
    if let Some(tier) = program.tiers().iter().max_by_key(|tier| tier.factor) {
        add(tier.group, hundredths(tier.factor));
    }
    let groups = groups.into_iter().flatten();
    let of_groups = groups.map(|factor| factor.saturating_sub(ONE_HUNDREDTHS));
    of_groups
        .fold(bonuses, i64::saturating_add)
        .saturating_add(ONE_HUNDREDTHS)
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
