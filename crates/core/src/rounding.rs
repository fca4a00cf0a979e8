//! How exact points become whole ones.

use crate::exact::ExactPoints;
use crate::points::{Points, PointsError};

/// The direction of a rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Down to the whole point: 1.9 is 1.
    Floor,
    /// Up to the whole point: 1.1 is 2.
    Ceil,
    /// To the nearest, a half up: 1.5 is 2 and 2.5 is 3.
    HalfUp,
    /// To the nearest, a half to the even number: 1.5 is 2 and 2.5 is 2.
    HalfEven,
}

/// What is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundingScope {
    /// Each line is rounded, then summed.
    Line,
    /// The order's sum is rounded; its lines share the result by largest remainder.
    Order,
}

/// Half a point, in hundred-trillionths.
const HALF: i64 = 50_000_000_000_000;

impl Rounding {
    /// Rounds exact points.
    ///
    /// # Errors
    /// When the result is beyond 2^53 - 1.
    pub fn round(self, exact: ExactPoints) -> Result<Points, PointsError> {
        let (whole, fraction) = exact.split();
        let whole = i64::try_from(whole).map_err(|_| PointsError)?;
        let up = match self {
            Self::Floor => false,
            Self::Ceil => fraction > 0,
            Self::HalfUp => fraction >= HALF,
            Self::HalfEven => fraction > HALF || (fraction == HALF && whole.rem_euclid(2) == 1),
        };
        whole
            .checked_add(i64::from(up))
            .ok_or(PointsError)
            .and_then(Points::new)
    }
}

#[cfg(test)]
mod tests {
    use crate::Decimal;

    use super::*;
    use crate::{Currency, ExactRate};

    fn check(exact: &str, [floor, ceil, half_up, half_even]: [i64; 4]) {
        let rate: Decimal = exact.parse().expect("a decimal of the test");
        let yen = Currency::parse("JPY").expect("a currency");
        let exact = ExactRate::new(yen, rate).expect("a small rate").on(1);
        let round = |mode: Rounding| mode.round(exact).map(Points::get);
        assert_eq!(round(Rounding::Floor), Ok(floor), "floor of {exact}");
        assert_eq!(round(Rounding::Ceil), Ok(ceil), "ceil of {exact}");
        assert_eq!(round(Rounding::HalfUp), Ok(half_up), "half-up of {exact}");
        assert_eq!(
            round(Rounding::HalfEven),
            Ok(half_even),
            "half-even of {exact}"
        );
    }

    #[test]
    fn each_mode_rounds_in_its_direction() {
        check("2", [2, 2, 2, 2]);
        check("2.0001", [2, 3, 2, 2]);
        check("2.4999", [2, 3, 2, 2]);
        check("2.5", [2, 3, 3, 2]);
        check("3.5", [3, 4, 4, 4]);
        check("2.5001", [2, 3, 3, 3]);
        check("0.5", [0, 1, 1, 0]);
    }
}
