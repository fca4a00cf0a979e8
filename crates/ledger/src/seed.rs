//! Seeds: drawn or given, drawn with, and told when their time is over.
//!
//! Owns which numbers are drawn for an order. Invariant: the bytes of a seed are in no answer and no message before it
//! is revealed, and from then on nothing is drawn with it.

use earnest_core::surprise::{Commitment, Drawn, MIN_SEED_BYTES, Surprise, draw};
use earnest_core::{EntryKind, Plan, Program, Timestamp};
use serde::Serialize;

use crate::store::seeds::{self, MAX_SEEDS, SeedRow};
use crate::store::{Rows, Statement, StoreError};
use crate::{hex, json, rfc3339, withdraw};

/// The most bytes of a seed.
pub const MAX_SEED_BYTES: usize = 256;

/// Why there is no such seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// The bytes are none.
    #[error(
        "a seed is {MIN_SEED_BYTES} to {MAX_SEED_BYTES} bytes in hexadecimal; leave it out, and it is drawn for you"
    )]
    Unusable,
    /// It was told already: anybody could know which orders it draws.
    #[error("this seed has been revealed; draw another one")]
    Revealed,
    /// More than are read with every order.
    #[error(
        "a shop draws with at most {MAX_SEEDS} seeds at once; reveal those whose surprises are over"
    )]
    TooMany,
    /// Another one was made under the key.
    #[error("the key was used for another seed")]
    KeyReused,
    /// The shop has none of this commitment.
    #[error("the shop has no seed of this commitment")]
    Unknown,
    /// A program draws with a seed that is not there, so no order would ever be given anything.
    #[error(
        "surprise {surprise:?}: the shop has no seed of {commitment} to draw with{}; make one with POST /v1/seeds, and name the commitment that it answers",
        if *.is_revealed { ", since it has been revealed" } else { "" }
    )]
    NotToDrawWith {
        /// The id of the surprise.
        surprise: String,
        /// What it names.
        commitment: String,
        /// Whether it was there once.
        is_revealed: bool,
    },
}

/// The bytes of a seed.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(Vec<u8>);

/// Nothing of it: what is debugged gets logged.
impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl Seed {
    /// From random bytes, which the caller draws from a cryptographic source.
    #[must_use]
    pub fn from_random(bytes: [u8; MIN_SEED_BYTES]) -> Self {
        Self(bytes.to_vec())
    }

    /// From hexadecimal digits, as a shop that drew its own sends it.
    ///
    /// # Errors
    /// Where they are none, or too few or too many.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|it| u8::try_from(it.to_digit(16)?).ok())
            .collect();
        let digits = digits.ok_or(SeedError::Unusable)?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .filter_map(|pair| match pair {
                [high, low] => Some((high << 4) | low),
                _ => None,
            })
            .collect();
        let is_whole = digits.len() == bytes.len() * 2;
        if is_whole && (MIN_SEED_BYTES..=MAX_SEED_BYTES).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(SeedError::Unusable)
        }
    }

    /// The commitment to it, as programs name it.
    #[must_use]
    pub fn commitment(&self) -> String {
        Commitment::to(&self.0).to_string()
    }

    /// Keeps it, where it is not kept yet. `known` are the shop's seeds in use, and the one of its commitment.
    ///
    /// # Errors
    /// Where it was revealed, or there are too many.
    pub fn store(
        &self,
        shop: &str,
        known: &[SeedRow],
        now: Timestamp,
    ) -> Result<Option<Statement>, SeedError> {
        self.store_under(shop, known, None, now)
    }

    fn store_under(
        &self,
        shop: &str,
        known: &[SeedRow],
        key: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Statement>, SeedError> {
        let commitment = self.commitment();
        match known.iter().find(|it| it.commitment == commitment) {
            Some(row) if row.revealed_at.is_some() => Err(SeedError::Revealed),
            Some(_) => Ok(None),
            None if known.len() >= MAX_SEEDS => Err(SeedError::TooMany),
            None => {
                let bytes = hex(&self.0);
                Ok(Some(seeds::store(shop, &commitment, &bytes, key, now)))
            }
        }
    }
}

/// A seed that a shop asks to be kept.
#[derive(Clone, Debug)]
pub struct NewSeed {
    /// Its bytes: the shop's own, or drawn for it.
    pub seed: Seed,
    /// Whether they are the shop's own.
    pub is_own: bool,
    /// The key of the request: the same again gets the same seed, whatever was drawn for it the second time.
    pub key: Option<String>,
}

/// What becomes of a seed that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptSeed {
    /// This one is kept.
    Known(SeedRow),
    /// It will be, by this. A conflict with it means that another request was first.
    New(Statement),
}

impl NewSeed {
    /// What to read to find out whether it is kept.
    #[must_use]
    pub fn reads(&self, shop: &str) -> [Statement; 3] {
        [
            seeds::load_in_use(shop),
            seeds::load(shop, &[self.seed.commitment()]),
            seeds::load_by_key(shop, self.key.as_deref()),
        ]
    }

    /// Which seed it is, or how it is kept.
    ///
    /// # Errors
    /// Where it was revealed, there are too many, or its key has another one; or a row is not as the ledger keeps it.
    pub fn keep<R: Rows>(
        &self,
        shop: &str,
        [in_use, same, of_key]: &[R; 3],
        now: Timestamp,
    ) -> Result<Result<KeptSeed, SeedError>, StoreError> {
        let commitment = self.seed.commitment();
        if let Some(kept) = seeds::seeds(of_key)?.into_iter().next() {
            let is_another = self.is_own && kept.commitment != commitment;
            return Ok(if is_another {
                Err(SeedError::KeyReused)
            } else {
                Ok(KeptSeed::Known(kept))
            });
        }
        let mut known = seeds::seeds(in_use)?;
        known.extend(seeds::seeds(same)?);
        let key = self.key.as_deref();
        let store = match self.seed.store_under(shop, &known, key, now) {
            Ok(store) => store,
            Err(error) => return Ok(Err(error)),
        };
        let kept = known.into_iter().find(|it| it.commitment == commitment);
        Ok(Ok(match (store, kept) {
            (None, Some(kept)) => KeptSeed::Known(kept),
            (Some(store), _) => KeptSeed::New(store),
            (None, None) => {
                return Err(StoreError::Broken(
                    "a seed was known and is not there".to_owned(),
                ));
            }
        }))
    }
}

/// A seed as it is told.
#[derive(Serialize)]
struct SeedDocument<'a> {
    commitment: &'a str,
    /// `in_use` until it is `revealed`.
    status: &'static str,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revealed_at: Option<String>,
    /// Only once it is revealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<&'a str>,
}

/// A seed as it is told, JSON: itself only once it is revealed.
#[must_use]
pub fn tell_seed(row: &SeedRow) -> String {
    let instant = |millis| rfc3339(Timestamp::from_millis(millis));
    let is_revealed = row.revealed_at.is_some();
    json(&SeedDocument {
        commitment: &row.commitment,
        status: if is_revealed { "revealed" } else { "in_use" },
        created_at: instant(row.created_at),
        revealed_at: row.revealed_at.map(instant),
        seed: is_revealed.then_some(row.seed.as_str()),
    })
}

/// The commitments that a program draws by, each once.
#[must_use]
pub fn commitments(program: &Program) -> Vec<String> {
    let surprises = program.surprises().iter();
    let mut commitments: Vec<String> = surprises.map(|it| it.commitment.to_string()).collect();
    commitments.sort();
    commitments.dedup();
    commitments
}

/// Whether there is a seed to draw with for each surprise of a program. `known` are the seeds of its commitments.
///
/// # Errors
/// The first surprise of which there is none.
pub fn check_seeds(program: &Program, known: &[SeedRow]) -> Result<(), SeedError> {
    for surprise in program.surprises() {
        let commitment = surprise.commitment.to_string();
        let seed = known.iter().find(|it| it.commitment == commitment);
        let is_revealed = seed.is_some_and(|it| it.revealed_at.is_some());
        if seed.is_none() || is_revealed {
            let surprise = surprise.id.clone();
            return Err(SeedError::NotToDrawWith {
                surprise,
                commitment,
                is_revealed,
            });
        }
    }
    Ok(())
}

/// What is drawn for an order: a number for each surprise whose seed is in use.
pub(crate) fn draws<'p>(
    program: &'p Program,
    seeds: &[SeedRow],
    order_id: &str,
) -> Result<Vec<Drawn<'p>>, StoreError> {
    let mut drawn = Vec::new();
    for surprise in program.surprises() {
        let commitment = surprise.commitment.to_string();
        let seed = seeds.iter().find(|it| it.commitment == commitment);
        if let Some(row) = seed {
            let seed = Seed::parse(&row.seed).map_err(|_| {
                StoreError::Broken("a seed is not as the ledger keeps it".to_owned())
            })?;
            drawn.push(Drawn {
                surprise: &surprise.id,
                number: draw(&seed.0, &surprise.id, order_id),
            });
        }
    }
    Ok(drawn)
}

/// The statements that go with what a plan gives for an order by surprise, in its batch: they make sure that no seed of it
/// has been revealed meanwhile, and, where all of the order has come back already, take the rewards back at once.
pub(crate) fn settle(
    shop: &str,
    program: &Program,
    plan: &Plan,
    (order_id, is_back): (&str, bool),
    now: Timestamp,
) -> Vec<Statement> {
    let has_given = |surprise: &&Surprise| {
        let mut gifts = plan.gifts.iter();
        gifts.any(|it| it.kind == EntryKind::Surprise && it.giver == surprise.id)
    };
    let given = program.surprises().iter().filter(has_given);
    let mut commitments: Vec<String> = given.map(|it| it.commitment.to_string()).collect();
    commitments.sort();
    commitments.dedup();
    let check = |commitment: &String| seeds::check_in_use(shop, commitment);
    let mut statements: Vec<Statement> = commitments.iter().map(check).collect();
    if is_back && !statements.is_empty() {
        statements.push(withdraw(shop, EntryKind::Surprise, order_id, now));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_bytes_enough_in_hexadecimal_and_is_not_told_where_values_are_debugged() {
        let text = "00ff".repeat(16);
        let seed = Seed::parse(&text).expect("a seed");
        assert_eq!(Seed::parse(&text.to_uppercase()), Ok(seed.clone()));
        assert_eq!(hex(&seed.0), text);
        assert_eq!(format!("{seed:?}"), "Seed(…)");
        assert!(Seed::parse(&"ab".repeat(MAX_SEED_BYTES)).is_ok());
        for wrong in [
            "",
            &text[2..],
            &text[1..],
            &format!("{text}0"),
            &text.replace("ff", "fg"),
            &text.replace("ff", "é"),
            &"ab".repeat(MAX_SEED_BYTES + 1),
        ] {
            assert_eq!(Seed::parse(wrong), Err(SeedError::Unusable), "{wrong}");
        }
    }

    #[test]
    fn a_seed_is_told_once_it_is_revealed_and_never_before() {
        let seed = Seed::from_random([7; 32]);
        let mut row = SeedRow {
            commitment: seed.commitment(),
            seed: hex(&seed.0),
            created_at: 0,
            revealed_at: None,
        };
        assert!(!tell_seed(&row).contains(&row.seed) && !format!("{row:?}").contains(&row.seed));
        let again = seed.store("demo", &[row.clone()], Timestamp::from_millis(1));
        assert_eq!(again, Ok(None));
        row.revealed_at = Some(1);
        assert!(tell_seed(&row).contains(&row.seed));
        let again = seed.store("demo", &[row], Timestamp::from_millis(1));
        assert_eq!(again, Err(SeedError::Revealed));
    }
}
