//! Gifts: what the core says that somebody is given, issued and told.
//!
//! Points and money are booked by their entries. A reward becomes a redemption at no points, with a code, that the shop
//! pays an order with or commits as any other. Invariant: each gift that a plan has is told of once, and each reward
//! among them is kept, in the batch of the plan.

use earnest_core::refund::TakenBack;
use earnest_core::reward::RewardCode;
use earnest_core::{Decimal, EntryKind, Given, Plan, Present, Program, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::redemption::AgreedDocument;
use crate::store::redemptions::{self, NewRedemption};
use crate::store::{Statement, events};
use crate::{hex, json, rfc3339};

const CODE_BYTES: usize = 10;
const ID_BYTES: usize = 16;

/// What the ids and the codes of gifts are made of: random bytes, drawn anew for each booking.
#[derive(Clone, Copy)]
pub struct Codes([u8; 32]);

/// A gift, as its member's shop is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GiftDocument<'a> {
    /// What gave it: the id of a surprise, a challenge, a rule.
    by: &'a str,
    /// What members read.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
    /// The balance that the money is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
    /// The id of the reward.
    #[serde(skip_serializing_if = "Option::is_none")]
    reward: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// The redemption that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    redemption_id: Option<String>,
    /// Whoever knows it can use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The first instant at which its code is of no more use.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_expires_at: Option<String>,
    /// Whether the reward can be used with others.
    #[serde(skip)]
    is_combinable: bool,
}

/// The gifts of a plan: with what rewards need to be used.
#[derive(Debug)]
pub struct Gifts<'a> {
    gifts: Vec<(&'a Given, GiftDocument<'a>)>,
}

/// What a redemption says that was given: where one that is asked for says what was asked.
#[derive(Serialize)]
struct Content<'a> {
    given: Occasion<'a>,
}

#[derive(Serialize)]
struct Occasion<'a> {
    kind: &'static str,
    source: &'a str,
    by: &'a str,
}

/// What a redemption that was given is told as.
#[derive(Serialize)]
struct Answer<'a> {
    redemption_id: &'a str,
    status: &'static str,
    member_id: &'a str,
    points: i64,
    code: &'a str,
    rewards: [RewardAnswer<'a>; 1],
}

#[derive(Serialize)]
struct RewardAnswer<'a> {
    id: &'a str,
    name: &'a str,
    points: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_expires_at: Option<&'a str>,
}

impl Codes {
    /// From random bytes, which the caller draws from a cryptographic source.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The id of who joins by the same booking, made of them as well: 128 bits.
    pub(crate) fn newcomer(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(b"newcomer");
        let hash = hash.finalize();
        format!("mem_{}", hex(hash.split_at(ID_BYTES).0))
    }

    /// The id and the code of the n-th gift: the first bytes of a hash that nobody finds who does not know all that it
    /// is of.
    fn nth(&self, nth: usize) -> (String, RewardCode) {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(nth.to_be_bytes());
        let hash = hash.finalize();
        let (mut code, mut id) = ([0; CODE_BYTES], [0; ID_BYTES]);
        let (head, tail) = hash.split_at(CODE_BYTES);
        code.copy_from_slice(head);
        id.copy_from_slice(tail.split_at(ID_BYTES).0);
        (format!("gift_{}", hex(&id)), RewardCode::from_random(code))
    }
}

/// Nothing of them: codes are as good as money, and what is debugged gets logged.
impl std::fmt::Debug for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Codes(…)")
    }
}

impl<'a> Gifts<'a> {
    /// The gifts of a plan, each reward with an id and a code of its own.
    #[must_use]
    pub fn of(plan: &'a Plan, program: &'a Program, codes: &Codes) -> Self {
        let gifts = plan.gifts.iter().enumerate();
        let gifts =
            gifts.map(|(nth, given)| (given, GiftDocument::new(given, nth, program, codes)));
        Self {
            gifts: gifts.collect(),
        }
    }

    /// As the shop is told of those of a kind.
    pub fn told(&self, kind: EntryKind) -> Vec<GiftDocument<'a>> {
        self.told_of(&[kind])
    }

    /// As the shop is told of those of some kinds.
    pub(crate) fn told_of(&self, kinds: &[EntryKind]) -> Vec<GiftDocument<'a>> {
        let of_kind = self.gifts.iter();
        let of_kind = of_kind.filter(|(given, _)| kinds.contains(&given.kind));
        of_kind.map(|(_, told)| told.clone()).collect()
    }

    /// The statements that issue and tell of them, in the batch of their plan.
    #[must_use]
    pub fn store(&self, shop: &str, member_id: &str, now: Timestamp) -> Vec<Statement> {
        let mut statements = Vec::new();
        for (given, told) in &self.gifts {
            statements.extend(store_reward(shop, member_id, given, told, now));
            // Events go to many; a code is its owner's.
            let told = GiftDocument {
                code: None,
                ..told.clone()
            };
            let occasion = (given.kind, given.source.as_str());
            statements.push(events::store_gift(shop, member_id, occasion, &told, now));
        }
        statements
    }
}

/// The statement that takes back what was given for a source and has not been used.
#[must_use]
pub fn withdraw(shop: &str, kind: EntryKind, source: &str, now: Timestamp) -> Statement {
    redemptions::store_withdrawn(shop, &gift_of(kind, source), now)
}

/// What a gift was given for, as redemptions are found by it.
fn gift_of(kind: EntryKind, source: &str) -> String {
    format!("{}:{source}", kind.name())
}

/// Where what would give them has come back already, the rewards that rules give for an order in a plan are taken back at
/// once.
pub(crate) fn take_back(
    shop: &str,
    plan: &Plan,
    (order_id, back): (&str, &[TakenBack]),
    now: Timestamp,
) -> Option<Statement> {
    let mut gifts = plan.gifts.iter();
    let has_given = gifts.any(|it| it.kind == EntryKind::Earn);
    let back = back.last().filter(|_| has_given)?;
    withdraw_lost(shop, order_id, back, now)
}

/// The statement that takes back what rules gave for an order and what is left of it does not give: all, where that is
/// nothing.
pub(crate) fn withdraw_lost(
    shop: &str,
    order_id: &str,
    back: &TakenBack,
    now: Timestamp,
) -> Option<Statement> {
    if back.is_whole {
        return Some(withdraw(shop, EntryKind::Earn, order_id, now));
    }
    let (gift_of, lost) = (gift_of(EntryKind::Earn, order_id), &back.lost_gifts);
    let withdraw = || redemptions::store_withdrawn_of(shop, &gift_of, lost, now);
    (!lost.is_empty()).then(withdraw)
}

/// The label of what gave it.
fn label_of<'a>(program: &'a Program, given: &Given) -> Option<&'a str> {
    let surprises = program.surprises().iter().map(|it| (&it.id, &it.label));
    let challenges = program.challenges().iter().map(|it| (&it.id, &it.label));
    let competitions = program.competitions().iter().map(|it| (&it.id, &it.label));
    let rules = program.rule_gifts().iter().map(|it| (&it.id, &it.label));
    let mut known = surprises.chain(challenges).chain(competitions).chain(rules);
    let found = known.find(|(id, _)| **id == given.giver);
    found.map(|(_, label)| label.as_str())
}

fn store_reward(
    shop: &str,
    member_id: &str,
    given: &Given,
    told: &GiftDocument<'_>,
    now: Timestamp,
) -> Option<Statement> {
    let Present::Reward { id, ends_at } = &given.what else {
        return None;
    };
    let redemption_id = told.redemption_id.as_deref()?;
    let content = json(&Content {
        given: Occasion {
            kind: given.kind.name(),
            source: &given.source,
            by: &given.giver,
        },
    });
    let answer = json(&Answer {
        redemption_id,
        status: "given",
        member_id,
        points: 0,
        code: told.code.as_deref().unwrap_or_default(),
        rewards: [RewardAnswer {
            id,
            name: told.name.unwrap_or_default(),
            points: 0,
            code_expires_at: told.code_expires_at.as_deref(),
        }],
    });
    let redemption = NewRedemption {
        redemption_id,
        member_id,
        content: &content,
        answer: &answer,
        points: 0,
        rewards: std::slice::from_ref(id),
        agreed: &json(&AgreedDocument::of_gift(told.is_combinable)),
        spent_at: None,
    };
    let gift_of = gift_of(given.kind, &given.source);
    Some(redemptions::store_given(
        shop, redemption, &gift_of, *ends_at, now,
    ))
}

impl<'a> GiftDocument<'a> {
    fn new(given: &'a Given, nth: usize, program: &'a Program, codes: &Codes) -> Self {
        let nothing = Self {
            by: &given.giver,
            label: label_of(program, given),
            points: None,
            balance: None,
            amount: None,
            currency: None,
            reward: None,
            name: None,
            redemption_id: None,
            code: None,
            code_expires_at: None,
            is_combinable: true,
        };
        match &given.what {
            Present::Points(points) => Self {
                points: Some(points.get()),
                ..nothing
            },
            Present::Money { balance, amount } => {
                let currency = amount.currency();
                let told = Decimal::new(amount.minor(), currency.minor_digits());
                Self {
                    balance: Some(balance),
                    amount: Some(told.to_string()),
                    currency: Some(currency.code()),
                    ..nothing
                }
            }
            Present::Reward { id, ends_at } => {
                let (redemption_id, code) = codes.nth(nth);
                let reward = program.rewards().iter().find(|it| it.id == *id);
                Self {
                    reward: Some(id),
                    name: reward.map(|it| it.name.as_str()),
                    redemption_id: Some(redemption_id),
                    code: Some(code.to_string()),
                    code_expires_at: ends_at.map(rfc3339),
                    is_combinable: reward.is_none_or(|it| it.is_combinable),
                    ..nothing
                }
            }
        }
    }
}
