//! Gifts on their way: what a member gets for what somebody else did, or gives back for it.
//!
//! A batch writes one member. So what a friend's order gives to who brought her, and what a competition gives to its
//! winners, is sent, and brought by [`GiftArrival`]. Invariant: it arrives once, and what takes a gift back arrives
//! after it.

use earnest_core::reward::Gift;
use earnest_core::wire::GiftDocument as GiftText;
use earnest_core::{Command, Currency, EntryKind, GivenFor, Program, Snapshot, Timestamp, plan};
use serde::{Deserialize, Serialize};

use crate::gift::{Codes, Gifts, withdraw};
use crate::store::append::{self, Base};
use crate::store::budgets::{self, Budgets};
use crate::store::gifts_sent::{self, SentRow};
use crate::store::members::{self, MemberRow};
use crate::store::{Rows, Statement, StoreError};
use crate::{Booking, BookingError, Found, Written, json};

/// A gift to send.
pub(crate) struct SentGift {
    /// What it is booked for.
    pub(crate) gift_id: String,
    /// The kind of its entry.
    pub(crate) kind: EntryKind,
    /// To whom.
    pub(crate) member_id: String,
    pub(crate) content: GiftContent,
}

/// What travels. Later versions read it: its bytes are pinned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum GiftContent {
    /// Something is given.
    Give {
        by: String,
        gift: GiftText,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderContent>,
    },
    /// What was given goes back.
    Take {
        /// What was sent: the id of that gift.
        back: String,
        gift: GiftText,
        order: OrderContent,
    },
}

/// The order that it is given for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderContent {
    placed_at: i64,
    currency: Option<String>,
}

/// A gift to bring.
#[derive(Clone, Copy, Debug)]
pub struct GiftArrival<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// What it is booked for.
    pub gift_id: &'a str,
    /// What its code is made of.
    pub codes: Codes,
}

/// What is on its way, and to whom.
#[derive(Clone, Debug)]
pub struct OnItsWay {
    sent: SentRow,
    receiver: MemberRow,
    budgets: Budgets,
}

#[derive(Serialize)]
struct Arrived<'a> {
    gift_id: &'a str,
}

impl GiftContent {
    pub(crate) fn give(by: &str, gift: &Gift, order: Option<GivenFor>) -> Self {
        Self::Give {
            by: by.to_owned(),
            gift: text_of(gift),
            order: order.map(OrderContent::from),
        }
    }

    pub(crate) fn take(back: &str, gift: GiftText, order: GivenFor) -> Self {
        Self::Take {
            back: back.to_owned(),
            gift,
            order: order.into(),
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|error| broken(&error))
    }
}

impl From<GivenFor> for OrderContent {
    fn from(order: GivenFor) -> Self {
        Self {
            placed_at: order.placed_at.as_millis(),
            currency: order.currency.map(|it| it.code().to_owned()),
        }
    }
}

impl OrderContent {
    fn read(&self) -> Result<GivenFor, StoreError> {
        let currency = self.currency.as_deref().map(Currency::parse);
        Ok(GivenFor {
            placed_at: Timestamp::from_millis(self.placed_at),
            currency: currency.transpose().map_err(|error| broken(&error))?,
        })
    }
}

/// A gift as programs write it.
pub(crate) fn text_of(gift: &Gift) -> GiftText {
    match gift {
        Gift::Points(points) => GiftText::Points(points.get()),
        Gift::Reward(id) => GiftText::Reward(id.clone()),
    }
}

/// A gift as the core has it.
pub(crate) fn read_gift(gift: GiftText) -> Result<Gift, StoreError> {
    Gift::try_from(gift).map_err(|error| broken(&error))
}

/// The points of a gift: money that it was is in the ledger, and any other reward is a code.
pub(crate) fn points_of(gift: &Gift) -> i64 {
    match gift {
        Gift::Points(points) => points.get(),
        Gift::Reward(_) => 0,
    }
}

fn broken(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("a gift on its way cannot be read: {error}"))
}

impl Booking<3> for GiftArrival<'_> {
    type Known = OnItsWay;

    fn reads(&self) -> [Statement; 3] {
        [
            gifts_sent::load(self.shop, self.gift_id),
            gifts_sent::load_receiver(self.shop, self.gift_id),
            budgets::load(self.shop),
        ]
    }

    fn find<R: Rows>(
        &self,
        [sent, receiver, budgets]: &[R; 3],
    ) -> Result<Found<OnItsWay>, BookingError> {
        let Some(sent) = gifts_sent::sent(sent)? else {
            return Ok(Found::Booked(self.arrived()));
        };
        if sent.arrived_at.is_some() {
            return Ok(Found::Booked(self.arrived()));
        }
        if sent.waits != 0 {
            let what = "another writer was first: what this takes back is still on its way";
            return Err(StoreError::Conflict(what.to_owned()).into());
        }
        let nobody = || StoreError::Broken("nobody is to receive a gift".to_owned());
        Ok(Found::Open(OnItsWay {
            sent,
            receiver: members::member(receiver)?.ok_or_else(nobody)?,
            budgets: budgets::budgets(budgets)?,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        known: OnItsWay,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let OnItsWay {
            sent,
            receiver,
            budgets,
        } = known;
        let mut kinds = EntryKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.name() == sent.kind);
        let kind = kind.ok_or_else(|| broken(&sent.kind))?;
        let snapshot = Snapshot {
            budgets,
            ..receiver.snapshot()?
        };
        let refused = |refusal| BookingError::refused(refusal, None);
        let id = &receiver.member_id;
        let mut statements = Vec::new();
        match GiftContent::read(&sent.content)? {
            GiftContent::Give { by, gift, order } => {
                let order = order.as_ref().map(OrderContent::read).transpose()?;
                let command = Command::Give {
                    kind,
                    source: self.gift_id,
                    giver: &by,
                    gift: &read_gift(gift)?,
                    order,
                };
                let given = plan(program, Some(&snapshot), command, now).map_err(refused)?;
                let base = Base::of(&receiver)?;
                statements.extend(append::store_plan(self.shop, &base, program, &given, now));
                let gifts = Gifts::of(&given, program, &self.codes);
                statements.extend(gifts.store(self.shop, id, now));
            }
            GiftContent::Take { back, gift, order } => {
                let order = order.read()?;
                let command = Command::TakeGift {
                    source: self.gift_id,
                    points: points_of(&read_gift(gift)?),
                    credits: &sent.credits()?,
                    order,
                };
                let taken = plan(program, Some(&snapshot), command, now).map_err(refused)?;
                let base = Base::of(&receiver)?;
                statements.extend(append::store_plan(self.shop, &base, program, &taken, now));
                statements.push(withdraw(self.shop, kind, &back, now));
            }
        }
        statements.push(gifts_sent::store_arrival(self.shop, self.gift_id, now));
        Ok(Written {
            statements,
            answer: self.arrived(),
        })
    }
}

impl GiftArrival<'_> {
    fn arrived(&self) -> String {
        let gift_id = self.gift_id;
        json(&Arrived { gift_id })
    }
}

#[cfg(test)]
mod tests {
    use earnest_core::Points;

    use super::*;

    #[test]
    fn what_travels_is_read_as_it_was_sent() {
        let order = GivenFor {
            placed_at: Timestamp::from_millis(7),
            currency: Currency::parse("EUR").ok(),
        };
        let points = Gift::Points(Points::new(500).expect("points of the test"));
        let check = |content: GiftContent, text: &str| {
            assert_eq!(json(&content), text);
            assert_eq!(GiftContent::read(text), Ok(content));
        };
        check(
            GiftContent::give("referral", &points, Some(order)),
            r#"{"give":{"by":"referral","gift":{"points":500},"order":{"placed_at":7,"currency":"EUR"}}}"#,
        );
        check(
            GiftContent::give("cup", &Gift::Reward("mug".to_owned()), None),
            r#"{"give":{"by":"cup","gift":{"reward":"mug"}}}"#,
        );
        check(
            GiftContent::take("friend-ordered:bea", text_of(&points), order),
            r#"{"take":{"back":"friend-ordered:bea","gift":{"points":500},"order":{"placed_at":7,"currency":"EUR"}}}"#,
        );
    }
}
