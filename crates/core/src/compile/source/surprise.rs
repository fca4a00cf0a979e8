//! Surprises as a merchant writes them.

use serde::Deserialize;

use super::GiftSource;
use crate::wire::ByCurrency;

/// Something that an order is given now and then, by a draw that anybody can check afterwards.
///
/// Before you publish, have a seed made: `POST /v1/seeds` draws 32 random bytes, keeps them secret and answers their
/// SHA-256. When the surprise is over, `POST /v1/seeds/{commitment}/reveal` tells the bytes, and everybody can draw each
/// order again, as `earnest draws` does. Only orders of members are drawn; a guest's is when it is credited to her. A
/// refund takes the surprise back, in proportion to what comes back.
///
/// ```toml
/// [[surprises]]
/// id = "little-extra"
/// label = "A little extra"
/// one_in = 20
/// gives = { points = 50 }
/// budget = 100000
/// commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Surprise"))]
#[serde(deny_unknown_fields)]
pub struct SurpriseSource {
    /// Names the surprise in the ledger: `little-extra`.
    pub id: String,
    /// What members read when they get it: `A little extra`.
    pub label: String,
    /// On average one order in so many gets it: `20`.
    pub one_in: u32,
    /// What they get: `{ points = 50 }`, or `{ reward = "free-coffee" }`.
    pub gives: GiftSource,
    /// Points that there are to give in all: `100000`. A reward counts with its price. Default: no end.
    #[serde(default)]
    pub budget: Option<i64>,
    /// What an order must count for to take part, by currency: `{ EUR = 20 }`. Orders in other currencies then
    /// do not. Default: every order takes part.
    #[serde(default)]
    pub minimum_order: ByCurrency,
    /// From when: a day, or a date with its time.
    #[serde(default)]
    pub from: Option<String>,
    /// Until when. A day on its own is the last one.
    #[serde(default)]
    pub until: Option<String>,
    /// `sha256:` and the SHA-256 of the seed, in 64 hexadecimal digits, as `POST /v1/seeds` answers it. A program is not
    /// published while the shop has no such seed.
    pub commitment: String,
}
