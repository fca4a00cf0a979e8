//! Random programs, as files, of what moves points: tiers, rules, activities, limits, budgets, money.
//!
//! Invariant: every version of a shop's program has the same budgets, as large as they were or larger, so that
//! what has been taken of each can be added up over all members.

mod parts;

use std::sync::Arc;

use earnest_core::Program;
use earnest_core::compile::compile;
use earnest_core::wire::ProgramDocument;
use earnest_ledger::{Seed, hex};

pub(crate) use self::parts::{PARTNER, SURPRISE_POINTS};
use crate::random::Random;

/// Rewards that programs have, and some have not.
pub(crate) const REWARDS: [&str; 5] = ["ten-off", "mug", "pay", "to-credit", "cap"];
/// Kinds of activities that programs have rules for. None has one for the last.
pub(crate) const ACTIVITIES: [&str; 7] = [
    "review", "check-in", "run", "survey", "tasting", "tasting", "nothing",
];
/// How orders are delivered that programs have rules for, and one that none has.
pub(crate) const DELIVERIES: [&str; 3] = ["pickup", "slow", "post"];
/// Tiers that some programs have.
pub(crate) const TIERS: [&str; 2] = ["silver", "circle"];

/// What surprises are drawn with, each by its name.
pub(crate) const SEEDS: [u8; 3] = [7, 8, 9];
/// Those that a shop has from the first. The last may come later, or never.
pub(crate) const OPENING_SEEDS: [u8; 2] = [7, 8];

/// A seed.
pub(crate) fn seed(name: u8) -> Seed {
    Seed::from_random([name; 32])
}

/// The same, as a shop sends one of its own.
pub(crate) fn seed_text(name: u8) -> String {
    hex(&[name; 32])
}

/// The bytes of a seed that was told.
pub(crate) fn bytes_of(text: &str) -> Vec<u8> {
    let digit = |it: u8| {
        char::from(it)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let bytes = digits.chunks_exact(2).map(|pair| (pair[0] << 4) | pair[1]);
    bytes.collect()
}

/// A version of a program.
#[derive(Debug)]
pub(crate) struct Version {
    /// The program file.
    pub(crate) source: String,
    /// What is published.
    pub(crate) document: String,
    /// The same, as the edge reads it.
    pub(crate) program: Arc<Program>,
}

/// How many there are of a reward that may run out.
pub(crate) const STOCKS: [i64; 3] = [1, 3, 100];

/// The versions of a shop's program, in the order in which they are published.
#[cfg(test)]
pub(crate) fn draw(random: &mut Random, versions: u32) -> Vec<Version> {
    draw_with(&STOCKS, random, versions)
}

/// The same, with these stocks.
pub(crate) fn draw_with(stocks: &[i64], random: &mut Random, versions: u32) -> Vec<Version> {
    let mut budget = random.pick(&[35, 65, 100, 400, 4_000]);
    let has_cup = random.one_in(2);
    let mut drawn = Vec::new();
    for version in 1..=versions {
        budget += random.pick(&[0, 100, 1_000]);
        let mut source = file(stocks, random, version, budget);
        if has_cup {
            let prizes: &[i64] = random.pick(&[&[50, 20, 10], &[50, 20], &[7]]);
            source += &parts::cup(prizes);
        }
        drawn.push(compiled(source));
    }
    drawn
}

/// A program as the edge has it: by way of the document that is published.
fn compiled(source: String) -> Version {
    let compiled = compile(&source).unwrap_or_else(|problems| panic!("{problems}\n{source}"));
    let read: ProgramDocument =
        serde_json::from_str(&compiled.document).expect("a program document");
    Version {
        program: Arc::new(Program::try_from(read).expect("a program that was compiled")),
        document: compiled.document,
        source,
    }
}

impl Version {
    /// The same under the next number: a shop of the edge has a first version already.
    pub(crate) fn after_another(&self) -> Self {
        let version = self.program.reference().version;
        let (this, next) = (
            format!("version = {version}"),
            format!("version = {}", version + 1),
        );
        compiled(self.source.replacen(&this, &next, 1))
    }
}

fn file(stocks: &[i64], random: &mut Random, version: u32, budget: i64) -> String {
    let zone = random.pick(&["UTC", "Europe/Berlin", "America/New_York"]);
    let rounding = random.pick(&["floor", "ceil", "half-up", "half-even"]);
    let per = random.pick(&["line", "order"]);
    let rate = random.pick(&["0.1", "1", "1.5", "10"]);
    let welcome = random.pick(&[0, 25, 100, 400]);
    let joining = random.pick(&["asked", "asked", "automatic"]);
    let valid = random.pick(&["", "valid_days = 20"]);
    let (hold, stock) = (random.pick(&[30, 1_440]), random.pick(stocks));
    // What given rewards count for in budgets is the same in all versions; what others cost and all give is not.
    let (ten, worth) = (random.pick(&[30, 50, 80]), random.pick(&[5, 10, 20]));
    let credit = random.pick(&parts::CREDITS);
    let deficit = random.one_in(2);
    let bonuses = random.pick(&["proportional", "threshold"]);
    let (of_early, of_all) = (budget / 2 + 1, budget.saturating_mul(4));
    let mut file = format!(
        r#"
version = {version}
name = "Any club"
time_zone = "{zone}"
points = {{ one = "star", other = "stars", worth = {{ EUR = 0.01 }} }}
welcome_points = {welcome}
joining = "{joining}"

[earn]
per_unit = {{ EUR = {rate}, JPY = 0.01 }}
rounding = "{rounding}"
round_per = "{per}"
limits = {{ budget = {of_all} }}

[[balances]]
id = "credit"
name = "Store credit"
currency = "EUR"

[[campaigns]]
id = "opening"
label = "Opening"
limits = {{ budget = {budget} }}

[redemptions]
hold_minutes = {hold}

[refunds]
deficit = {deficit}
bonuses = "{bonuses}"

[[rewards]]
id = "ten-off"
name = "10.00 off"
points = {ten}
gives = {{ amount_off = {{ EUR = {worth} }} }}
combinable = true
{valid}

[[rewards]]
id = "mug"
name = "A mug"
points = 30
gives = {{ experience = "A mug" }}
stock = {stock}
combinable = true

[[rewards]]
id = "to-credit"
name = "Some credit"
points = 60
gives = {{ store_credit = {credit}, balance = "credit" }}
per_member = 2

[[rules]]
id = "early"
label = "Early birds"
campaign = "opening"
grant = {{ bonus = 30 }}
limits = {{ budget = {of_early} }}

[[rules]]
id = "double"
label = "2x on coffee"
campaign = "opening"
when = {{ categories = ["coffee"] }}
grant = {{ multiply = 2 }}

[[rules]]
id = "review"
label = "20 for a review"
on = "review"
grant = {{ bonus = 20 }}

[[rules]]
id = "check-in"
label = "5 for a visit, once a day"
on = "check-in"
grant = {{ bonus = 5 }}
limits = {{ cooldown_days = 1 }}

[[rules]]
id = "survey"
label = "1.50 of credit for a survey"
on = "survey"
grant = {{ bonus = 1.50 }}
balance = "credit"
"#
    );
    file += &parts(random);
    file += random.pick(&parts::PAYS);
    if !random.one_in(4) {
        let price = random.pick(&[10, 20, 40]);
        let stock = (!random.one_in(3)).then(|| random.pick(stocks));
        file += &parts::cap(price, stock);
    }
    file
}

/// What it has besides, or has not.
fn parts(random: &mut Random) -> String {
    let mut file = parts::PARTNERS.to_owned();
    for one_of in [&parts::EXPIRIES, &parts::TRANSFERS, &parts::BOOKS] {
        file += random.pick(one_of);
    }
    file += random.pick(&parts::REFERRALS);
    for surprise in parts::SURPRISES {
        if random.one_in(4) {
            let commitment = seed(random.pick(&[7, 7, 8, 9])).commitment();
            file += &format!("{surprise}commitment = \"{commitment}\"\n");
        }
    }
    for part in parts::PARTS {
        if random.one_in(2) {
            file += part;
        }
    }
    if random.one_in(2) {
        let by = random.pick(&["\"orders\"", "\"spend\"\ncurrency = \"EUR\""]);
        file += &parts::race(by, random.pick(&["2026-04-10", "2026-06-10", "2026-09-10"]));
    }
    file
}
