//! Conditions: from the keys that a merchant writes to tests of facts.

use std::collections::BTreeMap;

use super::super::source::{AmountSource, BirthdayName, ConditionSource, CountSource};
use super::Check;
use crate::limits::{MAX_COUNT, MAX_ID_BYTES, MAX_RULES};
use crate::wire::{DecimalText, RangeDocument, TestDocument};
use crate::{Currency, Fact, Money};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_A_DAY: i64 = 1_440;

impl Check<'_> {
    pub(super) fn condition(&mut self, at: &str, source: &ConditionSource) -> Vec<TestDocument> {
        let mut tests = Vec::new();
        let lists = [
            (Fact::Product, "products", &source.products),
            (Fact::Category, "categories", &source.categories),
            (Fact::Tag, "tags", &source.tags),
            (Fact::Brand, "brands", &source.brands),
            (Fact::Vendor, "vendors", &source.vendors),
            (Fact::Currency, "currencies", &source.currencies),
            (
                Fact::PaymentMethod,
                "payment_methods",
                &source.payment_methods,
            ),
            (Fact::Channel, "channels", &source.channels),
            (Fact::Location, "locations", &source.locations),
            (Fact::Delivery, "deliveries", &source.deliveries),
            (Fact::Coupon, "coupons", &source.coupons),
            (Fact::Partner, "partners", &source.partners),
            (Fact::Tier, "tiers", &source.tiers),
            (Fact::Segment, "segments", &source.segments),
            (Fact::CustomerTag, "customer_tags", &source.customer_tags),
        ];
        for (fact, field, names) in lists {
            tests.extend(self.names(&format!("{at}/{field}"), fact, false, names));
        }
        let not = &source.not;
        let lists = [
            (Fact::Product, "products", &not.products),
            (Fact::Category, "categories", &not.categories),
            (Fact::Tag, "tags", &not.tags),
            (Fact::Brand, "brands", &not.brands),
            (Fact::Vendor, "vendors", &not.vendors),
            (Fact::PaymentMethod, "payment_methods", &not.payment_methods),
            (Fact::Channel, "channels", &not.channels),
            (Fact::Location, "locations", &not.locations),
            (Fact::Delivery, "deliveries", &not.deliveries),
            (Fact::Coupon, "coupons", &not.coupons),
            (Fact::Partner, "partners", &not.partners),
            (Fact::Tier, "tiers", &not.tiers),
            (Fact::Segment, "segments", &not.segments),
            (Fact::CustomerTag, "customer_tags", &not.customer_tags),
        ];
        for (fact, field, names) in lists {
            tests.extend(self.names(&format!("{at}/not/{field}"), fact, true, names));
        }
        tests.extend(self.amounts(
            &format!("{at}/line_amount"),
            Fact::LineAmount,
            &source.line_amount,
        ));
        tests.extend(self.amounts(
            &format!("{at}/order_amount"),
            Fact::OrderAmount,
            &source.order_amount,
        ));
        let counts = [
            (Fact::Quantity, "quantity", source.quantity),
            (Fact::OrderNumber, "order_number", source.order_number),
            (Fact::MemberDays, "member_days", source.member_days),
            (
                Fact::DaysSinceLastOrder,
                "days_since_last_order",
                source.days_since_last_order,
            ),
        ];
        for (fact, field, count) in counts {
            tests.extend(count.map(|count| self.count(&format!("{at}/{field}"), fact, count)));
        }
        if source.first_order {
            tests.push(number(Fact::OrderNumber, vec![range(1, 1)]));
        }
        if let Some(every) = source.every_nth_order {
            tests.push(self.every_nth(&format!("{at}/every_nth_order"), every));
        }
        if source.paid_member {
            tests.push(number(Fact::PaidMember, vec![range(1, 1)]));
        }
        if let Some(birthday) = source.birthday {
            let fact = match birthday {
                BirthdayName::Day => Fact::BirthdayDay,
                BirthdayName::Week => Fact::BirthdayWeek,
                BirthdayName::Month => Fact::BirthdayMonth,
            };
            tests.push(number(fact, vec![range(1, 1)]));
        }
        self.schedule(at, source, &mut tests);
        tests
    }

    fn schedule(&mut self, at: &str, source: &ConditionSource, tests: &mut Vec<TestDocument>) {
        let from = self.moment(&format!("{at}/from"), source.from.as_deref());
        let until = self.end(&format!("{at}/until"), source.until.as_deref());
        self.window(&format!("{at}/until"), from, until);
        if from.is_some() || until.is_some() {
            let to = until.map(|until| until.saturating_sub(1));
            tests.push(number(
                Fact::Instant,
                vec![RangeDocument {
                    from,
                    to,
                    ..RangeDocument::default()
                }],
            ));
        }
        if !source.weekdays.is_empty() {
            let days = self.weekdays(&format!("{at}/weekdays"), &source.weekdays);
            tests.push(number(Fact::Weekday, days));
        }
        if let Some(hours) = &source.hours {
            match minutes(hours) {
                Some(ranges) => tests.push(number(Fact::Minute, ranges)),
                None => self.problem(
                    &format!("{at}/hours"),
                    "write hours such as \"14:00-18:00\", or over midnight \"22:00-02:00\"",
                ),
            }
        }
        let days = &source.days_of_month;
        tests.extend(self.each_of(&format!("{at}/days_of_month"), Fact::DayOfMonth, days, 31));
        tests.extend(self.each_of(&format!("{at}/months"), Fact::Month, &source.months, 12));
        let weeks = &source.weeks_of_month;
        let at = format!("{at}/weeks_of_month");
        if weeks.iter().all(|week| *week < 0) {
            let from_end: Vec<i64> = weeks.iter().map(|week| week.saturating_neg()).collect();
            tests.extend(self.each_of(&at, Fact::WeekFromEnd, &from_end, 5));
        } else if weeks.iter().all(|week| *week > 0) {
            tests.extend(self.each_of(&at, Fact::WeekOfMonth, weeks, 5));
        } else {
            let message = "weeks count from the start, 1 to 5, or from the end, -1 to -5; for both write two rules";
            self.problem(&at, message);
        }
    }

    fn names(&mut self, at: &str, fact: Fact, not: bool, names: &[String]) -> Option<TestDocument> {
        if names.is_empty() {
            return None;
        }
        self.at_most(MAX_RULES, at, names.len());
        self.names = self.names.saturating_add(names.len());
        for (nth, name) in names.iter().enumerate() {
            let at = format!("{at}/{nth}");
            if !(1..=MAX_ID_BYTES).contains(&name.len()) {
                self.problem(&at, format!("write 1 to {MAX_ID_BYTES} bytes"));
            }
            match fact {
                Fact::Tier => {
                    let tiers = self.source.tiers.iter().map(|tier| tier.id.as_str());
                    self.place(&at, "tier", Some(name), tiers);
                }
                // A program that lists its partners lists all of them.
                Fact::Partner if !self.source.partners.is_empty() => {
                    let partners = self.source.partners.iter();
                    let ids = partners.map(|partner| partner.id.as_str());
                    self.place(&at, "partner", Some(name), ids);
                }
                Fact::Currency => {
                    if let Err(error) = Currency::parse(name) {
                        self.problem(&at, error.to_string());
                    }
                }
                _ => {}
            }
        }
        Some(TestDocument {
            fact: fact.name().to_owned(),
            not,
            any_of: names.to_vec(),
            within: Vec::new(),
        })
    }

    fn amounts(
        &mut self,
        at: &str,
        fact: Fact,
        amounts: &BTreeMap<String, AmountSource>,
    ) -> Option<TestDocument> {
        let mut ranges = Vec::with_capacity(amounts.len());
        for (code, bounds) in amounts {
            let at = format!("{at}/{code}");
            let Some(currency) = self.currency(&at, code) else {
                continue;
            };
            let mut minor = |field: &str, amount: Option<DecimalText>| {
                let made = Money::parse(&amount?.0.to_string(), currency);
                let made =
                    made.map_err(|error| self.problem(&format!("{at}/{field}"), error.to_string()));
                made.ok().map(Money::minor)
            };
            let (from, to) = (
                minor("at_least", bounds.at_least),
                minor("at_most", bounds.at_most),
            );
            self.bounds(
                &at,
                from,
                to,
                bounds.at_least.is_none() && bounds.at_most.is_none(),
            );
            let currency = Some(code.clone());
            ranges.push(RangeDocument {
                currency,
                from,
                to,
                step: None,
            });
        }
        (!ranges.is_empty()).then(|| number(fact, ranges))
    }

    fn count(&mut self, at: &str, fact: Fact, count: CountSource) -> TestDocument {
        for bound in [count.at_least, count.at_most].into_iter().flatten() {
            if !(0..=MAX_COUNT).contains(&bound) {
                self.problem(at, format!("write whole numbers from 0 to {MAX_COUNT}"));
            }
        }
        let (from, to) = (count.at_least, count.at_most);
        self.bounds(at, from, to, from.is_none() && to.is_none());
        number(
            fact,
            vec![RangeDocument {
                from,
                to,
                ..RangeDocument::default()
            }],
        )
    }

    fn bounds(&mut self, at: &str, from: Option<i64>, to: Option<i64>, is_empty: bool) {
        if is_empty {
            self.problem(at, "write `at_least`, `at_most`, or both");
        }
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.problem(at, "`at_least` must not be more than `at_most`");
        }
    }

    fn every_nth(&mut self, at: &str, every: i64) -> TestDocument {
        if !(2..=MAX_COUNT).contains(&every) {
            self.problem(at, format!("write a whole number from 2 to {MAX_COUNT}"));
        }
        let step = RangeDocument {
            from: Some(every),
            step: Some(every),
            ..RangeDocument::default()
        };
        number(Fact::OrderNumber, vec![step])
    }

    fn weekdays(&mut self, at: &str, names: &[String]) -> Vec<RangeDocument> {
        let mut days = Vec::with_capacity(names.len());
        for (nth, name) in names.iter().enumerate() {
            match (1..).zip(WEEKDAYS).find(|(_, day)| day == name) {
                Some((day, _)) => days.push(range(day, day)),
                None => self.problem(
                    &format!("{at}/{nth}"),
                    format!("write one of: {}", WEEKDAYS.join(", ")),
                ),
            }
        }
        days
    }

    fn each_of(
        &mut self,
        at: &str,
        fact: Fact,
        numbers: &[i64],
        most: i64,
    ) -> Option<TestDocument> {
        if numbers.is_empty() {
            return None;
        }
        for (nth, each) in numbers.iter().enumerate() {
            if !(1..=most).contains(each) {
                let message = format!("write a whole number from 1 to {most}");
                self.problem(&format!("{at}/{nth}"), message);
            }
        }
        let ranges = numbers.iter().map(|each| range(*each, *each));
        Some(number(fact, ranges.collect()))
    }
}

fn number(fact: Fact, within: Vec<RangeDocument>) -> TestDocument {
    TestDocument {
        fact: fact.name().to_owned(),
        within,
        ..TestDocument::default()
    }
}

fn range(from: i64, to: i64) -> RangeDocument {
    RangeDocument {
        from: Some(from),
        to: Some(to),
        ..RangeDocument::default()
    }
}

/// `14:00-18:00` as minutes of a day, without the last; over midnight these are two ranges.
fn minutes(hours: &str) -> Option<Vec<RangeDocument>> {
    let (from, to) = hours.split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    let last = to.saturating_sub(1);
    if from < to {
        Some(vec![range(from, last)])
    } else if from > to && from < MINUTES_A_DAY {
        let evening = range(from, MINUTES_A_DAY.saturating_sub(1));
        let mut ranges = vec![evening];
        ranges.extend((to > 0).then(|| range(0, last)));
        Some(ranges)
    } else {
        None
    }
}

/// `14:30` as a minute of a day; `24:00` is its end.
fn minute(clock: &str) -> Option<i64> {
    let digits = |text: &str| {
        let two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| two)
    };
    let (hour, minute) = clock.split_once(':')?;
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let of_day = hour.saturating_mul(60).saturating_add(minute);
    (minute < 60 && of_day <= MINUTES_A_DAY).then_some(of_day)
}
