//! Limits hold over many orders and activities: what a rule, a campaign or the programme gives never passes
//! what it may give.
//!
//! What was given is counted here from the reasons alone, not from the counters that the core keeps.

use std::collections::BTreeMap;

use earnest_core::wire::CartDocument;
use earnest_core::{
    Activity, Cart, Command, Earning, ExactPoints, Giver, Limits, Program, Snapshot, Timestamp,
    plan,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{assert_sound, evaluated, evaluated_activity};
use crate::arbitrary::{activity, cart, instant, program};

/// Two members, who share the budgets.
const MEMBERS: usize = 2;

/// What somebody did.
#[derive(Clone, Debug)]
enum Deed {
    Order(CartDocument),
    Activity(Activity),
}

/// When, and what she was given for it by one holder of limits.
#[derive(Clone, Copy, Debug)]
struct Gift {
    member: usize,
    at: Timestamp,
    exact: ExactPoints,
}

fn deed() -> impl Strategy<Value = (usize, Deed, Timestamp)> {
    let deed = prop_oneof![
        3 => cart().prop_map(Deed::Order),
        1 => activity().prop_map(Deed::Activity),
    ];
    (0..MEMBERS, deed, instant())
}

proptest! {
    #[test]
    fn no_limit_is_ever_passed(program in program(), mut deeds in vec(deed(), 1..16)) {
        let program = Program::try_from(program).expect("a valid program");
        deeds.sort_by_key(|(_, _, at)| at.as_millis());
        for (holder, limits, gifts) in booked(&program, &deeds) {
            assert_held(&holder, limits, &gifts);
            assert_held_in_time(&program, &holder, limits, &gifts);
        }
    }

    #[test]
    fn what_arrives_late_passes_no_limit_either(
        program in program(), deeds in vec(deed(), 1..16),
    ) {
        // How much a day or a month had is known of the last one only: what comes late counts against it.
        let program = Program::try_from(program).expect("a valid program");
        for (holder, limits, gifts) in booked(&program, &deeds) {
            assert_held(&holder, limits, &gifts);
        }
    }
}

/// Books all of it, and tells what each holder of limits gave.
fn booked<'a>(
    program: &'a Program,
    deeds: &[(usize, Deed, Timestamp)],
) -> Vec<(String, &'a Limits, Vec<Gift>)> {
    let mut members = vec![program.newcomer(); MEMBERS];
    let mut budgets: BTreeMap<String, i64> = BTreeMap::new();
    let mut holders = holders(program);
    for (member, deed, at) in deeds {
        let (member, at) = (*member, *at);
        members[member].budgets = budgets.clone().into_iter().collect();
        let before = &members[member];
        let (earning, planned) = match deed {
            Deed::Order(cart) => {
                let cart = Cart::try_from(cart.clone()).expect("a valid cart");
                let earning = evaluated(program, before, &cart, at);
                let command = Command::Earn {
                    order_id: "1001",
                    cart: &cart,
                    placed_at: at,
                    earning: &earning,
                    redemptions: &[],
                    draws: &[],
                };
                let planned = plan(program, Some(before), command, at);
                (earning, planned)
            }
            Deed::Activity(activity) => {
                let earning = evaluated_activity(program, before, activity, at);
                let command = Command::Act {
                    activity,
                    occurred_at: at,
                    earning: &earning,
                };
                let planned = plan(program, Some(before), command, at);
                (earning, planned)
            }
        };
        assert_sound(&earning);
        // A refusal books nothing.
        let Ok(planned) = planned else { continue };
        for taken in planned.budgets {
            *budgets.entry(taken.holder).or_default() += taken.points;
        }
        assert_counts(&planned.snapshot);
        members[member] = planned.snapshot;
        for (nth, (_, _, gifts)) in holders.iter_mut().enumerate() {
            let exact = given(program, &earning, nth);
            if !exact.is_zero() {
                gifts.push(Gift { member, at, exact });
            }
        }
    }
    holders
}

/// Who has limits: each rule, each campaign, and the programme.
fn holders(program: &Program) -> Vec<(String, &Limits, Vec<Gift>)> {
    let rules = program.rules().iter().map(|rule| (&*rule.id, &rule.limits));
    let campaigns = program.campaigns().iter().map(|it| (&*it.id, &it.limits));
    let all = rules.chain(campaigns).chain([("", program.limits())]);
    all.map(|(id, limits)| (id.to_owned(), limits, Vec::new()))
        .collect()
}

/// What the holder of that place gave.
fn given(program: &Program, earning: &Earning, nth: usize) -> ExactPoints {
    let by_rule = |rule: usize| -> ExactPoints {
        let reasons = earning.given_by(Giver::Rule(rule));
        total(reasons.map(|reason| reason.points_exact))
    };
    let rules = program.rules();
    match nth.checked_sub(rules.len()) {
        None => by_rule(nth),
        Some(campaign) if campaign < program.campaigns().len() => {
            let its = (0..rules.len()).filter(|rule| rules[*rule].campaign == Some(campaign));
            total(its.map(by_rule))
        }
        Some(_) => earning.points.into(),
    }
}

fn total(exacts: impl Iterator<Item = ExactPoints>) -> ExactPoints {
    exacts.fold(ExactPoints::ZERO, |sum, exact| {
        sum.checked_add(exact).expect("few points")
    })
}

/// The limits that hold in whatever order things arrive.
fn assert_held(holder: &str, limits: &Limits, gifts: &[Gift]) {
    let within = |what: &str, most: Option<i64>, given: ExactPoints| {
        let most = most.map(|most| ExactPoints::whole(most.into()));
        assert!(
            most.is_none_or(|most| given <= most),
            "{holder}: {what} of {most:?}, and gave {given}"
        );
    };
    for gift in gifts {
        assert!(gift.exact > ExactPoints::ZERO, "{holder} took: {gift:?}");
        within("per_order", limits.per_order, gift.exact);
    }
    within(
        "budget",
        limits.budget,
        total(gifts.iter().map(|gift| gift.exact)),
    );
    for member in 0..MEMBERS {
        let hers: Vec<_> = gifts.iter().filter(|gift| gift.member == member).collect();
        within(
            "per_member",
            limits.per_member,
            total(hers.iter().map(|gift| gift.exact)),
        );
        let times = i64::try_from(hers.len()).expect("few");
        assert!(
            limits.times.is_none_or(|most| times <= most),
            "{holder}: {times} times"
        );
    }
}

/// The limits that ask when something was given.
fn assert_held_in_time(program: &Program, holder: &str, limits: &Limits, gifts: &[Gift]) {
    let mut by_day: BTreeMap<(usize, i64), ExactPoints> = BTreeMap::new();
    let mut by_month: BTreeMap<(usize, i64), ExactPoints> = BTreeMap::new();
    let mut by_year: BTreeMap<(usize, i64), ExactPoints> = BTreeMap::new();
    let mut last_days = [None; MEMBERS];
    for Gift { member, at, exact } in gifts {
        let local = program.calendar().local(*at);
        let days = by_day.entry((*member, local.day)).or_default();
        *days = days.checked_add(*exact).expect("few points");
        let months = by_month
            .entry((*member, local.date().month_number()))
            .or_default();
        *months = months.checked_add(*exact).expect("few points");
        let years = by_year.entry((*member, local.date().year)).or_default();
        *years = years.checked_add(*exact).expect("few points");
        if let (Some(last), Some(rest)) = (last_days[*member], limits.cooldown_days) {
            assert!(
                local.day - last >= rest,
                "{holder}: {last}, then {}",
                local.day
            );
        }
        last_days[*member] = Some(local.day);
    }
    let sums = [
        (limits.per_day, by_day),
        (limits.per_month, by_month),
        (limits.per_year, by_year),
    ];
    for (most, sums) in sums {
        let most = most.map(|most| ExactPoints::whole(most.into()));
        for (when, given) in sums {
            assert!(
                most.is_none_or(|most| given <= most),
                "{holder}: {most:?} in a day, month or year, and gave {given} in {when:?}"
            );
        }
    }
}

/// No counter is below zero, nor a day above its month, its month above its year, nor a year above all.
fn assert_counts(member: &Snapshot) {
    for usage in &member.usage {
        let counted = [
            0,
            usage.day_points,
            usage.month_points,
            usage.year_points,
            usage.points,
        ];
        assert!(counted.is_sorted(), "{usage:?}");
    }
}
