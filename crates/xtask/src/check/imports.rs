//! Who may import whom: `widget -> core <- ledger <- worker`, a core that knows neither browser nor edge, and
//! a ledger that knows no database.

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::{step, tools};

/// What a package must not depend on, directly or through others.
struct Boundary {
    package: &'static str,
    features: &'static str,
    forbidden: &'static [&'static str],
}

const BOUNDARIES: [Boundary; 5] = [
    // The core decides and does nothing else: no browser, no edge, no randomness, no runtime.
    Boundary {
        package: "earnest-core",
        features: "compile",
        forbidden: &[
            "wasm-bindgen",
            "js-sys",
            "web-sys",
            "worker",
            "getrandom",
            "tokio",
            "earnest-ledger",
            "earnest-widget",
            "earnest-worker",
        ],
    },
    // Without the compiler it is what shoppers download: no TOML, no time zones, no JSON text.
    Boundary {
        package: "earnest-core",
        features: "",
        forbidden: &[
            "toml",
            "jiff",
            "serde_json",
            "sha2",
            "wasm-bindgen",
            "js-sys",
        ],
    },
    Boundary {
        package: "earnest-widget",
        features: "",
        forbidden: &["toml", "jiff", "worker", "earnest-ledger", "earnest-worker"],
    },
    // The ledger has statements and no database: no edge, no randomness, no program files.
    Boundary {
        package: "earnest-ledger",
        features: "",
        forbidden: &[
            "toml",
            "wasm-bindgen",
            "worker",
            "rusqlite",
            "getrandom",
            "earnest-widget",
            "earnest-worker",
        ],
    },
    Boundary {
        package: "earnest-worker",
        features: "",
        forbidden: &["earnest-widget"],
    },
];

pub(super) fn check() -> Result<Tally> {
    BOUNDARIES.iter().try_fold(
        Tally::default(),
        |sum, boundary| Ok(sum + boundary.check()?),
    )
}

impl Boundary {
    fn check(&self) -> Result<Tally> {
        let Self {
            package,
            features,
            forbidden,
        } = self;
        let mut tree = tools::cargo();
        tree.args([
            "tree",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args([
            "--no-default-features",
            "--features",
            features,
            "--target",
            tools::WASM,
        ]);
        let tree =
            tools::answer(&mut tree).with_context(|| format!("`cargo tree` knows no {package}"))?;
        let names: Vec<&str> = tree
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        let found: Vec<&str> = forbidden
            .iter()
            .filter(|name| names.contains(name))
            .copied()
            .collect();

        let with = if features.is_empty() {
            String::new()
        } else {
            format!(" with `{features}`")
        };
        if found.is_empty() {
            step::note(&format!(
                "{package}{with} imports none of {}",
                forbidden.join(", ")
            ));
        } else {
            println!("FAIL  {package}{with} must not import {}", found.join(", "));
        }
        Ok(Tally::from(found.is_empty()))
    }
}
