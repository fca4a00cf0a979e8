//! What a page has shown of an order before it was placed, compared with what is booked.
//!
//! Invariant: it is told and never heeded. What was shown changes nothing that is booked, and it is no part
//! of the order: the same order with other words about its preview is the same order.

use earnest_core::{ENGINE_VERSION, Points, ProgramRef};
use serde::{Deserialize, Serialize};

/// What the page showed, as far as the shop has kept it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The version of the program that the page evaluated.
    #[serde(default)]
    pub program_version: Option<u32>,
    /// Its digest.
    #[serde(default)]
    pub program_digest: Option<String>,
    /// The version of the engine that evaluated it.
    #[serde(default)]
    pub engine: Option<String>,
    /// The points that the page promised.
    #[serde(default)]
    pub points: Option<i64>,
}

/// How what was shown compares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Whether all that was said of it is what was booked.
    pub matches: bool,
    /// The fields that are not.
    pub differs: Vec<&'static str>,
}

impl Shown {
    /// Compares what was shown with what decided the order and what it earns. What was not said does not
    /// differ.
    pub fn compare(&self, program: &ProgramRef, points: Points) -> Comparison {
        let digest = self.program_digest.as_deref();
        let engine = self.engine.as_deref();
        let differs: Vec<&'static str> = [
            (
                "program_version",
                self.program_version.is_none_or(|it| it == program.version),
            ),
            (
                "program_digest",
                digest.is_none_or(|it| it == program.digest),
            ),
            ("engine", engine.is_none_or(|it| it == ENGINE_VERSION)),
            ("points", self.points.is_none_or(|it| it == points.get())),
        ]
        .into_iter()
        .filter_map(|(field, is_same)| (!is_same).then_some(field))
        .collect();
        Comparison {
            matches: differs.is_empty(),
            differs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shown: &str, differs: &[&str]) {
        let shown: Shown = serde_json::from_str(shown).expect("what was shown");
        let program = ProgramRef {
            version: 3,
            digest: "sha256:3".to_owned(),
        };
        let compared = shown.compare(&program, Points::new(20).expect("points"));
        assert_eq!(compared.differs, differs, "{shown:?}");
        assert_eq!(compared.matches, differs.is_empty(), "{shown:?}");
    }

    #[test]
    fn what_was_said_of_the_preview_is_compared_and_nothing_else() {
        check("{}", &[]);
        check(r#"{"program_version":3,"points":20}"#, &[]);
        check(r#"{"program_version":2,"points":20}"#, &["program_version"]);
        check(
            r#"{"program_version":3,"program_digest":"sha256:2","engine":"0.0.0","points":19}"#,
            &["program_digest", "engine", "points"],
        );
        check(&format!(r#"{{"engine":"{ENGINE_VERSION}"}}"#), &[]);
    }
}
