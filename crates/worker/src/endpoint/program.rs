//! `GET /v1/program?shop=…`: the published program, for every page and cache.
//!
//! Invariant: the answer is the published document to the byte, so its digest can be checked.

use crate::answer::Answer;
use crate::auth::is_shop_id;
use crate::call::Call;
use crate::problem::Failure;
use crate::program_store::{ProgramError, load_program};

/// A minute, as KV itself may be behind. Then a browser asks again, and is mostly told "the same".
const CACHE: &str = "public, max-age=60, stale-while-revalidate=600";

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let shop = call.parameter("shop");
    let shop = shop.ok_or_else(|| Failure::parameter("shop", "say which shop: ?shop=…"))?;
    if !is_shop_id(&shop) {
        return Err(ProgramError::NotPublished.into());
    }
    let published = load_program(&call.env, &shop, call.now).await?;
    let tag = format!("\"{}\"", published.program.reference().digest);
    let known = call.header("if-none-match");
    let answer = if known.is_some_and(|known| names(&known, &tag)) {
        Answer::empty(304)
    } else {
        Answer::json_text(200, published.document.clone())
    };
    Ok(answer.with("etag", tag).with("cache-control", CACHE))
}

/// Whether an `If-None-Match` header names the tag. Caches may have made it a weak one.
fn names(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_strong_weak_or_among_others() {
        let tag = "\"sha256:1\"";
        for header in ["\"sha256:1\"", "W/\"sha256:1\"", "\"x\", \"sha256:1\"", "*"] {
            assert!(names(header, tag), "{header}");
        }
        for header in ["", "sha256:1", "\"sha256:2\""] {
            assert!(!names(header, tag), "{header}");
        }
    }
}
