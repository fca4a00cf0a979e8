//! Who bought, and all else that is known when an order is new.
//!
//! Invariant: what she pays with is hers, was so when she bought, and is not spent.

use earnest_core::{Plan, Snapshot, Timestamp};

use crate::RedemptionError;
use crate::referral::member_after;
use crate::store::StoreError;
use crate::store::budgets::Budgets;
use crate::store::members::MemberRow;
use crate::store::redemptions::RedemptionRow;
use crate::store::referrals::ReferralRow;
use crate::store::refunds::RefundRow;
use crate::store::seeds::SeedRow;

/// What is known when an order is new.
#[derive(Clone, Debug)]
pub struct Buyer {
    /// Who bought; `None` for a guest.
    pub(super) member: Option<MemberRow>,
    /// What she is welcomed with, where she joins by this order.
    pub(super) joined: Option<Plan>,
    pub(super) budgets: Budgets,
    pub(super) content: String,
    /// Whether the quote was honoured by another order.
    pub(super) is_quote_used: bool,
    /// What it was paid with.
    pub(super) redemptions: Vec<RedemptionRow>,
    /// What came back of it before it came itself.
    pub(super) refunds: Vec<RefundRow>,
    /// Who brought her.
    pub(super) referral: Option<ReferralRow>,
    /// What the shop draws surprises with.
    pub(super) seeds: Vec<SeedRow>,
}

impl Buyer {
    /// A gift that it was paid with was hers when it was placed.
    pub(super) fn check_gifts(&self, placed_at: Timestamp) -> Result<(), RedemptionError> {
        let mut redemptions = self.redemptions.iter();
        let over = redemptions.find(|it| it.is_over(placed_at));
        over.map_or(Ok(()), |it| {
            Err(RedemptionError::Over(it.redemption_id.clone()))
        })
    }

    /// What is known of a member; `None` for a guest.
    pub(super) fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        let Some(member) = &self.member else {
            return Ok(None);
        };
        if let Some(joined) = &self.joined {
            return Ok(Some(member_after(joined)));
        }
        let budgets = self.budgets.clone();
        let snapshot = member.snapshot()?;
        Ok(Some(Snapshot {
            budgets,
            ..snapshot
        }))
    }

    /// What it was paid with is hers, and not spent yet.
    pub(super) fn check_redemptions(&self, ids: &[String]) -> Result<(), RedemptionError> {
        for id in ids {
            let redemption = self.redemptions.iter().find(|it| it.redemption_id == *id);
            let hers = self.member.as_ref().map(|member| &member.member_id);
            let is_hers = |it: &&RedemptionRow| hers == Some(&it.member_id);
            match redemption.filter(is_hers) {
                None => return Err(RedemptionError::NotHers(id.clone())),
                Some(it) if it.is_spent() => return Err(RedemptionError::Spent(id.clone())),
                Some(_) => {}
            }
        }
        Ok(())
    }
}
