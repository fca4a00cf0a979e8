//! Holdings: what a member's balance is made of.
//!
//! Owns the lots, what is held for rewards, and what she owes. Its invariant: the lots and what is reserved sum
//! to the balance. Whether points may be spent is worked out for the instant that is asked for; nothing has to
//! run when they mature or expire.

use crate::lot::{Lot, points_of, put};
use crate::{Bargain, Points, Timestamp};

/// What a balance is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// The lots, the soonest to expire first.
    pub lots: Vec<Lot>,
    /// What is held for rewards, the oldest first.
    pub reservations: Vec<Reservation>,
    /// Points that were spent before a refund took them back; what is earned pays them off first.
    pub owed: i64,
    /// Up to when everything that time alone does has been settled; `None` before the first time.
    pub settled_at: Option<Timestamp>,
    /// When the newest of her orders and activities was.
    pub active_at: Option<Timestamp>,
}

/// Points that are held for rewards until they are committed, released, or the time is up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The id of the redemption.
    pub id: String,
    /// The first instant at which it holds no more.
    pub ends_at: Timestamp,
    /// What is held, as it was drawn from the lots.
    pub drawn: Vec<Lot>,
    /// The ids of the rewards.
    pub rewards: Vec<String>,
    /// What was agreed on them.
    pub bargain: Bargain,
}

impl Holdings {
    /// Points in lots and in reservations.
    #[must_use]
    pub fn points(&self) -> i64 {
        points_of(&self.lots).saturating_add(self.reserved())
    }

    /// The lots, and those that are held for rewards.
    pub fn all_lots(&self) -> impl Iterator<Item = &Lot> {
        let held = self.reservations.iter().flat_map(|it| &it.drawn);
        self.lots.iter().chain(held)
    }

    /// Points that may be spent at `now`.
    #[must_use]
    pub fn available(&self, now: Timestamp) -> i64 {
        self.sum(|lot| lot.is_available(now))
    }

    /// Points that wait for their return window to end.
    #[must_use]
    pub fn pending(&self, now: Timestamp) -> i64 {
        self.sum(|lot| lot.is_pending(now))
    }

    /// Points that are held for rewards.
    #[must_use]
    pub fn reserved(&self) -> i64 {
        let held = self.reservations.iter();
        held.fold(0, |sum, it| sum.saturating_add(it.points()))
    }

    /// The reservation of an id.
    #[must_use]
    pub fn reservation(&self, id: &str) -> Option<&Reservation> {
        self.reservations.iter().find(|it| it.id == id)
    }

    /// What is held of a balance of money, in minor units.
    #[must_use]
    pub fn money_held(&self, balance: &str) -> i64 {
        let held = self.reservations.iter();
        held.fold(0, |sum, it| sum.saturating_add(it.money(balance)))
    }

    /// What is available and expires first, and what expires with it.
    #[must_use]
    pub fn expiring(&self, now: Timestamp) -> Option<(Timestamp, i64)> {
        let lots = self.lots.iter();
        let end = lots
            .filter(|lot| lot.is_available(now))
            .find_map(|lot| lot.expires_at)?;
        let points = self.sum(|lot| lot.is_available(now) && lot.expires_at == Some(end));
        Some((end, points))
    }

    /// Makes a lot of what a balance has beyond its lots: points from before there were lots. They may be spent,
    /// and stay.
    pub fn account_for(&mut self, balance: Points) {
        let missing = balance.get().saturating_sub(self.points());
        let lot = Lot {
            points: missing,
            matures_at: Timestamp::from_millis(0),
            expires_at: None,
            currency: None,
        };
        put(&mut self.lots, lot);
    }

    fn sum(&self, fits: impl Fn(&Lot) -> bool) -> i64 {
        let lots = self.lots.iter().filter(|lot| fits(lot));
        lots.fold(0, |sum, lot| sum.saturating_add(lot.points))
    }
}

impl Reservation {
    /// Points that it holds.
    #[must_use]
    pub fn points(&self) -> i64 {
        points_of(&self.drawn)
    }

    /// What it holds of a balance of money, in minor units.
    #[must_use]
    pub fn money(&self, balance: &str) -> i64 {
        self.bargain.tendered(balance)
    }
}
