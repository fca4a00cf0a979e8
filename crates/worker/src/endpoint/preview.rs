//! `POST /v1/preview`: what a cart would earn, for pages that may not run the module, and for servers.
//!
//! Invariant: the same evaluation as the page's module and as the award; nothing is written.

use earnest_core::wire::{CartDocument, EarningDocument, SnapshotDocument};
use earnest_core::{Cart, Snapshot, Timestamp, evaluate};
use earnest_ledger::store::budgets;
use serde::Deserialize;

use crate::answer::Answer;
use crate::auth::Need;
use crate::body::CART_BYTES;
use crate::call::Call;
use crate::instant::parse_instant;
use crate::problem::Failure;
use crate::program_store::load_program;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PreviewDocument {
    cart: CartDocument,
    #[serde(default)]
    member: Option<SnapshotDocument>,
    #[serde(default)]
    placed_at: Option<String>,
}

struct Preview {
    cart: Cart,
    member: Option<Snapshot>,
    placed_at: Timestamp,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::AnyKey)?;
    let preview = parse(call).await;
    let preview = call.admit_to_refuse(&key, preview).await?;
    let [budgets] = call.admit(&key, [budgets::load(&key.shop)]).await?;
    let published = load_program(&call.env, &key.shop, call.now).await?;
    let program = &published.program;
    let mut member = preview.member.unwrap_or_else(|| program.newcomer());
    // What a snapshot says of budgets was true when it was made. Where it says nothing, they are as they are.
    if member.budgets.is_empty() {
        member.budgets = budgets::budgets(&budgets)?;
    }
    let earning = evaluate(program, &member, &preview.cart, preview.placed_at)
        .map_err(|error| Failure::evaluate(error, "/cart"))?;
    let document = EarningDocument::new(program, &preview.cart, &earning);
    Ok(Answer::json(200, &document))
}

async fn parse(call: &mut Call) -> Result<Preview, Failure> {
    let document: PreviewDocument = call.body(CART_BYTES).await?;
    // A preview may look ahead: what will this cart earn on the day of the sale?
    let placed_at = document.placed_at.as_deref();
    let placed_at = placed_at.map(parse_instant).transpose();
    let placed_at = placed_at.map_err(|error| Failure::instant(error, "/placed_at"))?;
    Ok(Preview {
        cart: Cart::try_from(document.cart)?,
        member: document.member.map(Snapshot::try_from).transpose()?,
        placed_at: placed_at.unwrap_or(call.now),
    })
}
