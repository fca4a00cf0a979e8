//! Rules that can never match: their tests contradict each other, the calendar, or the program.

use crate::membership::Membership;
use crate::{
    Calendar, Condition, Currency, Fact, Grant, LocalTime, ON_ACCOUNT_CREATED, Program, Range,
    Rule, Test, Timestamp,
};

/// Eight years hold every combination of date and weekday but for 29 February on some of them, which a shop
/// that asks for it may mean.
const DAYS_LOOKED_AT: i64 = 8 * 366;

/// Why the rule cannot match on any occasion, if that is sure.
pub(super) fn why_never(program: &Program, rule: &Rule) -> Option<String> {
    let campaign = rule.campaign.and_then(|nth| program.campaigns().get(nth));
    let window = Window::of(&rule.when)
        .within(program.starts_at, program.ends_at)
        .within(
            campaign.and_then(|campaign| campaign.from),
            campaign.and_then(|campaign| campaign.until),
        );
    if window.is_empty() {
        let what = if campaign.is_some() {
            "its campaign and the programme"
        } else {
            "the programme"
        };
        return Some(format!("its time lies outside of {what}"));
    }
    if asks_to_pay_for_nothing(program, &rule.when) {
        return Some("the membership has no fee, so nobody pays for it".to_owned());
    }
    if let Some(why) = why_no_tier(program, &rule.when) {
        return Some(why);
    }
    if rule.activity.is_some() {
        return why_never_of_activity(rule)
            .or_else(|| why_never_who_joins(rule))
            .or_else(|| why_contradictory(&rule.when));
    }
    why_contradictory(&rule.when)
        .or_else(|| why_no_day(program.calendar(), &rule.when, window))
        .or_else(|| why_no_currency(program, rule))
        .or_else(|| why_excluded(program, rule))
        .or_else(|| why_too_small(program, rule))
}

/// All lines, or orders, that the rule asks for are left out by an exclusion that asks for nothing else.
fn why_excluded(program: &Program, rule: &Rule) -> Option<String> {
    let exclusion = program.exclusions().iter().find(|exclusion| {
        let mut tests = exclusion.when.tests();
        let (Some(Test::Text { fact, not, texts }), None) = (tests.next(), tests.next()) else {
            return false;
        };
        // A member is in one tier, so who is in another one is left out; a line may well be in several categories.
        if *not && *fact != Fact::Tier {
            return false;
        }
        rule.when.tests().any(|asked| {
            matches!(asked, Test::Text { fact: same, not: false, texts: wanted }
                if same == fact && wanted.iter().all(|text| texts.contains(text) != *not))
        })
    })?;
    Some(format!(
        "the exclusion {:?} leaves all of that out",
        exclusion.id
    ))
}

/// Every member is in a tier, and whoever is in one of all these is not meant.
pub(super) fn why_no_tier(program: &Program, when: &Condition) -> Option<String> {
    let all = all_tiers(program)?;
    let mut tests = when.tests();
    let leaves_out = tests.any(|test| {
        matches!(test, Test::Text { fact: Fact::Tier, not: true, texts }
            if program.tiers().iter().all(|tier| texts.contains(&tier.id)))
    });
    leaves_out.then(|| format!("everybody is in {all}, and it leaves that out"))
}

/// Why an exclusion leaves nobody to earn anything: it asks for a tier and nothing else, and everybody is in it, or
/// nobody.
pub(super) fn why_nobody_is_left(program: &Program, when: &Condition) -> Option<String> {
    let all = all_tiers(program)?;
    let mut tests = when.tests();
    let (Some(Test::Text { fact, not, texts }), None) = (tests.next(), tests.next()) else {
        return None;
    };
    let mut tiers = program.tiers().iter();
    let is_all = *fact == Fact::Tier && !*not && tiers.all(|tier| texts.contains(&tier.id));
    is_all
        .then(|| format!("nobody earns anything: everybody is in {all}, and this leaves that out"))
}

/// The tiers of which everybody is in one, in words; `None` where somebody may be in none.
fn all_tiers(program: &Program) -> Option<String> {
    let tiers = program.tiers();
    tiers.iter().find(|tier| tier.from == Some(0))?;
    Some(match tiers {
        [only] => format!("the tier {:?}", only.id),
        _ => "one of the tiers".to_owned(),
    })
}

/// All amounts that the rule asks for are below what an order must come to.
fn why_too_small(program: &Program, rule: &Rule) -> Option<String> {
    let minimum = |range: &Range| {
        let rate = program.rate(range.currency?)?;
        rate.minimum_order.filter(|least| range.to < least.minor())
    };
    rule.when.tests().find_map(|test| match test {
        Test::Number {
            fact: Fact::OrderAmount,
            ranges,
        } => {
            let mut minima = ranges.iter().map(minimum);
            let first = minima.next()??;
            let all = minima.all(|it| it.is_some());
            all.then(|| format!("orders below earn.minimum_order, {first}, earn nothing"))
        }
        _ => None,
    })
}

/// Why no occasion can fit both conditions.
pub(super) fn why_never_both(
    calendar: &Calendar,
    one: &Condition,
    other: &Condition,
) -> Option<String> {
    let both = |a: &[Test], b: &[Test]| a.iter().chain(b).cloned().collect();
    let when = Condition {
        order: both(&one.order, &other.order),
        line: both(&one.line, &other.line),
        ..Condition::default()
    };
    let window = Window::of(&when);
    why_contradictory(&when).or_else(|| why_no_day(calendar, &when, window))
}

/// Whether it asks for a paid membership where the only one is everybody's.
fn asks_to_pay_for_nothing(program: &Program, when: &Condition) -> bool {
    let is_free = program.membership().is_some_and(Membership::is_free);
    is_free && when.tests().any(|test| test.fact() == Fact::PaidMember)
}

/// Why no occasion at all fits the condition.
pub(super) fn why_contradictory(when: &Condition) -> Option<String> {
    for test in when.tests() {
        let fact = test.fact();
        let same = || when.tests().filter(|other| other.fact() == fact);
        match test {
            Test::Text {
                not: false, texts, ..
            } => {
                let forbidden = |text: &String| {
                    same().any(|other| {
                    matches!(other, Test::Text { not: true, texts, .. } if texts.contains(text))
                })
                };
                if texts.iter().all(forbidden) {
                    return Some(format!("all of its {} must not be", in_words(fact)));
                }
            }
            Test::Number { .. } => {
                let all = same().filter_map(|test| match test {
                    Test::Number { ranges, .. } => Some(ranges.as_slice()),
                    Test::Text { .. } => None,
                });
                // The first order is number 1, and a line has one unit at least.
                let counts = matches!(fact, Fact::OrderNumber | Fact::Quantity);
                let natural = [Range::new(1, i64::MAX)];
                let natural = counts.then_some(natural.as_slice());
                if !overlap(&all.chain(natural).collect::<Vec<_>>()) {
                    return Some(format!("no {} is all that it asks for", in_words(fact)));
                }
            }
            Test::Text { .. } => {}
        }
    }
    let first_order = |test: &Test| matches!(test, Test::Number { fact: Fact::OrderNumber, ranges } if ranges.iter().all(|range| range.to == 1));
    let since_last = |test: &Test| test.fact() == Fact::DaysSinceLastOrder;
    if when.tests().any(first_order) && when.tests().any(since_last) {
        return Some("a first order has none before it".to_owned());
    }
    None
}

/// An activity has no price, place or product.
fn why_never_of_activity(rule: &Rule) -> Option<String> {
    let of_orders = |fact: Fact| {
        matches!(
            fact,
            Fact::Product
                | Fact::Category
                | Fact::Brand
                | Fact::Vendor
                | Fact::LineAmount
                | Fact::Currency
                | Fact::OrderAmount
                | Fact::PaymentMethod
                | Fact::Channel
                | Fact::Location
                | Fact::Delivery
                | Fact::Coupon
                | Fact::Partner
        )
    };
    let asks = |test: &&Test| {
        of_orders(test.fact())
            && !matches!(test, Test::Text { not: true, .. })
            && !allows_nothing(test)
    };
    let test = rule.when.tests().find(asks)?;
    Some(format!(
        "{:?} is an activity, which has no {}",
        rule.activity.as_deref().unwrap_or(""),
        in_words(test.fact())
    ))
}

/// Who joins has been a member for no day, and her next order is her first.
fn why_never_who_joins(rule: &Rule) -> Option<String> {
    if rule.activity.as_deref() != Some(ON_ACCOUNT_CREATED) {
        return None;
    }
    let is_other = |test: &&Test| {
        let number = match test.fact() {
            Fact::MemberDays => 0,
            Fact::OrderNumber => 1,
            _ => return false,
        };
        matches!(test, Test::Number { ranges, .. }
            if !ranges.iter().any(|range| range.contains(number, None)))
    };
    let test = rule.when.tests().find(is_other)?;
    let fact = in_words(test.fact());
    Some(format!(
        "who has just joined is not all that its {fact} asks for"
    ))
}

/// Amounts from nothing up fit an activity as well.
fn allows_nothing(test: &Test) -> bool {
    match test {
        Test::Number { ranges, .. } => ranges
            .iter()
            .any(|range| range.currency.is_none() && range.contains(0, None)),
        Test::Text { .. } => false,
    }
}

/// No day of the next years has the date, the weekday and the week that are asked for.
fn why_no_day(calendar: &Calendar, when: &Condition, window: Window) -> Option<String> {
    let of_day = |fact: Fact| {
        matches!(
            fact,
            Fact::Weekday | Fact::DayOfMonth | Fact::Month | Fact::WeekOfMonth | Fact::WeekFromEnd
        )
    };
    let tests: Vec<_> = when.tests().filter(|test| of_day(test.fact())).collect();
    if tests.is_empty() {
        return None;
    }
    let first = window.from.map_or(0, |from| calendar.local(from).day);
    let last = window.last().map(|last| calendar.local(last).day);
    let end = first.saturating_add(DAYS_LOOKED_AT);
    let mut days = first..=last.unwrap_or(end).min(end);
    let fits = |day: i64| {
        let local = LocalTime { day, minute: 0 };
        tests
            .iter()
            .all(|test| crate::evaluate::fits_day(test, local))
    };
    (!days.any(fits)).then(|| "no day is all that it asks for".to_owned())
}

/// The rule asks for, or gives for, currencies that the programme does not take.
fn why_no_currency(program: &Program, rule: &Rule) -> Option<String> {
    let balance = rule.balance.and_then(|nth| program.balances().get(nth));
    let takes = |currency: Currency| {
        program.covers(currency) && balance.is_none_or(|balance| balance.currency == currency)
    };
    if let Grant::Spend(spends) = &rule.grant
        && !spends.iter().any(|(currency, _)| takes(*currency))
    {
        return Some("orders in the currencies that it gives for earn nothing".to_owned());
    }
    for test in rule.when.tests() {
        let asked: Vec<Currency> = match test {
            Test::Text {
                fact: Fact::Currency,
                not: false,
                texts,
            } => texts
                .iter()
                .filter_map(|code| Currency::parse(code).ok())
                .collect(),
            Test::Number { ranges, .. } => {
                ranges.iter().filter_map(|range| range.currency).collect()
            }
            Test::Text { .. } => Vec::new(),
        };
        if !asked.is_empty() && !asked.into_iter().any(takes) {
            let fact = in_words(test.fact());
            return Some(format!(
                "orders in the currencies of its {fact} do not earn this"
            ));
        }
    }
    None
}

/// Whether a number can be in one range of each list.
fn overlap(lists: &[&[Range]]) -> bool {
    let Some((first, rest)) = lists.split_first() else {
        return true;
    };
    first.iter().any(|range| overlaps_all(*range, rest))
}

fn overlaps_all(range: Range, lists: &[&[Range]]) -> bool {
    let Some((first, rest)) = lists.split_first() else {
        return true;
    };
    first.iter().any(|other| {
        if range.currency != other.currency {
            return false;
        }
        let (from, to) = (range.from.max(other.from), range.to.min(other.to));
        let meets = if range.step > 1 || other.step > 1 {
            // A stepped range counts from its own least; a thousand steps tell enough.
            (from..=to.min(from.saturating_add(1_000_000))).any(|number| {
                range.contains(number, range.currency) && other.contains(number, other.currency)
            })
        } else {
            from <= to
        };
        meets && overlaps_all(Range { from, to, ..range }, rest)
    })
}

/// From when until when a condition may hold.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl Window {
    pub(super) fn of(when: &Condition) -> Self {
        let mut window = Self {
            from: None,
            until: None,
        };
        for test in when.tests() {
            if let Test::Number {
                fact: Fact::Instant,
                ranges,
            } = test
                && let [range] = ranges.as_slice()
            {
                let start = (range.from > i64::MIN).then(|| Timestamp::from_millis(range.from));
                let end = range.to.checked_add(1).map(Timestamp::from_millis);
                window = window.within(start, end);
            }
        }
        window
    }

    pub(super) fn within(self, from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        Self {
            from: self.from.max(from),
            until: [self.until, until].into_iter().flatten().min(),
        }
    }

    pub(super) fn is_empty(self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if from >= until)
    }

    pub(super) fn last(self) -> Option<Timestamp> {
        self.until
            .map(|until| Timestamp::from_millis(until.as_millis().saturating_sub(1)))
    }
}

fn in_words(fact: Fact) -> String {
    fact.name().replace('_', " ")
}
