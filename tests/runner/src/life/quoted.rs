//! The quotes of a story: for whom each was made, and what an order that brings one says of it.
//!
//! What an order is given the ledger decides. Its invariant: a quote is brought as it travels, with all that it says and
//! nothing else, except that nobody has signed it here.

use std::collections::{BTreeMap, BTreeSet};

use earnest_core::{Program, Snapshot, Timestamp, evaluate};
use earnest_ledger::store::orders::KnownQuote;
use earnest_ledger::{Asked, Presented, Quote, QuoteRefusal};

use super::{OrderAct, QuoteAct, QuotedBy, cart};

/// The shop of a story.
pub(super) const SHOP: &str = "here";

/// The quotes of a story by their ids.
#[derive(Default)]
pub(super) struct Quotes<'a> {
    by_id: BTreeMap<String, (Quote, &'a Program)>,
    used: BTreeSet<String>,
    /// Who took over whom.
    is_now: BTreeMap<String, String>,
}

/// What an order brings.
pub(super) struct Brought<'a> {
    quote: Option<Result<(Quote, &'a Program), QuoteRefusal>>,
    /// What the ledger knows of it.
    pub(super) known: KnownQuote,
}

impl Brought<'_> {
    /// As the shell presents it.
    pub(super) fn presented(&self) -> Option<Result<Presented<'_>, QuoteRefusal>> {
        let quote = self.quote.as_ref()?.as_ref();
        let presented = quote.map(|(quote, program)| Presented {
            quote,
            program: Some(program),
        });
        Some(presented.map_err(|refusal| *refusal))
    }
}

impl<'a> Quotes<'a> {
    /// Makes one, and tells of it what its answer does.
    pub(super) fn ask(
        &mut self,
        asked: &QuoteAct,
        (who, member): (&str, &Snapshot),
        program: &'a Program,
        now: Timestamp,
    ) -> String {
        let described = asked.member.clone();
        let described =
            described.map(|it| Snapshot::try_from(it).expect("a member of the vectors"));
        let newcomer = || Snapshot {
            budgets: member.budgets.clone(),
            ..program.newcomer()
        };
        let facts = match asked.by {
            QuotedBy::Server => member.clone(),
            QuotedBy::Page | QuotedBy::Elsewhere => described.unwrap_or_else(newcomer),
        };
        let cart = cart(&asked.cart);
        let earning = evaluate(program, &facts, &cart, now).expect("few points");
        let is_elsewhere = asked.by == QuotedBy::Elsewhere;
        let of = Asked {
            id: asked.id.clone(),
            shop: if is_elsewhere { "elsewhere" } else { SHOP },
            cart: &cart,
            member: (asked.by == QuotedBy::Server).then_some((who, &facts)),
        };
        let made = Quote::new(of, program, &earning, now);
        let travelled = Quote::parse(&made.payload()).expect("what was signed");
        self.by_id.insert(asked.id.clone(), (travelled, program));
        match asked.by {
            QuotedBy::Elsewhere => "quoted elsewhere".to_owned(),
            _ => format!("quoted {}", earning.points),
        }
    }

    /// What an order brings.
    pub(super) fn brought(&self, order: &OrderAct) -> Brought<'a> {
        let quote = order.quote.as_ref().map(|id| self.by_id[id].clone());
        let bound = quote.as_ref().and_then(|(quote, _)| quote.member.as_ref());
        let is_now = bound.and_then(|bound| self.is_now.get(&bound.member_id));
        let is_used = order
            .quote
            .as_ref()
            .is_some_and(|id| self.used.contains(id));
        let known = KnownQuote::of(is_used, is_now.map(String::as_str));
        // The shell opens it, and knows what nobody has signed and what another shop's is.
        let quote = quote.map(|(quote, program)| {
            let is_ours = quote.shop == SHOP;
            is_ours
                .then_some((quote, program))
                .ok_or(QuoteRefusal::OfOtherShop)
        });
        let forged = order.forged.as_ref().map(|_| Err(QuoteRefusal::Forged));
        Brought {
            quote: quote.or(forged),
            known,
        }
    }

    /// An order was given the quote that it brought.
    pub(super) fn use_up(&mut self, order: &OrderAct) {
        self.used.extend(order.quote.clone());
    }

    /// Somebody is another one from now on.
    pub(super) fn merge(&mut self, who: &str, into: &str) {
        self.is_now.insert(who.to_owned(), into.to_owned());
    }
}
