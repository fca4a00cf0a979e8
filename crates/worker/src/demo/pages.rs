//! The demo shop's pages and pictures, from the static assets.
//!
//! The pages get the publishable key, which is made anew for each machine and so cannot be written in them.

use worker::{Env, Request, Response};

/// Paths of pages, and the asset that each is.
const PAGES: [(&str, &str); 4] = [
    ("/", "/demo/index.html"),
    ("/demo/checkout", "/demo/checkout.html"),
    ("/demo/order", "/demo/order.html"),
    ("/demo/account", "/demo/account.html"),
];
/// What stands for the key.
const KEY_PLACE: &str = "{{publishable_key}}";

pub(super) async fn respond(request: Request, env: &Env, path: &str) -> worker::Result<Response> {
    let assets = env.assets("ASSETS")?;
    let Some((_, asset)) = PAGES.iter().find(|(page, _)| *page == path) else {
        return assets.fetch_request(request).await;
    };
    let asset = request.url()?.join(asset)?;
    let mut page = assets.fetch(asset.as_str(), None).await?;
    if page.status_code() != 200 {
        return Ok(page);
    }
    let key = env.var("DEMO_PUBLISHABLE_KEY")?.to_string();
    let html = page.text().await?.replace(KEY_PLACE, &key);
    let mut response = Response::from_html(html)?;
    response.headers_mut().set("cache-control", "no-cache")?;
    Ok(response)
}
