//! A member's outlook on the wire: what of her standing she reads in the box, as it is at one instant.
//!
//! Owns nothing that earning needs. It is worked out at the edge, where the shop's server asks for her
//! snapshot, so that a browser carries no code for it; `www/earnest/scene.js` puts it into words.

use serde::{Deserialize, Serialize};

use crate::{Decimal, Program, Snapshot, Timestamp};

/// What she reads of her standing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlookDocument {
    /// The id of the tier that she is in now, or null.
    #[serde(default)]
    pub tier: Option<String>,
    /// The way to the next one; null at the top.
    #[serde(default)]
    pub next: Option<NextTierDocument>,
    /// What she has on money balances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditBalanceDocument>,
}

/// The next tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextTierDocument {
    /// Its id.
    pub tier: String,
    /// What counts for her in this period: points, orders or minor units, as the tiers go.
    pub amount: i64,
}

/// What she has on a balance of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditBalanceDocument {
    /// What members call the balance.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// How much, with all the decimals of the currency.
    pub amount: String,
}

impl OutlookDocument {
    /// Her outlook at `now`.
    #[must_use]
    pub fn new(program: &Program, member: &Snapshot, now: Timestamp) -> Self {
        let held = program.tier_at(member, now);
        let next = program.next_tier(member, now);
        let credits = member.credits.iter().filter_map(|(id, minor)| {
            let balance = program.balances().iter().find(|it| it.id == *id)?;
            Some(CreditBalanceDocument {
                name: balance.name.clone(),
                currency: balance.currency.code().to_owned(),
                amount: Decimal::new(*minor, balance.currency.minor_digits()).to_string(),
            })
        });
        Self {
            tier: held.map(|(_, tier)| tier.id.clone()),
            next: next.map(|next| NextTierDocument {
                tier: next.tier.id.clone(),
                amount: next.amount,
            }),
            credits: credits.collect(),
        }
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::{Points, compile};

    #[test]
    fn what_she_reads_is_her_tier_the_next_one_and_her_credit() {
        let club = compile::compile(
            "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\nearn.per_unit = { EUR = 1 }\n\
             tiers = [{ id = 'silver', name = 'Silver', from_points = 300 }, \
                      { id = 'gold', name = 'Gold', from_points = 1000 }]\n\
             balances = [{ id = 'credit', name = 'Store credit', currency = 'EUR' }]",
        );
        let club = club.expect("a valid program").program;
        let member = Snapshot {
            tier: Some("silver".to_owned()),
            earned: Points::new(540).expect("points"),
            credits: vec![("credit".to_owned(), 125), ("gone".to_owned(), 5)],
            ..Snapshot::default()
        };
        let told = OutlookDocument::new(&club, &member, Timestamp::from_millis(0));
        assert_eq!(told.tier.as_deref(), Some("silver"));
        let next = told.next.expect("a tier above");
        assert_eq!((&*next.tier, next.amount), ("gold", 540));
        let credits = told.credits.iter();
        let credits: Vec<_> = credits.map(|it| (&*it.name, &*it.amount)).collect();
        assert_eq!(credits, [("Store credit", "1.25")]);
    }
}
