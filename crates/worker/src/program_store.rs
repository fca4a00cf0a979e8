//! Published programs, read from KV.
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
use earnest_core::{Program, Timestamp};
use worker::Env;

/// For so long a parsed program is not read again.
const FRESH_MS: i64 = 5_000;
/// Programs that an isolate holds; beyond it, all are forgotten and read again.
const MAX_HELD: usize = 256;

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProgramError {
    #[error("this shop has not published a program")]
    NotPublished,
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
    let broken = |error: worker::Error| broken(shop, error);
    let programs = env.kv("PROGRAMS").map_err(broken)?;
    let document = programs
        .get(&format!("program:{shop}"))
        .text()
        .await
        .map_err(|error| broken(error.into()))?
        .ok_or(ProgramError::NotPublished)?;
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

fn parse(shop: &str, document: String) -> Result<Published, ProgramError> {
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
