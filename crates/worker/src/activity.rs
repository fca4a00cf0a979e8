//! An activity as a shop reports it: read and checked. Its form in storage and its booking are the ledger's.

use earnest_core::{Activity, Timestamp};
use earnest_ledger::{Report, ReportError};
use serde::Deserialize;

use crate::customer::CustomerDocument;
use crate::instant::parse_past;
use crate::problem::Failure;
use crate::text::check_name;

/// The body of `POST /v1/activities`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivityDocument {
    id: String,
    kind: String,
    customer: CustomerDocument,
    #[serde(default)]
    occurred_at: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default = "one")]
    quantity: u32,
}

fn one() -> u32 {
    1
}

impl ActivityDocument {
    /// Checks the activity. `pepper` is what e-mails are hashed with.
    pub(crate) fn check(self, shop: &str, pepper: &str, now: Timestamp) -> Result<Report, Failure> {
        check_name(&self.id).map_err(|error| Failure::name(error, "/id"))?;
        check_name(&self.kind).map_err(|error| Failure::name(error, "/kind"))?;
        let occurred_at = self.occurred_at.as_deref();
        let occurred_at = occurred_at
            .map(|text| parse_past(text, now))
            .transpose()
            .map_err(|error| Failure::instant(error, "/occurred_at"))?;
        let mut tags = self.tags;
        for (nth, tag) in tags.iter().enumerate() {
            check_name(tag).map_err(|error| Failure::name(error, format!("/tags/{nth}")))?;
        }
        // Their order means nothing.
        tags.sort_unstable();
        tags.dedup();
        let activity = Activity::new(self.id, self.kind, tags.clone(), self.quantity);
        Ok(Report {
            activity: activity.map_err(ReportError::from)?,
            occurred_at,
            customer: self.customer.check(shop, pepper)?,
            tags,
            quantity: self.quantity,
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn report(json: &str) -> Result<Report, Failure> {
        let document: ActivityDocument = crate::body::parse(json.as_bytes())?;
        document.check("demo", "pepper", Timestamp::from_millis(1_776_677_400_000))
    }

    // Stored content is compared with content of later versions: its bytes are pinned.
    #[test]
    fn the_same_activity_has_the_same_content_however_it_is_written() {
        let long = r#"{"id":"a1","kind":"review","customer":{"email":"Ada@Example.com","id":null},
            "occurred_at":"2026-04-20T11:30:00+02:00","tags":["photo","long","photo"],"quantity":1}"#;
        let short = r#"{"quantity":1,"tags":["long","photo"],"occurred_at":"2026-04-20T09:30:00Z",
            "customer":{"email":"ada@example.com"},"kind":"review","id":"a1"}"#;
        let content = |json| report(json).expect("an activity of the test").content();
        assert_eq!(content(long), content(short));
        expect![[r#"{"kind":"review","customer":{"member_id":null,"id":null,"email":"8c04edef4780d1ea359c7486939ef2a8d1ed2d13c52145b940e23b23e00b385f"},"occurred_at":"2026-04-20T09:30:00.000Z","tags":["long","photo"],"quantity":1}"#]]
        .assert_eq(&content(short));
    }
}
