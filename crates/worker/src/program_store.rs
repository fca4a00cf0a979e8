//! Published programs, read from KV and put there. The database has the originals.
//!
//! KV is the cache it is meant to be: it may be a minute behind, everywhere. On top of it an isolate keeps
//! what it has parsed for a few seconds more. Both may make an order earn under the program of a moment
//! ago; none can make it earn under a mixture, because a program is one document with one digest, and the
//! order says which.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;
use std::rc::Rc;

use earnest_core::wire::ProgramDocument;
use earnest_core::{Program, ProgramRef, Timestamp};
use serde::Deserialize;
use worker::Env;
use worker::kv::KvStore;

/// For so long a parsed program is not read again.
const FRESH_MS: i64 = 5_000;
/// Programs that an isolate holds; beyond it, all are forgotten and read again.
const MAX_HELD: usize = 256;

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProgramError {
    #[error("this shop has not published a program")]
    NotPublished,
    #[error("this shop has not published a program of this version")]
    VersionUnknown,
    /// The version is kept, and the cache does not have it. What the log says; who asked is told to ask again.
    #[error("{0}")]
    NotSpread(String),
    /// What the log says; nobody is told.
    #[error("{0}")]
    Broken(String),
}

/// A published program.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    /// The document, as it was published.
    pub(crate) document: String,
    /// The same, checked.
    pub(crate) program: Program,
}

#[derive(Clone)]
struct Held {
    read_at: Timestamp,
    published: Rc<Published>,
}

thread_local! {
    static HELD: RefCell<HashMap<String, Held>> = RefCell::default();
}

/// The program that a shop runs now.
pub(crate) async fn load_program(
    env: &Env,
    shop: &str,
    now: Timestamp,
) -> Result<Rc<Published>, ProgramError> {
    let held = HELD.with_borrow(|held| held.get(shop).cloned());
    if let Some(held) = &held {
        let age_ms = now.as_millis().saturating_sub(held.read_at.as_millis());
        if (0..FRESH_MS).contains(&age_ms) {
            return Ok(Rc::clone(&held.published));
        }
    }
    let document = load_document(env, shop).await?;
    let document = document.ok_or(ProgramError::NotPublished)?;
    // Parsing costs more than comparing, and programs change rarely.
    let published = match held {
        Some(held) if held.published.document == document => held.published,
        _ => Rc::new(parse(shop, document)?),
    };
    HELD.with_borrow_mut(|held| {
        if held.len() >= MAX_HELD {
            held.clear();
        }
        let published = Rc::clone(&published);
        held.insert(
            shop.to_owned(),
            Held {
                read_at: now,
                published,
            },
        );
    });
    Ok(published)
}

/// What the program in the cache says that it is, if there is one. Only for shops that published before the
/// database kept programs: the cache may be behind.
pub(crate) async fn load_reference(
    env: &Env,
    shop: &str,
) -> Result<Option<ProgramRef>, ProgramError> {
    #[derive(Deserialize)]
    struct Reference {
        version: u32,
        digest: String,
    }
    let document = load_document(env, shop).await?;
    let Some(document) = document else {
        return Ok(None);
    };
    // The rest may be of an older engine, which this one does not read.
    let Reference { version, digest } =
        serde_json::from_str(&document).map_err(|error| broken(shop, error))?;
    Ok(Some(ProgramRef { version, digest }))
}

/// Puts a document into the cache: for good under its digest, then as the program that the shop runs. This
/// isolate forgets what it held; others do within seconds of having it from KV.
pub(crate) async fn store_program(
    env: &Env,
    shop: &str,
    digest: &str,
    document: &str,
) -> Result<(), ProgramError> {
    let not_spread = |error: worker::Error| {
        ProgramError::NotSpread(format!("a program of `{shop}` is not in KV: {error}"))
    };
    let programs = programs(env).map_err(not_spread)?;
    for key in [
        format!("program:{shop}:{digest}"),
        format!("program:{shop}"),
    ] {
        let put = programs.put(&key, document);
        let put = put.map_err(|error| not_spread(error.into()))?;
        put.execute()
            .await
            .map_err(|error| not_spread(error.into()))?;
    }
    HELD.with_borrow_mut(|held| held.remove(shop));
    Ok(())
}

async fn load_document(env: &Env, shop: &str) -> Result<Option<String>, ProgramError> {
    let programs = programs(env).map_err(|error| broken(shop, error))?;
    let document = programs.get(&format!("program:{shop}")).text().await;
    document.map_err(|error| broken(shop, error))
}

fn programs(env: &Env) -> worker::Result<KvStore> {
    env.kv("PROGRAMS")
}

/// A program that was published once, from its document; an older engine's may be unreadable.
pub(crate) fn parse(shop: &str, document: String) -> Result<Published, ProgramError> {
    let parsed: ProgramDocument =
        serde_json::from_str(&document).map_err(|error| broken(shop, error))?;
    let program = Program::try_from(parsed).map_err(|error| broken(shop, error))?;
    Ok(Published { document, program })
}

fn broken(shop: &str, error: impl Display) -> ProgramError {
    ProgramError::Broken(format!(
        "the published program of `{shop}` cannot be read: {error}"
    ))
}
