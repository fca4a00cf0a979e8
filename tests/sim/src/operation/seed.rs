//! A shop keeps a seed to draw with, again or for the first time; or it tells one, with which nothing is drawn from
//! then on.

use std::sync::Arc;

use earnest_core::surprise::Commitment;
use earnest_ledger::store::seeds::{self, SeedRow};
use earnest_ledger::{BookingError, KeptSeed, NewSeed, SeedError, StoreError, tell_seed};
use serde::Deserialize;
use serde_json::json;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, expect};
use crate::program::{SEEDS, bytes_of, seed};
use crate::random::Random;
use crate::shell::{Shell, shop_id};

#[derive(Debug)]
struct Keep {
    shop: usize,
    seed: u8,
    /// The key of the request, which another seed may have had.
    key: Option<u8>,
}

#[derive(Debug)]
struct Reveal {
    shop: usize,
    seed: u8,
}

/// A seed as it is told.
#[derive(Deserialize)]
struct Told {
    commitment: String,
    status: String,
    seed: Option<String>,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let (shop, seed) = (random.place(SHOPS), random.pick(&SEEDS));
    if random.one_in(3) {
        return Arc::new(Reveal { shop, seed });
    }
    Arc::new(Keep {
        shop,
        seed,
        key: random.one_in(2).then(|| random.pick(&SEEDS)),
    })
}

/// A seed of a certain shop is told.
pub(super) fn told(shop: usize, random: &mut Random) -> Arc<dyn Operation> {
    let seed = random.pick(&SEEDS);
    Arc::new(Reveal { shop, seed })
}

/// What is told of a seed is this seed and, once it is revealed, all of it.
fn judge(told: &str, drawn: u8) -> Result<Told, Violation> {
    let told: Told = serde_json::from_str(told).expect("a seed is told as JSON");
    let is_told = told.seed.as_deref().map(|it| Commitment::to(&bytes_of(it)));
    let is_right = told.commitment == seed(drawn).commitment()
        && is_told.is_none_or(|it| it.to_string() == told.commitment)
        && is_told.is_some() == (told.status == "revealed");
    Violation::unless(is_right, "a seed was told as another, or too early")?;
    Ok(told)
}

fn find(shop: usize, commitment: &str, shell: &mut Shell) -> Result<SeedRow, BookingError> {
    let [found] = shell.read(&[seeds::load(shop_id(shop), &[commitment.to_owned()])])?;
    let found = seeds::seeds(&found)?.into_iter().next();
    found.ok_or_else(|| StoreError::Broken("there is no such seed".to_owned()).into())
}

impl Keep {
    /// As the Worker's endpoint does it.
    fn keep(&self, shell: &mut Shell) -> Result<Result<SeedRow, SeedError>, BookingError> {
        let shop = shop_id(self.shop);
        let new = NewSeed {
            seed: seed(self.seed),
            is_own: true,
            key: self.key.map(|key| format!("s-{key}")),
        };
        let rows = shell.read(&new.reads(shop))?;
        let store = match new.keep(shop, &rows, shell.now)? {
            Err(error) => return Ok(Err(error)),
            Ok(KeptSeed::Known(kept)) => return Ok(Ok(kept)),
            Ok(KeptSeed::New(store)) => store,
        };
        shell.send(&[store])?;
        find(self.shop, &new.seed.commitment(), shell).map(Ok)
    }
}

impl Reveal {
    /// As the Worker's endpoint does it.
    fn reveal(&self, shell: &mut Shell) -> Result<Option<SeedRow>, BookingError> {
        let commitment = seed(self.seed).commitment();
        let [found] = shell.read(&[seeds::load(
            shop_id(self.shop),
            std::slice::from_ref(&commitment),
        )])?;
        let Some(found) = seeds::seeds(&found)?.into_iter().next() else {
            return Ok(None);
        };
        if found.revealed_at.is_some() {
            return Ok(Some(found));
        }
        let end = seeds::store_revealed(shop_id(self.shop), &commitment, shell.now);
        shell.send(&[end])?;
        find(self.shop, &commitment, shell).map(Some)
    }
}

impl Operation for Keep {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let what = ("seed", self.shop, seed(self.seed).commitment());
        let was_revealed = shell.acknowledged.contains_key(&what);
        match shell.take_turns(|shell| self.keep(shell)) {
            Ok(Ok(kept)) => {
                let told = judge(&tell_seed(&kept), self.seed)?;
                Violation::unless(
                    !was_revealed || told.status == "revealed",
                    "a seed was revealed, and is in use again",
                )
            }
            Ok(Err(SeedError::KeyReused)) => {
                Violation::unless(self.key.is_some(), "a key was used that was not there")
            }
            Ok(Err(SeedError::Revealed)) => Ok(()),
            Ok(Err(error)) => Err(Violation::new(format!("a seed was refused: {error}"))),
            Err(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let request = Request {
            idempotency_key: self.key.map(|key| format!("s-{key}")),
            ..Request::post(
                self.shop,
                "/v1/seeds",
                &json!({ "seed": crate::program::seed_text(self.seed) }),
            )
        };
        let answer = errand.ask(&request);
        if matches!(answer.status, 200 | 201) {
            return judge(&answer.body, self.seed).map(drop);
        }
        let code = errand.refused(&answer)?;
        expect(&code, &["seed_revealed", "idempotency_key_reused"])
    }
}

impl Operation for Reveal {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        match shell.take_turns(|shell| self.reveal(shell)) {
            Ok(None) => Ok(()),
            Ok(Some(found)) => {
                let answer = tell_seed(&found);
                let told = judge(&answer, self.seed)?;
                Violation::unless(
                    told.seed.is_some(),
                    "a seed was revealed, and it is not told",
                )?;
                let what = ("seed", self.shop, told.commitment);
                shell.tally.count("seeds were told");
                shell.acknowledge(what, &answer, false)
            }
            Err(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let commitment = seed(self.seed).commitment();
        let path = format!("/v1/seeds/{commitment}/reveal");
        let answer = errand.ask(&Request::post(self.shop, path, &json!({})));
        if answer.status == 200 {
            errand.count("seeds were told");
            return judge(&answer.body, self.seed).map(drop);
        }
        expect(&errand.refused(&answer)?, &["seed_not_found"])
    }
}
