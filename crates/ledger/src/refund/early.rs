//! Refunds that came before their order: what becomes of each when it comes.
//!
//! Invariant: each is told, once and for good, in the order's answer: booked, nobody's, or refused by the name that it
//! would have been refused by had it come after.

use earnest_core::refund::{SentBack, TakenBack};
use earnest_core::{Cart, Plan, Program, Timestamp};

use super::{RefundAnswer, ReturnContent, ReturnError};
use crate::BookingError;
use crate::store::refunds::{RefundRow, RefundedOrder};
use crate::store::{Statement, StoreError, events};

/// What became of refunds that came before their order.
pub(crate) struct Early<'a> {
    /// The plan of the order, with theirs.
    pub(crate) plan: Plan,
    /// What each takes back that takes something.
    pub(crate) backs: Vec<TakenBack>,
    /// What each of them is answered from now on.
    pub(crate) answers: Vec<RefundAnswer<'a>>,
}

/// What has come back after each of the refunds of a cart, and why it is refused where it does not fit. One that does
/// not takes nothing.
fn judge(
    cart: &Cart,
    refunds: &[RefundRow],
) -> Result<(Vec<SentBack>, Vec<Option<ReturnError>>), StoreError> {
    let (mut all, mut refused) = (Vec::with_capacity(refunds.len()), Vec::new());
    let mut back = SentBack::default();
    for row in refunds {
        let content: ReturnContent = serde_json::from_str(&row.content)
            .map_err(|error| StoreError::Broken(format!("a refund cannot be read: {error}")))?;
        let refund = content.of(cart);
        let after = refund.and_then(|refund| back.with(cart, &refund).map_err(ReturnError::Order));
        match after {
            Ok(after) => {
                back = after;
                refused.push(None);
            }
            Err(why) => refused.push(Some(why)),
        }
        all.push(back.clone());
    }
    Ok((all, refused))
}

impl RefundedOrder {
    /// What has come back after each of these refunds. One that does not fit the order, which came after it, is none.
    ///
    /// # Errors
    /// Where one is not as the ledger keeps it.
    pub fn sent_back(&self, refunds: &[RefundRow]) -> Result<Vec<SentBack>, StoreError> {
        Ok(judge(&self.cart, refunds)?.0)
    }

    /// Plans the refunds that came before their order, upon the plan of the order; and says what became of each.
    pub(crate) fn refund_all<'a>(
        &self,
        program: &Program,
        order_id: &'a str,
        mut earned: Plan,
        refunds: &'a [RefundRow],
        now: Timestamp,
    ) -> Result<Early<'a>, BookingError> {
        let (mut backs, mut answers) = (Vec::new(), Vec::new());
        let (all, refused) = judge(&self.cart, refunds)?;
        for (nth, (row, (after, why))) in refunds.iter().zip(all.iter().zip(&refused)).enumerate() {
            let id = row.refund_id.as_str();
            let answer = RefundAnswer::new((id, order_id), "refused", now);
            if let Some(why) = why {
                answers.push(answer.refused(why));
                continue;
            }
            let before = all.get(..nth).unwrap_or_default();
            let taken = self.refund(program, &earned.snapshot, id, (before, after), now)?;
            let member_id = &earned.snapshot.member_id;
            answers.push(answer.taken(program, member_id, &earned.snapshot, &taken));
            backs.push(taken.back);
            earned = earned.then(taken.plan);
        }
        Ok(Early {
            plan: earned,
            backs,
            answers,
        })
    }
}

/// What becomes of the refunds of a guest's order: they take nobody's points, and yet fit it or not.
pub(crate) fn of_guest<'a>(
    cart: &Cart,
    order_id: &'a str,
    refunds: &'a [RefundRow],
    now: Timestamp,
) -> Result<Vec<RefundAnswer<'a>>, StoreError> {
    let (_, refused) = judge(cart, refunds)?;
    let answers = refunds.iter().zip(&refused).map(|(row, why)| {
        let answer = RefundAnswer::new((&row.refund_id, order_id), "guest", now);
        match why {
            Some(why) => answer.refused(why),
            None => answer,
        }
    });
    Ok(answers.collect())
}

/// Tells the shop of those that are refused: whoever sent them was told that they wait.
pub(crate) fn tell_refused(
    shop: &str,
    member_id: &str,
    answers: &[RefundAnswer<'_>],
    now: Timestamp,
) -> Vec<Statement> {
    let refused = answers.iter().filter_map(|it| Some((it, it.reason?)));
    let told = refused.map(|(it, reason)| {
        let refund = (it.refund_id, it.order_id, reason);
        events::store_refused_refund(shop, member_id, refund, now)
    });
    told.collect()
}
