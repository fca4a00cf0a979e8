//! Random programs, carts and members for the properties.
//!
//! Owns carts; programs and members have files of their own. Its invariant: what is made here is valid, and
//! few enough words are used that rules, exclusions and tiers meet the lines of carts often. Instants lie in
//! two weeks and a half over the end of a month and a change of the clocks, so that windows open and close,
//! and days and months begin anew.

mod condition;
mod grant;
mod member;
mod program;

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, CartTotals, Currency, Line, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;

pub(crate) use self::member::{activity, member};
pub(crate) use self::program::{compiled, exclusion, program, program_file, published};

const CATEGORIES: [&str; 3] = ["coffee", "tea", "gift-cards"];
const TAGS: [&str; 3] = ["new", "sale", "organic"];
const PRODUCTS: [&str; 4] = ["kenya", "mug", "card", "bundle"];
const BRANDS: [&str; 2] = ["alba", "bora"];
const TIERS: [&str; 3] = ["bronze", "silver", "gold"];
const PAYMENT_METHODS: [&str; 2] = ["cash", "store-card"];
const CHANNELS: [&str; 2] = ["web", "app"];
const LOCATIONS: [&str; 2] = ["berlin", "bonn"];
const DELIVERIES: [&str; 2] = ["pickup", "slow"];
const COUPONS: [&str; 2] = ["SPRING", "SUMMER"];
const PARTNERS: [&str; 2] = ["cafe", "kiosk"];
const SEGMENTS: [&str; 2] = ["critics", "vip"];
const CUSTOMER_TAGS: [&str; 2] = ["staff", "press"];
/// Kinds of activities; the last has no rule in any program.
const KINDS: [&str; 3] = ["review", "newsletter", "survey"];
/// With 2, 0, 3 and 4 decimals; the last has no rate in any program.
const CURRENCIES: [&str; 5] = ["EUR", "JPY", "KWD", "CLF", "CHF"];
/// How many rules, campaigns and balances a program has at most.
const MOST_RULES: usize = 6;
const MOST_CAMPAIGNS: usize = 3;
const MOST_BALANCES: usize = 2;
/// Five such lines, all of it tax, are just within the limit of a cart's sum.
const LARGEST_LINE_MINOR: i64 = 99_999_999_999_999;
/// 2026-03-20T00:00:00Z, in milliseconds since 1970.
const START_MS: i64 = 1_773_964_800_000;
/// That day, in days since 1970.
const START_DAY: i64 = 20_532;
/// Between two moments: a bit more than five hours, so that days have several, at all times of day.
const STEP_MS: i64 = 18_423_457;
/// Moments within which everything here happens.
const MOMENTS: std::ops::Range<i64> = 0..80;

/// Any moment at which a window may be open.
pub(crate) fn instant() -> impl Strategy<Value = Timestamp> {
    MOMENTS.prop_map(|nth| Timestamp::from_millis(millis(nth)))
}

fn millis(nth: i64) -> i64 {
    START_MS + nth * STEP_MS
}

/// A valid cart of up to a dozen lines. No program here makes it earn more than a ledger holds.
pub(crate) fn cart() -> impl Strategy<Value = CartDocument> {
    placed(cart_of(
        0..12,
        1..100_u32,
        prop_oneof![0..10_i64, 0..1_000_000_i64],
    ))
}

/// A cart near the limits of quantities and amounts.
pub(crate) fn extreme_cart() -> impl Strategy<Value = CartDocument> {
    let quantity = select([1, 2, 999_999, 1_000_000].as_slice());
    let unit_price = select([0, 1, 99_999_999, 100_000_000, LARGEST_LINE_MINOR].as_slice());
    placed(cart_of(0..6, quantity, unit_price))
}

/// The lines of a cart in another order.
pub(crate) fn shuffled(cart: CartDocument) -> impl Strategy<Value = CartDocument> {
    let lines = Just(cart.lines.clone()).prop_shuffle();
    lines.prop_map(move |lines| CartDocument {
        lines,
        ..cart.clone()
    })
}

/// How and where something may be bought; of most carts only a part is said.
fn placed(cart: impl Strategy<Value = CartDocument>) -> impl Strategy<Value = CartDocument> {
    let one = |of: &'static [&'static str]| option::of(select(of).prop_map(str::to_owned));
    let checkout = (
        one(&PAYMENT_METHODS),
        one(&CHANNELS),
        one(&LOCATIONS),
        one(&DELIVERIES),
        one(&PARTNERS),
        words(&COUPONS),
    );
    (cart, checkout).prop_map(
        |(cart, (payment_method, channel, location, delivery, partner, coupons))| CartDocument {
            payment_method,
            channel,
            location,
            delivery,
            partner,
            coupons,
            ..cart
        },
    )
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
        option::of(select(BRANDS.as_slice())),
        option::of(select(BRANDS.as_slice())),
    );
    parts.prop_map(|(product, categories, tags, brand, vendor)| Line {
        brand: brand.map(str::to_owned),
        vendor: vendor.map(str::to_owned),
        product: product.to_owned(),
        categories: categories.into_iter().map(str::to_owned).collect(),
        tags: tags.into_iter().map(str::to_owned).collect(),
        quantity: 1,
        ..Line::default()
    })
}

fn merge(into: &mut Value, from: Value) {
    let (Value::Object(into), Value::Object(from)) = (into, from) else {
        unreachable!("both are objects");
    };
    into.extend(from);
}
