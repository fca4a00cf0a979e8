//! `POST /v1/programs`: a shop publishes a version of its program.
//!
//! The body is the program file itself. Invariant: a version has one digest for good, in the database
//! first; KV is then given the newest version, so a request that is sent again finishes what one broke off.

use earnest_core::compile::{self, CompiledProgram, Diagnostic, Diagnostics};
use earnest_core::{Program, ProgramRef, Timestamp};
use earnest_ledger::store::programs::{self, NewProgram, VersionRow};
use earnest_ledger::store::{scores, seeds};
use earnest_ledger::{check_competitions, check_seeds, commitments, load_competitions, rfc3339};
use serde::Serialize;

use crate::answer::Answer;
use crate::auth::{Need, PresentedKey};
use crate::body::PROGRAM_BYTES;
use crate::call::Call;
use crate::endpoint::turn::take_turns;
use crate::problem::Failure;
use crate::program_store;

/// Characters of one that are told. It may quote the file.
const MAX_MESSAGE_CHARS: usize = 500;
/// Times that the newest version is looked for while newer ones keep coming.
const SPREADS: u32 = 3;

/// Why a program is not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PublishError {
    #[error("{detail}")]
    Invalid {
        detail: String,
        errors: Vec<ProblemInFile>,
        more_errors: usize,
    },
    #[error(
        "version {} has been published with other rules ({}), and a version is never changed; count it up",
        .published.version, .published.digest
    )]
    Taken { published: ProgramRef },
    #[error("version {newest} has been published already; give this a higher one than {version}")]
    NotNewest { version: u32, newest: u32 },
    /// The books of a day that has ended would be opened again.
    #[error(
        "by the clocks of the version in force the shop has begun its next day, and by those of this one it has not: \
         publish it once a day has begun there too, within {hours} hours, or the books of a day would be opened again"
    )]
    DayAgain { hours: i64 },
}

/// What is wrong with a program file, or surely not meant, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ProblemInFile {
    line: usize,
    column: usize,
    /// What is wrong, and what would be right.
    message: String,
}

#[derive(Serialize)]
struct PublishAnswer<'a> {
    version: u32,
    digest: &'a str,
    /// Null for what was only tried.
    published_at: Option<String>,
    warnings: &'a [ProblemInFile],
}

struct Publication {
    source: String,
    dry_run: bool,
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let publication = parse(call).await;
    let publication = call.admit_to_refuse(&key, publication).await?;
    // Compiling is work, so it is done for who may ask alone.
    let [] = call.admit(&key, []).await?;
    let compiled = compile::compile(&publication.source);
    let compiled = compiled.map_err(|problems| PublishError::invalid(&problems))?;
    take_turns(async || book(call, &key, &publication, &compiled).await).await
}

async fn parse(call: &mut Call) -> Result<Publication, Failure> {
    let dry_run = match call.parameter("dry_run").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Failure::parameter("dry_run", "dry_run is true or false")),
    };
    let source = call.toml(PROGRAM_BYTES).await?;
    Ok(Publication { source, dry_run })
}

/// Publishes the version after what is known now, or finds that it has been published.
async fn book(
    call: &mut Call,
    key: &PresentedKey,
    publication: &Publication,
    compiled: &CompiledProgram,
) -> Result<Answer, Failure> {
    let shop = key.shop.as_str();
    let reference = compiled.program.reference();
    let find = [
        programs::load_version_and_newest(shop, reference.version),
        seeds::load(shop, &commitments(&compiled.program)),
        load_competitions(shop, &compiled.program),
    ];
    let [found, seeds, competitions] = call.admit(key, find).await?;
    let versions = programs::versions(&found)?;
    let published = published(&versions, reference)?;
    if published.is_none() {
        check_seeds(&compiled.program, &seeds::seeds(&seeds)?)?;
        let known = scores::known(&competitions)?;
        check_competitions(&compiled.program, &known, call.now)?;
    }
    let published = match published {
        Some(published) => Some(published),
        None if versions.is_empty() => {
            // The shop may have published before the database kept programs.
            let cached = program_store::load_reference(&call.env, shop).await?;
            check_follows(cached.as_ref(), reference)?;
            None
        }
        None => {
            let newest = call.database.read([programs::load_newest(shop)]).await?;
            let newest = newest.first().map(programs::program).transpose()?.flatten();
            // One of an older engine may be unreadable; then nobody knows which day it had.
            let before = newest.and_then(|it| program_store::parse(shop, it.document).ok());
            if let Some(before) = before {
                check_day(&before.program, &compiled.program, call.now)?;
            }
            None
        }
    };
    if publication.dry_run {
        return Ok(told(200, compiled, published));
    }
    if published.is_none() {
        let program = NewProgram {
            reference,
            source: &publication.source,
            document: &compiled.document,
            published_at: call.now,
        };
        call.database
            .write(&[programs::store(shop, program)])
            .await?;
    }
    spread(call, shop).await?;
    Ok(match published {
        None => told(201, compiled, Some(call.now)),
        published => told(200, compiled, published),
    })
}

/// When this version was published, if it was; or why it cannot be any more. `found` is the version's own
/// row and the newest one.
fn published(
    found: &[VersionRow],
    reference: &ProgramRef,
) -> Result<Option<Timestamp>, PublishError> {
    let same = found.iter().find(|row| row.version == reference.version);
    if let Some(row) = same.filter(|row| row.digest == reference.digest) {
        return Ok(Some(Timestamp::from_millis(row.published_at)));
    }
    let known = same.or(found.first()).map(|row| ProgramRef {
        version: row.version,
        digest: row.digest.clone(),
    });
    check_follows(known.as_ref(), reference).map(|()| None)
}

/// Whether the shop's day goes on: clocks further to the west may not open a day again that has ended by the others'.
fn check_day(before: &Program, next: &Program, now: Timestamp) -> Result<(), PublishError> {
    let day = before.calendar().local(now).day;
    let calendar = next.calendar();
    if day <= calendar.local(now).day {
        return Ok(());
    }
    let begins = calendar.start_of(day).as_millis();
    let millis = begins.saturating_sub(now.as_millis());
    let hours = millis.saturating_add(3_599_999).div_euclid(3_600_000);
    Err(PublishError::DayAgain { hours })
}

/// Whether a version may come after one that is known.
fn check_follows(known: Option<&ProgramRef>, next: &ProgramRef) -> Result<(), PublishError> {
    match known {
        Some(known) if known.version > next.version => Err(PublishError::NotNewest {
            version: next.version,
            newest: known.version,
        }),
        Some(known) if known.version == next.version && known.digest != next.digest => {
            Err(PublishError::Taken {
                published: known.clone(),
            })
        }
        _ => Ok(()),
    }
}

/// Puts the newest version into KV. Who publishes a newer one meanwhile puts that, before or after; so it is
/// looked for again, and the last to look has put the newest.
async fn spread(call: &mut Call, shop: &str) -> Result<(), Failure> {
    let mut spread = None;
    for _ in 0..SPREADS {
        let found = call.database.read([programs::load_newest(shop)]).await?;
        let newest = found.first().map(programs::program).transpose()?.flatten();
        let newest = newest.ok_or_else(|| Failure::internal("a program was stored and is gone"))?;
        if spread == Some(newest.version) {
            break;
        }
        program_store::store_program(&call.env, shop, &newest.digest, &newest.document).await?;
        spread = Some(newest.version);
    }
    Ok(())
}

fn told(status: u16, compiled: &CompiledProgram, published_at: Option<Timestamp>) -> Answer {
    let reference = compiled.program.reference();
    let warnings = compiled.warnings.iter();
    let warnings: Vec<ProblemInFile> = warnings.map(ProblemInFile::new).collect();
    let document = PublishAnswer {
        version: reference.version,
        digest: &reference.digest,
        published_at: published_at.map(rfc3339),
        warnings: &warnings,
    };
    Answer::json(status, &document)
}

impl PublishError {
    fn invalid(problems: &Diagnostics) -> Self {
        let errors: Vec<ProblemInFile> = problems.iter().map(ProblemInFile::new).collect();
        let more_errors = problems.more();
        let detail = match (errors.as_slice(), more_errors) {
            ([], _) => "the program has problems".to_owned(),
            ([only], 0) => only.to_string(),
            ([first, ..], 0) => format!("{} problems, the first: {first}", errors.len()),
            ([first, ..], _) => {
                format!("more than {} problems, the first: {first}", errors.len())
            }
        };
        Self::Invalid {
            detail,
            errors,
            more_errors,
        }
    }
}

impl ProblemInFile {
    fn new(problem: &Diagnostic) -> Self {
        Self {
            line: problem.line,
            column: problem.column,
            message: shortened(&problem.message),
        }
    }
}

impl std::fmt::Display for ProblemInFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            line,
            column,
            message,
        } = self;
        write!(f, "line {line}, column {column}: {message}")
    }
}

fn shortened(message: &str) -> String {
    match message.char_indices().nth(MAX_MESSAGE_CHARS) {
        None => message.to_owned(),
        Some((end, _)) => format!("{}…", &message[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: u32, digest: &str) -> VersionRow {
        VersionRow {
            version,
            digest: digest.to_owned(),
            published_at: i64::from(version) * 1_000,
        }
    }

    /// `new`, `published 3000`, or why not.
    fn check(found: &[VersionRow], version: u32, digest: &str, expected: &str) {
        let digest = digest.to_owned();
        let told = match published(found, &ProgramRef { version, digest }) {
            Ok(None) => "new".to_owned(),
            Ok(Some(at)) => format!("published {}", at.as_millis()),
            Err(PublishError::Taken { published }) => format!("taken by {}", published.digest),
            Err(PublishError::NotNewest { newest, .. }) => format!("below {newest}"),
            Err(other) => other.to_string(),
        };
        assert_eq!(told, expected, "{found:?}, {version}");
    }

    #[test]
    fn a_version_is_new_or_the_same_or_refused() {
        check(&[], 1, "a", "new");
        check(&[row(2, "a")], 3, "b", "new");
        // Back to rules of old is a new version like any other.
        check(&[row(2, "a")], 3, "a", "new");
        check(&[row(2, "a")], 2, "a", "published 2000");
        check(&[row(2, "a")], 2, "b", "taken by a");
        check(&[row(5, "b"), row(2, "a")], 2, "a", "published 2000");
        check(&[row(5, "b"), row(2, "a")], 2, "b", "taken by a");
        check(&[row(5, "b")], 2, "a", "below 5");
    }

    #[test]
    fn what_is_wrong_is_told_line_by_line_and_not_without_end() {
        let invalid = |source: &str| {
            let problems = compile::compile(source).expect_err("a program with mistakes");
            match PublishError::invalid(&problems) {
                PublishError::Invalid {
                    detail,
                    errors,
                    more_errors,
                } => (detail, errors, more_errors),
                other => panic!("{other:?}"),
            }
        };
        let (detail, errors, more_errors) = invalid("version = 1\nversion = 2\nname = 'Club'");
        assert_eq!((errors.len(), more_errors), (1, 0));
        assert!(detail.starts_with("line 2, column "), "{detail}");
        let many: String = (0..150).map(|nth| format!("wrong-{nth} = 1\n")).collect();
        let (detail, errors, more_errors) = invalid(&many);
        assert_eq!(errors.len(), 100);
        assert!(more_errors > 0);
        assert!(
            detail.starts_with("more than 100 problems, the first: line "),
            "{detail}"
        );
        let (_, errors, _) = invalid(&format!("{} = 1", "é".repeat(10_000)));
        assert!(errors.iter().all(|error| error.message.len() < 2_000));
    }
}
