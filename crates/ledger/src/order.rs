//! Orders: the form in which one is kept, and how it is booked.
//!
//! Invariants: the canonical content holds no e-mail, only its hash; an order books once, however often and
//! however concurrently it is delivered, and each delivery gets the first one's answer.

mod answer;
mod booking;
mod buyer;
mod newcomer;
mod shown;

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Points, ProgramRef, Timestamp};
use serde::Serialize;

pub use self::booking::OrderBooking;
pub use self::shown::{Comparison, Shown};
use crate::store::orders::MAX_ORDER_BYTES;
use crate::{Customer, CustomerContent, Differences, Signs, json, rfc3339};

/// Redemptions that one order is paid with at most.
pub const MAX_REDEMPTIONS: usize = 20;

/// Why an order is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Nothing was bought.
    #[error("an order has at least one line")]
    NoLines,
    /// An id of ours that is nobody's.
    #[error("the shop has no member of this id; for somebody who is no member yet, leave it out")]
    UnknownMember,
    /// Another order came under the same id.
    #[error("{}", .0.told("an order"))]
    Differs(Differences),
    /// More redemptions than one order is paid with.
    #[error("an order is paid with at most {MAX_REDEMPTIONS} redemptions, and these are {0}")]
    TooManyRedemptions(usize),
    /// More than a row holds.
    #[error(
        "the order and its answer are {0} bytes together, and at most {MAX_ORDER_BYTES} can be kept"
    )]
    TooLargeToKeep(usize),
}

impl OrderError {
    /// Checks that a row holds so many bytes.
    fn check_size(bytes: usize) -> Result<(), Self> {
        let is_kept = bytes <= MAX_ORDER_BYTES;
        is_kept.then_some(()).ok_or(Self::TooLargeToKeep(bytes))
    }
}

/// A checked order.
#[derive(Clone, Debug)]
pub struct Order {
    /// The shop's id.
    pub id: String,
    /// When it was placed, where the shop said so.
    pub placed_at: Option<Timestamp>,
    /// What was bought: one line at least.
    pub cart: Cart,
    /// What the page showed of it, where the shop said so.
    pub shown: Option<Shown>,
    /// Who bought.
    pub customer: Customer,
    /// The ids of the redemptions that it was paid with, as the shop names them.
    pub redemptions: Vec<String>,
    /// By what she may turn out to be somebody else. It is no part of the order: what comes again without it is the
    /// same.
    pub signs: Signs,
}

/// What is kept, and compared when the id comes again. The names are those of the request, so that a
/// pointer into the one is a pointer into the other.
#[derive(Serialize)]
struct Content<'a> {
    placed_at: Option<String>,
    customer: CustomerContent<'a>,
    cart: CartDocument,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    redemptions: &'a [String],
}

impl Order {
    /// How what the page showed compares with what is booked; `None` where the shop said nothing of it.
    fn compare_shown(&self, program: &ProgramRef, points: Points) -> Option<Comparison> {
        let shown = self.shown.as_ref()?;
        Some(shown.compare(program, points))
    }

    /// The canonical content, JSON.
    pub fn content(&self) -> String {
        json(&Content {
            placed_at: self.placed_at.map(rfc3339),
            customer: self.customer.content(),
            cart: CartDocument::from(&self.cart),
            redemptions: &self.redemption_ids(),
        })
    }

    /// The ids of the redemptions, each once, in an order of their own: how they are listed says nothing.
    #[must_use]
    pub fn redemption_ids(&self) -> Vec<String> {
        let mut ids = self.redemptions.clone();
        ids.sort();
        ids.dedup();
        ids
    }
}
