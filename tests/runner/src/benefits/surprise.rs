//! What an order is given by surprise, or why not.

use earnest_core::Program;
use earnest_core::surprise::{NoSurprise, SurpriseFacts, decide, draw, verify};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{currency, euro, points, told};
use crate::{ANY_DAY, instant};

/// An order that may be drawn, by the program's first surprise.
#[derive(Debug, Deserialize)]
pub struct Drawing {
    /// The seed, as text.
    pub seed: String,
    /// The id of the order.
    pub order: String,
    /// Its currency.
    #[serde(default = "euro")]
    pub currency: String,
    /// What of it counts.
    pub counted_minor: i64,
    /// Points that the surprise has given before.
    #[serde(default)]
    pub given: i64,
    /// When it was placed.
    pub at: Option<String>,
}

pub(super) fn answer(program: &Program, drawing: &Drawing) -> Value {
    let [surprise, ..] = program.surprises() else {
        panic!("a program of the vectors has a surprise");
    };
    let seed = drawing.seed.as_bytes();
    let drawn = draw(seed, &surprise.id, &drawing.order);
    let facts = SurpriseFacts {
        currency: currency(&drawing.currency),
        counted_minor: drawing.counted_minor,
        placed_at: instant(drawing.at.as_deref().unwrap_or(ANY_DAY)),
        given: points(drawing.given),
        draw: drawn,
    };
    let answer = match decide(surprise, &facts) {
        Ok(gift) => told(gift),
        Err(no @ NoSurprise::BelowMinimum { missing_minor }) => {
            json!({ "refused": no.code(), "missing_minor": missing_minor })
        }
        Err(no) => json!({ "refused": no.code() }),
    };
    json!({
        "draw": format!("{drawn:016x}"),
        "seed_is_published": verify(seed, &surprise.commitment),
        "answer": answer,
    })
}
