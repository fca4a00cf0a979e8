//! What an order earns, and by what: the quote that came with it, or the program of today.
//!
//! Invariant: either decides whole; points of one are never mixed with the other's.

use earnest_core::{Cart, Earning, EvaluateError, Program, Snapshot, Timestamp, evaluate};

use super::{Presented, Quote, QuoteOutcome, QuoteRefusal, digest, with_nothing_used_up};
use crate::instant::CLOCK_SKEW_MILLIS;
use crate::store::orders::KnownQuote;

/// An order, as far as it decides what is earned.
#[derive(Clone, Copy, Debug)]
pub struct Bought<'a> {
    /// Whose ledger.
    pub shop: &'a str,
    /// What was bought.
    pub cart: &'a Cart,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The member who bought, as she is now; `None` for a guest.
    pub member: Option<(&'a str, &'a Snapshot)>,
    /// What all members have had of budgets.
    pub budgets: &'a [(String, i64)],
    /// What is known of the quote that came with it.
    pub quoted: &'a KnownQuote,
}

/// What an order earns.
#[derive(Debug)]
pub struct Earned<'a> {
    /// The program that decides.
    pub program: &'a Program,
    /// What that gives.
    pub earning: Earning,
    /// Who was evaluated, as she was then.
    pub member: Snapshot,
    /// The instant for which it was evaluated.
    pub at: Timestamp,
    /// The quote that is honoured.
    pub given: Option<&'a Quote>,
    /// What became of the quote that came; `None` where none did.
    pub quote: Option<QuoteOutcome>,
}

impl<'a> Earned<'a> {
    /// What an order earns by its quote, where that is honoured, and else by today's program.
    ///
    /// # Errors
    /// Where the cart cannot be evaluated.
    pub fn new(
        bought: &Bought<'_>,
        quote: Option<Result<Presented<'a>, QuoteRefusal>>,
        today: &'a Program,
    ) -> Result<Self, EvaluateError> {
        let (presented, refusal) = match quote {
            None => (None, None),
            Some(Err(refusal)) => (None, Some(refusal)),
            Some(Ok(presented)) => match presented.honour(bought) {
                Ok((program, member, earning)) => {
                    let quote = presented.quote;
                    let refusal = quote.falls_short(program, (&member, &earning), bought.cart);
                    return Ok(Self {
                        program,
                        earning,
                        member,
                        at: quote.issued_at,
                        given: Some(quote),
                        quote: Some(QuoteOutcome::new(Some(quote), refusal)),
                    });
                }
                Err(refusal) => (Some(presented.quote), Some(refusal)),
            },
        };
        let member = bought.buyer(today);
        Ok(Self {
            program: today,
            earning: evaluate(today, &member, bought.cart, bought.placed_at)?,
            member,
            at: bought.placed_at,
            given: None,
            quote: refusal.map(|refusal| QuoteOutcome::new(presented, Some(refusal))),
        })
    }
}

impl Quote {
    /// Why a page's quote is not honoured though its program decides: less is booked than it told.
    fn falls_short(
        &self,
        program: &Program,
        (member, earning): (&Snapshot, &Earning),
        cart: &Cart,
    ) -> Option<QuoteRefusal> {
        if self.is_reached_by(program, earning) {
            return None;
        }
        let fresh = evaluate(program, &with_nothing_used_up(member), cart, self.issued_at);
        let is_used_up = fresh.is_ok_and(|fresh| self.is_reached_by(program, &fresh));
        Some(if is_used_up {
            QuoteRefusal::UsedUp
        } else {
            QuoteRefusal::OfOtherFacts
        })
    }
}

impl Bought<'_> {
    /// Who bought, as she is now.
    fn buyer(&self, program: &Program) -> Snapshot {
        let member = self.member.map(|(_, member)| member.clone());
        Snapshot {
            budgets: self.budgets.to_vec(),
            ..member.unwrap_or_else(|| program.newcomer())
        }
    }
}

impl<'a> Presented<'a> {
    /// What the order earns by the quote, with the program that says so and the member whom it saw; or why it is
    /// not honoured.
    fn honour(
        &self,
        bought: &Bought<'_>,
    ) -> Result<(&'a Program, Snapshot, Earning), QuoteRefusal> {
        let quote = self.quote;
        let member_id = bought.member.map(|(id, _)| id);
        let is_now = bought.quoted.member_is_now.as_deref();
        let is_for = |bound: &str| Some(is_now.unwrap_or(bound)) == member_id;
        let bound = quote.member.as_ref();
        let refused = [
            (quote.shop != bought.shop, QuoteRefusal::OfOtherShop),
            (
                quote.cart_digest != digest(bought.cart),
                QuoteRefusal::OfOtherCart,
            ),
            (
                bound.is_some_and(|bound| !is_for(&bound.member_id)),
                QuoteRefusal::OfOtherMember,
            ),
            (
                bought.placed_at >= quote.expires_at(),
                QuoteRefusal::Expired,
            ),
            (
                bought
                    .placed_at
                    .as_millis()
                    .saturating_add(CLOCK_SKEW_MILLIS)
                    < quote.issued_at.as_millis(),
                QuoteRefusal::PlacedBefore,
            ),
            (bought.quoted.is_used(), QuoteRefusal::Used),
        ];
        if let Some((_, refusal)) = refused.into_iter().find(|(holds, _)| *holds) {
            return Err(refusal);
        }
        let program = self.program.ok_or(QuoteRefusal::ProgramGone)?;
        let now = bought.buyer(program);
        let member = bound.map_or_else(|| now.clone(), |bound| bound.with_what_is_used_up(&now));
        let earning = evaluate(program, &member, bought.cart, quote.issued_at)
            .map_err(|_| QuoteRefusal::ProgramGone)?;
        // Of a page's quote the facts were the page's say: its program decides, whoever turns out to buy.
        if bound.is_some() && !quote.is_reached_by(program, &earning) {
            return Err(QuoteRefusal::UsedUp);
        }
        Ok((program, member, earning))
    }
}
