//! Random members and activities: somebody new, or somebody who has had a part of every limit.

use earnest_core::Activity;
use earnest_core::wire::{SnapshotDocument, UsageDocument};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{
    CUSTOMER_TAGS, KINDS, MOMENTS, MOST_BALANCES, MOST_CAMPAIGNS, MOST_RULES, SEGMENTS, START_DAY,
    TAGS, millis, words,
};

/// Somebody in one of the tiers, or in none, or in one that no program has.
pub(crate) fn member() -> impl Strategy<Value = SnapshotDocument> {
    let tier = option::of(select(["bronze", "silver", "gold", "platinum"].as_slice()));
    let moment = || option::of((-60..MOMENTS.end).prop_map(millis));
    let birthday = option::of(select(["02-29", "03-29", "03-31", "04-01"].as_slice()));
    let credit = option::of(0..5_000_i64);
    let parts = (
        (tier, 0..5_000_i64, 0..5_000_i64),
        vec(credit, MOST_BALANCES),
        (0..12_u32, moment(), moment(), moment(), birthday),
        (words(&SEGMENTS), words(&CUSTOMER_TAGS)),
        (usage(), budgets()),
    );
    parts.prop_map(
        |(
            (tier, balance_points, earned_points),
            credits,
            (orders, last_order_at, joined_at, paid_until, birthday),
            (segments, tags),
            (usage, budgets),
        )| {
            let credits = (0..).zip(credits);
            SnapshotDocument {
                tier: tier.map(str::to_owned),
                balance_points,
                earned_points,
                credits: credits
                    .filter_map(|(nth, minor)| Some((format!("balance-{nth}"), minor?)))
                    .collect(),
                orders,
                last_order_at,
                joined_at,
                birthday: birthday.map(str::to_owned),
                segments,
                tags,
                paid_until,
                usage,
                budgets,
                ..SnapshotDocument::default()
            }
        },
    )
}

/// Something that a member did.
pub(crate) fn activity() -> impl Strategy<Value = Activity> {
    (select(KINDS.as_slice()), words(&TAGS), 1..20_u32).prop_map(|(kind, tags, quantity)| {
        Activity::new("activity".to_owned(), kind.to_owned(), tags, quantity)
            .expect("a valid activity")
    })
}

/// The ids of all that may have limits.
fn holders() -> Vec<String> {
    let rules = (0..MOST_RULES).map(|nth| format!("rule-{nth}"));
    let campaigns = (0..MOST_CAMPAIGNS).map(|nth| format!("campaign-{nth}"));
    rules.chain(campaigns).chain([String::new()]).collect()
}

/// What has been had of some of them, on days before, between and after the moments.
fn usage() -> impl Strategy<Value = Vec<UsageDocument>> {
    let day = START_DAY - 3..START_DAY + 20;
    let one = (day, vec(0..60_i64, 4), 1..3_i64);
    vec(option::weighted(0.3, one), holders().len()).prop_map(|had| {
        let had = holders().into_iter().zip(had);
        let had = had.filter_map(|(holder, had)| Some((holder, had?)));
        had.map(|(holder, (day, parts, times))| {
            let first = |parts: &[i64]| parts.iter().sum();
            UsageDocument {
                holder,
                day,
                day_points: first(&parts[..1]),
                month_points: first(&parts[..2]),
                year_points: first(&parts[..3]),
                points: first(&parts),
                times,
            }
        })
        .collect()
    })
}

fn budgets() -> impl Strategy<Value = Vec<(String, i64)>> {
    vec(option::weighted(0.3, 0..300_i64), holders().len()).prop_map(|used| {
        let used = holders().into_iter().zip(used);
        used.filter_map(|(holder, used)| Some((holder, used?)))
            .collect()
    })
}
