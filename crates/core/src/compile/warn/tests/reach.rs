//! Tiers and bonuses that ask for more than there is.

use super::{RATE, check_part, rule, told};

#[test]
fn a_tier_beyond_what_its_period_or_its_rules_give_is_told() {
    let tier = "[[tiers]]\nid = 'g'\nname = 'G'\nfrom_points = 500\n";
    let by =
        |period: &str| format!("tiers_by = {{ what = 'points', period = '{period}' }}\n{tier}");
    let with = |parts: &str| RATE.to_owned() + parts;
    check_part(
        &with(&("earn.limits.per_year = 400\n".to_owned() + &by("calendar-year"))),
        "400 in a period",
    );
    check_part(
        &with(&("earn.limits.per_year = 400\n".to_owned() + &by("anniversary"))),
        "",
    );
    check_part(
        &with(&("earn.limits.per_year = 400\n".to_owned() + tier)),
        "",
    );
    check_part(
        &with(&("earn.limits.per_month = 10\n".to_owned() + &by("calendar-year"))),
        "120 in a period",
    );
    check_part(
        &(rule("a", "bonus = 5", "limits.times = 3") + tier),
        "its rules give a member 15 in all",
    );
    check_part(
        &(rule("a", "bonus = 5", "limits.per_member = 400") + tier),
        "give a member 400 in all",
    );
    check_part(
        &with(&("earn.limits.per_day = 1\n".to_owned() + &by("calendar-year"))),
        "366 in a period",
    );
    check_part(
        &with(&("earn.limits.per_day = 1\n".to_owned() + &by("anniversary"))),
        "367 in a period",
    );
    check_part(
        &(rule(
            "a",
            "bonus = 5, per = 'item'",
            "limits = { times = 2, per_order = 10 }",
        ) + tier),
        "its rules give a member 20 in all",
    );
    check_part(&(rule("a", "bonus = 5", "") + tier), "");
    check_part(
        &(rule("a", "bonus = 5", "on = 'review'") + tier),
        "orders earn no points",
    );
    // Just in reach.
    check_part(
        &with(&("earn.limits.per_member = 500\n".to_owned() + tier)),
        "",
    );
    check_part(
        &with(&("earn.limits.budget = 499\n".to_owned() + tier)),
        "earn 499 in all",
    );
    // A programme year lies in thirteen calendar months: 507 points.
    for (per_month, part) in [(39, ""), (38, "494 in a period")] {
        let limit = format!("earn.limits.per_month = {per_month}\n");
        for period in ["anniversary", "rolling-12-months"] {
            check_part(&with(&(limit.clone() + &by(period))), part);
        }
    }
    let limits = "earn.limits.per_member = 450\nearn.limits.budget = 400\n".to_owned();
    check_part(&with(&(limits + tier)), "earn 400 in all");
}

#[test]
fn what_rules_give_in_all_is_their_limits_or_their_campaigns_or_how_often_they_are_given() {
    let tier = "[[tiers]]\nid = 'g'\nname = 'G'\nfrom_points = 500\n";
    let check = |parts: &str, part: &str| check_part(&(parts.to_owned() + tier), part);
    let bonus = |more: &str| rule("a", "bonus = 5", more);
    check(&bonus("limits.budget = 400"), "give a member 400 in all");
    check(
        &bonus("limits.budget = 300\nlimits.per_member = 400"),
        "give a member 300 in all",
    );
    let campaign = "[[campaigns]]\nid = 'c'\nlabel = 'C'\nlimits.per_member = 200\n";
    check(
        &(campaign.to_owned() + &bonus("campaign = 'c'\nlimits.per_member = 400")),
        "give a member 200 in all",
    );
    check(
        &(bonus("limits.times = 3") + &rule("b", "bonus = 7", "limits.per_member = 100")),
        "give a member 115 in all",
    );
    check(
        &(bonus("limits.times = 3") + &rule("b", "bonus = 7", "")),
        "",
    );
    // Each time it may be given for many lines.
    check(
        &rule("a", "bonus = 5, per = 'line'", "limits.times = 3"),
        "",
    );
    // A rate gives without end, whatever the rules do.
    check(&(RATE.to_owned() + &bonus("limits.times = 3")), "");
    let balance = "[[balances]]\nid = 'c'\nname = 'C'\ncurrency = 'EUR'\n".to_owned();
    let of_money = balance + &rule("a", "bonus = 5", "balance = 'c'");
    check(&of_money, "orders earn no points");
    // Of these something else is told, too.
    for nothing in [
        rule("a", "multiply = 5", ""),
        bonus("when.order_number = { at_most = 0 }"),
    ] {
        let told = told(&(nothing.clone() + tier));
        let is_told = told.iter().any(|it| it.contains("orders earn no points"));
        assert!(is_told && told.len() == 2, "{nothing}: {told:#?}");
    }
}

#[test]
fn a_bonus_that_some_limit_never_lets_through_whole_is_told_with_the_limit() {
    let with = |parts: &str| RATE.to_owned() + parts;
    let names = [
        "per_order",
        "per_day",
        "per_month",
        "per_year",
        "per_member",
        "budget",
    ];
    for name in names {
        let of_rule = |points: i64| {
            let limit = format!("limits.{name} = {points}");
            with(&rule("a", "bonus = 5", &limit))
        };
        check_part(&of_rule(4), &format!("more than its limits.{name} lets"));
        check_part(&of_rule(5), "");
        let campaign = format!("[[campaigns]]\nid = 'c'\nlabel = 'C'\nlimits.{name} = 4\n");
        let of_campaign = with(&campaign) + &rule("a", "bonus = 5", "campaign = 'c'");
        check_part(
            &of_campaign,
            &format!("more than its campaign's limits.{name} lets"),
        );
        let of_earn = format!("earn.limits.{name} = 4\n");
        let bonus = rule("a", "bonus = 5", "");
        check_part(
            &with(&(of_earn.clone() + &bonus)),
            &format!("more than earn's limits.{name} lets"),
        );
        // They limit points alone.
        let balance = "[[balances]]\nid = 'c'\nname = 'C'\ncurrency = 'EUR'\n";
        let of_money = rule("a", "bonus = 5", "balance = 'c'");
        check_part(&with(&(of_earn + balance + &of_money)), "");
    }
}
