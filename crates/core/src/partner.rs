//! Partners: other brands at which points are earned and spent, and what the brands owe each other.
//!
//! Owns the rates of each brand and the settlement. Points are of one kind wherever they come from, so
//! brands settle with the shop that keeps the ledger, not with each other. Its invariant: an amount is
//! computed once from the sum of the points and rounded down, never entry by entry.

use crate::limits::MAX_RATE_DECIMALS;
use crate::reward::{Benefit, Reward};
use crate::{Currency, Decimal, Money, Points};

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

/// The points that were earned and spent at a partner in a currency, in the time that is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic<'a> {
    /// The id of the partner.
    pub partner: &'a str,
    /// The currency of the orders.
    pub currency: Currency,
    /// Points earned there, those that were taken back taken off.
    pub earned: Points,
    /// Points spent there, as a number of 0 or more.
    pub spent: Points,
}

/// What a partner and the shop owe each other, in minor units of the currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement<'p> {
    /// The partner.
    pub partner: &'p Partner,
    /// The currency.
    pub currency: Currency,
    /// What the partner owes for the points that its customers earned, rounded down.
    pub partner_owes_minor: i64,
    /// What the shop owes for the points that were spent there, rounded down.
    pub shop_owes_minor: i64,
    /// What the partner pays; negative where the shop does.
    pub net_minor: i64,
}

/// Points that cannot be settled, by their place in the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettlementError {
    /// The program has no such partner.
    #[error("there is no partner of this id")]
    PartnerUnknown {
        /// The place.
        nth: usize,
    },
    /// The partner has points in a currency for which it has no rate.
    #[error("the partner has no rate in this currency")]
    RateMissing {
        /// The place.
        nth: usize,
    },
    /// The amount is beyond what can be counted, or the points are less than none.
    #[error("the amount is beyond what can be counted")]
    TooLarge {
        /// The place.
        nth: usize,
    },
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
        minor_of(points, rate_in(&self.spend, currency)?, currency)
    }

    /// What the partner pays for so many points that were earned there, in minor units, rounded down.
    #[must_use]
    pub fn price(&self, points: Points, currency: Currency) -> Option<i64> {
        let each = rate_in(&self.pays, currency).or_else(|| rate_in(&self.spend, currency));
        minor_of(points, each?, currency)
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

/// What partners and the shop owe each other, one for each partner and currency, in the order of the
/// partners and then of the currencies' codes. Traffic that is told in several parts is one sum.
///
/// # Errors
/// The first traffic that cannot be settled; then nothing is.
pub fn settle<'p>(
    partners: &'p [Partner],
    traffic: &[Traffic<'_>],
) -> Result<Vec<Settlement<'p>>, SettlementError> {
    let mut sums: Vec<(usize, Currency, Points, Points)> = Vec::new();
    for (nth, part) in traffic.iter().enumerate() {
        let place = partners.iter().position(|it| it.id == part.partner);
        let place = place.ok_or(SettlementError::PartnerUnknown { nth })?;
        let too_large = |_| SettlementError::TooLarge { nth };
        let known = sums
            .iter_mut()
            .find(|it| (it.0, it.1) == (place, part.currency));
        if let Some((_, _, earned, spent)) = known {
            *earned = earned.checked_add(part.earned).map_err(too_large)?;
            *spent = spent.checked_add(part.spent).map_err(too_large)?;
        } else {
            sums.push((place, part.currency, part.earned, part.spent));
        }
    }
    sums.sort_unstable_by_key(|(place, currency, _, _)| (*place, *currency));
    let mut settled = Vec::with_capacity(sums.len());
    for (place, currency, earned, spent) in sums {
        let Some(partner) = partners.get(place) else {
            continue;
        };
        let is_meant = |it: &Traffic<'_>| it.partner == partner.id && it.currency == currency;
        let nth = traffic.iter().position(is_meant).unwrap_or(0);
        let owed = |points: Points, rates: &[&[(Currency, Decimal)]]| {
            if points == Points::ZERO {
                return Ok(0);
            }
            let rate = rates.iter().find_map(|rates| rate_in(rates, currency));
            let rate = rate.ok_or(SettlementError::RateMissing { nth })?;
            minor_of(points, rate, currency).ok_or(SettlementError::TooLarge { nth })
        };
        let partner_owes_minor = owed(earned, &[&partner.pays, &partner.spend])?;
        let shop_owes_minor = owed(spent, &[&partner.spend])?;
        settled.push(Settlement {
            partner,
            currency,
            partner_owes_minor,
            shop_owes_minor,
            net_minor: partner_owes_minor.saturating_sub(shop_owes_minor),
        });
    }
    Ok(settled)
}

fn rate_in(rates: &[(Currency, Decimal)], currency: Currency) -> Option<Decimal> {
    let listed = rates.iter().find(|(known, _)| *known == currency);
    listed.map(|(_, rate)| *rate)
}

/// So many points at so many units of the currency each, in minor units, rounded down.
fn minor_of(points: Points, each: Decimal, currency: Currency) -> Option<i64> {
    let exact = i128::from(points.get()).checked_mul(each.scaled(MAX_RATE_DECIMALS)?.into())?;
    // From ten-thousandths of a unit: no currency has more decimals.
    let spare = MAX_RATE_DECIMALS.checked_sub(currency.minor_digits())?;
    let minor = exact.checked_div_euclid(10_i128.checked_pow(spare)?)?;
    i64::try_from(minor).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a currency")
    }

    fn rates(rates: &[(&str, &str)]) -> Vec<(Currency, Decimal)> {
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

    /// A partner, a currency, and what it owes, what the shop owes, and the net.
    type Owed<'a> = (&'a str, &'a str, [i64; 3]);

    fn check(traffic: &[(&str, &str, i64, i64)], expected: Result<&[Owed<'_>], SettlementError>) {
        let partners = [partner("fuel"), partner("air")];
        let traffic: Vec<_> = traffic
            .iter()
            .map(|(partner, code, earned, spent)| Traffic {
                partner,
                currency: currency(code),
                earned: points(*earned),
                spent: points(*spent),
            })
            .collect();
        let settled = settle(&partners, &traffic);
        let told = settled.as_ref().map(|settled| {
            let told = settled.iter().map(|it| {
                let owed = [it.partner_owes_minor, it.shop_owes_minor, it.net_minor];
                (it.partner.id.as_str(), it.currency.code(), owed)
            });
            told.collect::<Vec<_>>()
        });
        assert_eq!(told.map_err(|error| *error), expected.map(<[_]>::to_vec));
    }

    #[test]
    fn each_partner_settles_with_the_shop_by_its_own_rates() {
        check(&[], Ok(&[]));
        check(
            &[("fuel", "EUR", 10_000, 4_000)],
            Ok(&[("fuel", "EUR", [12_500, 4_000, 8_500])]),
        );
        check(
            &[("fuel", "EUR", 0, 4_000)],
            Ok(&[("fuel", "EUR", [0, 4_000, -4_000])]),
        );
        // Without a price of its own, a point that is earned costs what it takes off.
        check(&[("air", "JPY", 3, 1)], Ok(&[("air", "JPY", [4, 1, 3])]));
        // More was taken back than earned.
        check(
            &[("fuel", "EUR", -100, 0)],
            Ok(&[("fuel", "EUR", [-125, 0, -125])]),
        );
    }

    #[test]
    fn parts_are_summed_before_they_are_rounded_and_told_in_the_programs_order() {
        check(
            &[
                ("air", "JPY", 1, 0),
                ("air", "EUR", 1, 0),
                ("fuel", "EUR", 1, 0),
                ("air", "JPY", 1, 0),
                ("fuel", "EUR", 3, 7),
            ],
            Ok(&[
                ("fuel", "EUR", [5, 7, -2]),
                ("air", "EUR", [1, 0, 1]),
                ("air", "JPY", [3, 0, 3]),
            ]),
        );
    }

    #[test]
    fn what_cannot_be_settled_is_told_with_its_place() {
        let good = ("fuel", "EUR", 1, 1);
        check(
            &[good, ("rail", "EUR", 1, 0)],
            Err(SettlementError::PartnerUnknown { nth: 1 }),
        );
        check(
            &[good, ("fuel", "USD", 1, 0)],
            Err(SettlementError::RateMissing { nth: 1 }),
        );
        check(&[("fuel", "USD", 0, 0)], Ok(&[("fuel", "USD", [0, 0, 0])]));
        let most = crate::limits::MAX_POINTS;
        check(
            &[("fuel", "EUR", most, 0), ("fuel", "EUR", 1, 0)],
            Err(SettlementError::TooLarge { nth: 1 }),
        );
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
