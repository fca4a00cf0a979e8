//! Every basket of a real grocery chain, evaluated by the core; a sample is written for the shells.
//!
//! `baskets <baskets.csv> <sample.json>`: see `baskets.py` for the first. The baseline, in the same run,
//! adds up the same baskets' cents and does nothing else, so that the ratio holds on a noisy machine.

use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::time::{Duration, Instant};

use earnest_core::compile::compile;
use earnest_core::wire::{CartDocument, EarningDocument, LineDocument};
use earnest_core::{Cart, Program, Snapshot, Timestamp, evaluate};
use serde_json::{Value, json};

/// What the chain's dataset is known to hold; anything else is not the whole of it.
const BASKETS: usize = 155_848;
const LINES: usize = 1_469_307;
/// How many baskets the browser module and the Worker evaluate as well.
const SAMPLE: usize = 2_000;
/// Any instant of the programme's life: it has no start and no end.
const NOW_MS: i64 = 1_500_000_000_000;

#[derive(serde::Deserialize)]
struct Row {
    basket: String,
    product: String,
    department: String,
    brand: String,
    price: String,
    discount: String,
    voucher: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    let [csv, sample] = arguments.as_slice() else {
        return Err("run it by `cargo xtask bench baskets`, which makes its input".into());
    };
    let program = compile(include_str!("../programs/grocer.toml"))?.program;
    let member = program.newcomer();
    let documents = read(csv)?;
    let lines: usize = documents.iter().map(|basket| basket.lines.len()).sum();
    if (documents.len(), lines) != (BASKETS, LINES) {
        let found = format!("{} baskets of {lines} lines", documents.len());
        return Err(format!("{found}, where {BASKETS} of {LINES} are known").into());
    }
    let started = Instant::now();
    let carts = documents
        .iter()
        .cloned()
        .map(Cart::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    let reading = started.elapsed();

    // Each once to warm up, then in turn, so that both see the same weather.
    let (mut adding, mut evaluating) = (Duration::MAX, Duration::MAX);
    let (mut cents, mut points) = (0, 0);
    for _ in 0..4 {
        let started = Instant::now();
        cents = black_box(&carts).iter().map(add_up).sum::<i64>();
        adding = adding.min(started.elapsed());
        let started = Instant::now();
        points = award(&program, &member, black_box(&carts))?;
        evaluating = evaluating.min(started.elapsed());
    }
    println!("{BASKETS} baskets, {LINES} lines: {points} points on {cents} cents");
    tell("add up the cents (baseline)", adding, adding);
    tell("evaluate, with reasons", evaluating, adding);
    tell("read and check the documents", reading, adding);

    let step = documents.len() / SAMPLE;
    let chosen = documents.iter().zip(&carts).step_by(step).take(SAMPLE);
    let expected = chosen.map(|(document, cart)| expectation(&program, &member, document, cart));
    serde_json::to_writer(
        File::create(sample)?,
        &expected.collect::<Result<Vec<_>, _>>()?,
    )?;
    Ok(())
}

fn award(program: &Program, member: &Snapshot, carts: &[Cart]) -> Result<i64, Box<dyn Error>> {
    let mut points = 0;
    for cart in carts {
        points += evaluate(program, member, cart, Timestamp::from_millis(NOW_MS))?
            .points
            .get();
    }
    Ok(points)
}

fn add_up(cart: &Cart) -> i64 {
    cart.lines()
        .iter()
        .map(|line| line.unit_price_minor - line.discount_minor)
        .sum()
}

fn tell(what: &str, took: Duration, baseline: Duration) {
    let seconds = took.as_secs_f64();
    let lines_per_second = f64::from(u32::try_from(LINES).expect("a known number")) / seconds;
    let ratio = seconds / baseline.as_secs_f64();
    println!("  {what:<30} {lines_per_second:>14.0} lines/s  {ratio:>7.1} x the baseline");
}

fn expectation(
    program: &Program,
    member: &Snapshot,
    document: &CartDocument,
    cart: &Cart,
) -> Result<Value, Box<dyn Error>> {
    let earning = evaluate(program, member, cart, Timestamp::from_millis(NOW_MS))?;
    let earning = EarningDocument::new(program, cart, &earning);
    Ok(json!({ "cart": document, "earning": earning }))
}

fn read(csv: &str) -> Result<Vec<CartDocument>, Box<dyn Error>> {
    let mut baskets: Vec<CartDocument> = Vec::with_capacity(BASKETS);
    let mut seen = HashSet::new();
    let mut vouchers_minor = 0;
    for row in csv::Reader::from_path(csv)?.into_deserialize() {
        let row: Row = row?;
        if seen.insert(row.basket) {
            baskets.push(CartDocument {
                currency: "USD".into(),
                prices_include_tax: true,
                ..CartDocument::default()
            });
            vouchers_minor = 0;
        }
        let basket = baskets
            .last_mut()
            .expect("the first row makes the first basket");
        basket.lines.push(LineDocument {
            id: (basket.lines.len() + 1).to_string(),
            product: row.product,
            categories: vec![row.department],
            tags: vec![row.brand],
            quantity: 1,
            unit_price: row.price,
            discount: Some(row.discount),
            ..LineDocument::default()
        });
        vouchers_minor += row.voucher.replace('.', "").parse::<i64>()?;
        if vouchers_minor > 0 {
            basket.discount = Some(at_most_the_worth_of(basket, vouchers_minor)?);
        }
    }
    Ok(baskets)
}

/// A voucher of a maker can be worth more than what it comes off; a cart's discount cannot.
fn at_most_the_worth_of(
    basket: &CartDocument,
    vouchers_minor: i64,
) -> Result<String, Box<dyn Error>> {
    let undiscounted = CartDocument {
        discount: None,
        ..basket.clone()
    };
    let worth_minor = add_up(&Cart::try_from(undiscounted)?);
    let minor = vouchers_minor.min(worth_minor);
    Ok(format!("{}.{:02}", minor / 100, minor % 100))
}
