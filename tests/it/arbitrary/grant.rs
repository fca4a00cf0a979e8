//! Random grants and limits: how much is given, and how much at most.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::CURRENCIES;

/// What a rule gives; a percentage needs a balance to go to.
pub(super) fn grant() -> impl Strategy<Value = Value> {
    let multiply = decimal(101, 10_000, 2).prop_map(|factor| json!({ "multiply": factor }));
    let points = || prop_oneof![1..100_i64, 1..=1_000_000_i64];
    let per = select(["item", "line", "order"].as_slice());
    let bonus = (points(), per).prop_map(|(points, per)| json!({ "bonus": points, "per": per }));
    let per = select(["item", "line"].as_slice());
    let fixed =
        (0..1_000_i64, per).prop_map(|(points, per)| json!({ "fixed": points, "per": per }));
    let percent = decimal(1, 10_000, 2).prop_map(|percent| json!({ "percent": percent }));
    prop_oneof![3 => multiply, 4 => bonus, 2 => fixed, 2 => percent, 2 => spend()]
}

/// How money earns, in each currency but the last, in one of three ways or none.
pub(super) fn spend() -> impl Strategy<Value = Value> {
    let step = (1..50_i64, 0..100_i64)
        .prop_map(|(every, points)| ("per_step", json!({ "every": every, "points": points })));
    let rate = decimal(1, 10_000_000, 4).prop_map(|rate| ("per_unit", json!(rate)));
    let band = (1..500_i64, 0..10_000_i64);
    let bands = (vec(band, 1..4), any::<bool>()).prop_map(|(bands, is_open)| {
        let (mut up_to, last) = (0, bands.len() - 1);
        let bands = bands.into_iter().enumerate().map(|(nth, (width, points))| {
            up_to += width;
            if is_open && nth == last {
                json!({ "points": points })
            } else {
                json!({ "up_to": up_to, "points": points })
            }
        });
        ("bands", bands.collect())
    });
    let way = prop_oneof![2 => rate, 1 => step, 1 => bands];
    (way.clone(), vec(option::weighted(0.7, way), 3)).prop_map(|(first, others)| {
        let mut spend = json!({});
        let ways = [Some(first)].into_iter().chain(others);
        for (code, way) in CURRENCIES.iter().zip(ways) {
            if let Some((name, value)) = way {
                spend[name][code] = value;
            }
        }
        spend
    })
}

pub(super) fn rounding() -> impl Strategy<Value = &'static str> {
    select(["floor", "ceil", "half-up", "half-even"].as_slice())
}

/// Often none; else small ones, which are reached.
pub(super) fn limits() -> impl Strategy<Value = Value> {
    let few = |most: i64| option::weighted(0.3, 1..=most);
    let some = (
        few(100),
        few(100),
        few(150),
        few(170),
        few(200),
        few(300),
        few(4),
        few(6),
    );
    let some = some.prop_map(
        |(per_order, per_day, per_month, per_year, per_member, budget, times, cooldown_days)| {
            let limits = [
                ("per_order", per_order),
                ("per_day", per_day),
                ("per_month", per_month),
                ("per_year", per_year),
                ("per_member", per_member),
                ("budget", budget),
                ("times", times),
                ("cooldown_days", cooldown_days),
            ];
            let limits: Map<String, Value> = limits
                .into_iter()
                .filter_map(|(name, limit)| Some((name.to_owned(), limit?.into())))
                .collect();
            json!(limits)
        },
    );
    prop_oneof![1 => Just(json!({})), 1 => some]
}

/// A decimal text from `least` to `most`, both in units of the last decimal.
pub(super) fn decimal(
    least: u64,
    most: u64,
    decimals: usize,
) -> impl Strategy<Value = String> + Clone {
    let round = 10_u64.pow(u32::try_from(decimals).expect("few decimals"));
    let number = prop_oneof![
        Just(least),
        Just(most),
        (least.div_ceil(round)..=most / round).prop_map(move |whole| whole * round),
        least..=most.min(least + 5 * round),
        least..=most,
    ];
    number.prop_map(move |number| {
        let digits = format!("{number:0>width$}", width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        format!("{whole}.{fraction}")
            .trim_end_matches('.')
            .to_owned()
    })
}
