//! `POST /v1/orders`: an order was paid. The one way in which points are earned.
//!
//! One read, one write. Invariant: an order books once, however often and however concurrently it is
//! delivered; each delivery gets the first one's answer.

use earnest_core::wire::EarningDocument;
use earnest_core::{Command, Plan, Program, Snapshot, evaluate, plan};
use serde::Serialize;

use crate::answer::{Answer, json};
use crate::auth::{Need, PresentedKey};
use crate::body::CART_BYTES;
use crate::call::Call;
use crate::differences::check_same;
use crate::endpoint::turn::take_turns;
use crate::instant::rfc3339;
use crate::order::{Comparison, Order, OrderDocument, OrderError};
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::store::members::{self, MemberRow};
use crate::store::orders::{self, MAX_ORDER_BYTES, NewOrder};
use crate::store::{append, budgets};

/// The answer to an order.
#[derive(Serialize)]
struct OrderAnswer<'a> {
    order_id: &'a str,
    /// `booked` for a member, `guest` for somebody who is none: then the points are what she would have.
    status: &'static str,
    member_id: Option<&'a str>,
    points: i64,
    balance_points: Option<i64>,
    earning: EarningDocument<'a>,
    booked_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<Comparison>,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let order = parse(call, &key.shop).await;
    let order = call.admit_to_refuse(&key, order).await?;
    take_turns(async || book(call, &key, &order).await).await
}

async fn parse(call: &mut Call, shop: &str) -> Result<Order, Failure> {
    let document: OrderDocument = call.body(CART_BYTES).await?;
    document.check(shop, &call.pepper()?, call.now)
}

/// Books the order on what is known now, or finds that it has been booked.
async fn book(call: &mut Call, key: &PresentedKey, order: &Order) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let reads = [
        orders::load(shop, &order.id),
        members::load_by_traces(shop, order.customer.traces()),
        budgets::load(shop),
    ];
    let [found, member, budgets] = call.admit(key, reads).await?;
    let content = order.content();
    if let Some(booked) = orders::order(&found)? {
        check_same(&booked.content, &content).map_err(OrderError::Differs)?;
        return Ok(Answer::json_text(200, booked.answer));
    }
    let member = members::member(&member)?;
    // A guest is somebody whom the shop names otherwise. An id of ours that is wrong is a mistake, and to
    // book it as a guest's would lose the points for good.
    if member.is_none() && order.customer.names_member() {
        return Err(OrderError::UnknownMember.into());
    }
    let published = load_program(&call.env, shop, call.now).await?;
    let program = &published.program;
    let snapshot = member.as_ref().map(MemberRow::snapshot).transpose()?;
    let mut snapshot = snapshot.unwrap_or_else(|| program.newcomer());
    snapshot.budgets = budgets::budgets(&budgets)?;
    let member_id = member.as_ref().map(|member| member.member_id.as_str());

    let placed_at = order.placed_at.unwrap_or(call.now);
    let earning = evaluate(program, &snapshot, &order.cart, placed_at)
        .map_err(|error| Failure::evaluate(error, "/cart"))?;
    let planned = member_id
        .map(|_| plan_earn(program, &snapshot, order, &earning, call))
        .transpose()?;
    let answer = json(&OrderAnswer {
        order_id: &order.id,
        status: if planned.is_some() { "booked" } else { "guest" },
        member_id,
        points: earning.points.get(),
        balance_points: planned.as_ref().map(|plan| plan.snapshot.balance.get()),
        earning: EarningDocument::new(program, &order.cart, &earning),
        booked_at: rfc3339(call.now),
        preview: order.compare_shown(program.reference(), earning.points),
    });
    let bytes = content.len() + answer.len();
    if bytes > MAX_ORDER_BYTES {
        return Err(OrderError::TooLargeToKeep(bytes).into());
    }

    let mut statements = vec![orders::store(
        shop,
        NewOrder {
            order_id: &order.id,
            member_id,
            email_hash: order.customer.email_hash().filter(|_| member_id.is_none()),
            content: &content,
            answer: &answer,
            points: earning.points,
            program: program.reference(),
            placed_at,
            booked_at: call.now,
        },
    )];
    if let (Some(member), Some(planned)) = (&member, &planned) {
        let MemberRow {
            member_id,
            revision,
            ..
        } = member;
        statements.extend(append::store_plan(shop, member_id, *revision, planned));
    }
    call.database.write(&statements).await?;
    Ok(Answer::json_text(201, answer))
}

fn plan_earn(
    program: &Program,
    member: &Snapshot,
    order: &Order,
    earning: &earnest_core::Earning,
    call: &Call,
) -> Result<Plan, Failure> {
    let command = Command::Earn {
        order_id: &order.id,
        cart: &order.cart,
        placed_at: order.placed_at.unwrap_or(call.now),
        earning,
    };
    let pointer = Some("/cart");
    plan(program, Some(member), command, call.now)
        .map_err(|refusal| Failure::Refused { refusal, pointer })
}
