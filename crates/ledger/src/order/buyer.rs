//! Who bought, and all else that is known when an order is new.
//!
//! Invariant: what she pays with is hers, was so when she bought, is not spent, and goes together.

use earnest_core::reward::together;
use earnest_core::{Bargain, Cart, Plan, Program, Snapshot, Timestamp};

use crate::redemption::{AgreedDocument, AskedCart, paying};
use crate::referral::member_after;
use crate::store::StoreError;
use crate::store::budgets::Budgets;
use crate::store::members::MemberRow;
use crate::store::orders::KnownQuote;
use crate::store::redemptions::RedemptionRow;
use crate::store::referrals::ReferralRow;
use crate::store::refunds::RefundRow;
use crate::store::seeds::SeedRow;
use crate::{BookingError, RedemptionError};

/// The rewards of a redemption, and what was agreed on them.
type Held = (Vec<String>, Bargain);

/// What is known when an order is new.
#[derive(Clone, Debug)]
pub struct Buyer {
    /// Who bought; `None` for a guest.
    pub(super) member: Option<MemberRow>,
    /// What she is welcomed with, where she joins by this order.
    pub(super) joined: Option<Plan>,
    pub(super) budgets: Budgets,
    pub(super) content: String,
    /// The quote that it brings.
    pub(super) quoted: KnownQuote,
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
        let hers = self.member.as_ref().map(|member| &member.member_id);
        for (nth, id) in ids.iter().enumerate() {
            let redemption = self.redemption(id);
            let wrong = match redemption.filter(|it| hers == Some(&it.member_id)) {
                None => RedemptionError::NotHers(id.clone()),
                Some(it) if it.is_spent() => RedemptionError::Spent(id.clone()),
                Some(_) => continue,
            };
            return Err(at(nth, wrong));
        }
        Ok(())
    }

    /// What it was paid with was asked for an order where it is: at a partner a point takes off something else.
    pub(super) fn check_partner(&self, ids: &[String], cart: &Cart) -> Result<(), BookingError> {
        let here = &cart.checkout().partner;
        for (nth, id) in ids.iter().enumerate() {
            let asked = self.redemption(id).map(AskedCart::of).transpose()?;
            if let Some(asked) = asked.flatten().filter(|it| it.partner != *here) {
                let (id, at_partner) = (id.clone(), asked.partner);
                let error = RedemptionError::OfOtherPartner { id, at: at_partner };
                return Err(at(nth, error).into());
            }
        }
        Ok(())
    }

    /// A gift that it was paid with was hers when it was placed.
    pub(super) fn check_gifts(
        &self,
        ids: &[String],
        placed_at: Timestamp,
    ) -> Result<(), RedemptionError> {
        let mut redemptions = ids.iter().map(|id| self.redemption(id));
        let over = redemptions.position(|it| it.is_some_and(|it| it.is_over(placed_at)));
        let over = over.and_then(|nth| Some((nth, ids.get(nth)?.clone())));
        over.map_or(Ok(()), |(nth, id)| Err(at(nth, RedemptionError::Over(id))))
    }

    /// What it was paid with goes together, as the rewards of one redemption do.
    pub(super) fn check_together(
        &self,
        ids: &[String],
        program: &Program,
        cart: &Cart,
    ) -> Result<(), BookingError> {
        let mut places: Vec<usize> = Vec::new();
        let mut all = Vec::new();
        for (nth, id) in ids.iter().enumerate() {
            let is_first = ids.iter().position(|it| it == id) == Some(nth);
            if let Some(redemption) = self.redemption(id).filter(|_| is_first) {
                let paying = paying(redemption, program, cart).map_err(|error| match error {
                    BookingError::Redemption(error) => at(nth, error).into(),
                    other => other,
                })?;
                all.push(paying);
                places.push(nth);
            }
        }
        together(&all, cart).map_err(|(place, refusal)| {
            let nth = places.get(place).copied().unwrap_or_default();
            let id = ids.get(nth).cloned().unwrap_or_default();
            at(nth, RedemptionError::Together { id, refusal }).into()
        })
    }

    /// What the redemptions hold, for the plan of the order.
    pub(super) fn held(&self) -> Result<Vec<Held>, StoreError> {
        let held = self.redemptions.iter().map(|row| {
            let agreed = AgreedDocument::of(row)?;
            let bargain = agreed.map(|it| Bargain::from(it.bargain));
            Ok((row.rewards()?, bargain.unwrap_or_default()))
        });
        held.collect()
    }

    fn redemption(&self, id: &str) -> Option<&RedemptionRow> {
        self.redemptions.iter().find(|it| it.redemption_id == id)
    }
}

fn at(nth: usize, error: RedemptionError) -> RedemptionError {
    RedemptionError::OfOrder {
        nth,
        error: Box::new(error),
    }
}
