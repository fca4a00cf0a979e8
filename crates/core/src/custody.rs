//! Custody: how a programme looks after points once they are booked. Refunds, redemptions, guests, transfers
//! and the books.
//!
//! Owns the declarations; what follows from them is planned and accounted elsewhere. Its invariant: earning asks
//! none of this, so a shopper's browser does without it, and a programme that says nothing has the defaults.

use crate::Decimal;

/// Everything that a programme says of booked points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custody {
    /// What a refund takes back.
    pub refunds: RefundRules,
    /// Minutes for which points are held for a reward before they are hers again.
    pub hold_minutes: i64,
    /// Days for which an order of a guest waits for her to join; 0 where it does not.
    pub guest_days: i64,
    /// Between whom points move.
    pub transfers: TransferRules,
    /// What the books are told.
    pub accounting: AccountingRules,
}

/// What a refund takes back, and what it gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundRules {
    /// What becomes of bonuses where a part of an order comes back.
    pub bonuses: Bonuses,
    /// Whether a member owes what she has spent already; else it is forgiven.
    pub allows_deficit: bool,
    /// Days that spent points live at least when they come back.
    pub minimum_days: i64,
}

/// What becomes of the bonuses of an order of which a part comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bonuses {
    /// Each line takes its share with it.
    #[default]
    Proportional,
    /// As if only what is kept had been bought: a bonus whose condition that does not meet goes whole.
    Threshold,
}

/// Between whom points move. The default: nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransferRules {
    /// A member may give hers to another.
    pub between_members: bool,
    /// Members of one household may, whoever else may not.
    pub household: bool,
}

/// What the books are told; what a point is worth is [`Rate::worth`](crate::Rate::worth).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountingRules {
    /// The percentage of all points issued that is ever redeemed: 1 to 100, two decimals.
    pub redeemed_percent: Decimal,
}

impl Default for Custody {
    fn default() -> Self {
        Self {
            refunds: RefundRules::default(),
            hold_minutes: 60,
            guest_days: 30,
            transfers: TransferRules::default(),
            accounting: AccountingRules::default(),
        }
    }
}

impl Default for RefundRules {
    fn default() -> Self {
        Self {
            bonuses: Bonuses::Proportional,
            allows_deficit: false,
            minimum_days: 30,
        }
    }
}

impl Default for AccountingRules {
    fn default() -> Self {
        Self {
            redeemed_percent: Decimal::new(100, 0),
        }
    }
}
