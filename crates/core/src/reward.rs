//! Rewards: what members take for their points.
//!
//! Owns what a reward is and what it costs. What is offered, taken and used is in `reward/offer.rs`, by the
//! rules of `reward/counter.rs`; what it takes off a cart in `reward/taken_off.rs`, the codes that stand for
//! one in `reward/code.rs`. Its invariant: all
//! amounts of a reward are in minor units of a currency that it names, and no other currency is covered.

mod code;
mod counter;
mod offer;
mod refusal;
mod taken_off;
mod tender;
mod together;

pub use self::code::{RewardCode, RewardCodeError};
pub use self::offer::{Had, Held, Offer, Refused, Taken, Taker, Terms, Wish, offers, redeem, take};
pub use self::refusal::RewardRefusal;
pub use self::taken_off::{Chosen, TakenOff, take_off};
pub use self::tender::{TenderRefusal, TenderWish, tender};
pub use self::together::{Paying, together};
use crate::{Calendar, Currency, Decimal, Money, Points, Timestamp};

/// A reward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// Names the reward in entries.
    pub id: String,
    /// What members read: `5.00 off`.
    pub name: String,
    /// What it costs, or one step of it; `None` where it is only given.
    pub points: Option<Points>,
    /// What it gives, or one step of it.
    pub gives: Benefit,
    /// How many steps at once; `None` where there are none.
    pub steps: Option<Steps>,
    /// An order that is worth less does not get it, by currency.
    pub minimum_order: Vec<Money>,
    /// The ids of the tiers that may have it; empty for all members.
    pub tiers: Vec<String>,
    /// The first instant.
    pub from: Option<Timestamp>,
    /// The first instant that is too late.
    pub until: Option<Timestamp>,
    /// How often it can be had by all members together.
    pub stock: Option<i64>,
    /// How often it can be had by one member.
    pub per_member: Option<i64>,
    /// Days for which its code can be used, the day of taking it not counted.
    pub valid_days: Option<i64>,
    /// Whether it can be used with other rewards that can.
    pub is_combinable: bool,
}

/// What a reward gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Benefit {
    /// So much off the order, by currency.
    AmountOff(Vec<Money>),
    /// So many percent off the order, rounded down to the minor unit.
    PercentOff {
        /// More than 0, at most 100, with at most two decimals.
        percent: Decimal,
        /// The most that it takes off, by currency; without one there is no such end.
        up_to: Vec<Money>,
    },
    /// Units of a product that are in the cart, for nothing.
    Product {
        /// The shop's product id.
        product: String,
        /// Units, 1 or more.
        quantity: u32,
    },
    /// The cheapest units of a category that are in the cart, for nothing.
    Category {
        /// The category.
        category: String,
        /// Units, 1 or more.
        quantity: u32,
        /// The most that it takes off, by currency; without one there is no such end.
        up_to: Vec<Money>,
    },
    /// Shipping for nothing.
    FreeShipping {
        /// The most that it takes off, by currency; without one there is no such end.
        up_to: Vec<Money>,
    },
    /// A gift card of this worth, by currency.
    GiftCard(Vec<Money>),
    /// Money on one of the member's balances.
    StoreCredit {
        /// The id of the balance.
        balance: String,
        /// How much, in the balance's currency.
        amount: Money,
    },
    /// An experience, an event: what it is, in words.
    Experience(String),
    /// Money that the shop gives to somebody who needs it.
    Donation {
        /// To whom.
        to: String,
        /// How much, by currency.
        amounts: Vec<Money>,
    },
}

/// A reward that is taken in steps: 100 points for each 1.00, from 500 points on, up to half of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The least points at once: one step or more, in full steps.
    pub at_least: Points,
    /// The most points at once, in full steps.
    pub at_most: Option<Points>,
    /// The largest share of the order that it takes off, in percent.
    pub share: Option<Decimal>,
}

/// What somebody gets: points, or a reward by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gift {
    /// So many points, more than none.
    Points(Points),
    /// A reward of the program, for nothing.
    Reward(String),
}

impl Reward {
    /// Whether it can be had at `now`: from its start, until just before its end.
    #[must_use]
    pub fn is_on_at(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether anything of it is for orders in this currency.
    #[must_use]
    pub fn covers(&self, currency: Currency) -> bool {
        let is_listed = |amounts: &[Money]| amount_in(amounts, currency).is_some();
        let has_order = self.minimum_order.is_empty() || is_listed(&self.minimum_order);
        has_order
            && match &self.gives {
                Benefit::AmountOff(amounts)
                | Benefit::GiftCard(amounts)
                | Benefit::Donation { amounts, .. } => is_listed(amounts),
                Benefit::PercentOff { up_to, .. }
                | Benefit::Category { up_to, .. }
                | Benefit::FreeShipping { up_to } => up_to.is_empty() || is_listed(up_to),
                Benefit::Product { .. } | Benefit::StoreCredit { .. } | Benefit::Experience(_) => {
                    true
                }
            }
    }

    /// The points that a wished discount costs: in full steps, rounded up, so that it is never less than
    /// what was wished. `None` where the reward is not taken in steps, or not in this currency.
    #[must_use]
    pub fn points_for(&self, wished_minor: i64, currency: Currency) -> Option<Points> {
        let (each, worth_minor) = self.step(currency)?;
        let steps = wished_minor
            .max(0)
            .checked_add(worth_minor)?
            .checked_sub(1)?;
        let steps = steps.checked_div(worth_minor)?;
        Points::new(steps.checked_mul(each)?).ok()
    }

    /// What so many points take off, in minor units: for full steps, rounded down.
    #[must_use]
    pub fn worth_of(&self, points: Points, currency: Currency) -> Option<i64> {
        let (each, worth_minor) = self.step(currency)?;
        points
            .get()
            .max(0)
            .checked_div(each)?
            .checked_mul(worth_minor)
    }

    /// The points and the minor units of one step; both more than 0.
    fn step(&self, currency: Currency) -> Option<(i64, i64)> {
        self.steps?;
        let Benefit::AmountOff(amounts) = &self.gives else {
            return None;
        };
        let worth_minor = amount_in(amounts, currency)?;
        let each = self.points?.get();
        (each > 0 && worth_minor > 0).then_some((each, worth_minor))
    }

    /// From when on a code that was given at `given_at` is of no more use: the first instant after the last
    /// day of the shop on which it is. `None` where it stays good.
    #[must_use]
    pub fn code_expires_at(&self, given_at: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
        let day = calendar.local(given_at).day.checked_add(self.valid_days?)?;
        Some(calendar.start_of(day.checked_add(1)?))
    }
}

/// What counts how often a reward was had, among the holders of limits.
#[must_use]
pub fn holder_of(reward: &str) -> String {
    crate::telling::tell(&["reward:", reward])
}

/// The amount in a currency, in minor units.
pub(crate) fn amount_in(amounts: &[Money], currency: Currency) -> Option<i64> {
    let listed = amounts.iter().find(|amount| amount.currency() == currency);
    listed.map(|amount| amount.minor())
}

/// So many percent of an amount, rounded down to the minor unit.
fn percent_of(minor: i64, percent: Decimal) -> i64 {
    // A percent has at most two decimals, so this is the hundredth of a hundredth.
    let hundredths = percent.scaled(2).unwrap_or(0);
    let product = i128::from(minor).saturating_mul(hundredths.into());
    i64::try_from(product.checked_div_euclid(10_000).unwrap_or(0)).unwrap_or(i64::MAX)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn money(minor: i64, code: &str) -> Money {
        let currency = Currency::parse(code).expect("a currency");
        Money::from_minor(minor, currency).expect("an amount of the test")
    }

    pub(crate) fn points(count: i64) -> Points {
        Points::new(count).expect("points of the test")
    }

    /// 500 points, for everybody, always.
    pub(crate) fn reward(id: &str, gives: Benefit) -> Reward {
        Reward {
            id: id.to_owned(),
            name: id.to_owned(),
            points: Some(points(500)),
            gives,
            steps: None,
            minimum_order: Vec::new(),
            tiers: Vec::new(),
            from: None,
            until: None,
            stock: None,
            per_member: None,
            valid_days: None,
            is_combinable: false,
        }
    }

    /// 100 points for each 1.00 EUR or 1.50 USD, from 500 points on.
    pub(crate) fn in_steps() -> Reward {
        let gives = Benefit::AmountOff(vec![money(100, "EUR"), money(150, "USD")]);
        Reward {
            points: Some(points(100)),
            steps: Some(Steps {
                at_least: points(500),
                at_most: None,
                share: None,
            }),
            ..reward("steps", gives)
        }
    }

    #[test]
    fn a_wished_discount_costs_full_steps_rounded_up_and_points_are_worth_them_rounded_down() {
        let steps = in_steps();
        let cost = |minor, code: &str| {
            let currency = Currency::parse(code).expect("a currency");
            steps.points_for(minor, currency).map(Points::get)
        };
        assert_eq!(cost(0, "EUR"), Some(0));
        assert_eq!(cost(1, "EUR"), Some(100));
        assert_eq!(cost(100, "EUR"), Some(100));
        assert_eq!(cost(101, "EUR"), Some(200));
        assert_eq!(cost(1_250, "EUR"), Some(1_300));
        assert_eq!(cost(1_250, "USD"), Some(900));
        assert_eq!(cost(-5, "EUR"), Some(0));
        assert_eq!(cost(1, "GBP"), None);
        assert_eq!(cost(i64::MAX, "EUR"), None);
        let worth = |count, code: &str| {
            let currency = Currency::parse(code).expect("a currency");
            steps.worth_of(points(count), currency)
        };
        assert_eq!(worth(0, "EUR"), Some(0));
        assert_eq!(worth(99, "EUR"), Some(0));
        assert_eq!(worth(199, "EUR"), Some(100));
        assert_eq!(worth(1_300, "USD"), Some(1_950));
        assert_eq!(worth(1_300, "GBP"), None);
        let fixed = reward("fixed", Benefit::AmountOff(vec![money(500, "EUR")]));
        let eur = Currency::parse("EUR").expect("a currency");
        assert_eq!(fixed.points_for(500, eur), None);
        assert_eq!(fixed.worth_of(points(500), eur), None);
    }

    #[test]
    fn a_code_is_good_until_its_last_day_is_over() {
        let utc = Calendar::default();
        let noon = Timestamp::from_millis(43_200_000);
        let check = |valid_days, day: Option<i64>| {
            let reward = Reward {
                valid_days,
                ..in_steps()
            };
            let gone = reward.code_expires_at(noon, &utc);
            assert_eq!(gone, day.map(|day| utc.start_of(day)));
        };
        check(None, None);
        check(Some(0), Some(1));
        check(Some(30), Some(31));
        check(Some(i64::MAX), None);
    }

    #[test]
    fn a_percentage_is_rounded_down() {
        let check = |minor, percent: &str, taken| {
            let percent = percent.parse().expect("a decimal of the test");
            assert_eq!(percent_of(minor, percent), taken, "{percent}% of {minor}");
        };
        check(1_999, "10", 199);
        check(1_999, "12.5", 249);
        check(1_999, "0.01", 0);
        check(10_000, "0.01", 1);
        check(
            crate::limits::MAX_AMOUNT_MINOR,
            "100",
            crate::limits::MAX_AMOUNT_MINOR,
        );
    }
}
