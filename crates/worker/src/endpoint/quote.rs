//! `POST /v1/quotes`: a preview that is signed, so that the order it leads to can be held to it.
//!
//! A page gets one for whoever buys: what it says of its member is shown, and promises nothing, since anybody
//! can say it. The shop's server names its customer, and the quote holds what the ledger knows of her. Invariant:
//! the same evaluation as the preview's; nothing is written.

use earnest_core::wire::{CartDocument, EarningDocument, SnapshotDocument};
use earnest_core::{Cart, Snapshot, evaluate};
use earnest_ledger::store::budgets;
use earnest_ledger::store::members::{self, MemberRow};
use earnest_ledger::{Asked, Customer, OrderError, Quote, rfc3339};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::auth::{AuthError, KeyKind, Need, PresentedKey};
use crate::body::{BodyError, CART_BYTES};
use crate::call::Call;
use crate::customer::CustomerDocument;
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::{quote, random};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteDocument {
    cart: CartDocument,
    /// For a page: its member, as for a preview.
    #[serde(default)]
    member: Option<SnapshotDocument>,
    /// For a server: who buys.
    #[serde(default)]
    customer: Option<CustomerDocument>,
}

/// What is asked for.
struct Request {
    cart: Cart,
    who: Who,
}

/// For whom.
enum Who {
    /// Somebody whom a page describes; `None` for who has just joined.
    Described(Box<Option<Snapshot>>),
    /// The shop's customer.
    Named(Customer),
}

/// What is answered.
#[derive(Serialize)]
struct QuoteAnswer<'a> {
    quote: String,
    /// The member whose facts it holds.
    member_id: Option<&'a str>,
    points: i64,
    earning: EarningDocument<'a>,
    expires_at: String,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::AnyKey)?;
    let request = parse(call, &key).await;
    let Request { cart, who } = call.admit_to_refuse(&key, request).await?;
    let (described, customer) = match who {
        Who::Described(member) => (*member, Customer::default()),
        Who::Named(customer) => (None, customer),
    };
    let shop = &key.shop;
    let find = members::load_by_traces(shop, customer.traces());
    let [found, known] = call.admit(&key, [find, budgets::load(shop)]).await?;
    let found = members::member(&found)?;
    if found.is_none() && customer.names_member() {
        return Err(OrderError::UnknownMember.into());
    }
    let published = load_program(&call.env, shop, call.now).await?;
    let program = &published.program;
    let known = budgets::budgets(&known)?;
    let row = found.as_ref().map(MemberRow::snapshot).transpose()?;
    let mut member = row.or(described).unwrap_or_else(|| program.newcomer());
    // What a snapshot says of budgets was true when it was made.
    if found.is_some() || member.budgets.is_empty() {
        member.budgets = known;
    }
    let earning = evaluate(program, &member, &cart, call.now)
        .map_err(|error| Failure::evaluate(error, "/cart"))?;
    let member_id = found.as_ref().map(|row| row.member_id.as_str());
    let asked = Asked {
        id: random::quote_id()?,
        shop,
        cart: &cart,
        member: member_id.map(|id| (id, &member)),
    };
    let promised = Quote::new(asked, program, &earning, call.now);
    let secret = call.quote_key();
    let secret = secret.ok_or_else(|| Failure::internal("the secret QUOTE_KEY is not set"))?;
    let document = QuoteAnswer {
        quote: quote::sign(&promised, &secret),
        member_id,
        points: earning.points.get(),
        earning: EarningDocument::new(program, &cart, &earning),
        expires_at: rfc3339(promised.expires_at()),
    };
    Ok(Answer::json(200, &document))
}

async fn parse(call: &mut Call, key: &PresentedKey) -> Result<Request, Failure> {
    let document: QuoteDocument = call.body(CART_BYTES).await?;
    let described = |member: Option<SnapshotDocument>| {
        let member = member.map(Snapshot::try_from).transpose()?;
        Ok::<_, Failure>(Who::Described(Box::new(member)))
    };
    let who = match (key.kind, document.customer, document.member) {
        (KeyKind::Publishable, Some(_), _) => return Err(AuthError::SecretKeyNeeded.into()),
        (_, None, member) => described(member)?,
        (_, Some(customer), None) => Who::Named(customer.check(&key.shop, &call.pepper()?)?),
        (_, Some(_), Some(_)) => {
            return Err(BodyError::FieldInvalid {
                pointer: "/member".to_owned(),
                message: "of a customer the ledger knows all: leave her snapshot out".to_owned(),
            }
            .into());
        }
    };
    let cart = Cart::try_from(document.cart)?;
    Ok(Request { cart, who })
}
