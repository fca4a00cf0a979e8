//! Random programs, of everything that the language says about earning: as a file, made valid where two parts
//! that were drawn do not go together, and compiled.

use earnest_core::compile;
use earnest_core::wire::ProgramDocument;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::condition::{condition, condition_without_sum, window};
use super::grant::{decimal, grant, limits, rounding, spend};
use super::{CURRENCIES, KINDS, MOST_BALANCES, MOST_CAMPAIGNS, MOST_RULES, TIERS, merge};

/// A valid program of every shape that there is, with small and large numbers.
pub(crate) fn program() -> impl Strategy<Value = ProgramDocument> {
    program_file().prop_map(|file| compiled(&file))
}

/// The document that a file becomes.
pub(crate) fn compiled(file: &Value) -> ProgramDocument {
    serde_json::from_str(&published(file)).expect("a program document")
}

/// The text of that document.
pub(crate) fn published(file: &Value) -> String {
    let file = toml::to_string(file).expect("a file is plain TOML");
    let compiled = compile::compile(&file);
    compiled
        .unwrap_or_else(|problems| panic!("{problems}\n{file}"))
        .document
}

/// A valid file.
pub(crate) fn program_file() -> impl Strategy<Value = Value> {
    let zone = select(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"].as_slice());
    (
        (zone, earn(), tiers(), window("starts_at", "ends_at")),
        (balances(), groups(), campaigns()),
        vec(exclusion(), 0..3),
        vec(rule(), 0..=MOST_RULES),
        0..1_000_i64,
    )
        .prop_map(
            |(
                (zone, earn, tiers, window),
                (balances, groups, campaigns),
                exclusions,
                rules,
                welcome_points,
            )| {
                let mut program = json!({
                    "version": 1,
                    "name": "Any club",
                    "time_zone": zone,
                    "points": { "one": "star", "other": "stars" },
                    "earn": earn,
                    "welcome_points": welcome_points,
                    "balances": balances,
                    "tiers": tiers,
                    "exclusions": exclusions,
                    "campaigns": campaigns,
                    "groups": groups,
                    "rules": rules.iter().map(|rule| rule.file.clone()).collect::<Vec<_>>(),
                });
                merge(&mut program, window);
                for (list, name) in [
                    ("balances", "balance"),
                    ("exclusions", "left-out"),
                    ("campaigns", "campaign"),
                    ("groups", "group"),
                    ("rules", "rule"),
                ] {
                    number(&mut program, list, name);
                }
                for (nth, rule) in rules.iter().enumerate() {
                    place(&mut program, nth, rule);
                }
                place_tiers(&mut program);
                keep_known_tiers(&mut program);
                program
            },
        )
}

/// A rule, and which balance, group and campaign it is to belong to, if it can.
#[derive(Clone, Debug)]
struct AnyRule {
    file: Value,
    balance: Option<Index>,
    group: Option<Index>,
    campaign: Option<Index>,
}

fn rule() -> impl Strategy<Value = AnyRule> {
    let on = prop_oneof![5 => Just("order"), 1 => select(&KINDS[..2])];
    let rounding = option::weighted(0.2, rounding());
    let places = (
        option::weighted(0.3, any::<Index>()),
        option::of(any::<Index>()),
        option::of(any::<Index>()),
    );
    (
        condition(),
        grant(),
        on,
        rounding,
        limits(),
        -1..=1_i64,
        places,
    )
        .prop_map(
            |(when, grant, on, rounding, limits, priority, (balance, group, campaign))| {
                let file = json!({
                    "id": "", "label": "A rule", "on": on, "when": when, "grant": grant,
                    "priority": priority, "limits": limits,
                });
                let mut file = file;
                if let Some(rounding) = rounding {
                    file["rounding"] = rounding.into();
                }
                AnyRule {
                    file,
                    balance,
                    group,
                    campaign,
                }
            },
        )
}

fn earn() -> impl Strategy<Value = Value> {
    let spend = prop_oneof![1 => Just(json!({})), 5 => spend()];
    let minimums = vec(option::weighted(0.3, 0..100_u32), 4);
    let round_per = select(["line", "order"].as_slice());
    (
        spend,
        minimums,
        any::<[bool; 2]>(),
        rounding(),
        round_per,
        limits(),
    )
        .prop_map(
            |(spend, minimums, [include_tax, include_shipping], rounding, round_per, limits)| {
                let is_named = |code: &str| {
                    let ways = spend.as_object().expect("a table").values();
                    ways.into_iter().any(|way| way.get(code).is_some())
                };
                // Where some currencies earn by what is spent, others have no minimum.
                let minimum_order: Map<String, Value> = CURRENCIES
                    .iter()
                    .zip(minimums)
                    .filter(|(code, _)| spend == json!({}) || is_named(code))
                    .filter_map(|(code, minimum)| Some(((*code).to_owned(), minimum?.into())))
                    .collect();
                let mut earn = json!({
                    "minimum_order": minimum_order,
                    "include_tax": include_tax,
                    "include_shipping": include_shipping,
                    "rounding": rounding,
                    "round_per": round_per,
                    "limits": limits,
                });
                merge(&mut earn, spend);
                earn
            },
        )
}

fn tiers() -> impl Strategy<Value = Vec<Value>> {
    let step = (0..500_i64, decimal(100, 10_000, 2), option::of(0..3_usize));
    vec(step, 0..=TIERS.len()).prop_map(|steps| {
        let mut from_points = -1;
        let tiers = TIERS
            .iter()
            .zip(steps)
            .map(|(id, (step, multiplier, group))| {
                from_points += step + 1;
                let mut tier = json!({
                    "id": id, "name": id, "from_points": from_points, "multiplier": multiplier,
                });
                if let Some(group) = group {
                    tier["group"] = format!("group-{group}").into();
                }
                tier
            });
        tiers.collect()
    })
}

fn balances() -> impl Strategy<Value = Vec<Value>> {
    let currency = select(CURRENCIES.as_slice());
    let balance = currency.prop_map(|code| json!({ "id": "", "name": "Money", "currency": code }));
    vec(balance, 0..=MOST_BALANCES)
}

fn groups() -> impl Strategy<Value = Vec<Value>> {
    let group = select(
        [
            json!({ "id": "", "combine": "best" }),
            json!({ "id": "", "combine": "best", "per": "order" }),
            json!({ "id": "", "combine": "add" }),
            json!({ "id": "", "combine": "multiply" }),
        ]
        .to_vec(),
    );
    vec(group, 0..4)
}

fn campaigns() -> impl Strategy<Value = Vec<Value>> {
    let campaign = (window("from", "until"), limits()).prop_map(|(window, limits)| {
        let mut campaign = json!({ "id": "", "label": "A campaign", "limits": limits });
        merge(&mut campaign, window);
        campaign
    });
    vec(campaign, 0..=MOST_CAMPAIGNS)
}

/// An exclusion of some products; never of everything.
pub(crate) fn exclusion() -> impl Strategy<Value = Value> {
    let first = select(
        [
            ("categories", "tea"),
            ("tags", "sale"),
            ("products", "card"),
        ]
        .as_slice(),
    );
    (first, condition_without_sum()).prop_map(|((field, word), mut when)| {
        when[field] = json!([word]);
        json!({ "id": "", "label": "This earns nothing", "when": when })
    })
}

/// Puts a rule into its balance, group and campaign, as far as they take it.
fn place(program: &mut Value, nth: usize, rule: &AnyRule) {
    let mut file = program["rules"][nth].take();
    let of = |list: &str, place: Option<Index>| {
        let items = program[list].as_array().expect("a list");
        let place = place.filter(|_| !items.is_empty())?;
        Some(place.get(items).clone())
    };
    let is = |file: &Value, grant: &str| file["grant"].get(grant).is_some();
    // An activity earns a bonus, and nothing else.
    if file["on"] != "order" && !is(&file, "bonus") {
        file["on"] = "order".into();
    }
    let mut balance = of("balances", rule.balance);
    if is(&file, "percent") {
        balance = balance.or(of("balances", rule.group.or(rule.campaign)));
        if balance.is_none() {
            file["grant"] = json!({ "bonus": 5 });
        }
    } else if !is(&file, "bonus") {
        balance = None;
    }
    if let Some(balance) = &balance {
        file["balance"] = balance["id"].clone();
        if let Some(bonus) = file["grant"].get_mut("bonus") {
            // As money, with up to four decimals, a bonus is a hundredth of what it may be in points.
            *bonus = (1 + bonus.as_i64().expect("a whole number") % 99).into();
        }
    }
    if let Some(campaign) = of("campaigns", rule.campaign)
        && (balance.is_none() || campaign["limits"] == json!({}))
    {
        file["campaign"] = campaign["id"].clone();
    }
    if let Some(group) = of("groups", rule.group)
        && !is(&file, "fixed")
    {
        let grant = &file["grant"];
        let is_shared = (is(&file, "bonus") && grant.get("per").is_none_or(|per| per == "order"))
            || is(&file, "per_step")
            || is(&file, "bands");
        let takes = match group["combine"].as_str() {
            Some("multiply") => is(&file, "multiply"),
            Some("best") => group.get("per").is_some() || !is_shared,
            _ => true,
        };
        if takes {
            file["group"] = group["id"].clone();
        }
        if takes && group["combine"] == "multiply" {
            // Many large factors would make more points than a ledger holds.
            file["grant"] = json!({ "multiply": "1.75" });
        }
    }
    program["rules"][nth] = file;
}

/// A tier's group is one that there is; where factors multiply, it is small.
fn place_tiers(program: &mut Value) {
    let groups = program["groups"].clone();
    for tier in program["tiers"].as_array_mut().expect("a list") {
        let groups = groups.as_array().expect("a list").iter();
        let group = groups
            .into_iter()
            .find(|it| tier.get("group") == Some(&it["id"]));
        match group {
            None => drop(tier.as_object_mut().expect("a table").remove("group")),
            Some(group) if group["combine"] == "multiply" => tier["multiplier"] = "1.25".into(),
            Some(_) => {}
        }
    }
}

/// Gives each item of a list an id of its own.
fn number(program: &mut Value, list: &str, name: &str) {
    let items = program[list].as_array_mut().expect("a list");
    for (nth, item) in items.iter_mut().enumerate() {
        item["id"] = format!("{name}-{nth}").into();
    }
}

/// A rule may only name tiers that its program has.
fn keep_known_tiers(program: &mut Value) {
    let tiers = program["tiers"].as_array().expect("a list").len();
    for list in ["exclusions", "rules"] {
        for item in program[list].as_array_mut().expect("a list") {
            for path in ["/when", "/when/not"] {
                let Some(when) = item.pointer_mut(path).and_then(Value::as_object_mut) else {
                    continue;
                };
                if let Some(named) = when.get_mut("tiers").and_then(Value::as_array_mut) {
                    named.retain(|name| TIERS.iter().take(tiers).any(|known| name == known));
                    // A list of none is no condition, and is refused.
                    if named.is_empty() {
                        when.remove("tiers");
                    }
                }
            }
        }
    }
}
