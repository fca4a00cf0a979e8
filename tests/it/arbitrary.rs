//! Random programs, carts and members for the properties.
//!
//! Its invariant: what is made here is valid, and few enough words are used that rules, exclusions and
//! tiers meet the lines of carts often. Instants are small numbers, so that windows open and close.

use earnest_core::wire::{CartDocument, ProgramDocument, SnapshotDocument};
use earnest_core::{Cart, CartTotals, Currency, Line, Timestamp, compile};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

const CATEGORIES: [&str; 3] = ["coffee", "tea", "gift-cards"];
const TAGS: [&str; 3] = ["new", "sale", "organic"];
const PRODUCTS: [&str; 4] = ["kenya", "mug", "card", "bundle"];
const TIERS: [&str; 3] = ["bronze", "silver", "gold"];
/// With 2, 0, 3 and 4 decimals; the last has no rate in any program.
const CURRENCIES: [&str; 5] = ["EUR", "JPY", "KWD", "CLF", "CHF"];
/// Five such lines, all of it tax, are just within the limit of a cart's sum.
const LARGEST_LINE_MINOR: i64 = 99_999_999_999_999;
/// Milliseconds since 1970 within which everything here happens.
const TIME: std::ops::Range<i64> = 0..40;

/// Any moment at which a window may be open.
pub(crate) fn instant() -> impl Strategy<Value = Timestamp> {
    TIME.prop_map(Timestamp::from_millis)
}

/// Somebody in one of the tiers, or in none, or in one that no program has.
pub(crate) fn member() -> impl Strategy<Value = SnapshotDocument> {
    let tier = option::of(select(["bronze", "silver", "gold", "platinum"].as_slice()));
    (tier, 0..5_000_i64, 0..5_000_i64).prop_map(|(tier, balance_points, earned_points)| {
        SnapshotDocument {
            tier: tier.map(str::to_owned),
            balance_points,
            earned_points,
            ..SnapshotDocument::default()
        }
    })
}

/// A valid program of every shape that there is, with small and large numbers.
pub(crate) fn program() -> impl Strategy<Value = ProgramDocument> {
    program_file().prop_map(|file| compiled(&file))
}

/// The document that a file becomes.
pub(crate) fn compiled(file: &Value) -> ProgramDocument {
    let file = toml::to_string(file).expect("a file is plain TOML");
    let compiled = compile::compile(&file).unwrap_or_else(|problems| panic!("{problems}"));
    serde_json::from_str(&compiled.document).expect("a program document")
}

/// A valid file.
pub(crate) fn program_file() -> impl Strategy<Value = Value> {
    (
        (earn(), tiers(), window("starts_at", "ends_at")),
        vec(exclusion(), 0..3),
        vec(rule(), 0..6),
        0..1_000_i64,
    )
        .prop_map(
            |((earn, tiers, window), exclusions, rules, welcome_points)| {
                let mut program = json!({
                    "version": 1,
                    "name": "Any club",
                    "points": { "one": "star", "other": "stars", "worth": { "EUR": "0.01" } },
                    "earn": earn,
                    "welcome_points": welcome_points,
                    "tiers": tiers,
                    "exclusions": exclusions,
                    "rules": rules,
                });
                merge(&mut program, window);
                number(&mut program, "exclusions", "left-out");
                number(&mut program, "rules", "rule");
                keep_known_tiers(&mut program);
                program
            },
        )
}

/// A valid cart of up to a dozen lines. No program here makes it earn more than a ledger holds.
pub(crate) fn cart() -> impl Strategy<Value = CartDocument> {
    cart_of(0..12, 1..100_u32, prop_oneof![0..10_i64, 0..1_000_000_i64])
}

/// A cart near the limits of quantities and amounts.
pub(crate) fn extreme_cart() -> impl Strategy<Value = CartDocument> {
    let quantity = select([1, 2, 999_999, 1_000_000].as_slice());
    let unit_price = select([0, 1, 99_999_999, 100_000_000, LARGEST_LINE_MINOR].as_slice());
    cart_of(0..6, quantity, unit_price)
}

/// The lines of a cart in another order.
pub(crate) fn shuffled(cart: CartDocument) -> impl Strategy<Value = CartDocument> {
    let lines = Just(cart.lines.clone()).prop_shuffle();
    lines.prop_map(move |lines| CartDocument {
        lines,
        ..cart.clone()
    })
}

fn cart_of(
    lines: std::ops::Range<usize>,
    quantity: impl Strategy<Value = u32> + Clone,
    unit_price_minor: impl Strategy<Value = i64> + Clone,
) -> impl Strategy<Value = CartDocument> {
    let line = (product(), quantity, unit_price_minor, share(), share());
    let ids = vec("[a-zé#]{1,3}", lines.end);
    let totals = (select(CURRENCIES.as_slice()), any::<bool>());
    (
        totals,
        vec(line, lines),
        ids,
        share(),
        0..5_000_i64,
        share(),
    )
        .prop_map(
            |((currency, prices_include_tax), parts, ids, off, shipping_minor, shipping_tax)| {
                let mut totals = CartTotals {
                    currency: Currency::parse(currency).expect("a currency"),
                    prices_include_tax,
                    discount_minor: 0,
                    shipping_minor,
                    shipping_tax_minor: shipping_tax.of(shipping_minor),
                };
                let mut lines: Vec<Line> = Vec::new();
                let mut tax_shares = Vec::new();
                for (nth, (product, quantity, unit_price_minor, off, tax)) in
                    parts.into_iter().enumerate()
                {
                    // What would pass the limit is made small, so that the cart is valid.
                    let gross_minor = unit_price_minor.checked_mul(i64::from(quantity));
                    let is_small = gross_minor.is_some_and(|minor| minor <= LARGEST_LINE_MINOR);
                    let quantity = if is_small { quantity } else { 1 };
                    lines.push(Line {
                        id: format!("{}{nth}", ids[nth]),
                        quantity,
                        unit_price_minor,
                        discount_minor: off.of(unit_price_minor * i64::from(quantity)),
                        ..product
                    });
                    tax_shares.push(tax);
                }
                let untaxed = Cart::new(totals, lines.clone()).expect("a valid cart without tax");
                totals.discount_minor = off.of(untaxed.discounted_minor().iter().sum());
                let untaxed = Cart::new(totals, lines.clone()).expect("a valid cart without tax");
                for ((line, price_minor), tax) in lines
                    .iter_mut()
                    .zip(untaxed.discounted_minor())
                    .zip(tax_shares)
                {
                    line.tax_minor = tax.of(price_minor);
                }
                CartDocument::from(&Cart::new(totals, lines).expect("a valid cart"))
            },
        )
}

/// A share of an amount: often none or all of it.
#[derive(Clone, Copy, Debug)]
struct Share(i64);

impl Share {
    fn of(self, minor: i64) -> i64 {
        let exact = i128::from(minor) * i128::from(self.0) / 1_000;
        i64::try_from(exact).expect("a share is smaller than the whole")
    }
}

fn share() -> impl Strategy<Value = Share> + Clone {
    prop_oneof![4 => Just(0), 1 => Just(1_000), 5 => 0..=1_000_i64].prop_map(Share)
}

fn words(all: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(all, 0..=2).prop_map(|some| some.into_iter().map(str::to_owned).collect())
}

/// A line of which only what is bought is settled.
fn product() -> impl Strategy<Value = Line> + Clone {
    let product = select(PRODUCTS.as_slice());
    let parts = (
        product,
        subsequence(&CATEGORIES, 0..=2),
        subsequence(&TAGS, 0..=2),
    );
    parts.prop_map(|(product, categories, tags)| Line {
        product: product.to_owned(),
        categories: categories.into_iter().map(str::to_owned).collect(),
        tags: tags.into_iter().map(str::to_owned).collect(),
        quantity: 1,
        ..Line::default()
    })
}

/// A decimal text from `least` to `most`, both in units of the last decimal.
fn decimal(least: u64, most: u64, decimals: usize) -> impl Strategy<Value = String> {
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

fn earn() -> impl Strategy<Value = Value> {
    let rates = vec(decimal(1, 10_000_000, 4), 4);
    let minimums = vec(option::of(0..100_u32), 4);
    let rounding = select(["floor", "ceil", "half-up", "half-even"].as_slice());
    let round_per = select(["line", "order"].as_slice());
    (rates, minimums, any::<[bool; 2]>(), rounding, round_per).prop_map(
        |(rates, minimums, [include_tax, include_shipping], rounding, round_per)| {
            let per_unit: serde_json::Map<String, Value> = CURRENCIES
                .iter()
                .zip(rates)
                .map(|(code, rate)| ((*code).to_owned(), rate.into()))
                .collect();
            let minimum_order: serde_json::Map<String, Value> = CURRENCIES
                .iter()
                .zip(minimums)
                .filter_map(|(code, minimum)| Some(((*code).to_owned(), minimum?.into())))
                .collect();
            json!({
                "per_unit": per_unit,
                "minimum_order": minimum_order,
                "include_tax": include_tax,
                "include_shipping": include_shipping,
                "rounding": rounding,
                "round_per": round_per,
            })
        },
    )
}

fn tiers() -> impl Strategy<Value = Vec<Value>> {
    let steps = vec((0..500_i64, decimal(100, 10_000, 2)), 0..=TIERS.len());
    steps.prop_map(|steps| {
        let mut from_points = -1;
        let tiers = TIERS.iter().zip(steps).map(|(id, (step, multiplier))| {
            from_points += step + 1;
            json!({ "id": id, "name": id, "from_points": from_points, "multiplier": multiplier })
        });
        tiers.collect()
    })
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
    (first, condition()).prop_map(|((field, word), mut when)| {
        when[field] = json!([word]);
        json!({ "id": "", "label": "This earns nothing", "when": when })
    })
}

fn rule() -> impl Strategy<Value = Value> {
    let multiply = decimal(101, 10_000, 2).prop_map(|factor| json!({ "multiply": factor }));
    let points = prop_oneof![1..100_i64, 1..=1_000_000_i64];
    let per = select(["item", "line", "order"].as_slice());
    let bonus = (points, per).prop_map(|(points, per)| json!({ "bonus": points, "per": per }));
    (condition(), prop_oneof![multiply, bonus]).prop_map(
        |(when, grant)| json!({ "id": "", "label": "A rule", "when": when, "grant": grant }),
    )
}

fn condition() -> impl Strategy<Value = Value> {
    let lists = (
        words(&PRODUCTS),
        words(&CATEGORIES),
        words(&TAGS),
        words(&TIERS),
    );
    // Of most conditions only a part is asked for: with all parts, nothing would ever fit.
    (lists, window("from", "until"), any::<[bool; 4]>()).prop_map(
        |((products, categories, tags, tiers), window, asked)| {
            let mut when = json!({});
            let lists = [products, categories, tags, tiers];
            for ((field, words), asked) in FIELDS.iter().zip(lists).zip(asked) {
                if asked {
                    when[field] = json!(words);
                }
            }
            merge(&mut when, window);
            when
        },
    )
}

const FIELDS: [&str; 4] = ["products", "categories", "tags", "tiers"];

/// Neither end, one of them, or both.
fn window(from: &'static str, until: &'static str) -> impl Strategy<Value = Value> {
    let none = Just(json!({}));
    let one_end = (any::<bool>(), TIME).prop_map(move |(is_start, instant)| {
        let key = if is_start { from } else { until };
        json!({ key: date(instant) })
    });
    let both = (TIME, TIME)
        .prop_map(move |(one, length)| json!({ from: date(one), until: date(one + length + 1) }));
    prop_oneof![4 => none, 1 => one_end, 1 => both]
}

fn date(millis: i64) -> String {
    format!("1970-01-01T00:00:00.{millis:03}Z")
}

fn merge(into: &mut Value, from: Value) {
    let (Value::Object(into), Value::Object(from)) = (into, from) else {
        unreachable!("both are objects");
    };
    into.extend(from);
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
            if let Some(named) = item["when"].get_mut("tiers").and_then(Value::as_array_mut) {
                named.retain(|name| TIERS.iter().take(tiers).any(|known| name == known));
            }
        }
    }
}
