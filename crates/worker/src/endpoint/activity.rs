//! `POST /v1/activities`: a member did something other than to buy. What the rules for it give is booked.
//!
//! One read, one write. Invariant: an activity books once, however often and however concurrently it is
//! reported; each report gets the first one's answer.

use earnest_core::wire::EarningDocument;
use earnest_core::{Command, evaluate_activity, plan};
use serde::Serialize;

use crate::activity::{ActivityDocument, Report, ReportError};
use crate::answer::{Answer, json};
use crate::auth::{Need, PresentedKey};
use crate::body::SMALL_BYTES;
use crate::call::Call;
use crate::differences::check_same;
use crate::endpoint::turn::take_turns;
use crate::instant::rfc3339;
use crate::problem::Failure;
use crate::program_store::load_program;
use crate::store::activities::{self, NewActivity};
use crate::store::{append, budgets, members};

/// The answer to an activity.
#[derive(Serialize)]
struct ActivityAnswer<'a> {
    activity_id: &'a str,
    member_id: &'a str,
    points: i64,
    balance_points: i64,
    earning: EarningDocument<'a>,
    booked_at: String,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let report = parse(call, &key.shop).await;
    let report = call.admit_to_refuse(&key, report).await?;
    take_turns(async || book(call, &key, &report).await).await
}

async fn parse(call: &mut Call, shop: &str) -> Result<Report, Failure> {
    let document: ActivityDocument = call.body(SMALL_BYTES).await?;
    document.check(shop, &call.pepper()?, call.now)
}

/// Books the activity on what is known now, or finds that it has been booked.
async fn book(call: &mut Call, key: &PresentedKey, report: &Report) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let activity = &report.activity;
    let reads = [
        activities::load(shop, activity.id()),
        members::load_by_traces(shop, report.customer.traces()),
        budgets::load(shop),
    ];
    let [found, member, budgets] = call.admit(key, reads).await?;
    let content = report.content();
    if let Some(booked) = activities::activity(&found)? {
        check_same(&booked.content, &content).map_err(ReportError::Differs)?;
        return Ok(Answer::json_text(200, booked.answer));
    }
    let member = members::member(&member)?.ok_or(ReportError::UnknownMember)?;
    let mut snapshot = member.snapshot()?;
    snapshot.budgets = budgets::budgets(&budgets)?;
    let published = load_program(&call.env, shop, call.now).await?;
    let program = &published.program;
    report.check_kind(program)?;

    let occurred_at = report.occurred_at.unwrap_or(call.now);
    let earning = evaluate_activity(program, &snapshot, activity, occurred_at)
        .map_err(|error| Failure::evaluate(error, ""))?;
    let command = Command::Act {
        activity,
        occurred_at,
        earning: &earning,
    };
    let planned = plan(program, Some(&snapshot), command, call.now).map_err(|refusal| {
        let pointer = None;
        Failure::Refused { refusal, pointer }
    })?;
    let answer = json(&ActivityAnswer {
        activity_id: activity.id(),
        member_id: &member.member_id,
        points: earning.points.get(),
        balance_points: planned.snapshot.balance.get(),
        earning: EarningDocument::of_activity(program, activity, &earning),
        booked_at: rfc3339(call.now),
    });
    let mut statements = vec![activities::store(
        shop,
        NewActivity {
            activity_id: activity.id(),
            member_id: &member.member_id,
            kind: activity.kind(),
            content: &content,
            answer: &answer,
            points: earning.points,
            program: program.reference(),
            occurred_at,
            booked_at: call.now,
        },
    )];
    statements.extend(append::store_plan(
        shop,
        &member.member_id,
        member.revision,
        &planned,
    ));
    call.database.write(&statements).await?;
    Ok(Answer::json_text(201, answer))
}
