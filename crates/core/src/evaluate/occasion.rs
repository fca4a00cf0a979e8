//! An occasion: one member, one order or activity, one instant. What every fact is on it.
//!
//! Owns the meaning of facts. Its invariant: a fact that is not known fits no test, except one that asks
//! for nothing of it.

use std::slice::from_ref;

use crate::condition::{IS_MARKING, marks};
use crate::{
    Activity, Cart, Checkout, Condition, Currency, Date, Fact, Limits, Line, LocalTime, Program,
    Snapshot, Test, Timestamp,
};

const DAYS_A_WEEK: i64 = 7;

pub(super) struct Occasion<'a> {
    pub(super) program: &'a Program,
    pub(super) lines: &'a [Line],
    pub(super) currency: Option<Currency>,
    /// What of the order counts.
    pub(super) sum_minor: i64,
    /// The kind of the activity; `None` for an order.
    activity: Option<&'a str>,
    member: &'a Snapshot,
    checkout: Option<&'a Checkout>,
    tier: Option<usize>,
    now: Timestamp,
    local: LocalTime,
}

impl<'a> Occasion<'a> {
    pub(super) fn of_order(
        program: &'a Program,
        member: &'a Snapshot,
        cart: &'a Cart,
        now: Timestamp,
    ) -> Self {
        Self {
            currency: Some(cart.currency()),
            checkout: Some(cart.checkout()),
            ..Self::new(program, member, None, cart.lines(), now)
        }
    }

    pub(super) fn of_activity(
        program: &'a Program,
        member: &'a Snapshot,
        activity: &'a Activity,
        now: Timestamp,
    ) -> Self {
        Self::new(
            program,
            member,
            Some(activity.kind()),
            activity.lines(),
            now,
        )
    }

    fn new(
        program: &'a Program,
        member: &'a Snapshot,
        activity: Option<&'a str>,
        lines: &'a [Line],
        now: Timestamp,
    ) -> Self {
        Self {
            program,
            lines,
            currency: None,
            sum_minor: 0,
            activity,
            member,
            checkout: None,
            tier: program.tier_at(member, now).map(|(place, _)| place),
            now,
            local: program.calendar().local(now),
        }
    }

    /// The kind of the activity; `None` for an order.
    pub(super) fn activity(&self) -> Option<&str> {
        self.activity
    }

    /// The place of the member's tier.
    pub(super) fn tier(&self) -> Option<usize> {
        self.tier
    }

    /// The instant.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The place of the rate that the order earns at.
    pub(super) fn rate(&self) -> Option<usize> {
        let partner = self.checkout.and_then(|it| it.partner.as_deref());
        self.program.rate_place(self.currency?, partner)
    }

    /// What a holder of limits may still give; `None` where nothing limits it.
    pub(super) fn left_of(&self, holder: &str, limits: &Limits) -> Option<i64> {
        if limits.is_none() {
            return None;
        }
        let usage = self.member.usage_of(holder);
        limits.left(usage, self.member.budget_used(holder), self.local)
    }

    /// Whether what is the same for every line fits.
    pub(super) fn fits_order(&self, condition: &Condition) -> bool {
        condition.order.iter().all(|test| self.fits(test, None, 0))
    }

    /// Whether the line fits, which is worth so much.
    pub(super) fn fits_line(&self, condition: &Condition, line: &Line, amount_minor: i64) -> bool {
        let mut tests = condition.line.iter();
        tests.all(|test| self.fits(test, Some(line), amount_minor))
    }

    fn fits(&self, test: &Test, line: Option<&Line>, amount_minor: i64) -> bool {
        match test {
            Test::Text { fact, not, texts } => self.has_one_of(*fact, texts, line) != *not,
            Test::Number { fact, ranges } => {
                let number = match fact {
                    Fact::LineAmount => Some(amount_minor),
                    Fact::Quantity => line.map(|line| line.quantity.into()),
                    fact => self.number(*fact),
                };
                number.is_some_and(|number| {
                    let mut ranges = ranges.iter();
                    ranges.any(|range| range.contains(number, self.currency))
                })
            }
        }
    }

    /// Not inlined, as the numbers are not: a compiler would take what a fact is out of the loop over the
    /// tests, and work out all facts for tests that ask for one.
    #[inline(never)]
    fn has_one_of(&self, fact: Fact, wanted: &[String], line: Option<&Line>) -> bool {
        let texts = match fact {
            Fact::Currency => {
                let code = self.currency.map(Currency::code);
                return wanted.iter().any(|text| code == Some(text));
            }
            fact => self.texts(fact, line),
        };
        let is_wanted = |text: &String| wanted.iter().any(|other| is_same(text, other));
        texts.iter().any(is_wanted)
    }

    /// The marks of all that a rule can ask of the line by name.
    pub(super) fn marks(&self, line: &Line) -> u64 {
        if !IS_MARKING {
            return 0;
        }
        let facts = [
            Fact::Product,
            Fact::Category,
            Fact::Tag,
            Fact::Brand,
            Fact::Vendor,
        ];
        let texts = facts.into_iter().map(|fact| self.texts(fact, Some(line)));
        texts.fold(0, |all, texts| all | marks(texts))
    }

    /// The texts of a fact: none, one or several.
    fn texts<'s>(&'s self, fact: Fact, line: Option<&'s Line>) -> &'s [String] {
        let (member, none) = (self.member, &[][..]);
        match fact {
            fact if fact.is_of_line() => line.map_or(none, |line| match fact {
                Fact::Category => &line.categories,
                Fact::Tag => &line.tags,
                Fact::Product => from_ref(&line.product),
                Fact::Brand => line.brand.as_slice(),
                _ => line.vendor.as_slice(),
            }),
            Fact::Segment => &member.segments,
            Fact::CustomerTag => &member.tags,
            Fact::Tier => {
                let tier = self.tier.and_then(|nth| self.program.tiers().get(nth));
                tier.map_or(none, |tier| from_ref(&tier.id))
            }
            fact => self.checkout.map_or(none, |it| match fact {
                Fact::PaymentMethod => it.payment_method.as_slice(),
                Fact::Channel => it.channel.as_slice(),
                Fact::Location => it.location.as_slice(),
                Fact::Delivery => it.delivery.as_slice(),
                Fact::Partner => it.partner.as_slice(),
                _ => &it.coupons,
            }),
        }
    }

    #[inline(never)]
    fn number(&self, fact: Fact) -> Option<i64> {
        let member = self.member;
        let calendar = self.program.calendar();
        let days_since = |then: Timestamp| {
            let days = self.local.day.saturating_sub(calendar.local(then).day);
            days.max(0)
        };
        let number = match fact {
            Fact::OrderAmount => self.sum_minor,
            Fact::OrderNumber => i64::from(member.orders).saturating_add(1),
            Fact::MemberDays => member.joined_at.map_or(0, days_since),
            Fact::DaysSinceLastOrder => days_since(member.last_order_at?),
            Fact::PaidMember => member.paid_until.is_some_and(|end| self.now < end).into(),
            Fact::BirthdayDay => self.birthday(|days| days == 0)?,
            Fact::BirthdayWeek => {
                let monday = 1_i64.saturating_sub(self.local.weekday());
                self.birthday(|days| {
                    let since_monday = days.saturating_sub(monday);
                    (0..DAYS_A_WEEK).contains(&since_monday)
                })?
            }
            Fact::BirthdayMonth => {
                let (month, _) = member.birthday?;
                (i64::from(month) == self.local.date().month).into()
            }
            Fact::Instant => self.now.as_millis(),
            Fact::Minute => self.local.minute,
            fact => return of_day(fact, self.local),
        };
        Some(number)
    }

    /// 1 where the birthday is so many days from today, else 0. Who is born on 29 February has it on 1 March
    /// in other years. Near the turn of a year the next one's or the last one's may be nearer.
    fn birthday(&self, is_near: impl Fn(i64) -> bool) -> Option<i64> {
        let (month, day) = self.member.birthday?;
        let (month, day) = (month.into(), day.into());
        let this_year = self.local.date().year;
        let around = [-1, 0, 1].map(|offset| this_year.saturating_add(offset));
        let is_near = around.into_iter().any(|year| {
            let birthday = Date { year, month, day }.day_number();
            is_near(birthday.saturating_sub(self.local.day))
        });
        Some(is_near.into())
    }
}

/// The number of a fact that a whole day has.
fn of_day(fact: Fact, local: LocalTime) -> Option<i64> {
    let date = local.date();
    Some(match fact {
        Fact::Weekday => local.weekday(),
        Fact::DayOfMonth => date.day,
        Fact::Month => date.month,
        Fact::WeekOfMonth => week_of(date.day),
        Fact::WeekFromEnd => week_of(days_left_in_month(date)),
        _ => return None,
    })
}

/// Whether a whole day fits a test; a test of anything else, every day does.
#[cfg(feature = "compile")]
pub(crate) fn fits_day(test: &Test, local: LocalTime) -> bool {
    match (test, of_day(test.fact(), local)) {
        (Test::Number { ranges, .. }, Some(number)) => {
            ranges.iter().any(|range| range.contains(number, None))
        }
        _ => true,
    }
}

/// Most texts differ in their first letter already, which is seen without a call.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().first() == other.as_bytes().first() && one == other
}

/// 1 for days 1 to 7, 2 for days 8 to 14, and so on.
fn week_of(day: i64) -> i64 {
    (day.saturating_sub(1) / DAYS_A_WEEK).saturating_add(1)
}

/// 1 on the last day of the month.
fn days_left_in_month(date: Date) -> i64 {
    let next = Date {
        month: if date.month == 12 {
            1
        } else {
            date.month.saturating_add(1)
        },
        year: date.year.saturating_add(i64::from(date.month == 12)),
        day: 1,
    };
    next.day_number().saturating_sub(date.day_number())
}
