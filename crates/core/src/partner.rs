//! Partners: other brands at which points are earned and spent, and what the brands owe each other.
//!
//! Owns the rates of each brand. Points are of one kind wherever they come from, so brands settle with the shop that
//! keeps the ledger, not with each other. Its invariant: an amount is rounded once, towards nothing.

mod settlement;

pub use self::settlement::{OfVersion, Settlement, SumTooLarge, Traffic, settle};
use crate::limits::MAX_RATE_DECIMALS;
use crate::reward::{Benefit, Reward};
use crate::{Cart, Currency, Decimal, Money, Points};

/// A brand that takes part in the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Names the partner in orders and entries.
    pub id: String,
    /// What members call it.
    pub name: String,
    /// Points for each unit of the currency there.
    pub earn: Vec<(Currency, Decimal)>,
    /// What one point takes off there, in units of the currency.
    pub spend: Vec<(Currency, Decimal)>,
    /// What the partner pays for each point that is earned there; where it is not said, what one takes off
    /// there.
    pub pays: Vec<(Currency, Decimal)>,
}

/// A partner whose order it is, and what was paid with there: who settles needs both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPartner {
    /// The id of the partner.
    pub id: String,
    /// The currency of the order.
    pub currency: Currency,
}

impl OfPartner {
    /// Whose order a cart is; `None` for the shop's own.
    #[must_use]
    pub fn of(cart: &Cart) -> Option<Self> {
        let id = cart.checkout().partner.clone()?;
        let currency = cart.currency();
        Some(Self { id, currency })
    }
}

impl Partner {
    /// Points for each unit of the currency; `None` where orders there earn nothing.
    #[must_use]
    pub fn earns(&self, currency: Currency) -> Option<Decimal> {
        rate_in(&self.earn, currency)
    }

    /// What so many points take off there, in minor units, rounded down; `None` where they take nothing off.
    #[must_use]
    pub fn worth(&self, points: Points, currency: Currency) -> Option<i64> {
        minor_of(points.get(), rate_in(&self.spend, currency)?, currency)
    }

    /// What the partner pays for so many points that were earned there, in minor units, rounded down.
    #[must_use]
    pub fn price(&self, points: Points, currency: Currency) -> Option<i64> {
        minor_of(points.get(), self.price_of_one(currency)?, currency)
    }

    /// What it pays for one point, in units of the currency.
    fn price_of_one(&self, currency: Currency) -> Option<Decimal> {
        rate_in(&self.pays, currency).or_else(|| rate_in(&self.spend, currency))
    }
}

/// The rewards of a program as a partner's orders get them: what is taken in steps takes off what a point does there,
/// and nothing in a currency in which points are not spent there.
#[must_use]
pub fn rewards_at(partner: &Partner, rewards: &[Reward]) -> Vec<Reward> {
    let of_partner = |reward: &Reward| {
        let mut reward = reward.clone();
        if let (Some(points), Some(_), Benefit::AmountOff(amounts)) =
            (reward.points, reward.steps, &mut reward.gives)
        {
            let spent = partner.spend.iter();
            let off = spent.filter_map(|(currency, _)| {
                let minor = partner.worth(points, *currency)?;
                let amount = Money::from_minor(minor, *currency).ok()?;
                (minor > 0).then_some(amount)
            });
            *amounts = off.collect();
        }
        reward
    };
    rewards.iter().map(of_partner).collect()
}

fn rate_in(rates: &[(Currency, Decimal)], currency: Currency) -> Option<Decimal> {
    let listed = rates.iter().find(|(known, _)| *known == currency);
    listed.map(|(_, rate)| *rate)
}

/// So many points at so many units of the currency each, in minor units, rounded towards nothing: so what is taken back
/// of some points is what was given for as many.
fn minor_of(points: i64, each: Decimal, currency: Currency) -> Option<i64> {
    let exact = i128::from(points).checked_mul(each.scaled(MAX_RATE_DECIMALS)?.into())?;
    // From ten-thousandths of a unit: no currency has more decimals.
    let spare = MAX_RATE_DECIMALS.checked_sub(currency.minor_digits())?;
    let minor = exact.checked_div(10_i128.checked_pow(spare)?)?;
    i64::try_from(minor).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a currency")
    }

    pub(super) fn rates(rates: &[(&str, &str)]) -> Vec<(Currency, Decimal)> {
        let rate = |(code, rate): &(&str, &str)| {
            (currency(code), rate.parse().expect("a decimal of the test"))
        };
        rates.iter().map(rate).collect()
    }

    fn partner(id: &str) -> Partner {
        Partner {
            id: id.to_owned(),
            name: id.to_owned(),
            earn: rates(&[("EUR", "0.5")]),
            spend: rates(&[("EUR", "0.01"), ("JPY", "1.5")]),
            pays: rates(&[("EUR", "0.0125")]),
        }
    }

    fn points(count: i64) -> Points {
        Points::new(count).expect("points of the test")
    }

    #[test]
    fn points_are_worth_at_a_partner_what_it_says() {
        let fuel = partner("fuel");
        assert_eq!(fuel.worth(points(250), currency("EUR")), Some(250));
        assert_eq!(fuel.price(points(250), currency("EUR")), Some(312));
        assert_eq!(fuel.worth(points(3), currency("JPY")), Some(4));
        assert_eq!(fuel.worth(points(3), currency("USD")), None);
        assert_eq!(fuel.earns(currency("EUR")), Some(Decimal::new(5, 1)));
        assert_eq!(fuel.earns(currency("JPY")), None);
    }
}
