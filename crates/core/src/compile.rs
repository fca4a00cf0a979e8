//! The program compiler: from the TOML that a merchant writes to the document that is published.
//!
//! Owns what only an author needs: messages with line and caret, dates, the digest. It runs in the
//! command line, where programs are published, never in the browser. Its invariant: the document that it answers with
//! is canonical, so the same program always has the same digest.

mod check;
mod diagnostic;
mod fault;
pub mod source;
#[cfg(test)]
mod tests;
mod tree;
mod warn;

use std::fmt::Write;

use sha2::{Digest, Sha256};

use self::diagnostic::MAX_TOLD;
pub use self::diagnostic::{Diagnostic, Diagnostics};
use self::source::ProgramSource;
use self::tree::{Reading, Tree};
use crate::Program;
use crate::wire::ProgramDocument;

/// A checked program and the document that travels.
#[derive(Clone, Debug)]
pub struct CompiledProgram {
    /// The program, ready to be evaluated.
    pub program: Program,
    /// The canonical JSON document, with its digest.
    pub document: String,
    /// What is legal and surely not meant, in the order of the file.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles a program file.
///
/// ```
/// let compiled = earnest_core::compile::compile(r#"
///     version = 1
///     name = "Bakery club"
///     points = { one = "star", other = "stars" }
///     earn.per_unit = { EUR = 1.5 }
/// "#).expect("a valid program");
/// assert_eq!(compiled.program.name(), "Bakery club");
///
/// let problems = earnest_core::compile::compile("version = 1\nnam = 'x'").unwrap_err();
/// assert!(problems.to_string().contains("line 2"));
/// ```
///
/// # Errors
/// The problems that were found, each with its line and what would be right; a hundred at most.
///
/// # Panics
/// Never: a document is plain JSON, and a checked one is a program.
pub fn compile(source: &str) -> Result<CompiledProgram, Diagnostics> {
    let tree = Tree::parse(source)?;
    let Reading {
        document: source,
        mut diagnostics,
        passed_over,
        mut more,
    } = tree.read::<ProgramSource>();
    if let Some(source) = source {
        let (mut document, found) = check::check(&source, &passed_over);
        let room = MAX_TOLD.saturating_sub(diagnostics.len());
        let spare = found.problems.len().saturating_sub(room);
        more = more.max(found.more.saturating_add(spare));
        diagnostics.extend(found.problems.into_iter().take(room).map(|problem| {
            if problem.is_about_key {
                tree.key(&problem.pointer, problem.message)
            } else {
                tree.value(&problem.pointer, problem.message)
            }
        }));
        if diagnostics.is_empty() {
            document.digest = digest_of(&document);
            let text = serde_json::to_string(&document).expect("a document is plain JSON");
            let program: Program = document
                .clone()
                .try_into()
                .expect("a checked document is a program");
            let warnings = warn::warn(&source, &program).into_iter();
            let warnings = warnings
                .take(MAX_TOLD)
                .map(|it| tree.value(&it.pointer, it.message));
            return Ok(CompiledProgram {
                warnings: Diagnostics::new(warnings.collect(), 0).into_list(),
                program,
                document: text,
            });
        }
    }
    Err(Diagnostics::new(diagnostics, more))
}

/// `sha256:` and the digest of the document without its digest.
fn digest_of(document: &ProgramDocument) -> String {
    let undigested = ProgramDocument {
        digest: String::new(),
        ..document.clone()
    };
    let bytes = serde_json::to_vec(&undigested).expect("a document is plain JSON");
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(&bytes) {
        write!(hex, "{byte:02x}").expect("a string takes every write");
    }
    format!("sha256:{hex}")
}
