//! What a program gives that a replay of orders leaves out, since no order tells of it.
//!
//! Owns the list. Its invariant: of a program whose figures are whole it is empty.

use earnest_core::{ON_ACCOUNT_CREATED, Program};

/// Each part that is in no figure.
pub(crate) fn left_out(program: &Program) -> Vec<&'static str> {
    let of_rules = program.rules().iter().map(|it| &it.activity);
    let of_gifts = program.rule_gifts().iter().map(|it| &it.activity);
    let of_challenges = program.challenges().iter().map(|it| &it.activity);
    let mut activities = of_rules.chain(of_gifts).chain(of_challenges).flatten();
    let mut competitions = program.competitions().iter();
    let parts = [
        // Who is met first joins with that order.
        (activities.any(|it| it != ON_ACCOUNT_CREATED), "activities"),
        (program.referral().is_some(), "friends"),
        (
            competitions.any(|it| !it.prizes.is_empty()),
            "prizes of competitions",
        ),
    ];
    parts
        .into_iter()
        .filter_map(|(is, part)| is.then_some(part))
        .collect()
}

/// The same as a line of its own; empty where nothing is left out.
pub(crate) fn told(parts: &[&str]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let parts = parts.join(", ");
    format!("Not in these figures, as no order tells of it, is what these give: {parts}.\n")
}
