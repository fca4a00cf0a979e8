//! The edge: answers requests with what the core decides and D1 remembers.

use worker::{Context, Env, Request, Response, event};

/// Answers one request.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    if request.path() == "/" {
        let assets = env.assets("ASSETS")?;
        return Ok(assets.fetch_request(request).await?.try_into()?);
    }
    Response::error("not found", 404)
}
