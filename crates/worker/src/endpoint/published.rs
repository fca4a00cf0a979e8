//! `GET /v1/programs/{version}`: one published version, as it was written and as it is evaluated.

use earnest_core::Timestamp;
use earnest_ledger::rfc3339;
use earnest_ledger::store::programs;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::auth::Need;
use crate::call::Call;
use crate::problem::Failure;
use crate::program_store::ProgramError;

#[derive(Serialize)]
struct PublishedDocument<'a> {
    version: u32,
    digest: String,
    published_at: String,
    source: &'a str,
    /// To the byte as it was published, so its digest can be checked.
    document: &'a RawValue,
}

pub(crate) async fn answer(call: &mut Call, version: &str) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    // What is no version is one that nobody published.
    let number = parse(version).unwrap_or(0);
    let [found] = call
        .admit(&key, [programs::load(&key.shop, number)])
        .await?;
    let found = programs::program(&found)?.ok_or(ProgramError::VersionUnknown)?;
    let document = serde_json::from_str(&found.document).map_err(Failure::internal)?;
    let document = PublishedDocument {
        version: found.version,
        digest: found.digest,
        published_at: rfc3339(Timestamp::from_millis(found.published_at)),
        source: &found.source,
        document,
    };
    Ok(Answer::json(200, &document))
}

/// Reads a version as a path writes it: digits, the first of them not 0.
fn parse(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_in_one_way() {
        assert_eq!(parse("1"), Some(1));
        assert_eq!(parse("4294967295"), Some(u32::MAX));
        for text in ["", "01", "+1", "-1", "1.0", "4294967296", "newest"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
