//! The auditor: works out again, from the seeds, which orders were given something by surprise.
//!
//! What order was first, and when a seed came and was told, is noted by triggers of the simulator's own. Invariant:
//! nothing is asked of the ledger but its rows, and of the core but what is published of the draw.

use std::collections::BTreeMap;

use earnest_core::surprise::{Surprise, draw, is_drawn, verify};
use serde::Deserialize;

use crate::Violation;
use crate::program::{OPENING_SEEDS, bytes_of, seed};
use crate::shell::{Shell, shop_id};

/// What happened, in its order: an order became a member's, or a seed came or was told.
#[derive(Deserialize)]
struct Turn {
    order_id: Option<String>,
    commitment: Option<String>,
    seed: Option<String>,
    is_revealed: i64,
    program_version: Option<u32>,
    extra: i64,
    boon: i64,
    purse: i64,
    voucher: i64,
}

const TURNS: &str = "
    SELECT turns.order_id, turns.commitment, seed, turns.is_revealed, program_version,
      EXISTS (SELECT 1 FROM entries
        WHERE entries.shop = ?1 AND kind = 'surprise' AND source = turns.order_id) AS extra,
      EXISTS (SELECT 1 FROM redemptions WHERE redemptions.shop = ?1 AND gift_of IS NOT NULL
        AND gift_of = 'surprise:' || turns.order_id AND redemptions.content ->> '$.given.by' = 'boon') AS boon,
      EXISTS (SELECT 1 FROM credit_entries WHERE credit_entries.shop = ?1 AND balance = 'credit'
        AND kind = 'surprise' AND source = turns.order_id) AS purse,
      EXISTS (SELECT 1 FROM redemptions WHERE redemptions.shop = ?1 AND gift_of IS NOT NULL
        AND gift_of = 'surprise:' || turns.order_id AND redemptions.content ->> '$.given.by' = 'voucher') AS voucher
    FROM turns LEFT JOIN orders ON orders.shop = ?1 AND orders.order_id = turns.order_id
    LEFT JOIN seeds ON seeds.shop = ?1 AND seeds.commitment = turns.commitment
    WHERE turns.shop = ?1 ORDER BY nth";

impl Turn {
    /// Whether the order was given what a surprise gives.
    fn gave(&self, surprise: &str) -> bool {
        0 != match surprise {
            "extra" => self.extra,
            "boon" => self.boon,
            "purse" => self.purse,
            "voucher" => self.voucher,
            _ => 0,
        }
    }
}

/// Audits a shop.
pub(crate) fn audit(shell: &mut Shell, shop: usize) -> Result<(), Violation> {
    let mut seeds: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut had: BTreeMap<String, i64> = BTreeMap::new();
    let turns: Vec<Turn> = shell.database.ask(TURNS, &[shop_id(shop)]);
    for turn in &turns {
        if let (Some(commitment), Some(text)) = (&turn.commitment, &turn.seed) {
            if turn.is_revealed == 1 {
                seeds.remove(commitment);
            } else {
                seeds.insert(commitment.clone(), bytes_of(text));
            }
        }
        let Some(order_id) = &turn.order_id else {
            continue;
        };
        let mut versions = shell.versions(shop);
        let version = versions.find(|it| Some(it.reference().version) == turn.program_version);
        let version = version.ok_or_else(|| Violation::new("an order is of no program of ours"))?;
        let surprises = version.surprises().iter();
        let mut drawn = Vec::new();
        for surprise in surprises {
            let seed = seeds.get(&surprise.commitment.to_string());
            let is_drawn = seed.is_some_and(|seed| {
                verify(seed, &surprise.commitment)
                    && is_drawn(draw(seed, &surprise.id, order_id), surprise.one_in)
            });
            check(surprise, turn, is_drawn, &mut had)?;
            if is_drawn && turn.gave(&surprise.id) {
                drawn.push(surprise.id.as_str());
            }
        }
        for surprise in ["extra", "boon", "purse", "voucher"] {
            Violation::unless(
                drawn.contains(&surprise) || !turn.gave(surprise),
                format!("{order_id} was given {surprise}, and was not drawn for it"),
            )?;
        }
    }
    let audited = turns.iter().filter(|it| it.order_id.is_some()).count();
    let audited = u64::try_from(audited).unwrap_or_default();
    shell.tally.count_many("orders were audited", audited);
    Ok(())
}

/// Who is drawn is given it, as long as the budget lasts. Of what may run out, or is not for small orders, only the
/// ledger knows; and of a seed that comes meanwhile, whether an order was drawn with it.
fn check(
    surprise: &Surprise,
    turn: &Turn,
    is_drawn: bool,
    had: &mut BTreeMap<String, i64>,
) -> Result<(), Violation> {
    let had = had.entry(surprise.id.clone()).or_default();
    let after = *had + surprise.costs.get();
    let is_left = surprise.budget.is_none_or(|it| after <= it.get());
    let is_sure = matches!(surprise.id.as_str(), "extra" | "purse") && {
        let commitment = surprise.commitment.to_string();
        let mut opening = OPENING_SEEDS.into_iter();
        opening.any(|it| seed(it).commitment() == commitment)
    };
    let is_given = turn.gave(&surprise.id);
    Violation::unless(
        !is_sure || is_given == (is_drawn && is_left),
        format!(
            "{:?} was drawn for {} ({is_drawn}), of which there was some left ({is_left}), and it was given ({is_given})",
            turn.order_id, surprise.id
        ),
    )?;
    if is_given {
        *had = after;
    }
    Ok(())
}
