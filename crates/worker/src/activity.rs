//! An activity as a shop reports it: read, checked, and put into the form in which it is kept.
//!
//! Booking it is the endpoint's. Invariant: the canonical content holds no e-mail, only its hash.

use earnest_core::{Activity, ActivityError, ON_ACCOUNT_CREATED, Program, Timestamp};
use serde::{Deserialize, Serialize};

use crate::answer::json;
use crate::customer::{Customer, CustomerContent, CustomerDocument};
use crate::differences::Differences;
use crate::instant::{parse_past, rfc3339};
use crate::problem::Failure;
use crate::text::check_name;

/// Kinds that are named in a problem. A program has one for each rule at most.
const MAX_KINDS_TOLD: usize = 50;

/// Why an activity is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReportError {
    #[error(transparent)]
    Unusable(#[from] ActivityError),
    #[error("{0}")]
    KindUnknown(String),
    #[error("an activity is of a member, and the shop has none of whom this would be")]
    UnknownMember,
    #[error("{}", .0.told("an activity"))]
    Differs(Differences),
}

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

/// A checked activity.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// What was done.
    pub(crate) activity: Activity,
    /// When, where the shop said so.
    pub(crate) occurred_at: Option<Timestamp>,
    /// Who did it.
    pub(crate) customer: Customer,
    tags: Vec<String>,
    quantity: u32,
}

/// What is kept, and compared when the id comes again.
#[derive(Serialize)]
struct Content<'a> {
    kind: &'a str,
    customer: CustomerContent<'a>,
    occurred_at: Option<String>,
    tags: &'a [String],
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

impl Report {
    /// The canonical content, JSON.
    pub(crate) fn content(&self) -> String {
        json(&Content {
            kind: self.activity.kind(),
            customer: self.customer.content(),
            occurred_at: self.occurred_at.map(rfc3339),
            tags: &self.tags,
            quantity: self.quantity,
        })
    }

    /// Whether the program has rules or challenges for what was done. What it has none for is a kind that is
    /// misspelt more often than one that earns nothing.
    pub(crate) fn check_kind(&self, program: &Program) -> Result<(), ReportError> {
        let kind = self.activity.kind();
        let of_rules = program
            .rules()
            .iter()
            .filter_map(|rule| rule.activity.as_deref());
        let of_challenges = program.challenges().iter();
        let of_challenges = of_challenges.filter_map(|challenge| challenge.activity.as_deref());
        let mut kinds: Vec<&str> = of_rules.chain(of_challenges).collect();
        kinds.retain(|kind| *kind != ON_ACCOUNT_CREATED);
        if kinds.contains(&kind) {
            return Ok(());
        }
        kinds.sort_unstable();
        kinds.dedup();
        let more = kinds.len() > MAX_KINDS_TOLD;
        kinds.truncate(MAX_KINDS_TOLD);
        let told = match (kind, kinds.join(", ")) {
            (ON_ACCOUNT_CREATED, _) => {
                format!("\"{ON_ACCOUNT_CREATED}\" is booked when somebody joins, and not reported")
            }
            (_, kinds) if kinds.is_empty() => {
                "the program has no rules for activities; a rule for one says on = \"review\""
                    .to_owned()
            }
            (_, kinds) => {
                let more = if more { ", …" } else { "" };
                format!("the program has no rules for \"{kind}\"; it has some for {kinds}{more}")
            }
        };
        Err(ReportError::KindUnknown(told))
    }
}

#[cfg(test)]
mod tests {
    use earnest_core::compile::compile;
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

    #[test]
    fn a_kind_is_one_that_the_program_has_rules_for() {
        let program = |rules: &str| {
            let source = format!(
                "version = 1\nname = \"x\"\npoints = {{ one = \"a\", other = \"b\" }}\n\
                 earn.per_unit = {{ EUR = 1 }}\n{rules}"
            );
            compile(&source).expect("a program of the test").program
        };
        let rule = |kind: &str| {
            format!(
                "[[rules]]\nid = \"{kind}-1\"\nlabel = \"x\"\non = \"{kind}\"\ngrant = {{ bonus = 5 }}\n"
            )
        };
        let check = |kind: &str, rules: &str, told: Option<&str>| {
            let json = format!(r#"{{"id":"a1","kind":"{kind}","customer":{{}}}}"#);
            let report = report(&json).expect("an activity of the test");
            let checked = report.check_kind(&program(rules));
            let said = checked.err().map(|error| error.to_string());
            assert_eq!(said.as_deref(), told, "{kind}");
        };
        let rules = ["review", "check-in", "account-created"].map(rule).concat();
        check("review", &rules, None);
        check("check-in", &rules, None);
        check(
            "reveiw",
            &rules,
            Some("the program has no rules for \"reveiw\"; it has some for check-in, review"),
        );
        check(
            "account-created",
            &rules,
            Some("\"account-created\" is booked when somebody joins, and not reported"),
        );
        let challenge = "[[challenges]]\nid = \"runs\"\nlabel = \"3 runs\"\ncount = \"activities\"\n\
                         activity = \"run\"\nsteps = [{ at = 3, points = 5 }]\n";
        check("run", challenge, None);
        check(
            "review",
            &rule("account-created"),
            Some("the program has no rules for activities; a rule for one says on = \"review\""),
        );
    }
}
