//! Slips of the hand: an activity that is written otherwise than the one that is meant, a price with a digit too few.

use super::{RATE, check_part};

fn on(activity: &str, more: &str) -> String {
    format!("{RATE}[[rules]]\nid = 'x'\nlabel = 'X'\non = '{activity}'\ngrant.bonus = 5\n{more}\n")
}

#[test]
fn an_activity_that_is_nearly_one_that_is_known_is_asked_about() {
    let account = "did you mean \"account-created\", which is reported by itself?";
    check_part(&on("acount-created", ""), account);
    check_part(&on("account_created", ""), account);
    check_part(&on("orders", ""), "did you mean \"order\"?");
    for activity in [
        "account-created",
        "order",
        "review",
        "account-deleted",
        "border",
    ] {
        check_part(&on(activity, ""), "");
    }
}

#[test]
fn who_joins_has_neither_been_there_nor_bought() {
    let joins = |when: &str| on("account-created", when);
    let never = "can never match: who has just joined is not all that its ";
    check_part(
        &joins("when.member_days = { at_least = 3 }"),
        &format!("{never}member days"),
    );
    check_part(
        &joins("when.order_number = { at_least = 3 }"),
        &format!("{never}order number"),
    );
    check_part(&joins("when.member_days = { at_most = 3 }"), "");
    check_part(&joins("when.order_number = { at_most = 3 }"), "");
    check_part(&on("review", "when.member_days = { at_least = 3 }"), "");
}

#[test]
fn what_a_rule_adds_to_the_rate_counts_beside_what_multiplies_it() {
    let both = |more: &str| {
        RATE.to_owned()
            + &super::rule("more", "per_unit = { EUR = 9 }", more)
            + &super::rule("six", "multiply = 6", "when.brands = ['y']")
    };
    check_part(
        &both(""),
        "\"more\", \"six\" can meet on one line and then earn 15x",
    );
    check_part(&both("when.brands = ['z']"), "");
    check_part(&both("limits.per_order = 50"), "");
}
