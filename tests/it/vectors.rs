//! The shared vectors, run natively: what carts and activities earn, the lives of points, and what is given besides.
//!
//! The runner is a crate of its own, since a browser runs the same; `vectors_at_edge.rs`, `life_at_edge.rs` and
//! `benefits_at_edge.rs` ask the Worker. Its invariant: a file that nobody runs, or that has hardly any cases, is a
//! failure. The format is told in `tests/vectors/README.md`.

use std::path::PathBuf;

use earnest_vectors::run;

/// Declares a test for each file, and knows their names: paths below the folder of the vectors.
macro_rules! files {
    ($($name:ident $file:literal,)+) => {
        $(#[test] fn $name() { check($file); })+

        const FILES: &[&str] = &[$($file),+];
    };
}

files! {
    rates "rates",
    rounding "rounding",
    discounts "discounts",
    tax_and_shipping "tax-shipping",
    exclusions_and_the_minimum "exclusions",
    multipliers "multipliers",
    bonuses "bonuses",
    tiers "tiers",
    tiers_over_periods "standing",
    time_windows "time-window",
    edge_cases "edge-cases",
    units_steps_and_bands "spend",
    fixed_points "fixed",
    money "credit",
    conditions_of_lines "lines",
    conditions_of_orders "order",
    conditions_of_members "member",
    birthdays "birthday",
    days_hours_and_dates "calendar",
    time_zones "zones",
    groups "groups",
    rounding_of_a_rule "rule-rounding",
    limits "limits",
    campaigns "campaigns",
    activities "activities",
    refused_carts "refused-carts",
    revenue_is_deferred_for_points "accounting",
    statements_are_checked_to_the_last_byte "statements",
    adjustments_give_and_take_by_hand "life/adjustments",
    points_wait_for_the_return_window "life/pending",
    points_expire_when_their_time_is_up "life/expiry",
    refunds_take_back_what_their_lines_earned "life/refunds",
    redemptions_hold_and_spend_points "life/redemptions",
    transfers_move_points_with_their_ends "life/transfers",
    households_pool_what_each_may_spend "life/households",
    budgets_are_one_for_all_members "life/budgets",
    merges_lose_nothing_and_double_nothing "life/merges",
    guests_are_credited_once_when_they_join "life/guests",
    quotes_are_honoured_or_refused_by_name "life/quotes",
    tiers_fall_at_their_second "life/tiers",
    trials_lapse_at_their_second_and_points_stay "life/trials",
    rules_and_challenges_give_rewards "life/gifts",
    rewards "benefits/rewards",
    referrals "benefits/referral",
    surprises "benefits/surprise",
    challenges "benefits/challenges",
}

/// Fewer cases say too little about what a file is about.
const FEWEST: usize = 3;

#[test]
fn every_file_is_run_here() {
    let mut run = FILES.to_vec();
    run.sort_unstable();
    let mut found = ["", "life/", "benefits/"].map(names).concat();
    found.sort_unstable();
    assert_eq!(found, run);
}

/// Runs every case of a file, and tells all that differ.
fn check(file: &str) {
    let outcome = run(file, &text(file));
    assert!(outcome.cases >= FEWEST, "{file} has hardly any cases");
    let differing = outcome.differing.join("\n");
    assert!(differing.is_empty(), "{file}:\n{differing}");
}

/// The files of a folder, in order: paths below that of the vectors, without their ending.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(place(folder)).expect("a folder of vectors");
    let files = entries.map(|entry| entry.expect("an entry of the folder").path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let names = files.filter_map(|path| Some(format!("{folder}{}", path.file_stem()?.to_str()?)));
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}

/// A file of the vectors.
pub(crate) fn text(file: &str) -> String {
    let path = place(&format!("{file}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn place(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(file)
}
