//! Activities: what members do other than to buy, the form in which it is kept, and how it is booked.
//!
//! Invariants: the canonical content holds no e-mail, only its hash; an activity books once, however often
//! and however concurrently it is reported, and each report gets the first one's answer.

mod booking;

use earnest_core::{Activity, ActivityError, ON_ACCOUNT_CREATED, Program, Timestamp};
use serde::Serialize;

pub use self::booking::ActivityBooking;
use crate::{Customer, CustomerContent, Differences, json, rfc3339};

/// Kinds that are named in a problem. A program has one for each rule at most.
const MAX_KINDS_TOLD: usize = 50;

/// Why an activity is not booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// It cannot be evaluated.
    #[error(transparent)]
    Unusable(#[from] ActivityError),
    /// The program has nothing for it; in words.
    #[error("{0}")]
    KindUnknown(String),
    /// Nobody whom the shop has did it.
    #[error("an activity is of a member, and the shop has none of whom this would be")]
    UnknownMember,
    /// Another activity came under the same id.
    #[error("{}", .0.told("an activity"))]
    Differs(Differences),
}

/// A checked activity.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was done.
    pub activity: Activity,
    /// When, where the shop said so.
    pub occurred_at: Option<Timestamp>,
    /// Who did it.
    pub customer: Customer,
    /// Its tags, sorted, each once.
    pub tags: Vec<String>,
    /// How many it counts as.
    pub quantity: u32,
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

impl Report {
    /// The canonical content, JSON.
    pub fn content(&self) -> String {
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
    fn check_kind(&self, program: &Program) -> Result<(), ReportError> {
        let kind = self.activity.kind();
        let of_rules = program
            .rules()
            .iter()
            .filter_map(|rule| rule.activity.as_deref());
        let of_gifts = program.rule_gifts().iter();
        let of_rules = of_rules.chain(of_gifts.filter_map(|rule| rule.activity.as_deref()));
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

    use super::*;

    fn report(kind: &str) -> Report {
        let activity = Activity::new("a1".to_owned(), kind.to_owned(), Vec::new(), 1);
        Report {
            activity: activity.expect("an activity of the test"),
            occurred_at: None,
            customer: Customer::default(),
            tags: Vec::new(),
            quantity: 1,
        }
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
            let checked = report(kind).check_kind(&program(rules));
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
