//! Spend: how many points so much money earns.
//!
//! Owns the three ways in which programmes count money: by the unit, by the full step, by the band.

use crate::{Currency, Decimal, ExactRate, Points, PointsError};

/// How money earns points, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spend {
    /// So many points for each unit of the currency (each EUR, not each cent).
    PerUnit(Decimal),
    /// So many points for each full step: 2 points per full 10.00.
    PerStep {
        /// The step, in minor units; more than 0.
        every_minor: i64,
        /// Points for each.
        points: Points,
    },
    /// Points by the band that the sum falls into.
    Bands(Vec<Band>),
}

/// A row of a table of bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The most that a sum in this band is, in minor units; `None` for the last, which has no end.
    pub up_to_minor: Option<i64>,
    /// What it earns.
    pub points: Points,
}

/// What a spend earns: so much for each minor unit, or so much for the sum.
pub(crate) enum Earned {
    ByMinor(ExactRate),
    Whole(Points),
}

impl Spend {
    /// What a sum in minor units earns. Steps are counted down to full ones; what is above the last band
    /// earns nothing.
    pub(crate) fn on(&self, currency: Currency, sum_minor: i64) -> Result<Earned, PointsError> {
        match self {
            Self::PerUnit(per_unit) => ExactRate::new(currency, *per_unit).map(Earned::ByMinor),
            Self::PerStep {
                every_minor,
                points,
            } => {
                let steps = sum_minor.checked_div(*every_minor).unwrap_or(0);
                let earned = steps.checked_mul(points.get()).ok_or(PointsError)?;
                Points::new(earned).map(Earned::Whole)
            }
            Self::Bands(bands) => {
                let holds = |band: &&Band| band.up_to_minor.is_none_or(|most| sum_minor <= most);
                let band = bands.iter().find(holds).filter(|_| sum_minor > 0);
                Ok(Earned::Whole(band.map_or(Points::ZERO, |band| band.points)))
            }
        }
    }

    /// Points per unit, where it is that.
    #[must_use]
    pub fn per_unit(&self) -> Option<Decimal> {
        match self {
            Self::PerUnit(per_unit) => Some(*per_unit),
            Self::PerStep { .. } | Self::Bands(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(count: i64) -> Points {
        Points::new(count).expect("points of the test")
    }

    fn check(spend: &Spend, sum_minor: i64, earned: &str) {
        let currency = Currency::parse("EUR").expect("a currency");
        let exact = match spend.on(currency, sum_minor).expect("few points") {
            Earned::ByMinor(rate) => rate.on(sum_minor),
            Earned::Whole(points) => points.into(),
        };
        assert_eq!(exact.to_string(), earned, "{sum_minor}");
    }

    #[test]
    fn only_full_steps_earn() {
        let two_per_ten = Spend::PerStep {
            every_minor: 1_000,
            points: points(2),
        };
        check(&two_per_ten, 999, "0");
        check(&two_per_ten, 1_000, "2");
        check(&two_per_ten, 1_999, "2");
        check(&two_per_ten, 10_000, "20");
    }

    #[test]
    fn a_sum_earns_what_its_band_says_up_to_its_end() {
        let band = |up_to_minor, count| Band {
            up_to_minor,
            points: points(count),
        };
        let open = Spend::Bands(vec![
            band(Some(3_000), 2),
            band(Some(6_000), 6),
            band(None, 10),
        ]);
        check(&open, 0, "0");
        check(&open, 1, "2");
        check(&open, 3_000, "2");
        check(&open, 3_001, "6");
        check(&open, 6_000, "6");
        check(&open, 6_001, "10");
        let closed = Spend::Bands(vec![band(Some(3_000), 2)]);
        check(&closed, 3_001, "0");
    }

    #[test]
    fn a_rate_earns_to_the_last_minor_unit() {
        check(&Spend::PerUnit(Decimal::new(15, 1)), 1_999, "29.985");
    }
}
