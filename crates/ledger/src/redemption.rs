//! Redemptions: points are held for rewards, and then spent, or free again.
//!
//! Invariants: a redemption is asked for once, under the shop's id, and each delivery gets the first answer; what it
//! takes off is what the core's counter says, to the last minor unit and rate of tax.

mod agreed;
mod answer;
mod asked;
mod end;
mod listed;
mod tender;

use std::borrow::Cow;
use std::collections::BTreeMap;

use earnest_core::partner::{OfPartner, rewards_at};
use earnest_core::receipt::{Receipt, TaxRates, receipt};
use earnest_core::reward::{
    Had, Reward, RewardCode, RewardRefusal, Taken, Taker, TenderRefusal, TenderWish, Wish, take,
    tender,
};
use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Command, Decimal, Points, Program, Snapshot, Timestamp, plan};
use serde::Serialize;

pub(crate) use self::agreed::{AgreedDocument, paying};
use self::answer::RedemptionAnswer;
pub(crate) use self::asked::AskedCart;
pub use self::end::{Ending, RedemptionEnd};
pub use self::listed::{MAX_LISTED, list_redemptions};
pub use self::tender::TenderDocument;
use crate::store::append::{self, Base};
use crate::store::budgets::{self, Budgets};
use crate::store::members::{self, MemberRow};
use crate::store::redemptions::{self, NewRedemption};
use crate::store::{Rows, Statement};
use crate::{
    Booking, BookingError, Customer, CustomerContent, Differences, Found, Written, check_same, json,
};

/// Why a redemption is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedemptionError {
    /// Another redemption came under the same id.
    #[error("{}", .0.told("a redemption"))]
    Differs(Differences),
    /// Nobody asks for it.
    #[error("only a member can redeem points, and the shop has none of this customer")]
    UnknownMember,
    /// It is for an order at a partner that the program does not have.
    #[error("the program has no such partner")]
    PartnerUnknown,
    /// There is no redemption of this id.
    #[error("there is no redemption of this id")]
    Unknown,
    /// An order names a redemption that is not there, or is another member's.
    #[error("the member has no redemption {0:?}")]
    NotHers(String),
    /// It was asked for an order elsewhere, where points take off something else.
    #[error(
        "the redemption {id:?} was asked for {at}: release it, and ask again for the cart of this order",
        at = at.as_ref().map_or_else(
            || "an order of the shop's own".to_owned(),
            |partner| format!("an order at the partner {partner:?}")
        )
    )]
    OfOtherPartner {
        /// Its id.
        id: String,
        /// The partner for whose order it was asked; `None` for the shop's own.
        at: Option<String>,
    },
    /// Its points have been spent.
    #[error("the redemption {0:?} has been spent already")]
    Spent(String),
    /// It was given to her, and is hers no more: its time is up, or what it was given for came back.
    #[error("the gift {0:?} is over: its code has expired, or what it was given for came back")]
    Over(String),
    /// A reward is not to be had.
    #[error("{refusal}")]
    Refused {
        /// The place of the reward in the request.
        nth: usize,
        /// Why.
        refusal: RewardRefusal,
    },
    /// It cannot be paid with.
    #[error("{refusal}")]
    Tender {
        /// The place of the balance in the request.
        nth: usize,
        /// Why.
        refusal: TenderRefusal,
    },
    /// An order names one that it cannot be paid with.
    #[error("{error}")]
    OfOrder {
        /// Its place in the order's list.
        nth: usize,
        /// Why.
        error: Box<Self>,
    },
    /// An order names one that does not go with the others.
    #[error("the redemption {id:?} does not go with what else the order is paid with: {refusal}")]
    Together {
        /// Its id.
        id: String,
        /// Why.
        refusal: RewardRefusal,
    },
}

/// Rewards that somebody asks for. It has been checked.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// The shop's id.
    pub id: String,
    /// Who asks.
    pub customer: Customer,
    /// The rewards: id, and points where it is taken in steps.
    pub wishes: Vec<(String, Option<Points>)>,
    /// Money that pays besides: the id of the balance, and how much of its currency. With the rewards one or more.
    pub credits: Vec<(String, String)>,
    /// What they are taken off; without one nothing is.
    pub cart: Option<Cart>,
    /// Rates of tax by line, in percent.
    pub tax_rates: BTreeMap<String, Decimal>,
    /// The rate of tax of the shipping, in percent.
    pub shipping_tax_rate: Option<Decimal>,
    /// They are spent at once, and not held.
    pub is_spent_at_once: bool,
}

/// What is kept, and compared when the id comes again. The names are those of the request.
#[derive(Serialize)]
struct Content<'a> {
    customer: CustomerContent<'a>,
    rewards: Vec<WishContent<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credits: Vec<CreditContent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart: Option<CartDocument>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tax_rates: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_tax_rate: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    commit: bool,
}

#[derive(Serialize)]
struct WishContent<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
}

#[derive(Serialize)]
struct CreditContent<'a> {
    balance: &'a str,
    amount: &'a str,
}

/// A redemption to book.
#[derive(Clone, Copy, Debug)]
pub struct RedemptionBooking<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// What is asked for.
    pub redemption: &'a Redemption,
    /// The code that stands for what is spent at once; 80 random bits.
    pub code: RewardCode,
}

/// What is known when a redemption is new.
#[derive(Clone, Debug)]
pub struct Asker {
    member: MemberRow,
    budgets: Budgets,
    content: String,
}

impl Booking<3> for RedemptionBooking<'_> {
    type Known = Asker;

    fn reads(&self) -> [Statement; 3] {
        [
            redemptions::load(self.shop, std::slice::from_ref(&self.redemption.id)),
            members::load_by_traces(self.shop, self.redemption.customer.traces()),
            budgets::load(self.shop),
        ]
    }

    fn find<R: Rows>(
        &self,
        [booked, member, budgets]: &[R; 3],
    ) -> Result<Found<Asker>, BookingError> {
        let content = self.redemption.content();
        if let Some(booked) = redemptions::redemptions(booked)?.into_iter().next() {
            check_same(&booked.content, &content).map_err(RedemptionError::Differs)?;
            return Ok(Found::Booked(booked.answer));
        }
        let member = members::member(member)?;
        Ok(Found::Open(Asker {
            member: member.ok_or(RedemptionError::UnknownMember)?,
            budgets: budgets::budgets(budgets)?,
            content,
        }))
    }

    fn decide(
        &self,
        program: &Program,
        asker: Asker,
        now: Timestamp,
    ) -> Result<Written, BookingError> {
        let Asker {
            member,
            budgets,
            content,
        } = asker;
        let snapshot = Snapshot {
            budgets,
            ..member.snapshot()?
        };
        let refused = |refusal| BookingError::refused(refusal, None);
        // What time has done is done first: a hold that has ended is hers again.
        let settled = plan(program, Some(&snapshot), Command::Settle, now).map_err(refused)?;
        let rewards = self.rewards(program)?;
        let taken = self.take(program, &rewards, &settled.snapshot, now)?;
        let receipt = self.receipt(&taken);
        let tenders = self.tender(program, &settled.snapshot, receipt.as_ref())?;
        let reserve = Command::Reserve {
            redemption_id: &self.redemption.id,
            taken: &taken,
            tenders: &tenders,
        };
        let mut planned = plan(program, Some(&snapshot), reserve, now).map_err(refused)?;
        if self.redemption.is_spent_at_once {
            let partner = self.redemption.cart.as_ref().and_then(OfPartner::of);
            let commit = Command::Commit {
                redemption_id: &self.redemption.id,
                partner: partner.as_ref(),
            };
            let committed = plan(program, Some(&planned.snapshot), commit, now);
            planned = planned.then(committed.map_err(refused)?);
        }
        let answer = json(&RedemptionAnswer::new(
            self,
            program,
            &member.member_id,
            &taken,
            (&tenders, receipt.as_ref()),
            &planned.snapshot,
            now,
        ));
        let rewards: Vec<String> = taken.chosen.iter().map(|it| it.reward.id.clone()).collect();
        let mut statements =
            append::store_plan(self.shop, &Base::of(&member)?, program, &planned, now);
        statements.push(redemptions::store(
            self.shop,
            NewRedemption {
                redemption_id: &self.redemption.id,
                member_id: &member.member_id,
                content: &content,
                answer: &answer,
                points: taken.points.get(),
                rewards: &rewards,
                agreed: &json(&AgreedDocument::new(
                    &taken,
                    &tenders,
                    self.redemption.cart.as_ref().zip(receipt.as_ref()),
                )),
                spent_at: self.redemption.is_spent_at_once.then_some(now),
            },
            now,
        ));
        Ok(Written { statements, answer })
    }
}

impl RedemptionBooking<'_> {
    /// The rewards of the program, as the partner gives them whose order it is for.
    fn rewards<'p>(&self, program: &'p Program) -> Result<Cow<'p, [Reward]>, RedemptionError> {
        let cart = self.redemption.cart.as_ref();
        let Some(id) = cart.and_then(|cart| cart.checkout().partner.as_deref()) else {
            return Ok(Cow::Borrowed(program.rewards()));
        };
        let mut partners = program.partners().iter();
        let partner = partners.find(|it| it.id == *id);
        let partner = partner.ok_or(RedemptionError::PartnerUnknown)?;
        Ok(Cow::Owned(rewards_at(partner, program.rewards())))
    }

    fn take<'p>(
        &self,
        program: &Program,
        rewards: &'p [Reward],
        member: &Snapshot,
        now: Timestamp,
    ) -> Result<Taken<'p>, RedemptionError> {
        let had = Had::of(program.rewards(), member);
        let taker = Taker::new(program, member, &had, now);
        let wishes = self.redemption.wishes.iter();
        let wishes = wishes.map(|(reward, points)| Wish {
            reward,
            points: *points,
        });
        let wishes: Vec<_> = wishes.collect();
        let cart = self.redemption.cart.as_ref();
        let chosen = take(rewards, &taker, cart, &wishes, now);
        chosen.map_err(|refused| RedemptionError::Refused {
            nth: refused.nth,
            refusal: refused.refusal,
        })
    }
}

impl RedemptionBooking<'_> {
    /// What is to be paid for the cart after the rewards.
    fn receipt(&self, taken: &Taken<'_>) -> Option<Receipt> {
        let cart = self.redemption.cart.as_ref()?;
        let rates = &self.redemption.tax_rates;
        let percents = cart.lines().iter().map(|line| rates.get(&line.id).copied());
        let percents: Vec<Option<Decimal>> = percents.collect();
        let rates = TaxRates {
            lines: &percents,
            shipping: self.redemption.shipping_tax_rate,
        };
        Some(receipt(cart, &taken.off, rates))
    }

    /// The money that pays besides.
    fn tender(
        &self,
        program: &Program,
        member: &Snapshot,
        receipt: Option<&Receipt>,
    ) -> Result<Vec<(String, i64)>, RedemptionError> {
        let wishes = self.redemption.credits.iter();
        let wishes = wishes.map(|(balance, amount)| TenderWish { balance, amount });
        let wishes: Vec<_> = wishes.collect();
        let cart = self.redemption.cart.as_ref().zip(receipt);
        let to_pay = cart.map(|(cart, receipt)| (cart.currency(), receipt.to_pay_minor));
        let tenders = tender(program, member, &wishes, to_pay);
        tenders.map_err(|(nth, refusal)| RedemptionError::Tender { nth, refusal })
    }
}

impl Redemption {
    /// The canonical content, JSON.
    fn content(&self) -> String {
        let rewards = self.wishes.iter().map(|(id, points)| WishContent {
            id,
            points: points.map(Points::get),
        });
        let credits = self.credits.iter();
        let credits = credits.map(|(balance, amount)| CreditContent { balance, amount });
        let rates = self.tax_rates.iter();
        json(&Content {
            customer: self.customer.content(),
            rewards: rewards.collect(),
            credits: credits.collect(),
            cart: self.cart.as_ref().map(CartDocument::from),
            tax_rates: rates
                .map(|(id, rate)| (id.as_str(), rate.to_string()))
                .collect(),
            shipping_tax_rate: self.shipping_tax_rate.map(|rate| rate.to_string()),
            commit: self.is_spent_at_once,
        })
    }
}
