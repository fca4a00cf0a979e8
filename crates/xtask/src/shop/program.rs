//! A merchant's TOML file, compiled to the document that is published, and where it is stored.
//!
//! Owns the row of a program in D1 and its names in KV; the Worker's `POST /v1/programs` writes the same.
//! Invariant: a version is never changed. The row of a taken one is an error, unless it is the same.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use earnest_core::Program;
use serde_json::{Value, json};

use super::text;
use crate::wrangler::Storage;

/// Bytes in one statement that D1 takes.
const MAX_STATEMENT_BYTES: usize = 100_000;

/// A program as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    /// The program file.
    pub(crate) source: String,
    /// The canonical document, JSON.
    pub(crate) document: String,
    /// Its version, as its author counts.
    pub(crate) version: u32,
    /// Its digest, `sha256:…`.
    pub(crate) digest: String,
    /// What is legal in it and surely not meant, each with its line.
    pub(crate) warnings: Vec<String>,
}

impl Published {
    /// Compiles a program file.
    ///
    /// # Errors
    /// When the file cannot be read or its program has mistakes; the message shows each with its line.
    pub(crate) fn from_file(path: &Path) -> Result<Self> {
        let source =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::from_source(&source).with_context(|| format!("in {}", path.display()))
    }

    /// Compiles the text of a program file.
    ///
    /// # Errors
    /// When the program has mistakes.
    pub(crate) fn from_source(source: &str) -> Result<Self> {
        let compiled =
            earnest_core::compile::compile(source).map_err(|mistakes| anyhow!("{mistakes}"))?;
        Ok(Self {
            source: source.to_owned(),
            version: compiled.program.reference().version,
            digest: compiled.program.reference().digest.clone(),
            document: compiled.document,
            warnings: compiled.warnings.iter().map(ToString::to_string).collect(),
        })
    }

    /// The program itself.
    ///
    /// # Errors
    /// When the file has mistakes.
    pub(crate) fn program(&self) -> Result<Program> {
        let compiled = earnest_core::compile::compile(&self.source);
        Ok(compiled.map_err(|mistakes| anyhow!("{mistakes}"))?.program)
    }

    /// The statement that keeps it for a shop. For a version that is kept with the same digest it changes
    /// nothing; with another digest, or below a newer version, the database refuses it.
    ///
    /// # Errors
    /// When D1 would not take so long a statement.
    pub(super) fn row(&self, shop: &str) -> Result<String> {
        let Self {
            source,
            document,
            version,
            digest,
            ..
        } = self;
        let [shop, digest, source, document] = [shop, digest, source, document].map(text);
        let sql = format!(
            "INSERT INTO programs (shop, version, digest, published_at, source, document)\n  \
             VALUES ({shop}, {version}, {digest}, unixepoch() * 1000, {source}, {document})\n  \
             ON CONFLICT (shop, version) DO UPDATE SET digest = excluded.digest \
             WHERE programs.digest <> excluded.digest;\n"
        );
        ensure!(
            sql.len() <= MAX_STATEMENT_BYTES,
            "the program is too long to be published from here ({} bytes with its compiled form, and at most \
             {MAX_STATEMENT_BYTES} fit); `POST /v1/programs` takes longer ones",
            sql.len()
        );
        Ok(sql)
    }

    /// What KV keeps for a shop: the program that it runs, and this one for good.
    pub(super) fn cached(&self, shop: &str) -> [Value; 2] {
        [
            format!("program:{shop}:{}", self.digest),
            format!("program:{shop}"),
        ]
        .map(|key| json!({ "key": key, "value": self.document }))
    }

    /// Checks that a shop can publish it: that no newer version is there, nor other rules under this one.
    ///
    /// # Errors
    /// When it cannot, or wrangler refuses.
    pub(super) fn check_follows(&self, shop: &str, storage: &Storage) -> Result<()> {
        let sql = format!(
            "SELECT version, digest FROM programs WHERE shop = {} AND version >= {} ORDER BY version DESC",
            text(shop),
            self.version
        );
        let known = storage.rows("looking for published versions", &sql)?;
        self.check_known(&known)
    }

    fn check_known(&self, known: &[Value]) -> Result<()> {
        let version = self.version;
        for row in known {
            let (known, digest) = (&row["version"], &row["digest"]);
            ensure!(
                *known == json!(version),
                "version {known} has been published already; give this a higher one than {version}"
            );
            ensure!(
                *digest == json!(self.digest),
                "version {version} has been published with other rules ({}); a version is never changed: count it up",
                digest.as_str().unwrap_or_default()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(version: u32, digest: &str) -> Published {
        Published {
            source: "# Maya's\nversion = 1".to_owned(),
            document: "{}".to_owned(),
            version,
            digest: digest.to_owned(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn the_row_of_a_program_holds_its_file_quoted() {
        let row = program(1, "sha256:1").row("demo").expect("a short program");
        assert!(row.contains("'# Maya''s\nversion = 1'"), "{row}");
        let long = Published {
            source: "#".repeat(MAX_STATEMENT_BYTES),
            ..program(1, "sha256:1")
        };
        assert!(long.row("demo").is_err());
    }

    #[test]
    fn other_rules_under_a_taken_version_are_refused() {
        let row = |version: u32, digest: &str| json!({ "version": version, "digest": digest });
        let check = |known: &[Value], said: Option<&str>| {
            let checked = program(3, "sha256:3").check_known(known);
            let told = checked.map_err(|error| error.to_string());
            match said {
                None => assert_eq!(told, Ok(()), "{known:?}"),
                Some(words) => assert!(told.is_err_and(|told| told.contains(words)), "{known:?}"),
            }
        };
        check(&[], None);
        check(&[row(3, "sha256:3")], None);
        check(&[row(3, "sha256:4")], Some("with other rules (sha256:4)"));
        check(&[row(4, "sha256:4")], Some("version 4 has been published"));
        check(
            &[row(4, "sha256:4"), row(3, "sha256:3")],
            Some("version 4 has been published"),
        );
    }
}
