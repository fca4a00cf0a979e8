//! The edge: answers requests with what the core decides and D1 remembers.
//!
//! A request becomes a `Call`, `routes` finds its endpoint, the endpoint answers or fails, and `problem`
//! tells a failure. Nothing here computes points; nothing here panics on what a request contains.

mod activity;
mod answer;
mod auth;
mod body;
mod call;
mod cors;
mod cursor;
mod customer;
mod database;
mod demo;
mod email;
mod endpoint;
mod idempotency_key;
mod instant;
mod moves;
mod order;
mod period;
mod problem;
mod program_store;
mod quote;
mod random;
mod routes;
mod settling;
mod sign;
mod text;

use worker::{Context, Env, Request, Response, ScheduleContext, ScheduledEvent, event};

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;
use crate::routes::Route;

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    if demo::is_on(&env) && demo::owns(&request.path()) {
        return demo::respond(request, env).await;
    }
    respond(request, env).await
}

/// Settles who is due and carries on what is on its way, as often as `wrangler.toml` says. Where either breaks off,
/// what it did is done, and the next one goes on from there.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let now = call::now();
    match settling::run(&env, now).await {
        Ok(round) if round.is_idle() => {}
        Ok(round) => worker::console_log!("{round}"),
        Err(failure) => drop(tell(&failure)),
    }
    match moves::run(&env, now).await {
        Ok(carried) if carried.is_idle() => {}
        Ok(carried) => worker::console_log!("{carried}"),
        Err(failure) => drop(tell(&failure)),
    }
}

/// Answers one request to the API.
async fn respond(request: Request, env: Env) -> worker::Result<Response> {
    let (method, path) = (request.inner().method(), request.path());
    let answer = match Call::new(request, env) {
        Ok(mut call) => answer(&mut call, &method, &path).await,
        Err(failure) => tell(&failure),
    };
    answer.into_response()
}

/// Answers a call, and lets those read the answer whom the endpoint is for.
async fn answer(call: &mut Call, method: &str, path: &str) -> Answer {
    if method == "OPTIONS" {
        let routes = routes::at(path);
        if !routes.is_empty() {
            return cors::preflight(&routes, call.origin());
        }
    }
    let (route, id) = match routes::find(method, path) {
        Ok(found) => found,
        Err(error) => return tell(&error.into()),
    };
    let answered = match refuse_parameters(call, route).await {
        Ok(()) => endpoint::answer(route.endpoint, id, call).await,
        Err(failure) => Err(failure),
    };
    let answer = answered.unwrap_or_else(|failure| tell(&failure));
    match route.need {
        None => cors::allow_everybody(answer),
        Some(Need::AnyKey) => call.let_page_read(answer),
        // Servers alone: a page could tell by what its question cost whether an e-mail is known.
        Some(Need::SecretKey) if demo::is_on(&call.env) => {
            answer.with("earnest-cost", call.database.cost().to_string())
        }
        Some(Need::SecretKey) => answer,
    }
}

/// Refuses parameters that a path for servers does not have, once the caller is admitted.
async fn refuse_parameters(call: &mut Call, route: &Route) -> Result<(), Failure> {
    if route.need != Some(Need::SecretKey) {
        return Ok(());
    }
    let known = routes::parameters(route.endpoint);
    let Some(name) = call.unknown_parameter(known) else {
        return Ok(());
    };
    let key = call.presented_key(Need::SecretKey)?;
    let unknown = Failure::ParameterUnknown { name, known };
    call.admit_to_refuse(&key, Err(unknown)).await
}

/// Tells a failure, and logs what is ours to mend.
fn tell(failure: &Failure) -> Answer {
    if let Some(message) = failure.to_log() {
        worker::console_error!("{message}");
    }
    Answer::from(failure)
}
