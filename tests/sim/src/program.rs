//! Random programs, as files, of what moves points: tiers, rules, activities, limits, budgets, money.
//!
//! Invariant: every version of a shop's program has the same budgets, as large as they were or larger, so that
//! what has been taken of each can be added up over all members.

use std::sync::Arc;

use earnest_core::Program;
use earnest_core::compile::compile;
use earnest_core::wire::ProgramDocument;
use earnest_ledger::{Seed, hex};

use crate::random::Random;

/// Rewards that programs have.
pub(crate) const REWARDS: [&str; 4] = ["ten-off", "mug", "pay", "to-credit"];
/// Kinds of activities that programs have rules for. None has one for the last.
pub(crate) const ACTIVITIES: [&str; 5] = ["review", "check-in", "run", "survey", "nothing"];
/// Tiers that some programs have.
pub(crate) const TIERS: [&str; 2] = ["silver", "circle"];

/// Until when points live.
const EXPIRIES: [&str; 4] = [
    "",
    "[expiry]\nafter_months = 1\n",
    "[expiry]\nend_of = \"month\"\nminimum_months = 1\n",
    "[expiry]\nafter_inactive_months = 2\n",
];

/// Between whom points move.
const TRANSFERS: [&str; 4] = [
    "[transfers]\nbetween_members = true\n",
    "[transfers]\nbetween_members = true\n",
    "[transfers]\nhousehold = true\n",
    "[transfers]\nbetween_members = true\nhousehold = true\n",
];

/// What is expected of points.
const BOOKS: [&str; 4] = [
    "",
    "[accounting]\nredeemed_percent = 80\n",
    "[accounting]\nredeemed_percent = 62.5\n",
    "[accounting]\nredeemed_percent = 1\n",
];

/// What a friend gives. For how many is the same in all, so that it can be held against what was given.
const REFERRALS: [&str; 4] = [
    "",
    "[referral]\nadvocate = { points = 40 }\nfriend = { points = 15, on = \"joining\" }\nlimits = { per_advocate = 3 }\n",
    "[referral]\nadvocate = { points = 20, on = \"joining\" }\nfriend = { points = 30 }\nlimits = { per_advocate = 3 }\n",
    "[referral]\nadvocate = { reward = \"to-credit\" }\nfriend = { reward = \"ten-off\" }\nlimits = { per_advocate = 3 }\n",
];

/// What surprises give.
pub(crate) const SURPRISE_POINTS: i64 = 11;

/// What orders are given now and then, always of the same budget.
const SURPRISE: &str = r#"
[[surprises]]
id = "extra"
label = "A little extra"
one_in = 3
gives = { points = 11 }
budget = 60
"#;

/// What a program has or has not, each with the chance of a coin.
const PARTS: [&str; 9] = [
    r#"
[[tiers]]
id = "silver"
name = "Silver"
from_points = 300
multiplier = 1.5

[[tiers]]
id = "circle"
name = "Circle"
invitation_only = true
multiplier = 3
"#,
    r#"
[[rules]]
id = "joined"
label = "25 for joining"
on = "account-created"
grant = { bonus = 25 }
"#,
    r#"
[[challenges]]
id = "runs"
label = "3 runs"
count = "activities"
activity = "run"
steps = [{ at = 3, points = 40, badge = "Runner" }]
repeat = true
"#,
    r#"
[[challenges]]
id = "regular"
label = "3 orders in 30 days"
count = "orders"
days = 30
steps = [{ at = 3, points = 70 }]
"#,
    r#"
[[rules]]
id = "first"
label = "7 on a first order"
when = { first_order = true }
grant = { bonus = 7 }
"#,
    r#"
[[rules]]
id = "back"
label = "2% back"
grant = { bonus = 0.40 }
balance = "credit"
limits = { per_day = 1 }
"#,
    r#"
[[rules]]
id = "vip"
label = "Half as much again, up to 60 a month"
when = { segments = ["vip"] }
grant = { multiply = 1.5 }
limits = { per_month = 60 }
"#,
    r#"
[[exclusions]]
id = "cards"
label = "No stars for gift cards"
when = { categories = ["cards"] }
"#,
    "
[pending]
return_days = 14
",
];

const SEED: [u8; 32] = [7; 32];

/// What surprises are drawn with.
pub(crate) fn seed() -> Seed {
    Seed::from_random(SEED)
}

/// The same, as a shop sends one of its own.
pub(crate) fn seed_text() -> String {
    hex(&SEED)
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
    let mut drawn = Vec::new();
    for version in 1..=versions {
        budget += random.pick(&[0, 100, 1_000]);
        drawn.push(compiled(file(stocks, random, version, budget)));
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
    let (hold, stock) = (random.pick(&[30, 1_440]), random.pick(stocks));
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
points = 50
gives = {{ amount_off = {{ EUR = 10 }} }}
combinable = true

[[rewards]]
id = "mug"
name = "A mug"
points = 30
gives = {{ experience = "A mug" }}
stock = {stock}
combinable = true

[[rewards]]
id = "pay"
name = "Pay with stars"
points = 10
gives = {{ amount_off = {{ EUR = 0.10 }} }}
steps = {{ at_least = 20 }}

[[rewards]]
id = "to-credit"
name = "5.00 of credit"
points = 60
gives = {{ store_credit = 5, balance = "credit" }}
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
    file
}

/// What it has besides, or has not.
fn parts(random: &mut Random) -> String {
    let mut file = String::new();
    for one_of in [&EXPIRIES, &TRANSFERS, &BOOKS, &REFERRALS] {
        file += random.pick(one_of);
    }
    if random.one_in(2) {
        let commitment = seed().commitment();
        file += &format!("{SURPRISE}commitment = \"{commitment}\"\n");
    }
    for part in PARTS {
        if random.one_in(2) {
            file += part;
        }
    }
    file
}
