//! Programs from a tape: what earning takes of them.

use super::Tape;
use crate::custody::Custody;
use crate::lifetime::{Expiry, Pending};
use crate::telling::tell;
use crate::wire::UnreadableProgram;
use crate::{
    Balance, Band, Calendar, Campaign, Combine, Condition, Counts, Currency, Decimal, Exclusion,
    Fact, Grant, GrantScope, Group, Limits, Measure, Money, Period, PointsWord, Program,
    ProgramRef, Range, Rate, Rounding, RoundingScope, Rule, Spend, Test, Tier, TierRules,
};

impl Program {
    /// Reads what earning takes of a published program. What shoppers only read, and what they do with their
    /// points, is not on the tape.
    ///
    /// # Errors
    /// When something of it cannot be represented: it was not compiled, or by an engine that knows more.
    pub fn read(tape: &mut Tape<'_>) -> Result<Self, UnreadableProgram> {
        let program = program(tape);
        tape.trouble
            .map_or(Ok(program), |what| Err(UnreadableProgram(what)))
    }
}

fn program(tape: &mut Tape<'_>) -> Program {
    Program {
        reference: ProgramRef {
            version: tape.count(),
            digest: tape.text(),
        },
        name: String::new(),
        word: PointsWord {
            one: tape.text(),
            other: tape.text(),
        },
        starts_at: tape.maybe_instant(),
        ends_at: tape.maybe_instant(),
        calendar: Calendar::new(tape.list(|tape| (tape.instant(), tape.whole()))),
        rates: some(tape, rate),
        counts: Counts {
            tax: tape.flag(),
            shipping: tape.flag(),
        },
        rounding: rounding(tape),
        rounding_scope: tape.one_of([RoundingScope::Line, RoundingScope::Order]),
        limits: limits(tape),
        welcome: tape.points(),
        is_joining_automatic: false,
        balances: some(tape, balance),
        tier_rules: tape.maybe(tier_rules).unwrap_or_default(),
        tiers: tape.list(tier),
        exclusions: tape.list(exclusion),
        campaigns: tape.list(campaign),
        groups: tape.list(group),
        rules: tape.list(rule),
        rule_gifts: Vec::new(),
        membership: None,
        challenges: Vec::new(),
        competitions: Vec::new(),
        rewards: Vec::new(),
        referral: None,
        surprises: Vec::new(),
        partners: Vec::new(),
        pending: Pending::default(),
        expiry: Expiry::default(),
        custody: Custody::default(),
    }
}

/// Those of a list that can be represented; the rest is noted.
fn some<T>(tape: &mut Tape<'_>, read: impl Fn(&mut Tape<'_>) -> Option<T>) -> Vec<T> {
    let mut things = Vec::new();
    for _ in 0..tape.length() {
        things.extend(read(tape));
    }
    things
}

fn rate(tape: &mut Tape<'_>) -> Option<Rate> {
    let currency = tape.currency();
    let (partner, label) = (tape.maybe_text(), tape.text());
    let spend = tape.maybe(spend);
    let spend = spend.flatten().map(|(_, spend)| spend);
    let minimum = tape.maybe_whole();
    let currency = currency?;
    let minimum = minimum.map(|minor| Money::from_minor(minor, currency).ok());
    Some(Rate {
        currency,
        partner,
        label,
        spend,
        minimum_order: minimum.and_then(|minimum| tape.known(minimum, "a minimum")),
        worth: None,
    })
}

fn spend(tape: &mut Tape<'_>) -> Option<(Currency, Spend)> {
    let currency = tape.currency();
    let per_unit = tape.maybe(Tape::decimal);
    let per_step = tape.maybe(|tape| Spend::PerStep {
        every_minor: tape.whole(),
        points: tape.points(),
    });
    let bands = tape.list(|tape| Band {
        up_to_minor: tape.maybe_whole(),
        points: tape.points(),
    });
    let per_unit = per_unit.map(Spend::PerUnit);
    Some((
        currency?,
        per_unit.or(per_step).unwrap_or(Spend::Bands(bands)),
    ))
}

fn rounding(tape: &mut Tape<'_>) -> Rounding {
    tape.one_of([
        Rounding::Floor,
        Rounding::Ceil,
        Rounding::HalfUp,
        Rounding::HalfEven,
    ])
}

fn limits(tape: &mut Tape<'_>) -> Limits {
    let limits = tape.maybe(|tape| Limits {
        per_order: tape.maybe_whole(),
        per_day: tape.maybe_whole(),
        per_month: tape.maybe_whole(),
        per_year: tape.maybe_whole(),
        per_member: tape.maybe_whole(),
        budget: tape.maybe_whole(),
        times: tape.maybe_whole(),
        cooldown_days: tape.maybe_whole(),
    });
    limits.unwrap_or_default()
}

fn balance(tape: &mut Tape<'_>) -> Option<Balance> {
    let (id, name, currency) = (tape.text(), tape.text(), tape.currency());
    Some(Balance {
        id,
        name,
        currency: currency?,
    })
}

fn tier_rules(tape: &mut Tape<'_>) -> TierRules {
    let (what, period) = (tape.str(), tape.str());
    let measure = match what {
        "points" => Some(Measure::Points),
        "orders" => Some(Measure::Orders),
        code => Currency::parse(code).ok().map(Measure::Spend),
    };
    let starts = tape.maybe(|tape| (tape.whole(), tape.whole()));
    let (month, day) = starts.unwrap_or((1, 1));
    let kind = match period {
        "lifetime" => Some(Period::Lifetime),
        "year" => Some(Period::Year { month, day }),
        "rolling" => Some(Period::Rolling),
        "anniversary" => Some(Period::Anniversary),
        _ => None,
    };
    TierRules {
        basis: tell(&[what, " ", period]),
        measure: tape.known(measure, "a measure").unwrap_or_default(),
        period: tape.known(kind, "a period").unwrap_or_default(),
        ends_with_period: tape.flag(),
        grace_days: tape.whole(),
        soft_landing: tape.flag(),
    }
}

fn tier(tape: &mut Tape<'_>) -> Tier {
    let (id, name, label) = (tape.text(), tape.text(), tape.text());
    let least = |tape: &mut Tape<'_>| tape.points().get();
    let (from_points, from) = (tape.maybe(least), tape.maybe(least));
    Tier {
        id,
        name,
        label,
        from: from_points.or(from),
        factor: tape.maybe(Tape::decimal).unwrap_or(Decimal::ONE),
        group: tape.place(),
        perks: Vec::new(),
    }
}

fn exclusion(tape: &mut Tape<'_>) -> Exclusion {
    Exclusion {
        id: tape.text(),
        label: tape.text(),
        when: condition(tape),
    }
}

fn campaign(tape: &mut Tape<'_>) -> Campaign {
    Campaign {
        id: tape.text(),
        label: String::new(),
        from: tape.maybe_instant(),
        until: tape.maybe_instant(),
        limits: limits(tape),
    }
}

fn group(tape: &mut Tape<'_>) -> Group {
    Group {
        id: String::new(),
        combine: tape.one_of([
            Combine::BestPerLine,
            Combine::BestPerOrder,
            Combine::Add,
            Combine::Multiply,
        ]),
    }
}

fn rule(tape: &mut Tape<'_>) -> Rule {
    Rule {
        id: tape.text(),
        label: tape.text(),
        activity: tape.maybe_text(),
        when: condition(tape),
        grant: grant(tape),
        balance: tape.place(),
        group: tape.place(),
        priority: tape.whole(),
        campaign: tape.place(),
        rounding: tape.maybe(rounding),
        limits: limits(tape),
    }
}

fn grant(tape: &mut Tape<'_>) -> Grant {
    let multiply = tape.maybe(Tape::decimal).map(Grant::Multiply);
    let (bonus, fixed) = (tape.maybe(Tape::points), tape.maybe(Tape::points));
    let per =
        tape.maybe(|tape| tape.one_of([GrantScope::Item, GrantScope::Line, GrantScope::Order]));
    let per = per.unwrap_or(GrantScope::Order);
    let spend = some(tape, spend);
    multiply
        .or(bonus.map(|points| Grant::Bonus { points, per }))
        .or(fixed.map(|points| Grant::Fixed { points, per }))
        .unwrap_or(Grant::Spend(spend))
}

fn condition(tape: &mut Tape<'_>) -> Condition {
    let mut condition = Condition::default();
    for _ in 0..tape.length() {
        if let Some(test) = test(tape) {
            condition.add(test);
        }
    }
    condition
}

fn test(tape: &mut Tape<'_>) -> Option<Test> {
    let fact = Fact::parse(tape.str());
    let (not, texts) = (tape.flag(), tape.texts());
    let ranges = some(tape, range);
    // Evaluated without knowing what is asked, a rule would give where it must not.
    let fact = tape.known(fact, "a fact")?;
    Some(if ranges.is_empty() {
        Test::Text { fact, not, texts }
    } else {
        Test::Number { fact, ranges }
    })
}

fn range(tape: &mut Tape<'_>) -> Option<Range> {
    let currency = tape.maybe(Tape::currency);
    let range = Range {
        currency: currency.flatten(),
        from: tape.maybe_whole().unwrap_or(i64::MIN),
        to: tape.maybe_whole().unwrap_or(i64::MAX),
        step: tape.maybe_whole().unwrap_or(1),
    };
    (currency != Some(None)).then_some(range)
}
