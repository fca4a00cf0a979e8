//! Random conditions, of every part that there is. Of most of them little is asked for: with all parts,
//! nothing would ever fit.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{
    BRANDS, CATEGORIES, CHANNELS, COUPONS, CURRENCIES, CUSTOMER_TAGS, DELIVERIES, LOCATIONS,
    MOMENTS, PARTNERS, PAYMENT_METHODS, PRODUCTS, SEGMENTS, TAGS, TIERS, merge, millis,
};

/// The lists that may be asked for, and may be asked not to hold.
const LISTS: [(&str, &[&str]); 14] = [
    ("products", &PRODUCTS),
    ("categories", &CATEGORIES),
    ("tags", &TAGS),
    ("brands", &BRANDS),
    ("vendors", &BRANDS),
    ("payment_methods", &PAYMENT_METHODS),
    ("channels", &CHANNELS),
    ("locations", &LOCATIONS),
    ("deliveries", &DELIVERIES),
    ("coupons", &COUPONS),
    ("partners", &PARTNERS),
    ("tiers", &TIERS),
    ("segments", &SEGMENTS),
    ("customer_tags", &CUSTOMER_TAGS),
];

/// Any condition.
pub(super) fn condition() -> impl Strategy<Value = Value> {
    let parts = prop_oneof![
        3 => vec(part(), 0..=1),
        3 => vec(part(), 1..=3),
    ];
    (parts, window("from", "until")).prop_map(|(parts, window)| {
        let mut when = json!({});
        for part in parts {
            merge(&mut when, part);
        }
        merge(&mut when, window);
        when
    })
}

/// A condition that the whole of an order does not decide.
pub(super) fn condition_without_sum() -> impl Strategy<Value = Value> {
    condition().prop_map(|mut when| {
        when.as_object_mut()
            .expect("a table")
            .remove("order_amount");
        when
    })
}

fn part() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => list(),
        1 => list().prop_map(|list| json!({ "not": list })),
        1 => subsequence(&CURRENCIES, 1..4).prop_map(|codes| json!({ "currencies": codes })),
        1 => amounts().prop_map(|amounts| json!({ "line_amount": amounts })),
        1 => amounts().prop_map(|amounts| json!({ "order_amount": amounts })),
        1 => counts("quantity", 100),
        1 => counts("order_number", 12),
        1 => counts("member_days", 30),
        1 => counts("days_since_last_order", 30),
        1 => Just(json!({ "first_order": true })),
        1 => (2..4_i64).prop_map(|every| json!({ "every_nth_order": every })),
        1 => Just(json!({ "paid_member": true })),
        1 => select(["day", "week", "month"].as_slice()).prop_map(|it| json!({ "birthday": it })),
        1 => days().prop_map(|days| json!({ "weekdays": days })),
        1 => hours().prop_map(|hours| json!({ "hours": hours })),
        1 => vec(1..=31_i64, 1..10).prop_map(|days| json!({ "days_of_month": days })),
        1 => vec(3..=4_i64, 1..2).prop_map(|months| json!({ "months": months })),
        1 => vec(1..=5_i64, 1..4).prop_map(|weeks| json!({ "weeks_of_month": weeks })),
        1 => vec(-5..=-1_i64, 1..4).prop_map(|weeks| json!({ "weeks_of_month": weeks })),
    ]
}

fn list() -> impl Strategy<Value = Value> {
    select(LISTS.as_slice()).prop_flat_map(|(field, of)| {
        subsequence(of, 1..=2).prop_map(move |words| json!({ field: words }))
    })
}

fn days() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1..5)
}

fn hours() -> impl Strategy<Value = &'static str> {
    select(["00:00-12:00", "02:00-03:00", "14:30-24:00", "22:00-03:00"].as_slice())
}

/// At least so much, at most so much, or both: whole amounts, which every currency has.
fn bounds(most: i64) -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..most).prop_map(|least| json!({ "at_least": least })),
        (0..most).prop_map(|most| json!({ "at_most": most })),
        (0..most, 0..most)
            .prop_map(|(least, more)| json!({ "at_least": least, "at_most": least + more })),
    ]
}

fn amounts() -> impl Strategy<Value = Value> {
    (subsequence(&CURRENCIES, 1..4), vec(bounds(2_000), 4)).prop_map(|(codes, bounds)| {
        let amounts = codes.into_iter().zip(bounds);
        let amounts: serde_json::Map<String, Value> = amounts
            .map(|(code, bounds)| (code.to_owned(), bounds))
            .collect();
        json!(amounts)
    })
}

fn counts(field: &'static str, most: i64) -> impl Strategy<Value = Value> {
    bounds(most).prop_map(move |bounds| json!({ field: bounds }))
}

/// Neither end, one of them, or both.
pub(super) fn window(from: &'static str, until: &'static str) -> impl Strategy<Value = Value> {
    let none = Just(json!({}));
    let one_end = (any::<bool>(), MOMENTS).prop_map(move |(is_start, nth)| {
        let key = if is_start { from } else { until };
        json!({ key: date(nth) })
    });
    let both = (MOMENTS, MOMENTS)
        .prop_map(move |(one, length)| json!({ from: date(one), until: date(one + length + 1) }));
    prop_oneof![6 => none, 1 => one_end, 1 => both]
}

fn date(nth: i64) -> String {
    let instant = jiff::Timestamp::from_millisecond(millis(nth)).expect("a date of our time");
    instant.to_string()
}
