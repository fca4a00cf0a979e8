//! Quotes: what a preview promised, and whether an order is given it.
//!
//! Owns what a quote says, and who may have it; signing is the shell's. A quote holds still what decides an
//! order's points: the program, the instant, and, where the shop's server asked for a member, her facts. Points
//! are evaluated again from these and are never read from the quote, so it gives nothing that `evaluate` would
//! not. What her own orders and others use up is never held still: her limits, the budgets, the number of her
//! orders. Invariant: a quote is honoured once, never gives what a limit would not, and is told to be honoured only
//! where no less is booked than it promised.

mod earned;
mod payload;

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Earning, Program, ProgramRef, Snapshot, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::earned::{Bought, Earned};
use crate::{hex, json};

/// For so long a quote is honoured: long enough to check out, too short to collect.
const LIFETIME_MS: i64 = 30 * 60_000;

/// What was promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Names the quote: random, so that no two are one.
    pub id: String,
    /// The shop whose quote it is.
    pub shop: String,
    /// The program that decides.
    pub program: ProgramRef,
    /// The member for whom it is; `None` where a page asked, or for a guest. Then whoever buys the cart may have
    /// it, by her own facts.
    pub member: Option<QuotedMember>,
    /// When it was made: the instant at which the order is evaluated.
    pub issued_at: Timestamp,
    /// The points that were told.
    pub points: i64,
    /// The money that was told, by its balance, in minor units.
    pub credits: Vec<(String, i64)>,
    cart_digest: String,
}

/// A member as she was when the quote was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedMember {
    /// Her id.
    pub member_id: String,
    /// Her facts: those that the shop and time change.
    facts: Snapshot,
}

/// A quote that came with an order, opened: what it says, and its program where there still is one.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// What it says.
    pub quote: &'a Quote,
    /// The program that it names; `None` where it is not to be had any more.
    pub program: Option<&'a Program>,
}

/// Why an order is not given what was quoted. Where several apply, the first declared is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum QuoteRefusal {
    /// The Worker did not sign it.
    #[error("this is no quote that was made here")]
    Forged,
    /// It is of another shop.
    #[error("the quote is of another shop")]
    OfOtherShop,
    /// It is for another cart.
    #[error("the quote is for another cart")]
    OfOtherCart,
    /// It is for another member.
    #[error("the quote is for another member")]
    OfOtherMember,
    /// The order was placed too late.
    #[error("the order was placed after the quote had expired")]
    Expired,
    /// The order had been placed already.
    #[error("the order was placed before the quote was made")]
    PlacedBefore,
    /// Another order had it.
    #[error("the quote was honoured by another order")]
    Used,
    /// Its program cannot be run any more.
    #[error("the program that was quoted is not to be had any more")]
    ProgramGone,
    /// A limit, a budget or the number of her orders leaves less than was promised.
    #[error(
        "what the quote promised has been used up since, by a limit, a budget or another order"
    )]
    UsedUp,
    /// Who bought is not as the page said of her.
    #[error("who bought is not as the page that asked for the quote said")]
    OfOtherFacts,
}

impl QuoteRefusal {
    /// The stable name, for programs to act on.
    pub fn code(self) -> &'static str {
        match self {
            Self::Forged => "quote_forged",
            Self::OfOtherShop => "quote_of_other_shop",
            Self::OfOtherCart => "quote_of_other_cart",
            Self::OfOtherMember => "quote_of_other_member",
            Self::Expired => "quote_expired",
            Self::PlacedBefore => "quote_placed_before",
            Self::Used => "quote_used",
            Self::ProgramGone => "quote_program_gone",
            Self::UsedUp => "quote_used_up",
            Self::OfOtherFacts => "quote_of_other_facts",
        }
    }
}

/// What became of a quote, in the answer to its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuoteOutcome {
    /// Whether what was booked is at least what it promised.
    honoured: bool,
    /// The points that it told; a page's quote tells them by what the page said of its member.
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl QuoteOutcome {
    pub(crate) fn new(quote: Option<&Quote>, refusal: Option<QuoteRefusal>) -> Self {
        Self {
            honoured: refusal.is_none(),
            points: quote.map(|quote| quote.points),
            reason: refusal.map(QuoteRefusal::code),
        }
    }
}

/// Who asks for a quote, and for whom.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// A new random name.
    pub id: String,
    /// The shop.
    pub shop: &'a str,
    /// What is about to be bought.
    pub cart: &'a Cart,
    /// The member for whom the shop's server asks, as she is now; `None` for whoever buys.
    pub member: Option<(&'a str, &'a Snapshot)>,
}

impl Quote {
    /// The quote of what `evaluate` told of a cart at `now`.
    pub fn new(asked: Asked<'_>, program: &Program, earning: &Earning, now: Timestamp) -> Self {
        let member = asked.member.map(|(member_id, member)| QuotedMember {
            member_id: member_id.to_owned(),
            facts: held(member),
        });
        Self {
            id: asked.id,
            shop: asked.shop.to_owned(),
            program: program.reference().clone(),
            member,
            issued_at: now,
            points: earning.points.get(),
            credits: credits(program, earning),
            cart_digest: digest(asked.cart),
        }
    }

    /// The first instant at which an order is placed too late for it.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.issued_at.as_millis().saturating_add(LIFETIME_MS))
    }
}

impl Quote {
    fn is_reached_by(&self, program: &Program, earning: &Earning) -> bool {
        let earned = credits(program, earning);
        let reached = |(balance, promised): &(String, i64)| {
            let found = earned.iter().find(|(id, _)| id == balance);
            found.is_some_and(|(_, minor)| minor >= promised)
        };
        earning.points.get() >= self.points && self.credits.iter().all(reached)
    }
}

/// Somebody of whom nothing is used up.
fn with_nothing_used_up(member: &Snapshot) -> Snapshot {
    Snapshot {
        usage: Vec::new(),
        budgets: Vec::new(),
        orders: 0,
        last_order_at: None,
        ..member.clone()
    }
}

impl QuotedMember {
    /// Her facts as they were, and what is used up as it is.
    fn with_what_is_used_up(&self, now: &Snapshot) -> Snapshot {
        Snapshot {
            usage: now.usage.clone(),
            budgets: now.budgets.clone(),
            orders: now.orders,
            last_order_at: now.last_order_at,
            joined_at: now.joined_at,
            ..self.facts.clone()
        }
    }
}

/// The facts of a member that a quote holds still.
fn held(member: &Snapshot) -> Snapshot {
    Snapshot {
        tier: member.tier.clone(),
        earned: member.earned,
        standing: member.standing.clone(),
        birthday: member.birthday,
        segments: member.segments.clone(),
        tags: member.tags.clone(),
        paid_until: member.paid_until,
        ..Snapshot::default()
    }
}

/// What is earned on balances of money, by their ids.
fn credits(program: &Program, earning: &Earning) -> Vec<(String, i64)> {
    let earned = earning.credits.iter().filter(|credit| credit.minor > 0);
    let named = earned.filter_map(|credit| {
        let balance = program.balances().get(credit.balance)?;
        Some((balance.id.clone(), credit.minor))
    });
    named.collect()
}

/// The same for the same cart, however it is written and in whatever order its lines stand.
fn digest(cart: &Cart) -> String {
    let mut document = CartDocument::from(cart);
    document.lines.sort_by(|a, b| a.id.cmp(&b.id));
    hex(&Sha256::digest(json(&document)))
}

#[cfg(test)]
mod tests;
