//! What a reward costs a member and takes off her cart, or why she cannot have it.

use earnest_core::reward::{RewardRefusal, TakenOff, Taker, Wish, offers, take};
use earnest_core::wire::CartDocument;
use earnest_core::{Cart, Decimal, Program};
use serde::Deserialize;
use serde_json::{Value, json};

use super::points;
use crate::{ANY_DAY, instant};

/// What a member asks for: one reward's terms, or to take some.
#[derive(Debug, Deserialize)]
pub struct Asking {
    /// Points that she may spend.
    pub points: i64,
    /// Her tier.
    pub tier: Option<String>,
    /// How often she has had rewards.
    #[serde(default)]
    pub had: Vec<(String, i64)>,
    /// How often all members have.
    #[serde(default)]
    pub gone: Vec<(String, i64)>,
    /// What she buys.
    pub cart: Option<CartDocument>,
    /// When.
    pub at: Option<String>,
    /// The reward whose terms are asked for.
    pub offer: Option<String>,
    /// Or those that are taken, with points where she may say how many.
    #[serde(default)]
    pub take: Vec<(String, Option<i64>)>,
}

/// An amount with this many decimals.
struct Amounts(u32);

impl Amounts {
    fn told(&self, minor: i64) -> String {
        Decimal::new(minor, self.0).to_string()
    }

    fn each(&self, minors: &[i64]) -> Vec<String> {
        minors.iter().map(|minor| self.told(*minor)).collect()
    }

    fn refused(&self, refusal: RewardRefusal) -> Value {
        match refusal {
            RewardRefusal::NotEnoughPoints { missing } => {
                json!({ "refused": refusal.code(), "missing": missing.get() })
            }
            RewardRefusal::BelowMinimum { missing_minor } => {
                json!({ "refused": refusal.code(), "missing": self.told(missing_minor) })
            }
            _ => json!({ "refused": refusal.code() }),
        }
    }
}

pub(super) fn answer(program: &Program, asking: &Asking) -> Value {
    let cart = asking.cart.clone();
    let cart = cart.map(|cart| Cart::try_from(cart).expect("a cart of the vectors"));
    let digits = cart.as_ref().map(|cart| cart.currency().minor_digits());
    let amounts = Amounts(digits.unwrap_or(2));
    let taker = Taker {
        points: points(asking.points),
        tier: asking.tier.as_deref(),
        had: &asking.had,
        gone: &asking.gone,
    };
    let now = instant(asking.at.as_deref().unwrap_or(ANY_DAY));
    if let Some(id) = &asking.offer {
        let offers = offers(program.rewards(), &taker, cart.as_ref(), &[], now);
        let offer = offers.iter().find(|offer| offer.reward.id == *id);
        return match offer.expect("a reward of the program").answer {
            Ok(terms) => json!({
                "least": terms.least.get(),
                "most": terms.most.get(),
                "off": amounts.told(terms.off_minor),
            }),
            Err(refusal) => amounts.refused(refusal),
        };
    }
    let wishes = asking.take.iter().map(|(reward, count)| Wish {
        reward,
        points: count.map(points),
    });
    let wishes: Vec<_> = wishes.collect();
    match take(program.rewards(), &taker, cart.as_ref(), &wishes, now) {
        Ok(all) => {
            let TakenOff {
                lines_minor,
                shipping_minor,
                by_reward,
            } = all.off;
            json!({
                "points": all.points.get(),
                "lines": amounts.each(&lines_minor),
                "shipping": amounts.told(shipping_minor),
                "rewards": amounts.each(&by_reward),
            })
        }
        Err(no) => {
            let mut told = amounts.refused(no.refusal);
            told["wish"] = no.nth.into();
            told
        }
    }
}
