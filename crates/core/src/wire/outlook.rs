//! A member's outlook on the wire: what of her standing she reads in the box, as it is at one instant.
//!
//! Owns nothing that earning needs. It is worked out at the edge, where the shop's server asks for her
//! snapshot, so that a browser carries no code for it; `www/earnest/scene.js` puts it into words.

use serde::{Deserialize, Serialize};

use super::PerkDocument;
use crate::challenge::Underway;
use crate::{Date, Decimal, Program, Snapshot, Timestamp};

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
    /// The points that she may spend.
    #[serde(default)]
    pub available: i64,
    /// The points that wait for their return window to end; null for none.
    #[serde(default)]
    pub pending: Option<PendingDocument>,
    /// The points that expire next, of those that she may spend; null where none does.
    #[serde(default)]
    pub expiring: Option<ExpiringDocument>,
    /// What she has on money balances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditBalanceDocument>,
    /// What her tier gives besides, and a membership while it is hers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perks: Vec<PerkDocument>,
    /// The challenges that are open, and those that gave her a badge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub challenges: Vec<UnderwayDocument>,
}

/// A challenge as she has it before her.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnderwayDocument {
    /// Its id.
    pub id: String,
    /// What she reads: `3 orders in 30 days`.
    pub label: String,
    /// Whether anything counts for it now.
    pub open: bool,
    /// How far she is on the way to its next step: orders, categories, weeks, minor units, as it counts.
    pub done: i64,
    /// How far that is.
    pub of: i64,
    /// The badges that she has of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<String>,
}

/// Points that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingDocument {
    /// How many.
    pub points: i64,
    /// The first day of the shop on which all of them may be spent: `2026-12-01`.
    pub from: String,
}

/// Points that expire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiringDocument {
    /// How many.
    pub points: i64,
    /// The last day of the shop on which they may be spent: `2026-12-31`.
    pub until: String,
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

impl From<Underway<'_>> for UnderwayDocument {
    fn from(underway: Underway<'_>) -> Self {
        let Underway {
            challenge,
            is_open,
            done,
            of,
            badges,
        } = underway;
        Self {
            id: challenge.id.clone(),
            label: challenge.label.clone(),
            open: is_open,
            done,
            of,
            badges: badges.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl OutlookDocument {
    /// Her outlook at `now`, for which she has been settled.
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
        let calendar = program.calendar();
        // Points expire at the beginning of a day, so the one before is the last of theirs.
        let day = |at: Timestamp, later: i64| {
            let day = calendar.local(at).day.saturating_add(later);
            let Date { year, month, day } = Date::of_day(day);
            format!("{year:04}-{month:02}-{day:02}")
        };
        let holdings = &member.holdings;
        let pending = holdings.lots.iter().filter(|lot| lot.is_pending(now));
        let from = pending.map(|lot| lot.matures_at).max();
        let expiring = holdings.expiring(now);
        Self {
            available: holdings.available(now),
            pending: from.map(|at| PendingDocument {
                points: holdings.pending(now),
                from: day(at, 0),
            }),
            expiring: expiring.map(|(at, points)| ExpiringDocument {
                points,
                until: day(at, -1),
            }),
            tier: held.map(|(_, tier)| tier.id.clone()),
            next: next.map(|next| NextTierDocument {
                tier: next.tier.id.clone(),
                amount: next.amount,
            }),
            credits: credits.collect(),
            perks: program
                .perks_at(member, now)
                .map(PerkDocument::from)
                .collect(),
            challenges: program
                .challenges_at(member, now)
                .map(UnderwayDocument::from)
                .collect(),
        }
    }
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::lot::put;
    use crate::{Lot, Points, compile};

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
        assert_eq!(
            (told.available, told.pending, told.expiring),
            (0, None, None)
        );
    }

    #[test]
    fn what_she_reads_is_how_far_she_is_what_she_reached_and_what_her_tier_gives() {
        let club = compile::compile(
            "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\nearn.per_unit = { EUR = 1 }\n\
             ends_at = 2026-06-30\n\
             tiers = [{ id = 'silver', name = 'Silver', from_points = 0, \
                        perks = [{ kind = 'percent-off', percent = 5, label = '5% off' }] }]\n\
             [[challenges]]\nid = 'often'\nlabel = 'Come often'\ncount = 'orders'\n\
             steps = [{ at = 2, badge = 'Guest' }, { at = 5, badge = 'Regular' }]\n\
             [[challenges]]\nid = 'taster'\nlabel = 'Taste it all'\ncount = 'categories'\n\
             steps = [{ at = 4, badge = 'Taster' }]",
        );
        let club = club.expect("a valid program").program;
        let mark = crate::challenge::Mark {
            amount: 3,
            ..Default::default()
        };
        let progress = crate::challenge::ChallengeProgress {
            challenge: "often".to_owned(),
            marks: vec![mark],
            steps: 1,
            ..Default::default()
        };
        let member = Snapshot {
            tier: Some("silver".to_owned()),
            challenges: vec![progress],
            ..Snapshot::default()
        };
        let check = |at: i64, expected: serde_json::Value| {
            let told = OutlookDocument::new(&club, &member, Timestamp::from_millis(at));
            let found = serde_json::json!([told.perks, told.challenges]);
            assert_eq!(found, expected);
        };
        let perks =
            serde_json::json!([{ "kind": "percent-off", "label": "5% off", "percent": "5" }]);
        let often = |open: bool| {
            serde_json::json!({
                "id": "often", "label": "Come often", "open": open, "done": 3, "of": 5, "badges": ["Guest"],
            })
        };
        let taster = serde_json::json!({
            "id": "taster", "label": "Taste it all", "open": true, "done": 0, "of": 4,
        });
        check(0, serde_json::json!([perks, [often(true), taster]]));
        // The programme is over: what she reached stays hers.
        let later = 1_800_000_000_000;
        check(later, serde_json::json!([perks, [often(false)]]));
    }

    #[test]
    fn what_she_reads_of_her_points_is_by_the_shops_days() {
        let club = compile::compile(
            "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\nearn.per_unit = { EUR = 1 }\n\
             time_zone = 'Europe/Berlin'",
        );
        let club = club.expect("a valid program").program;
        let start = |day| club.calendar().start_of(day);
        let lot = |points, matures, expires: Option<i64>| Lot {
            points,
            matures_at: start(matures),
            expires_at: expires.map(start),
            currency: None,
        };
        let mut member = Snapshot::default();
        for lot in [
            lot(5, 0, None),
            lot(7, 0, Some(59)),
            lot(2, 1, Some(59)),
            lot(3, 10, Some(40)),
            lot(4, 31, Some(300)),
        ] {
            put(&mut member.holdings.lots, lot);
        }
        let told = OutlookDocument::new(&club, &member, start(2));
        let pending = Some(PendingDocument {
            points: 7,
            from: "1970-02-01".to_owned(),
        });
        let expiring = Some(ExpiringDocument {
            points: 9,
            until: "1970-02-28".to_owned(),
        });
        let expected = (14, pending, expiring);
        assert_eq!((told.available, told.pending, told.expiring), expected);
    }
}
