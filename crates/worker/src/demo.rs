//! The demo shop's own server, and the gate before it.
//!
//! It is what any shop has: pages, prices, an order form, and a secret key that stays here. It asks the
//! API by HTTP requests, as a shop on another machine would. Invariant: without the variable `DEMO` none of
//! its paths exists.

mod catalogue;
mod customer;
mod ledger;
mod order;
mod pages;
mod pricing;
mod settling;
mod shop_server;

use worker::{Env, Request, Response};

use crate::answer::Answer;
use crate::problem::Failure;
use crate::routes::RouteError;
use shop_server::ShopServer;

/// Why the shop does not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("an order has at least one item")]
    NoItems,
    #[error("{message}")]
    ItemUnusable { pointer: String, message: String },
    #[error("this shop has no such coupon")]
    CouponUnknown,
    #[error("this shop has no such customer")]
    CustomerUnknown,
    #[error("the total is {is} now, and the page said {expected}; look at the cart again")]
    TotalDiffers { is: String, expected: String },
    #[error("this shop has no such order")]
    OrderUnknown,
    /// A setting or an answer of the API that should not be.
    #[error("{0}")]
    Broken(String),
}

/// Whether there is a demo shop.
pub(crate) fn is_on(env: &Env) -> bool {
    env.var("DEMO").is_ok_and(|demo| demo.to_string() == "1")
}

/// Whether a path is the demo shop's.
pub(crate) fn owns(path: &str) -> bool {
    path == "/" || path.starts_with("/demo/")
}

/// Answers one request to the demo shop.
pub(crate) async fn respond(request: Request, env: Env) -> worker::Result<Response> {
    let (method, path) = (request.inner().method(), request.path());
    let is_page = !matches!(path.as_str(), "/demo/ledger" | "/demo/history");
    if matches!(method.as_str(), "GET" | "HEAD") && is_page {
        return pages::respond(request, &env, &path).await;
    }
    let answered = answer(request, env, &method, &path).await;
    answered
        .unwrap_or_else(|failure| crate::tell(&failure))
        .into_response()
}

/// Answers what a page of the shop asks its server.
async fn answer(
    mut request: Request,
    env: Env,
    method: &str,
    path: &str,
) -> Result<Answer, Failure> {
    let server = ShopServer::new(&request, env)?;
    match (method, path) {
        ("POST", "/demo/order") => order::answer(&mut request, &server).await,
        ("POST", "/demo/sign-in") => customer::answer(&mut request, &server).await,
        ("GET" | "HEAD", "/demo/ledger") => ledger::answer(&request, &server).await,
        ("GET" | "HEAD", "/demo/history") => customer::history(&request, &server).await,
        ("POST", "/demo/settle") => settling::answer(&request, &server).await,
        ("POST", _) => Err(RouteError::NotFound.into()),
        _ => Err(RouteError::MethodNotAllowed("GET, HEAD, POST".to_owned()).into()),
    }
}
