mod idle;
mod reach;
mod slips;

use crate::compile::compile;

const CLUB: &str = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n\
                    earn.per_unit = { EUR = 1 }\nstarts_at = 2026-01-01\nends_at = 2026-12-31\n";

/// The warnings of a program with these parts, as `line message`.
fn check(parts: &str, expected: &[&str]) {
    let source = format!("{CLUB}{parts}");
    let compiled = compile(&source).expect("a valid file");
    let told: Vec<_> = compiled
        .warnings
        .iter()
        .map(|it| format!("{} {}", it.line, it.message))
        .collect();
    assert_eq!(told, expected, "{parts}");
}

/// The warnings of a rule with this condition; `why` without the words before it.
fn check_when(when: &str, why: Option<&str>) {
    let rule =
        format!("rules = [{{ id = 'x', label = 'X', grant.multiply = 2, when = {{ {when} }} }}]");
    let told = why.map(|why| format!("7 this rule can never match: {why}"));
    let told: Vec<_> = told.iter().map(String::as_str).collect();
    check(&rule, &told);
}

#[test]
fn a_rule_that_can_never_match_is_told_with_why() {
    check_when(
        "from = 2027-01-01",
        Some("its time lies outside of the programme"),
    );
    check_when("from = 2026-12-31", None);
    check_when(
        "until = 2025-12-31",
        Some("its time lies outside of the programme"),
    );
    check_when(
        "days_of_month = [31], months = [4]",
        Some("no day is all that it asks for"),
    );
    check_when("days_of_month = [31], months = [4, 5]", None);
    check_when(
        "weekdays = ['mon'], from = 2026-11-24, until = 2026-11-27",
        Some("no day is all that it asks for"),
    );
    check_when(
        "weekdays = ['mon'], from = 2026-11-22, until = 2026-11-27",
        None,
    );
    check_when(
        "weeks_of_month = [1], days_of_month = [8]",
        Some("no day is all that it asks for"),
    );
    check_when(
        "products = ['a'], not.products = ['a', 'b']",
        Some("all of its product must not be"),
    );
    check_when("products = ['a', 'c'], not.products = ['a']", None);
    check_when(
        "first_order = true, every_nth_order = 5",
        Some("no order number is all that it asks for"),
    );
    check_when(
        "order_number = { at_least = 6, at_most = 9 }, every_nth_order = 5",
        Some("no order number is all that it asks for"),
    );
    check_when("order_number = { at_least = 6 }, every_nth_order = 5", None);
    check_when(
        "first_order = true, days_since_last_order = { at_least = 1 }",
        Some("a first order has none before it"),
    );
    check_when(
        "currencies = ['USD']",
        Some("orders in the currencies of its currency do not earn this"),
    );
    check_when(
        "order_amount = { USD = { at_least = 1 } }",
        Some("orders in the currencies of its order amount do not earn this"),
    );
    check_when(
        "order_amount = { USD = { at_least = 1 }, EUR = { at_least = 1 } }",
        None,
    );
    check_when("categories = ['a'], not.tags = ['a']", None);
}

#[test]
fn a_rule_for_who_pays_is_told_where_the_membership_has_no_fee() {
    let rule =
        "rules = [{ id = 'x', label = 'X', grant.multiply = 2, when = { paid_member = true } }]\n";
    let why = "7 this rule can never match: the membership has no fee, so nobody pays for it";
    check(
        &format!(
            "{rule}[membership]\nname = 'Plus'\n\
             perks = [{{ kind = 'free-shipping', label = 'Free shipping' }}]"
        ),
        &[why],
    );
    check(
        &format!("{rule}[membership]\nname = 'Plus'\nmonthly = {{ EUR = 4 }}"),
        &[],
    );
    check(rule, &[]);
}

#[test]
fn an_activity_is_not_asked_what_only_orders_have() {
    let rule = |when: &str| {
        format!(
            "rules = [{{ id = 'x', label = 'X', on = 'review', grant.bonus = 5, when = {{ {when} }} }}]"
        )
    };
    check(
        &rule("categories = ['tea']"),
        &["7 this rule can never match: \"review\" is an activity, which has no category"],
    );
    check(
        &rule("channels = ['app']"),
        &["7 this rule can never match: \"review\" is an activity, which has no channel"],
    );
    check(&rule("tags = ['photo']"), &[]);
    check(&rule("not.categories = ['tea']"), &[]);
}

#[test]
fn multipliers_that_meet_and_come_to_more_than_ten_are_told_once() {
    let rule = |id: &str, factor: &str, more: &str| {
        format!("[[rules]]\nid = '{id}'\nlabel = 'X'\ngrant.multiply = {factor}\n{more}\n")
    };
    let both = rule("a", "6", "") + &rule("b", "5.5", "");
    check(
        &both,
        &[
            "10 \"a\", \"b\" can meet on one line and then earn 10.5x; put them into a group with `combine = \"best\"`, or limit them",
        ],
    );
    check(&(rule("a", "6", "") + &rule("b", "5", "")), &[]);
    let apart = rule("a", "6", "when.products = ['x']") + &rule("b", "9", "when.products = ['y']");
    check(&apart, &[]);
    let in_turn =
        rule("a", "6", "when.until = 2026-06-30") + &rule("b", "9", "when.from = 2026-07-01");
    check(&in_turn, &[]);
    let best = "[[groups]]\nid = 'g'\ncombine = 'best'\n".to_owned()
        + &rule("a", "6", "group = 'g'")
        + &rule("b", "9", "group = 'g'");
    check(&best, &[]);
}

#[test]
fn what_nothing_belongs_to_and_nobody_reaches_is_told() {
    check(
        "campaigns = [{ id = 'c', label = 'C' }]\ngroups = [{ id = 'g', combine = 'best' }]\n\
         tiers = [{ id = 'gold', name = 'Gold', from_points = 500 }]\nearn.limits.per_member = 400",
        &[
            "7 no rule belongs to this campaign; add `campaign = \"c\"` to its rules",
            "8 no rule is in this group; add `group = \"g\"` to its rules",
            "9 nobody can reach this tier: earn.limits lets a member earn 400 in all",
        ],
    );
}

#[test]
fn a_reward_that_gives_more_than_it_takes_is_told() {
    let check_with = |worth: &str, parts: &str, points: i64, gives: &str, why: Option<&str>| {
        let reward = format!(
            "rewards = [{{ id = 'r', name = 'R', points = {points}, gives = {{ {gives} }} }}]"
        );
        let source = CLUB.replace("'stars' }", &format!("'stars'{worth} }}"));
        let source = format!("{source}{parts}\n{reward}");
        let compiled = compile(&source).expect("a valid file");
        let told: Vec<_> = compiled
            .warnings
            .iter()
            .map(|it| it.message.as_str())
            .collect();
        assert_eq!(told, why.as_slice(), "{worth} {parts} {reward}");
    };
    let worth = ", worth = { EUR = 0.01 }";
    let check = |points, gives, why| check_with(worth, "", points, gives, why);
    check(500, "amount_off = { EUR = 5 }", None);
    let cheap = "this gives 5.01 EUR for 500 points, more than the 0.01 each that points.worth says they are \
                 worth; raise its price, or lower what it gives";
    check(500, "amount_off = { EUR = 5.01 }", Some(cheap));
    check(500, "gift_card = { EUR = 5.01 }", Some(cheap));
    let offer = |euros: &str| {
        format!(
            "amount_off = {{ EUR = {euros} }} }}, stock = 9, from = 2026-01-01, minimum_order = {{ EUR = 50"
        )
    };
    let (doubled, slipped) = (offer("15"), offer("15.01"));
    let slip = cheap.replace("5.01", "15.01");
    check(500, &doubled, None);
    check(500, &slipped, Some(&slip));
    check(0, "amount_off = { EUR = 5 }", None);
    check(500, "percent_off = 100, up_to = { EUR = 5 }", None);
    let up_to = "percent_off = 100, up_to = { EUR = 5.01 }";
    check(500, up_to, Some(cheap));
    check(500, "percent_off = 50, up_to = { EUR = 50 }", None);
    // To give may be worth more to a member than a discount; many times as much is a slip.
    let donation = |euros: &str| format!("donation = {{ EUR = {euros} }}, to = 'Sea rescue'");
    let (tripled, slipped) = (donation("15"), donation("15.01"));
    check(500, &tripled, None);
    check(500, &slipped, Some(&slip));
    check(1, "product = 'mug'", None);
    check(1, "amount_off = { USD = 5 }", None);
    let back = "orders of 5.00 EUR earn the 5 points that this costs, and it gives 5.00 EUR back; raise its \
                price, or lower what it gives";
    check_with("", "", 5, "amount_off = { EUR = 5 }", Some(back));
    check_with("", "", 6, "amount_off = { EUR = 5 }", None);
    let credit = "store_credit = 5, balance = 'b'";
    let balance = "balances = [{ id = 'b', name = 'B', currency = 'EUR' }]";
    check_with("", balance, 5, credit, Some(back));
    check_with("", balance, 500, credit, None);
}

#[test]
fn all_of_an_order_for_next_to_nothing_is_told() {
    let check = |program: &str, points: i64, percent: &str, more: &str, why: Option<&str>| {
        let reward = format!(
            "rewards = [{{ id = 'r', name = 'R', points = {points}, gives = {{ percent_off = {percent} }}{more} }}]"
        );
        let source = format!("version = 1\nname = 'Club'\n{program}\n{reward}");
        let compiled = compile(&source).expect("a valid file");
        let mut told = compiled.warnings.iter();
        let told = told.find(|it| it.message.starts_with("this takes all"));
        let why = why.map(|why| {
            format!(
                "this takes all of any order off for {points} points, which {why}; raise its price, or say what it \
                 takes off at most, such as `up_to = {{ EUR = 20 }}`"
            )
        });
        assert_eq!(told.map(|it| it.message.clone()), why, "{source}");
    };
    let worth = "points = { one = 'star', other = 'stars', worth = { EUR = 0.01 } }\nearn.per_unit = { EUR = 1 }";
    let worthless = Some("points.worth says are worth less than 1.00 EUR");
    check(worth, 1, "100", "", worthless);
    check(worth, 99, "100", "", worthless);
    check(worth, 100, "100", "", None);
    check(worth, 1, "99.99", "", None);
    check(worth, 0, "100", "", None);
    // What there is only some of is an offer.
    check(worth, 1, "100", ", stock = 9", None);
    check(worth, 1, "100", ", per_member = 1", None);
    let earned = "points = { one = 'star', other = 'stars' }\nearn";
    let of_unit = Some("an order of 1.00 EUR earns");
    let each = format!("{earned}.per_unit = {{ EUR = 2 }}");
    check(&each, 2, "100", "", of_unit);
    check(&each, 3, "100", "", None);
    let step =
        |every: &str| format!("{earned}.per_step = {{ EUR = {{ every = {every}, points = 3 }} }}");
    check(&step("0.50"), 6, "100", "", of_unit);
    check(&step("0.50"), 7, "100", "", None);
    check(&step("10"), 3, "100", "", None);
}

#[test]
fn a_group_of_which_one_wins_on_points_and_one_on_money_is_told() {
    let check = |combine: &str, of_tier: bool, rules: &[&str], is_told: bool| {
        let tier = if of_tier { "group = 'g'" } else { "" };
        let rules = rules.iter().enumerate().map(|(nth, to)| {
            format!("[[rules]]\nid = 'r{nth}'\nlabel = 'R'\ngroup = 'g'\ngrant = {{ bonus = 1, per = 'line' }}\n{to}\n")
        });
        let parts = format!(
            "[[balances]]\nid = 'card'\nname = 'Card'\ncurrency = 'EUR'\n\
             [[groups]]\nid = 'g'\ncombine = '{combine}'\n\
             [[tiers]]\nid = 'gold'\nname = 'Gold'\nfrom_points = 9\nmultiplier = 2\n{tier}\n{}",
            rules.collect::<String>()
        );
        let compiled = compile(&format!("{CLUB}{parts}")).expect("a valid file");
        let mut warnings = compiled.warnings.iter();
        let told = warnings.find(|it| it.message.contains("one wins"));
        assert_eq!(told.map(|it| it.line), is_told.then_some(11), "{parts}");
    };
    let (points, money) = ("", "balance = 'card'");
    let of_reviews = "on = 'review'";
    check("best", false, &[points, money], true);
    check("best", true, &[money], true);
    check("best", true, &[points], false);
    check("best", false, &[points, points], false);
    check("best", false, &[money, money], false);
    check("best", false, &[of_reviews, money], false);
    check("add", false, &[points, money], false);
}

/// The messages of a program with these parts and no time of its own.
fn told(parts: &str) -> Vec<String> {
    let head = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n";
    let compiled = compile(&format!("{head}{parts}"));
    let compiled = compiled.expect("a valid file");
    let told = compiled.warnings.into_iter();
    told.map(|it| it.message).collect()
}

/// One warning, of which this is a part; none where it is empty.
fn check_part(parts: &str, part: &str) {
    let told = told(parts);
    let is_right = match told.as_slice() {
        [] => part.is_empty(),
        [one] => !part.is_empty() && one.contains(part),
        _ => false,
    };
    assert!(is_right, "{parts}\nwants {part:?}, has {told:#?}");
}

const RATE: &str = "earn.per_unit = { EUR = 1 }\n";

fn rule(id: &str, grant: &str, more: &str) -> String {
    format!("[[rules]]\nid = '{id}'\nlabel = 'X'\ngrant = {{ {grant} }}\n{more}\n")
}

#[test]
fn a_weak_rule_does_not_hide_a_strong_one_that_it_never_meets() {
    let rules = [
        rule("z", "multiply = 2", "when.brands = ['z']"),
        rule("mon", "multiply = 2", "when.weekdays = ['mon']"),
        rule("y", "multiply = 5", "when.brands = ['y']"),
        rule("tue", "multiply = 5", "when.weekdays = ['tue']"),
        rule("app", "multiply = 5", "when.channels = ['app']"),
    ];
    check_part(
        &(RATE.to_owned() + &rules.concat()),
        "\"y\", \"tue\", \"app\" can meet on one line and then earn 13x",
    );
}

#[test]
fn rules_that_cannot_meet_are_not_summed() {
    let pair = |one: &str, other: &str| {
        RATE.to_owned() + &rule("a", "multiply = 6", one) + &rule("b", "multiply = 6", other)
    };
    check_part(&pair("", ""), "can meet on one line and then earn 11x");
    check_part(
        &pair("when.weekdays = ['mon']", "when.weekdays = ['tue']"),
        "",
    );
    check_part(
        &pair("when.weekdays = ['mon']", "when.weekdays = ['mon', 'tue']"),
        "can meet",
    );
    check_part(
        &pair(
            "when.first_order = true",
            "when.order_number = { at_least = 2 }",
        ),
        "",
    );
    check_part(
        &pair("when.hours = '08:00-12:00'", "when.hours = '12:00-18:00'"),
        "",
    );
    check_part(&pair("when.days_of_month = [31]", "when.months = [4]"), "");
    check_part(&pair("limits.per_order = 50", ""), "");
    check_part(&pair("limits.times = 1", "limits.times = 1"), "");
    let tiers = "[[tiers]]\nid = 's'\nname = 'S'\nfrom_points = 5\n\
                 [[tiers]]\nid = 'g'\nname = 'G'\nfrom_points = 50\nmultiplier = 5\n";
    let of_tier = |tier: &str, factor: &str| {
        rule(
            "a",
            &format!("multiply = {factor}"),
            &format!("when.tiers = ['{tier}']"),
        )
    };
    let both = |tier: &str| {
        RATE.to_owned() + tiers + &of_tier(tier, "4") + &of_tier(tier, "4").replace("'a'", "'b'")
    };
    check_part(&both("s"), "");
    check_part(&both("g"), "then earn 11x");
}

#[test]
fn what_comes_to_more_than_ten_times_alone_is_told() {
    let with = |parts: &str| RATE.to_owned() + parts;
    check_part(
        &with(&rule("a", "multiply = 100", "")),
        "\"a\" alone makes lines earn 100x",
    );
    check_part(
        &with(&rule("a", "multiply = 100", "limits.per_order = 5")),
        "",
    );
    let tier = |factor: &str| {
        format!("[[tiers]]\nid = 'g'\nname = 'G'\nfrom_points = 5\nmultiplier = {factor}\n")
    };
    let both = with(&(tier("5") + &rule("a", "multiply = 9", "")));
    check_part(
        &both,
        "with the multiplier of the best tier, makes lines earn 13x",
    );
    check_part(&with(&tier("50")), "this tier alone makes orders earn 50x");
    check_part(
        &with(&rule("a", "per_unit = { EUR = 20 }", "")),
        "come to 21x the rate",
    );
    check_part(&with(&rule("a", "per_unit = { EUR = 9 }", "")), "");
}

#[test]
fn a_rule_that_gives_nothing_or_never_wins_is_told() {
    let with = |parts: &str| RATE.to_owned() + parts;
    check_part(
        &rule("a", "multiply = 5", ""),
        "no order has base points to multiply",
    );
    check_part(
        &(rule("a", "multiply = 5", "") + &rule("b", "fixed = 5", "")),
        "",
    );
    check_part(
        &with(&rule(
            "a",
            "multiply = 2",
            "when.order_number = { at_most = 0 }",
        )),
        "no order number",
    );
    check_part(
        &with(&rule(
            "a",
            "multiply = 2",
            "when.quantity = { at_most = 0 }",
        )),
        "no quantity",
    );
    let exclusion = "[[exclusions]]\nid = 'x'\nlabel = 'X'\nwhen.categories = ['card', 'cash']\n";
    let of = |categories: &str| {
        with(exclusion)
            + &rule(
                "a",
                "bonus = 2",
                &format!("when.categories = [{categories}]"),
            )
    };
    check_part(&of("'card'"), "the exclusion \"x\" leaves all of that out");
    check_part(&of("'card', 'tea'"), "");
    let small = |most: &str| {
        let minimum = "earn.minimum_order = { EUR = 50 }\n";
        with(minimum)
            + &rule(
                "a",
                "bonus = 2",
                &format!("when.order_amount = {{ EUR = {{ at_most = {most} }} }}"),
            )
    };
    check_part(
        &small("20"),
        "orders below earn.minimum_order, 50.00 EUR, earn nothing",
    );
    check_part(&small("50"), "");
    check_part(
        &with(&rule("a", "bonus = 500", "limits.budget = 100")),
        "its limits.budget",
    );
    check_part(&with(&rule("a", "bonus = 100", "limits.budget = 100")), "");
    let group = "[[groups]]\nid = 'g'\ncombine = 'best'\n";
    let pair = |of_first: &str, of_second: &str| {
        with(group)
            + &rule(
                "a",
                "multiply = 2",
                &format!("group = 'g'\npriority = 5\n{of_first}"),
            )
            + &rule("b", "multiply = 3", &format!("group = 'g'\n{of_second}"))
    };
    check_part(
        &pair("", "when.categories = ['x']"),
        "so this one never wins",
    );
    check_part(
        &pair("when.categories = ['y']", "when.categories = ['x']"),
        "",
    );
    check_part(&pair("", "priority = 5"), "");
    check_part(&pair("limits.per_order = 5", ""), "");
}

#[test]
fn who_leaves_out_the_tier_that_everybody_is_in_is_told() {
    let check = |tiers: &[(&str, &str)], part: &str, expected: &str| {
        let tiers = tiers
            .iter()
            .map(|(id, from)| format!("[[tiers]]\nid = '{id}'\nname = '{id}'\n{from}\n"));
        let tiers = tiers.collect::<String>();
        check_part(&format!("{RATE}{tiers}{part}"), expected);
    };
    let exclusion =
        |when: &str| format!("[[exclusions]]\nid = 'x'\nlabel = 'X'\nwhen = {{ {when} }}\n");
    let of = |when: &str| rule("r", "multiply = 2", &format!("when = {{ {when} }}"));
    let review = |when: &str| {
        rule(
            "r",
            "bonus = 2",
            &format!("on = 'review'\nwhen = {{ {when} }}"),
        )
    };
    let only = [("club", "from_points = 0")];
    let earned = [("club", "from_points = 1")];
    let two = [("club", "from_points = 0"), ("gold", "from_points = 9")];
    let invited = [
        ("club", "from_points = 0"),
        ("crew", "invitation_only = true"),
    ];
    let never =
        "this rule can never match: everybody is in the tier \"club\", and it leaves that out";
    let not_club = "not.tiers = ['club']";
    check(&only, &of(not_club), never);
    check(&only, &review(not_club), never);
    check(&earned, &of(not_club), "");
    check(&two, &of(not_club), "");
    let neither = "not.tiers = ['gold', 'club']";
    check(
        &two,
        &of(neither),
        "this rule can never match: everybody is in one of the tiers",
    );
    check(&invited, &of(not_club), "");

    let never = "this exclusion can never match: everybody is in the tier \"club\"";
    check(&only, &exclusion(not_club), never);
    check(&earned, &exclusion(not_club), "");
    let nobody =
        "nobody earns anything: everybody is in the tier \"club\", and this leaves that out";
    check(&only, &exclusion("tiers = ['club']"), nobody);
    check(&earned, &exclusion("tiers = ['club']"), "");
    check(
        &only,
        &exclusion("tiers = ['club'], categories = ['a']"),
        "",
    );
    check(&two, &exclusion("tiers = ['club']"), "");
    let left_out = "this rule can never match: the exclusion \"x\" leaves all of that out";
    let gold = of("tiers = ['gold']");
    check(&two, &(exclusion("tiers = ['gold']") + &gold), left_out);
    check(&two, &(exclusion("tiers = ['club']") + &gold), "");
    // Whoever is not in the one tier is in the other.
    check(&two, &(exclusion("not.tiers = ['club']") + &gold), left_out);
    check(&two, &(exclusion("not.tiers = ['gold']") + &gold), "");
    let other = exclusion("not.categories = ['a']") + &of("categories = ['b']");
    check(&two, &other, "");
}
