//! Lots: points earned together, which mature, expire and are spent together.
//!
//! Owns their order and what is taken from them; when points mature and expire is `lifetime.rs`'s. Its
//! invariants: a lot is never empty; lots of the same dates and currency are one; the soonest to expire comes
//! first, so that it is spent first.

use crate::{Currency, Pool, Timestamp};

/// Points that were earned together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// What is left of them, 1 or more.
    pub points: i64,
    /// From when on they may be spent.
    pub matures_at: Timestamp,
    /// The first instant at which they are gone; `None` where they stay.
    pub expires_at: Option<Timestamp>,
    /// The currency of the orders that earned them; `None` for points that no order earned.
    pub currency: Option<Currency>,
}

impl Lot {
    /// Whether it may be spent at `now`.
    #[must_use]
    pub fn is_available(&self, now: Timestamp) -> bool {
        self.matures_at <= now && !self.is_over(now)
    }

    /// Whether it waits for its return window to end at `now`.
    #[must_use]
    pub fn is_pending(&self, now: Timestamp) -> bool {
        now < self.matures_at && !self.is_over(now)
    }

    /// Whether it has expired at `now`.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether it has the dates and the currency of another, so that the two are one.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }

    /// Soonest to expire first; what never expires is last.
    fn rank(&self) -> (bool, Option<Timestamp>, Timestamp, Option<&'static str>) {
        (
            self.expires_at.is_none(),
            self.expires_at,
            self.matures_at,
            self.currency.map(Currency::code),
        )
    }
}

/// The sum of lots.
#[must_use]
pub fn points_of(lots: &[Lot]) -> i64 {
    lots.iter()
        .fold(0, |sum, lot| sum.saturating_add(lot.points))
}

/// Puts a lot into its place among others, or adds it to the one that is like it. An empty one is none.
pub fn put(lots: &mut Vec<Lot>, lot: Lot) {
    if lot.points <= 0 {
        return;
    }
    let place = lots.partition_point(|other| other.rank() < lot.rank());
    match lots.get_mut(place) {
        Some(other) if other.is_like(&lot) => {
            other.points = other.points.saturating_add(lot.points);
        }
        _ => lots.insert(place, lot),
    }
}

/// Takes so many points out of the lots that fit, the first first, and says out of which. It takes fewer where
/// there are no more.
pub fn take(lots: &mut Vec<Lot>, points: i64, fits: impl Fn(&Lot) -> bool) -> Vec<Lot> {
    let mut taken = Vec::new();
    let mut missing = points.max(0);
    for lot in lots.iter_mut().filter(|lot| fits(lot)) {
        let part = lot.points.min(missing);
        if part == 0 {
            break;
        }
        lot.points = lot.points.saturating_sub(part);
        missing = missing.saturating_sub(part);
        taken.push(Lot {
            points: part,
            ..*lot
        });
    }
    lots.retain(|lot| lot.points > 0);
    taken
}

/// The pools of an entry for points that are put into lots (`sign` 1) or taken out of them (-1).
#[must_use]
pub fn pools_of(lots: &[Lot], sign: i64) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::with_capacity(lots.len());
    for lot in lots {
        let points = lot.points.saturating_mul(sign);
        match pools.iter_mut().find(|pool| pool.currency == lot.currency) {
            Some(pool) => pool.points = pool.points.saturating_add(points),
            None => pools.push(Pool {
                currency: lot.currency,
                points,
                spent_minor: 0,
            }),
        }
    }
    pools
}

/// The part of lots that lies between two counts of their points.
pub(crate) fn between(lots: &[Lot], from: i64, to: i64) -> Vec<Lot> {
    let mut parts = Vec::new();
    let mut start = 0_i64;
    for lot in lots {
        let end = start.saturating_add(lot.points);
        let points = end.min(to).saturating_sub(start.max(from));
        if points > 0 {
            parts.push(Lot { points, ..*lot });
        }
        start = end;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(points: i64, matures: i64, expires: Option<i64>) -> Lot {
        Lot {
            points,
            matures_at: Timestamp::from_millis(matures),
            expires_at: expires.map(Timestamp::from_millis),
            currency: None,
        }
    }

    fn purse() -> Vec<Lot> {
        let mut lots = Vec::new();
        for it in [
            lot(5, 0, None),
            lot(7, 20, Some(90)),
            lot(3, 0, Some(50)),
            lot(2, 20, Some(90)),
            lot(0, 1, Some(1)),
        ] {
            put(&mut lots, it);
        }
        lots
    }

    #[test]
    fn lots_stand_in_the_order_in_which_they_expire_and_like_ones_are_one() {
        let expected = [lot(3, 0, Some(50)), lot(9, 20, Some(90)), lot(5, 0, None)];
        assert_eq!(purse(), expected);
        let eur = Currency::parse("EUR").ok();
        let mut lots = purse();
        put(
            &mut lots,
            Lot {
                currency: eur,
                ..lot(1, 0, None)
            },
        );
        assert_eq!(lots.len(), 4, "another currency is another lot");
    }

    #[test]
    fn the_soonest_to_expire_is_spent_first_and_never_more_than_there_is() {
        let check = |points, now, taken: &[Lot], left| {
            let mut lots = purse();
            let now = Timestamp::from_millis(now);
            let found = take(&mut lots, points, |lot| lot.is_available(now));
            assert_eq!(found, taken, "{points} at {now:?}");
            assert_eq!(points_of(&lots), left);
            assert_eq!(points_of(&lots) + points_of(&found), 17);
        };
        check(0, 0, &[], 17);
        check(-1, 0, &[], 17);
        check(2, 0, &[lot(2, 0, Some(50))], 15);
        // What is pending waits, although it expires sooner.
        check(4, 0, &[lot(3, 0, Some(50)), lot(1, 0, None)], 13);
        check(4, 20, &[lot(3, 0, Some(50)), lot(1, 20, Some(90))], 13);
        // What expired a moment ago is not spent any more.
        check(4, 50, &[lot(4, 20, Some(90))], 13);
        check(99, 90, &[lot(5, 0, None)], 12);
    }
}
