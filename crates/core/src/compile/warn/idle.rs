//! Parts that do nothing: they lie outside the programme's time, wait for a currency that earns nothing, or give what
//! nobody can get.

use super::super::check::Problem;
use super::super::source::{BandSource, ProgramSource};
use super::matching::Window;
use super::warning;
use crate::challenge::Goal;
use crate::reward::Benefit;
use crate::wire::DecimalText;
use crate::{Currency, Date, ON_ACCOUNT_CREATED, ON_ORDER, Program, Timestamp};

/// How alike a kind of activity is to one that surely was meant.
const ALIKE: f64 = 0.85;

/// Everything that does nothing, beside rules and tiers.
pub(super) fn idle(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    let mut warnings = out_of_time(program);
    warnings.extend(in_no_currency(source, program));
    warnings.extend(of_nobody(source, program));
    warnings.extend(misspelt(source));
    warnings.extend(streaks(program));
    warnings.extend(bands(source));
    warnings
}

/// Rewards, challenges, surprises and competitions whose time is not the programme's.
fn out_of_time(program: &Program) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let mut look = |list: &str, nth: usize, from: Option<Timestamp>, until: Option<Timestamp>| {
        let its = Window { from, until };
        if its.within(program.starts_at, program.ends_at).is_empty() {
            let message = "its time lies outside of the programme's; mend its from and until, or starts_at and ends_at";
            warnings.push(warning(format!("/{list}/{nth}"), message.to_owned()));
        }
    };
    for (nth, it) in program.rewards().iter().enumerate() {
        look("rewards", nth, it.from, it.until);
    }
    for (nth, it) in program.challenges().iter().enumerate() {
        look("challenges", nth, it.from, it.until);
    }
    for (nth, it) in program.surprises().iter().enumerate() {
        look("surprises", nth, it.from, it.until);
    }
    for (nth, it) in program.competitions().iter().enumerate() {
        look("competitions", nth, Some(it.from), Some(it.until));
    }
    warnings
}

/// What waits for orders in currencies of which nothing counts.
fn in_no_currency(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    let is_idle = |code: &str| Currency::parse(code).is_ok_and(|it| !program.covers(it));
    let mut warnings = Vec::new();
    let mut tell = |at: String, code: &str| {
        let message = format!(
            "orders in {code} earn nothing, so nothing of them counts; add a rate for {code} to earn, or write a \
             currency that has one"
        );
        warnings.push(warning(at, message));
    };
    // Only spending has a currency.
    let mut measured = |at: String, code: Option<&str>| {
        if let Some(code) = code.filter(|code| is_idle(code)) {
            tell(format!("{at}/currency"), code);
        }
    };
    if let Some(by) = &source.tiers_by {
        measured("/tiers_by".to_owned(), by.currency.as_deref());
    }
    for (nth, it) in source.challenges.iter().enumerate() {
        measured(format!("/challenges/{nth}"), it.currency.as_deref());
    }
    for (nth, it) in source.competitions.iter().enumerate() {
        measured(format!("/competitions/{nth}"), it.currency.as_deref());
    }
    let surprises = source.surprises.iter().enumerate();
    let minima = surprises.map(|(nth, it)| (format!("/surprises/{nth}"), &it.minimum_order));
    let of_friends = source.referral.as_ref();
    let of_friends = of_friends.map(|it| ("/referral".to_owned(), &it.minimum_order));
    for (at, minimum) in minima.chain(of_friends) {
        let mut codes = minimum.iter().map(|(code, _)| code);
        if let Some(first) = codes.next()
            && is_idle(first)
            && codes.all(is_idle)
        {
            tell(format!("{at}/minimum_order"), first);
        }
    }
    warnings
}

/// Rewards that nothing gives, balances that nothing pays into, activities that nobody reports.
fn of_nobody(source: &ProgramSource, program: &Program) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let rules = || source.rules.iter();
    let gifts = source.surprises.iter().map(|it| it.gives.reward.as_ref());
    let steps = source.challenges.iter().flat_map(|it| &it.steps);
    let friends = source.referral.iter();
    let friends = friends.flat_map(|it| [&it.advocate, &it.friend]).flatten();
    let given: Vec<&String> = rules()
        .map(|it| it.grant.reward.as_ref())
        .chain(gifts)
        .chain(steps.map(|it| it.reward.as_ref()))
        .chain(friends.map(|it| it.reward.as_ref()))
        .flatten()
        .collect();
    for (nth, reward) in source.rewards.iter().enumerate() {
        if reward.points.is_none() && !given.contains(&&reward.id) {
            let message = "it has no price and nothing gives it, so nobody gets it; write points, or give it by a rule, \
                           a challenge, a referral or a surprise";
            warnings.push(warning(format!("/rewards/{nth}"), message.to_owned()));
        }
    }
    for (nth, balance) in source.balances.iter().enumerate() {
        let is_credited = program.rewards().iter().any(
            |it| matches!(&it.gives, Benefit::StoreCredit { balance: id, .. } if *id == balance.id),
        );
        if !is_credited && !rules().any(|it| it.balance.as_ref() == Some(&balance.id)) {
            let message = format!(
                "nothing pays into this balance; add `balance = {:?}` to a rule or to a reward of store_credit",
                balance.id
            );
            warnings.push(warning(format!("/balances/{nth}"), message));
        }
    }
    for (nth, challenge) in source.challenges.iter().enumerate() {
        let Some(kind) = &challenge.activity else {
            continue;
        };
        let mut kinds = rules().filter_map(|it| it.on.as_ref());
        if kinds.clone().any(|it| it == kind) {
            continue;
        }
        if let Some(meant) = kinds.find(|it| strsim::jaro_winkler(it, kind) > ALIKE) {
            let message = format!("no rule answers to {kind:?}; did you mean {meant:?}?");
            warnings.push(warning(format!("/challenges/{nth}/activity"), message));
        }
    }
    warnings
}

/// Rules on what is nearly an activity that is known, and is not reported.
fn misspelt(source: &ProgramSource) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for (nth, rule) in source.rules.iter().enumerate() {
        let Some(on) = rule.on.as_deref() else {
            continue;
        };
        let meant = if on == "orders" {
            format!("did you mean {ON_ORDER:?}?")
        } else if on != ON_ACCOUNT_CREATED && is_nearly(on, ON_ACCOUNT_CREATED) {
            format!("did you mean {ON_ACCOUNT_CREATED:?}, which is reported by itself?")
        } else {
            continue;
        };
        let message = format!("this rule answers to what your server reports as {on:?}; {meant}");
        warnings.push(warning(format!("/rules/{nth}/on"), message));
    }
    warnings
}

/// Whether at most two letters are written otherwise.
fn is_nearly(written: &str, meant: &str) -> bool {
    strsim::levenshtein(written, meant) <= 2
}

/// Streaks of more weeks or months than their time has.
fn streaks(program: &Program) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let day = |at: Timestamp| program.calendar().local(at).day;
    for (nth, challenge) in program.challenges().iter().enumerate() {
        let its = Window {
            from: challenge.from,
            until: challenge.until,
        };
        let its = its.within(program.starts_at, program.ends_at);
        let (Some(from), Some(last)) = (its.from, its.last()) else {
            continue;
        };
        let (number, what): (fn(i64) -> i64, _) = match challenge.goal {
            Goal::Months => (|day| Date::of_day(day).month_number(), "months"),
            // Day 0 is a Thursday; weeks begin on Mondays.
            Goal::Weeks => (|day: i64| day.saturating_add(3).div_euclid(7), "weeks"),
            _ => continue,
        };
        let has = number(day(last))
            .saturating_sub(number(day(from)))
            .saturating_add(1);
        let beyond = challenge.steps.iter().position(|step| step.at > has);
        if let Some(step) = beyond.filter(|_| has > 0) {
            let message = format!("nobody can reach this step: its time has {has} {what}");
            warnings.push(warning(
                format!("/challenges/{nth}/steps/{step}/at"),
                message,
            ));
        }
    }
    warnings
}

/// Tables of bands that fall, or that have an end above which nothing is earned.
fn bands(source: &ProgramSource) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let of_earn = source.earn.bands.iter();
    let of_earn = of_earn.map(|(code, bands)| (format!("/earn/bands/{code}"), code, bands));
    let of_rules = source.rules.iter().enumerate().flat_map(|(nth, rule)| {
        let bands = rule.grant.bands.iter();
        bands.map(move |(code, bands)| (format!("/rules/{nth}/grant/bands/{code}"), code, bands))
    });
    for (at, code, bands) in of_earn.chain(of_rules) {
        let falls = |pair: &[BandSource]| matches!(pair, [a, b] if b.points < a.points);
        if let Some(nth) = bands.windows(2).position(falls) {
            let nth = nth.saturating_add(1);
            let message =
                "who spends more earns less: this band gives fewer points than the one before"
                    .to_owned();
            warnings.push(warning(format!("{at}/{nth}/points"), message));
        }
        if let Some(DecimalText(end)) = bands.last().and_then(|band| band.up_to) {
            let message = format!(
                "above {end} {code} nothing is earned; leave up_to out of the last band, or add a band"
            );
            let last = bands.len().saturating_sub(1);
            warnings.push(warning(format!("{at}/{last}/up_to"), message));
        }
    }
    warnings
}
