//! A member as evaluation and planning see her: what she has, and what she is. No personal data.

use crate::challenge::ChallengeProgress;
use crate::{Holdings, Points, Standing, Timestamp, Usage};

/// A member at one moment. [`Snapshot::default`] is somebody who has nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Her id; empty for who is no member, and where it does not matter.
    pub member_id: String,
    /// The number of her entries; the next one is `seq + 1`.
    pub seq: u64,
    /// The sum of her entries. Never negative.
    pub balance: Points,
    /// What the balance is made of.
    pub holdings: Holdings,
    /// What her orders have earned since she joined; it decides her tier. Spending leaves it alone.
    pub earned: Points,
    /// The id of the tier in which she was last settled. [`Program::tier_at`](crate::Program::tier_at) says
    /// which one she is in.
    pub tier: Option<String>,
    /// What her tier comes from, besides `earned`.
    pub standing: Standing,
    /// How far she is in each challenge that she has begun.
    pub challenges: Vec<ChallengeProgress>,
    /// What she has on each money balance, by its id, in minor units.
    pub credits: Vec<(String, i64)>,
    /// The number of her orders.
    pub orders: u32,
    /// When the last of them was placed.
    pub last_order_at: Option<Timestamp>,
    /// When she joined.
    pub joined_at: Option<Timestamp>,
    /// The month and the day of her birthday.
    pub birthday: Option<(u8, u8)>,
    /// The segments that the shop has put her into.
    pub segments: Vec<String>,
    /// The shop's tags of her.
    pub tags: Vec<String>,
    /// Until when her paid membership runs.
    pub paid_until: Option<Timestamp>,
    /// What she has had of each holder of limits.
    pub usage: Vec<Usage>,
    /// What all members have had of each holder of a budget, by its id, in points.
    pub budgets: Vec<(String, i64)>,
}

impl Snapshot {
    /// What she has had of a rule or campaign, or, by the empty id, of the programme.
    #[must_use]
    pub fn usage_of(&self, holder: &str) -> Option<&Usage> {
        self.usage.iter().find(|usage| usage.holder == holder)
    }

    /// When the newest of her orders and activities was: her rest counts from there.
    #[must_use]
    pub fn active_at(&self) -> Option<Timestamp> {
        self.last_order_at.max(self.holdings.active_at)
    }

    /// What is on a balance of money that nothing holds, in minor units.
    #[must_use]
    pub fn credit_free(&self, balance: &str) -> i64 {
        let known = self.credits.iter().find(|(id, _)| id == balance);
        let minor = known.map_or(0, |(_, minor)| *minor);
        minor.saturating_sub(self.holdings.money_held(balance))
    }

    /// What all members have had of a holder of a budget.
    #[must_use]
    pub fn budget_used(&self, holder: &str) -> i64 {
        let used = self.budgets.iter().find(|(known, _)| known == holder);
        used.map_or(0, |(_, points)| *points)
    }
}
