//! What a program has or has not, in the words of program files.
//!
//! Invariant: what all members share has one size, whichever version of a program has it; so has what a member gets in
//! a year, and for how many friends.

/// Until when points live.
pub(super) const EXPIRIES: [&str; 4] = [
    "",
    "[expiry]\nafter_months = 1\n",
    "[expiry]\nend_of = \"month\"\nminimum_months = 1\n",
    "[expiry]\nafter_inactive_months = 2\n",
];

/// Between whom points move.
pub(super) const TRANSFERS: [&str; 4] = [
    "[transfers]\nbetween_members = true\n",
    "[transfers]\nbetween_members = true\n",
    "[transfers]\nhousehold = true\n",
    "[transfers]\nbetween_members = true\nhousehold = true\n",
];

/// What is expected of points.
pub(super) const BOOKS: [&str; 4] = [
    "",
    "[accounting]\nredeemed_percent = 80\n",
    "[accounting]\nredeemed_percent = 62.5\n",
    "[accounting]\nredeemed_percent = 1\n",
];

/// What a friend gives. For how many is the same in all, so that it can be held against what was given.
pub(super) const REFERRALS: [&str; 5] = [
    "",
    "[referral]\nadvocate = { points = 40 }\nfriend = { points = 15, on = \"joining\" }\nlimits = { per_advocate = 3 }\n",
    "[referral]\nadvocate = { points = 20, on = \"joining\" }\nfriend = { points = 30 }\nlimits = { per_advocate = 3 }\n",
    "[referral]\nadvocate = { reward = \"to-credit\" }\nfriend = { reward = \"ten-off\" }\nlimits = { per_advocate = 3 }\n",
    "[referral]\nadvocate = { reward = \"mug\" }\nfriend = { reward = \"mug\", on = \"joining\" }\nlimits = { per_advocate = 3 }\n",
];

/// Another brand, at which points are earned and spent.
pub(crate) const PARTNER: &str = "cinema";

/// Its rates.
pub(super) const PARTNERS: &str = r#"
[[partners]]
id = "cinema"
name = "A cinema"
earn = { EUR = 1 }
spend = { EUR = 0.015 }
"#;

/// What surprises give.
pub(crate) const SURPRISE_POINTS: i64 = 11;

/// What orders are given now and then, always of the same budget: points, a thing of which there are a few, money, and
/// something off another order, of which there is no end. What each is drawn with is still to be named.
pub(super) const SURPRISES: [&str; 4] = [
    r#"
[[surprises]]
id = "extra"
label = "A little extra"
one_in = 3
gives = { points = 11 }
budget = 60
"#,
    r#"
[[surprises]]
id = "boon"
label = "A mug, just so"
one_in = 4
gives = { reward = "mug" }
budget = 90
"#,
    r#"
[[surprises]]
id = "purse"
label = "Some credit, just so"
one_in = 4
gives = { reward = "to-credit" }
budget = 240
"#,
    r#"
[[surprises]]
id = "voucher"
label = "10.00 off the next"
one_in = 3
gives = { reward = "ten-off" }
minimum_order = { EUR = 5 }
"#,
];

/// What some credit is, in units of its currency.
pub(super) const CREDITS: [i64; 3] = [3, 5, 8];

/// What points pay, in steps; or they do not.
pub(super) const PAYS: [&str; 3] = [
    "",
    r#"
[[rewards]]
id = "pay"
name = "Pay with stars"
points = 10
gives = { amount_off = { EUR = 0.10 } }
steps = { at_least = 20 }
"#,
    r#"
[[rewards]]
id = "pay"
name = "Pay with stars"
points = 5
gives = { amount_off = { EUR = 0.10 } }
steps = { at_least = 10, at_most = 100 }
"#,
];

/// A thing that nothing but points is given for, of which there are so many, or no end.
pub(super) fn cap(price: i64, stock: Option<i64>) -> String {
    let stock = stock.map_or_else(String::new, |stock| format!("stock = {stock}\n"));
    format!(
        r#"
[[rewards]]
id = "cap"
name = "A cap"
points = {price}
gives = {{ experience = "A cap" }}
combinable = true
{stock}"#
    )
}

/// The competition that all versions of a shop's program have, or none: so what counts in it is the same whenever an
/// order comes. For which places there are prizes is each version's.
pub(super) fn cup(prizes: &[i64]) -> String {
    format!(
        r#"
[[competitions]]
id = "cup"
label = "Spring cup"
from = "2026-03-20T00:00:00Z"
until = "2026-05-04T00:00:00Z"
places = 3
prizes = {prizes:?}
"#
    )
}

/// One that a version may have or not, and that is over when that says.
pub(super) fn race(by: &str, until: &str) -> String {
    format!(
        r#"
[[competitions]]
id = "race"
label = "The race"
by = {by}
from = 2026-03-25
until = {until}
places = 2
prizes = [9, 4]
"#
    )
}

/// What a program has or has not, each with the chance of a coin.
pub(super) const PARTS: [&str; 18] = [
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
    r#"
[[rules]]
id = "pickup"
label = "3 for coming by"
when = { deliveries = ["pickup"] }
grant = { bonus = 3 }
"#,
    r#"
[[rules]]
id = "slow"
label = "Twice as much where there is no hurry, up to 90 a year"
when = { deliveries = ["slow"] }
grant = { multiply = 2 }
limits = { per_year = 90 }
"#,
    r#"
[[rules]]
id = "tasting"
label = "10 for a tasting, up to 15 a year"
on = "tasting"
grant = { bonus = 10 }
limits = { per_year = 15 }
"#,
    r#"
[[rules]]
id = "treat"
label = "Something off once a year, for coffee"
when = { categories = ["coffee"] }
grant = { reward = "ten-off" }
limits = { per_year = 1 }
"#,
    r#"
[[rules]]
id = "tea-time"
label = "Some credit with tea, as long as there is any"
campaign = "opening"
when = { categories = ["tea"] }
grant = { reward = "to-credit" }
limits = { cooldown_days = 10, budget = 5 }
"#,
    r#"
[[rules]]
id = "thanks"
label = "A mug for a survey"
on = "survey"
grant = { reward = "mug" }
"#,
    r#"
[[rules]]
id = "hello"
label = "Some credit for joining"
on = "account-created"
grant = { reward = "to-credit" }
"#,
    r#"
[[challenges]]
id = "taster"
label = "Something of everything"
count = "categories"
steps = [{ at = 2, points = 5, reward = "ten-off" }, { at = 3, reward = "to-credit" }]
"#,
    r#"
[[challenges]]
id = "caller"
label = "Every fourth visit"
count = "activities"
activity = "check-in"
steps = [{ at = 2, points = 2 }, { at = 4, points = 3, reward = "mug" }]
repeat = true
"#,
];
