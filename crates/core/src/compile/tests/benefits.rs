//! Rewards, referrals, surprises, partners, pending and expiry: the document that they become, and what an
//! author is told.

use expect_test::expect;

use super::check;
use crate::compile::compile;
use crate::lifetime::{Expiry, ExpiryRule};
use crate::wire::ProgramDocument;
use crate::{Currency, Program};

/// Eight lines that are a valid file.
const CLUB: &str = "version = 1\nname = 'Club'\npoints = { one = 's', other = 's' }\n\
    earn.per_unit = { EUR = 1 }\n\
    tiers = [{ id = 'gold', name = 'Gold', from_points = 100 }]\n\
    balances = [{ id = 'credit', name = 'Credit', currency = 'USD' }]\n\
    \n# What follows is the case.\n";

const EVERYTHING: &str = r#"
time_zone = "Europe/Berlin"

[[rewards]]
id = "five-off"
name = "5.00 off"
points = 500
gives = { amount_off = { EUR = 5.00, USD = 6 } }
minimum_order = { EUR = 30, USD = 35 }
tiers = ["gold"]
from = 2026-12-01
until = 2026-12-24
stock = 100
per_member = 2
valid_days = 30
combinable = true

[[rewards]]
id = "pay-with-points"
name = "Pay with points"
points = 100
gives = { amount_off = { EUR = 1 } }
steps = { at_least = 500, at_most = 5000, share = 50 }

[[rewards]]
id = "smaller-steps"
name = "Pay with points"
points = 50
gives = { amount_off = { EUR = 0.5 } }
steps = {}

[[rewards]]
id = "fifth-off"
name = "20% off"
points = 800
gives = { percent_off = 20.0, up_to = { EUR = 25 } }

[[rewards]]
id = "free-coffee"
name = "A coffee"
points = 10
gives = { product = "coffee" }

[[rewards]]
id = "free-shipping"
name = "Free shipping"
points = 0
gives = { free_shipping = true }

[[rewards]]
id = "gift-card"
name = "Gift card"
points = 2500
gives = { gift_card = { EUR = 25 } }

[[rewards]]
id = "store-credit"
name = "Store credit"
points = 500
gives = { store_credit = 5, balance = "credit" }

[[rewards]]
id = "tasting"
name = "Tasting"
points = 4000
gives = { experience = "A tasting with our roaster" }

[[rewards]]
id = "sea-rescue"
name = "Sea rescue"
points = 500
gives = { donation = { EUR = 5 }, to = "Sea rescue" }

[[rewards]]
id = "ten-off"
name = "10.00 off your first order"
gives = { amount_off = { EUR = 10 } }

[referral]
advocate = { points = 500 }
friend = { reward = "ten-off", on = "joining" }
minimum_order = { EUR = 30 }
limits = { per_advocate = 20, per_month = 5 }

[[surprises]]
id = "little-extra"
label = "A little extra"
one_in = 20
gives = { points = 50 }
budget = 100000
minimum_order = { EUR = 10 }
from = 2026-12-01
commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"

[[surprises]]
id = "coffee-on-us"
label = "A coffee on us"
one_in = 100
gives = { reward = "free-coffee" }
budget = 1000
commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"

[[partners]]
id = "harbour-hotel"
name = "Harbour Hotel"
earn = { EUR = 0.5 }
spend = { EUR = 0.01, USD = 0.011 }
pays = { EUR = 0.012 }

[pending]
return_days = 14

[expiry]
end_of = "year"
minimum_months = 3
"#;

fn everything() -> String {
    let (top, rest) = EVERYTHING
        .trim()
        .split_once('\n')
        .expect("more than a line");
    format!("{top}\n{CLUB}{rest}")
}

fn document(source: &str) -> ProgramDocument {
    let compiled = compile(source).map_err(|problems| problems.to_string());
    let compiled = compiled.expect("a valid file");
    serde_json::from_str(&compiled.document).expect("a document")
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("JSON")
}

/// Each problem of what follows the valid lines, its line counted from there.
fn check_case(case: &str, expected: &[&str]) {
    assert!(compile(CLUB).is_ok());
    let shifted: Vec<_> = expected
        .iter()
        .map(|told| {
            let (line, rest) = told.split_once(':').expect("a line and a colon");
            let line: usize = line.parse().expect("a line");
            format!("{}:{rest}", line.saturating_add(CLUB.lines().count()))
        })
        .collect();
    let shifted: Vec<_> = shifted.iter().map(String::as_str).collect();
    let source = format!("{CLUB}{case}");
    if expected.is_empty() {
        assert_eq!(compile(&source).map(|_| ()), Ok(()), "{case}");
    } else {
        check(&source, &shifted);
    }
}

/// A reward that is right but for one line, which stands in the fifth.
fn check_reward(line: &str, expected: &[&str]) {
    let points = if line.starts_with("points") {
        ""
    } else {
        "points = 500"
    };
    let gives = "gives = { amount_off = { EUR = 5 } }";
    let gives = if line.starts_with("gives") { "" } else { gives };
    check_case(
        &format!("[[rewards]]\nid = 'r'\nname = 'R'\n{points}\n{line}\n{gives}"),
        expected,
    );
}

#[test]
fn what_is_declared_is_published_in_few_words() {
    let document = document(&everything());
    let rewards: Vec<_> = document.rewards.iter().map(json).collect();
    expect![[r#"
        {"id":"five-off","name":"5.00 off","points":500,"gives":{"amount_off":{"EUR":"5","USD":"6"}},"minimum_order":{"EUR":"30","USD":"35"},"tiers":["gold"],"from":1796079600000,"until":1798153200000,"stock":100,"per_member":2,"valid_days":30,"combinable":true}
        {"id":"pay-with-points","name":"Pay with points","points":100,"gives":{"amount_off":{"EUR":"1"}},"steps":{"at_least":500,"at_most":5000,"share":"50"}}
        {"id":"smaller-steps","name":"Pay with points","points":50,"gives":{"amount_off":{"EUR":"0.5"}},"steps":{"at_least":50}}
        {"id":"fifth-off","name":"20% off","points":800,"gives":{"percent_off":{"percent":"20","up_to":{"EUR":"25"}}}}
        {"id":"free-coffee","name":"A coffee","points":10,"gives":{"product":{"id":"coffee","quantity":1}}}
        {"id":"free-shipping","name":"Free shipping","points":0,"gives":{"free_shipping":{}}}
        {"id":"gift-card","name":"Gift card","points":2500,"gives":{"gift_card":{"EUR":"25"}}}
        {"id":"store-credit","name":"Store credit","points":500,"gives":{"store_credit":{"balance":"credit","amount":{"USD":"5"}}}}
        {"id":"tasting","name":"Tasting","points":4000,"gives":{"experience":"A tasting with our roaster"}}
        {"id":"sea-rescue","name":"Sea rescue","points":500,"gives":{"donation":{"to":"Sea rescue","amount":{"EUR":"5"}}}}
        {"id":"ten-off","name":"10.00 off your first order","gives":{"amount_off":{"EUR":"10"}}}"#]].assert_eq(&rewards.join("\n"));
    expect![[r#"{"advocate":{"gives":{"points":500},"on":"first-order"},"friend":{"gives":{"reward":"ten-off"},"on":"joining"},"minimum_order":{"EUR":"30"},"per_advocate":20,"per_month":5}"#]].assert_eq(&json(&document.referral));
    expect![[r#"[{"id":"little-extra","label":"A little extra","one_in":20,"gives":{"points":50},"costs":50,"budget":100000,"minimum_order":{"EUR":"10"},"from":1796079600000,"commitment":"sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"},{"id":"coffee-on-us","label":"A coffee on us","one_in":100,"gives":{"reward":"free-coffee"},"costs":10,"budget":1000,"commitment":"sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"}]"#]].assert_eq(&json(&document.surprises));
    expect![[r#"[{"id":"harbour-hotel","name":"Harbour Hotel","earn":{"EUR":"0.5"},"spend":{"EUR":"0.01","USD":"0.011"},"pays":{"EUR":"0.012"}}]"#]].assert_eq(&json(&document.partners));
    expect![[r#"{"return_days":14}"#]].assert_eq(&json(&document.pending));
    expect![[r#"{"rule":"end_of_year","minimum_months":3}"#]].assert_eq(&json(&document.expiry));
}

#[test]
fn what_is_published_is_read_as_it_was_compiled() {
    let compiled = compile(&everything()).expect("a valid program");
    let document = document(&everything());
    let again = serde_json::to_string(&document).expect("JSON");
    assert_eq!(again, compiled.document);
    let program = Program::try_from(document).expect("a program");
    assert_eq!(program, compiled.program);
    assert_eq!(program.rewards().len(), 11);
    assert_eq!(program.surprises().len(), 2);
    assert_eq!(program.referral().and_then(|it| it.per_month), Some(5));
    let eur = Currency::parse("EUR").expect("a currency");
    let earns = program.partners().iter().filter_map(|it| it.earns(eur));
    assert_eq!(
        earns.map(|rate| rate.to_string()).collect::<Vec<_>>(),
        ["0.5"]
    );
    assert_eq!(program.pending().return_days, 14);
    let rule = ExpiryRule::EndOfYear;
    let minimum_months = 3;
    assert_eq!(
        *program.expiry(),
        Expiry {
            rule,
            minimum_months
        }
    );
}

#[test]
fn a_browser_reads_what_earning_takes_and_nothing_else() {
    let source = everything() + "\n[[rules]]\nid = 'x'\nlabel = 'X'\ngrant.bonus = 1";
    let whole = compile(&source).expect("a valid program").program;
    let lean = Program::for_earning(document(&source)).expect("a program");
    assert!(lean.rewards().is_empty() && lean.surprises().is_empty());
    assert_eq!(lean.referral(), None);
    assert_eq!(lean.reference(), whole.reference());
    assert_eq!(lean.rules(), whole.rules());
    assert_eq!(lean.tiers(), whole.tiers());
    assert_eq!(lean.calendar(), whole.calendar());
}

#[test]
fn a_program_that_declares_none_of_it_is_as_short_as_before() {
    let text = compile(CLUB).expect("a valid program").document;
    for key in [
        "rewards",
        "referral",
        "surprises",
        "partners",
        "pending",
        "expiry",
    ] {
        assert!(!text.contains(key), "{key}");
    }
}

#[test]
fn a_document_that_was_not_compiled_is_refused() {
    let good = serde_json::to_value(document(&everything())).expect("JSON");
    let check = |pointer: &str, value: serde_json::Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("a place") = value;
        let read = serde_json::from_value::<ProgramDocument>(bad).map(Program::try_from);
        assert!(!matches!(read, Ok(Ok(_))), "{pointer}");
    };
    check("/rewards/0/points", (-1).into());
    check(
        "/rewards/0/gives",
        serde_json::json!({ "amount_off": { "XXX": "5" } }),
    );
    check(
        "/rewards/0/gives",
        serde_json::json!({ "amount_off": { "EUR": "5.001" } }),
    );
    check("/rewards/0/gives", serde_json::json!({ "half_off": true }));
    check(
        "/rewards/3/gives/percent_off",
        serde_json::json!({ "percent": "5", "of": 1 }),
    );
    check(
        "/rewards/7/gives/store_credit/amount",
        serde_json::json!({}),
    );
    check("/rewards/0/stock", "many".into());
    check(
        "/referral/friend/gives",
        serde_json::json!({ "points": -1 }),
    );
    check("/referral/friend/on", "birthday".into());
    check("/surprises/0/commitment", "sha256:00".into());
    check("/partners/0/earn", serde_json::json!({ "XXX": "5" }));
    check("/expiry/rule", "end_of_days".into());
}

#[test]
fn the_examples_of_the_comments_are_valid() {
    let base = format!(
        "{CLUB}[[rewards]]\nid = 'ten-off'\nname = 'R'\ngives = {{ amount_off = {{ EUR = 10 }} }}\n"
    );
    let mut examples = 0;
    for comments in [
        include_str!("../source/reward.rs"),
        include_str!("../source/referral.rs"),
        include_str!("../source/surprise.rs"),
        include_str!("../source/partner.rs"),
        include_str!("../source/lifetime.rs"),
    ] {
        for example in comments.split("/// ```toml\n").skip(1) {
            let lines = example.lines().take_while(|line| *line != "/// ```");
            let lines: Vec<_> = lines.map(|line| line.trim_start_matches("/// ")).collect();
            let source = format!("{base}{}", lines.join("\n"));
            assert!(compile(&source).is_ok(), "{source}");
            examples += 1;
        }
    }
    assert_eq!(examples, 6);
}

#[test]
fn mistakes_in_what_a_reward_gives_are_told() {
    let one = "write one thing that it gives, such as `amount_off = { EUR = 5 }`, \
               `percent_off = 20`, `product = \"mug\"`, `category = \"coffee\"`, \
               `free_shipping = true`, \
               `gift_card = { EUR = 25 }`, `store_credit = 5`, `experience = \"A tasting\"` or \
               `donation = { EUR = 5 }`";
    let check = |gives: &str, expected: &[&str]| {
        check_reward(&format!("gives = {{ {gives} }}"), expected);
    };
    check("", &[&format!("5:9 {one}")]);
    check(
        "product = 'mug', free_shipping = true",
        &[&format!("5:9 {one}")],
    );
    check("free_shipping = false", &[&format!("5:9 {one}")]);
    check(
        "amount_off = { EUR = 0 }",
        &["5:32 write an amount above 0 in EUR"],
    );
    check(
        "amount_off = { EUR = 5.001 }",
        &["5:32 \"5.001\" has more decimals than EUR has, which is 2"],
    );
    check(
        "amount_off = { EURO = 5 }",
        &[
            "5:26 \"EURO\" is not an active ISO 4217 currency code; write three capital letters, such as \"EUR\"",
        ],
    );
    let percent = "5:25 write a percentage, more than 0 and at most 100";
    check("percent_off = 0", &[percent]);
    check("percent_off = 100.01", &[percent]);
    check("percent_off = 100", &[]);
    check(
        "percent_off = 12.345",
        &["5:25 12.345 has too many decimals; at most 2 are possible"],
    );
    check(
        "amount_off = { EUR = 5 }, up_to = { EUR = 5 }",
        &["5:37 this goes with `percent_off`, `category` and `free_shipping`; remove it"],
    );
    check(
        "amount_off = { EUR = 5 }, quantity = 1, to = 'x', balance = 'credit'",
        &[
            "5:37 this goes with `product` and `category`; remove it",
            "5:51 this goes with `donation`; remove it",
            "5:61 this goes with `store_credit`; remove it",
        ],
    );
    check(
        "product = ''",
        &["5:21 write the id of a product, of 1 to 128 bytes"],
    );
    check(
        "product = 'mug', quantity = 0",
        &["5:39 write 1 to 1000000 units"],
    );
    check(
        "category = '', quantity = 0",
        &[
            "5:22 write the id of a category, of 1 to 128 bytes",
            "5:37 write 1 to 1000000 units",
        ],
    );
    check(
        "category = 'coffee', quantity = 2, up_to = { EUR = 6 }",
        &[],
    );
    check(
        "category = 'coffee', product = 'coffee'",
        &[&format!("5:9 {one}")],
    );
    check("experience = ' '", &["5:24 write a text of 1 to 280 bytes"]);
    check(
        "donation = { EUR = 5 }",
        &["5:9 say to whom it is given: `to = \"Sea rescue\"`"],
    );
    check(
        "store_credit = 5",
        &["5:9 say which balance it goes to, such as `balance = \"credit\"`"],
    );
    check(
        "store_credit = 5, balance = 'cash'",
        &["5:39 there is no balance \"cash\"; the program's balances are: \"credit\""],
    );
    check(
        "store_credit = 0, balance = 'credit'",
        &["5:26 write an amount above 0 in USD"],
    );
}

#[test]
fn mistakes_in_a_reward_are_told() {
    check_reward("points = -1", &["5:10 write 0 to 1000000000000 points"]);
    check_reward(
        "tiers = ['gold', 'silver']",
        &["5:18 there is no tier \"silver\"; the program's tiers are: \"gold\""],
    );
    check_reward(
        "stock = -1",
        &["5:9 write a whole number from 0 to 1000000"],
    );
    check_reward(
        "per_member = 0",
        &["5:14 write a whole number from 1 to 1000000"],
    );
    check_reward(
        "valid_days = -1",
        &["5:14 write a whole number from 0 to 1000000"],
    );
    check_reward(
        "minimum_order = { USD = 5 }",
        &["5:17 no order can have this reward: what it gives is in other currencies"],
    );
    check_reward(
        "minimum_order = { EUR = 0 }",
        &["5:25 write an amount above 0 in EUR"],
    );
    check_reward(
        "from = 2026-12-02\nuntil = 2026-12-01",
        &["6:9 the end must be later than the start"],
    );
    let reward = "{ id = 'r', name = 'R', gives = { free_shipping = true } }";
    check_case(
        &format!("rewards = [{reward}, {reward}]"),
        &[
            "1:19 the id \"r\" is used twice; give each its own",
            "1:79 the id \"r\" is used twice; give each its own",
        ],
    );
}

#[test]
fn mistakes_in_steps_are_told() {
    let both = "a reward in steps says what one step costs and takes off, such as `points = 100` \
                and `gives = { amount_off = { EUR = 1 } }`";
    check_case(
        "[[rewards]]\nid = 'r'\nname = 'R'\nsteps = {}\ngives = { amount_off = { EUR = 5 } }",
        &[&format!("4:9 {both}")],
    );
    check_case(
        "[[rewards]]\nid = 'r'\nname = 'R'\npoints = 100\nsteps = {}\ngives = { percent_off = 5 }",
        &[&format!("5:9 {both}")],
    );
    check_reward(
        "steps = { at_least = 1000, at_most = 1500, share = 50 }",
        &[],
    );
    check_reward(
        "steps = { at_least = 600, at_most = 1100, share = 101 }",
        &[
            "5:22 write full steps of 500 points, from 500 to 1000000000000",
            "5:37 write full steps of 500 points, from 600 to 1000000000000",
            "5:51 write a percentage, more than 0 and at most 100",
        ],
    );
    check_reward(
        "steps = { at_least = 0 }",
        &["5:22 write full steps of 500 points, from 500 to 1000000000000"],
    );
}

#[test]
fn mistakes_in_a_referral_are_told() {
    check_case(
        "[referral]",
        &["1:1 say what the advocate gets or the friend, such as `advocate = { points = 500 }`"],
    );
    let one = "write one of `points = 50` and `reward = \"free-coffee\"`";
    check_case(
        "[referral]\nadvocate = {}\nfriend = { points = 5, reward = 'x' }",
        &[&format!("2:12 {one}"), &format!("3:10 {one}")],
    );
    check_case(
        "[referral]\nadvocate = { points = 0 }\nfriend = { reward = 'x' }",
        &[
            "2:23 write 1 to 1000000 points",
            "3:21 there is no reward \"x\"; the program has no rewards",
        ],
    );
    check_case(
        "[referral]\nadvocate = { points = 5, on = 'joining' }\nminimum_order = { EUR = 30 }",
        &["3:1 nothing is given for a first order, so it needs no minimum; remove this"],
    );
    check_case(
        "[referral]\nadvocate = { points = 5, on = 'birthday' }",
        &["2:31 unknown variant `birthday`, expected `joining` or `first-order`"],
    );
    check_case(
        "[referral]\nadvocate = { points = 5 }\nlimits = { per_advocate = 0, per_month = -1 }",
        &[
            "3:27 write a whole number from 1 to 1000000",
            "3:42 write a whole number from 1 to 1000000",
        ],
    );
    check_case(
        "rewards = [{ id = 's', name = 'S', points = 1, gives.amount_off.EUR = 1, steps = {} }]\n\
         referral.friend.reward = 's'",
        &["2:26 a reward in steps has no worth of its own; name another one"],
    );
}

#[test]
fn mistakes_in_a_surprise_are_told() {
    let surprise = |lines: &str| {
        let commitment = "c".repeat(64);
        format!("[[surprises]]\nid = 's'\nlabel = 'S'\ncommitment = 'sha256:{commitment}'\n{lines}")
    };
    let check = |lines: &str, expected: &[&str]| check_case(&surprise(lines), expected);
    check("one_in = 20\ngives = { points = 50 }", &[]);
    check(
        "one_in = 0\ngives = { points = 50 }",
        &["5:10 one order in how many? Write 1 to 1000000"],
    );
    check(
        "one_in = 20\ngives = {}",
        &["6:9 write one of `points = 50` and `reward = \"free-coffee\"`"],
    );
    check(
        "one_in = 20\ngives = { points = 50 }\nbudget = 49",
        &["7:10 one surprise costs 50 points; write 50 to 1000000000000"],
    );
    check("one_in = 20\ngives = { points = 50 }\nbudget = 50", &[]);
    check(
        "one_in = 20\ngives = { reward = 'r' }\nbudget = 50\n\
         [[rewards]]\nid = 'r'\nname = 'R'\ngives = { free_shipping = true }",
        &[
            "7:1 the reward has no price that a budget could count; give the reward a `stock` instead",
        ],
    );
    check_case(
        &surprise("one_in = 2\ngives = { points = 5 }").replace("sha256:c", "sha256:C"),
        &["4:14 a commitment is \"sha256:\" and the 64 hexadecimal digits of the seed's SHA-256"],
    );
    check(
        "one_in = 2\ngives = { points = 5 }\n[[rules]]\nid = 's'\nlabel = 'S'\ngrant.bonus = 1",
        &["2:6 the id \"s\" is used twice; give each its own"],
    );
}

#[test]
fn mistakes_in_a_partner_are_told() {
    let check = |lines: &str, expected: &[&str]| {
        check_case(
            &format!("[[partners]]\nid = 'p'\nname = 'P'\n{lines}"),
            expected,
        );
    };
    check("earn = { EUR = 1 }\nspend = { EUR = 0.01 }", &[]);
    check("earn = { EUR = 1 }\npays = { EUR = 0 }", &[]);
    check(
        "",
        &[
            "1:1 say what is earned or spent there, such as `earn = { EUR = 0.5 }` or `spend = { EUR = 0.01 }`",
        ],
    );
    check(
        "earn = { EUR = 1 }",
        &[
            "4:10 say what the partner owes for a point: `pays = { EUR = 0.01 }`, or 0 where it owes nothing",
        ],
    );
    check(
        "spend = { EUR = 0.01 }\npays = { EUR = 0.01 }",
        &["5:10 nothing is earned there in EUR; remove this"],
    );
    check(
        "spend = { EUR = 0, USD = 1001, GBP = 0.00001 }",
        &[
            "4:17 write more than 0 and at most 1000",
            "4:26 write more than 0 and at most 1000",
            "4:38 0.00001 has too many decimals; at most 4 are possible",
        ],
    );
    check(
        "spend = { EUR = 0.01 }\n[[rules]]\nid = 'x'\nlabel = 'X'\nwhen.partners = ['p', 'q']\n\
         grant.bonus = 1",
        &["8:23 there is no partner \"q\"; the program's partners are: \"p\""],
    );
}

#[test]
fn mistakes_in_pending_and_expiry_are_told() {
    let one =
        "write one of `after_months = 12`, `end_of = \"year\"` and `after_inactive_months = 24`";
    check_case("[expiry]", &[&format!("1:1 {one}")]);
    check_case(
        "[expiry]\nafter_months = 12\nend_of = 'year'",
        &[&format!("1:1 {one}")],
    );
    check_case("expiry.after_months = 0", &["1:23 write 1 to 1200 months"]);
    check_case(
        "expiry.after_inactive_months = 1201",
        &["1:32 write 1 to 1200 months"],
    );
    check_case(
        "expiry.end_of = 'week'",
        &["1:17 unknown variant `week`, expected `month` or `year`"],
    );
    check_case(
        "[expiry]\nafter_months = 12\nminimum_months = 3",
        &["3:1 points that live for a number of months need no minimum; remove this"],
    );
    let days = "write 1 to 3650 days; where points are spent at once, remove [pending]";
    check_case("pending.return_days = 0", &[&format!("1:23 {days}")]);
    let gone = "points wait 14 days before they may be spent and could be gone by then; let them \
                live for 1 or more months";
    check_case(
        "pending.return_days = 14\nexpiry.end_of = 'month'",
        &[&format!("2:1 {gone}")],
    );
    check_case(
        "pending.return_days = 14\nexpiry = { end_of = 'month', minimum_months = 1 }",
        &[],
    );
    check_case(
        "pending.return_days = 28\nexpiry = { end_of = 'month', minimum_months = 3 }",
        &[],
    );
    check_case("pending.return_days = 14\nexpiry.after_months = 1", &[]);
}
