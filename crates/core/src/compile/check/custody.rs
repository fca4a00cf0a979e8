//! Refunds, redemptions, guests, transfers and the books: that their numbers can be meant, and what of them is
//! published, which is what differs from the defaults.

use super::super::source::{
    AccountingSource, GuestsSource, RedemptionsSource, RefundsSource, TransfersSource,
};
use super::Check;
use crate::Decimal;
use crate::custody::Custody;
use crate::wire::{
    AccountingDocument, BonusesName, GuestsDocument, RedemptionsDocument, RefundsDocument,
    TransfersDocument,
};

/// Days that points live at least when they come back: ten years are enough.
const MAX_MINIMUM_DAYS: i64 = 3_650;
/// A week; whoever has not ordered by then has left the cart.
const MAX_HOLD_MINUTES: i64 = 10_080;
/// A year: so long the digest of a guest's e-mail is kept.
const MAX_GUEST_DAYS: i64 = 365;

impl Check<'_> {
    pub(super) fn refunds(&mut self, source: &RefundsSource) -> Option<RefundsDocument> {
        if outside(source.minimum_days, 0, MAX_MINIMUM_DAYS) {
            let message = format!("write 0 to {MAX_MINIMUM_DAYS} days");
            self.problem("/refunds/minimum_days", message);
        }
        let usual = Custody::default().refunds.minimum_days;
        told(RefundsDocument {
            bonuses: Some(source.bonuses).filter(|name| *name != BonusesName::default()),
            deficit: source.deficit,
            minimum_days: source.minimum_days.filter(|days| *days != usual),
        })
    }

    pub(super) fn redemptions(
        &mut self,
        source: &RedemptionsSource,
    ) -> Option<RedemptionsDocument> {
        if outside(source.hold_minutes, 1, MAX_HOLD_MINUTES) {
            let message = format!("write 1 to {MAX_HOLD_MINUTES} minutes");
            self.problem("/redemptions/hold_minutes", message);
        }
        let usual = Custody::default().hold_minutes;
        told(RedemptionsDocument {
            hold_minutes: source.hold_minutes.filter(|minutes| *minutes != usual),
        })
    }

    pub(super) fn guests(&mut self, source: &GuestsSource) -> Option<GuestsDocument> {
        if outside(source.days, 0, MAX_GUEST_DAYS) {
            let message = format!(
                "write 1 to {MAX_GUEST_DAYS} days, or 0 where orders of guests are not credited"
            );
            self.problem("/guests/days", message);
        }
        let usual = Custody::default().guest_days;
        told(GuestsDocument {
            days: source.days.filter(|days| *days != usual),
        })
    }

    pub(super) fn accounting(&mut self, source: &AccountingSource) -> Option<AccountingDocument> {
        let at = "/accounting/redeemed_percent";
        if let Some(percent) = source.redeemed_percent {
            if percent.0 < Decimal::ONE || percent.0 > Decimal::from(100) {
                self.problem(at, "write 1 to 100 percent of the points issued");
            }
            self.decimals(at, percent.0, 2);
            if self.source.points.worth.is_empty() {
                let message = "the books need what a point is worth; write it too, such as \
                               `points = { one = \"star\", other = \"stars\", worth = { EUR = 0.01 } }`";
                self.problem_with_key(at, message);
            }
        }
        let usual = Custody::default().accounting.redeemed_percent;
        told(AccountingDocument {
            redeemed_percent: source.redeemed_percent.filter(|it| it.0 != usual),
        })
    }
}

/// What members may do with their points among themselves has nothing to be wrong.
pub(super) fn transfers(source: &TransfersSource) -> Option<TransfersDocument> {
    told(TransfersDocument {
        between_members: source.between_members,
        household: source.household,
    })
}

fn outside(number: Option<i64>, least: i64, most: i64) -> bool {
    number.is_some_and(|number| !(least..=most).contains(&number))
}

/// What says nothing but the defaults is not published.
fn told<D: Default + PartialEq>(document: D) -> Option<D> {
    (document != D::default()).then_some(document)
}
