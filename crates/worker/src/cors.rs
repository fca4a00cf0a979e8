//! Which pages may read which answers.
//!
//! A program is public. A preview and an enrolment are for pages of the shop's own origins, and `Call`
//! allows them once it knows the shop. Everything else is for servers: no page may read it, so a secret
//! key that somebody put into a page does not even work there.

use crate::answer::Answer;
use crate::auth::Need;
use crate::routes::{self, Route};

/// Seconds for which a browser need not ask again.
const PREFLIGHT_MAX_AGE_S: &str = "7200";

/// Answers a preflight. It comes without a key, so without a shop: pages of any origin are told that they
/// may ask. Whether they may have the answer is decided when they do.
pub(crate) fn preflight(routes: &[(&'static Route, &str)], origin: Option<&str>) -> Answer {
    let answer = Answer::empty(204).with("allow", routes::allowed(routes));
    let for_pages = |(route, _): &(&Route, &str)| route.need != Some(Need::SecretKey);
    match origin {
        Some(origin) if routes.iter().any(for_pages) => allow(answer, origin)
            .with("access-control-allow-methods", "GET, POST")
            .with(
                "access-control-allow-headers",
                "authorization, content-type",
            )
            .with("access-control-max-age", PREFLIGHT_MAX_AGE_S),
        _ => answer,
    }
}

/// Lets pages of one origin read the answer.
pub(crate) fn allow(answer: Answer, origin: &str) -> Answer {
    answer
        .with("access-control-allow-origin", origin)
        .with("vary", "Origin")
}

/// Lets every page read it.
pub(crate) fn allow_everybody(answer: Answer) -> Answer {
    answer.with("access-control-allow-origin", "*")
}
