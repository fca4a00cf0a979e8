//! Vectors of what is given besides an order's points: rewards, referrals, surprises and challenges.
//!
//! Only shops and the edge ask these questions, so they are run natively. Every answer was worked out by hand;
//! draws come from another implementation of HMAC. Its invariant: a file that nobody runs, or that has no
//! cases, is a failure. The format is told in `tests/vectors/README.md`.

use std::collections::BTreeMap;

use earnest_core::challenge::ChallengeProgress;
use earnest_core::referral::{Identity, ReferralEvent, ReferralFacts, judge};
use earnest_core::reward::{Gift, RewardRefusal, TakenOff, Taker, Wish, offers, take};
use earnest_core::surprise::{NoSurprise, SurpriseFacts, decide, draw, verify};
use earnest_core::wire::CartDocument;
use earnest_core::{
    Activity, Cart, Command, Currency, Decimal, EntryKind, Points, Program, Snapshot, Timestamp,
    evaluate, evaluate_activity, plan,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::vectors::{published, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors<Question> {
    programs: BTreeMap<String, String>,
    cases: Vec<Case<Question>>,
}

#[derive(Deserialize)]
struct Case<Question> {
    name: String,
    why: String,
    program: String,
    #[serde(flatten)]
    question: Question,
    expect: Value,
}

/// Runs every case of a file, and tells all that differ.
fn check<Question: DeserializeOwned>(file: &str, answer: fn(&Program, Question) -> Value) {
    let Vectors { programs, cases } = read::<Vectors<Question>>(&format!("benefits/{file}"));
    assert!(cases.len() >= 12, "{file} has hardly any cases");
    let programs: BTreeMap<_, _> = programs
        .iter()
        .map(|(name, source)| (name.as_str(), published(name, source)))
        .collect();
    let mut differing = String::new();
    for case in cases {
        let found = answer(&programs[case.program.as_str()], case.question);
        if found != case.expect {
            let (name, why, expected) = (case.name, case.why, case.expect);
            differing +=
                &format!("{name}\n  by hand: {why}\n  expected {expected}\n  found    {found}\n");
        }
    }
    assert!(differing.is_empty(), "{file}:\n{differing}");
}

#[test]
fn every_file_of_benefits_is_run_here() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/benefits");
    let entries = std::fs::read_dir(folder).expect("the folder of the vectors");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("an entry of the folder").file_name())
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "challenges.json",
            "referral.json",
            "rewards.json",
            "surprise.json"
        ]
    );
}

fn instant(text: Option<&str>) -> Timestamp {
    let at = text.unwrap_or("2026-06-15T12:00:00Z");
    let at: jiff::Timestamp = at.parse().expect("a time of the vectors");
    Timestamp::from_millis(at.as_millisecond())
}

fn points(count: i64) -> Points {
    Points::new(count).expect("points of the vectors")
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency of the vectors")
}

fn told(gift: &Gift) -> Value {
    match gift {
        Gift::Points(points) => json!({ "points": points.get() }),
        Gift::Reward(reward) => json!({ "reward": reward }),
    }
}

/// What a member asks for: one reward's terms, or to take some.
#[derive(Deserialize)]
struct Asking {
    points: i64,
    tier: Option<String>,
    #[serde(default)]
    had: Vec<(String, i64)>,
    #[serde(default)]
    gone: Vec<(String, i64)>,
    cart: Option<CartDocument>,
    at: Option<String>,
    offer: Option<String>,
    #[serde(default)]
    take: Vec<(String, Option<i64>)>,
}

#[test]
fn rewards() {
    check("rewards", |program, asking: Asking| {
        let cart = asking
            .cart
            .map(|cart| Cart::try_from(cart).expect("a cart of the vectors"));
        let digits = cart
            .as_ref()
            .map_or(2, |cart| cart.currency().minor_digits());
        let amount = |minor| Decimal::new(minor, digits).to_string();
        let refused = |refusal: RewardRefusal| match refusal {
            RewardRefusal::NotEnoughPoints { missing } => {
                json!({ "refused": refusal.code(), "missing": missing.get() })
            }
            RewardRefusal::BelowMinimum { missing_minor } => {
                json!({ "refused": refusal.code(), "missing": amount(missing_minor) })
            }
            _ => json!({ "refused": refusal.code() }),
        };
        let taker = Taker {
            points: points(asking.points),
            tier: asking.tier.as_deref(),
            had: &asking.had,
            gone: &asking.gone,
        };
        let now = instant(asking.at.as_deref());
        if let Some(id) = asking.offer {
            let offers = offers(program.rewards(), &taker, cart.as_ref(), &[], now);
            let offer = offers.iter().find(|offer| offer.reward.id == id);
            return match offer.expect("a reward of the program").answer {
                Ok(terms) => json!({
                    "least": terms.least.get(),
                    "most": terms.most.get(),
                    "off": amount(terms.off_minor),
                }),
                Err(refusal) => refused(refusal),
            };
        }
        let wishes: Vec<_> = asking
            .take
            .iter()
            .map(|(reward, count)| Wish {
                reward,
                points: count.map(points),
            })
            .collect();
        match take(program.rewards(), &taker, cart.as_ref(), &wishes, now) {
            Ok(all) => {
                let TakenOff {
                    lines_minor,
                    shipping_minor,
                    by_reward,
                } = all.off;
                let each = |minors: Vec<i64>| minors.into_iter().map(amount).collect::<Vec<_>>();
                json!({
                    "points": all.points.get(),
                    "lines": each(lines_minor),
                    "shipping": amount(shipping_minor),
                    "rewards": each(by_reward),
                })
            }
            Err(no) => {
                let mut told = refused(no.refusal);
                told["wish"] = no.nth.into();
                told
            }
        }
    });
}

/// What is known of a friend and of who brought her.
#[derive(Deserialize)]
struct Bringing {
    /// The number, currency and minor units of her order; none where she has joined.
    order: Option<(i64, String, i64)>,
    #[serde(default)]
    known: bool,
    #[serde(default)]
    advocate: Person,
    #[serde(default)]
    friend: Person,
    #[serde(default)]
    rewarded: i64,
    #[serde(default)]
    rewarded_this_month: i64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    customer: Option<String>,
    email: Option<String>,
    payment: Option<String>,
    address: Option<String>,
}

impl Person {
    fn identity(&self) -> Identity<'_> {
        Identity {
            customer: self.customer.as_deref(),
            email_hash: self.email.as_deref(),
            payment_fingerprint: self.payment.as_deref(),
            address_hash: self.address.as_deref(),
        }
    }
}

#[test]
fn referrals() {
    check("referral", |program, bringing: Bringing| {
        let event = bringing.order.as_ref();
        let event = event.map_or(ReferralEvent::Joined, |(number, code, counted_minor)| {
            ReferralEvent::Ordered {
                number: *number,
                currency: currency(code),
                counted_minor: *counted_minor,
            }
        });
        let facts = ReferralFacts {
            event,
            friend_is_known: bringing.known,
            advocate: bringing.advocate.identity(),
            friend: bringing.friend.identity(),
            rewarded: bringing.rewarded,
            rewarded_this_month: bringing.rewarded_this_month,
        };
        match judge(program.referral(), &facts) {
            Ok(grant) => json!({
                "advocate": grant.advocate.map(told),
                "friend": grant.friend.map(told),
            }),
            Err(refusal) => json!({ "refused": refusal.code() }),
        }
    });
}

/// An order that may be drawn, by the program's first surprise.
#[derive(Deserialize)]
struct Drawing {
    seed: String,
    order: String,
    #[serde(default = "euro")]
    currency: String,
    counted_minor: i64,
    #[serde(default)]
    given: i64,
    at: Option<String>,
}

fn euro() -> String {
    "EUR".into()
}

#[test]
fn surprises() {
    check("surprise", |program, drawing: Drawing| {
        let [surprise, ..] = program.surprises() else {
            panic!("a program of the vectors has a surprise");
        };
        let seed = drawing.seed.as_bytes();
        let drawn = draw(seed, &surprise.id, &drawing.order);
        let facts = SurpriseFacts {
            currency: currency(&drawing.currency),
            counted_minor: drawing.counted_minor,
            placed_at: instant(drawing.at.as_deref()),
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
    });
}

/// What a member does, in the order in which it is booked, and when she looks at her progress.
#[derive(Deserialize)]
struct Doing {
    events: Vec<Deed>,
    told_at: Option<String>,
}

/// An order of so much, each line of one category; or so many activities of a kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deed {
    at: String,
    #[serde(default = "euro")]
    currency: String,
    #[serde(default)]
    lines: Vec<(String, String)>,
    activity: Option<(String, u32)>,
}

#[test]
fn challenges() {
    check("challenges", |program, doing: Doing| {
        let mut member: Snapshot = program.newcomer();
        let mut now = instant(None);
        let mut given = Vec::new();
        for (nth, deed) in doing.events.iter().enumerate() {
            now = instant(Some(&deed.at));
            let id = format!("deed-{nth}");
            let planned = if let Some((kind, quantity)) = &deed.activity {
                let activity = Activity::new(id, kind.clone(), Vec::new(), *quantity);
                let activity = activity.expect("an activity of the vectors");
                let earning = evaluate_activity(program, &member, &activity, now);
                let command = Command::Act {
                    activity: &activity,
                    occurred_at: now,
                    earning: &earning.expect("few points"),
                };
                plan(program, Some(&member), command, now)
            } else {
                let lines = deed.lines.iter().enumerate();
                let lines = lines.map(|(nth, (category, price))| {
                    json!({ "id": nth.to_string(), "product": "p", "quantity": 1,
                        "unit_price": price, "categories": [category] })
                });
                let cart = json!({ "currency": deed.currency, "lines": lines.collect::<Vec<_>>() });
                let cart: CartDocument = serde_json::from_value(cart).expect("a cart");
                let cart = Cart::try_from(cart).expect("a cart of the vectors");
                let earning = evaluate(program, &member, &cart, now);
                let command = Command::Earn {
                    order_id: &id,
                    cart: &cart,
                    placed_at: now,
                    earning: &earning.expect("few points"),
                    redemptions: &[],
                    draws: &[],
                };
                plan(program, Some(&member), command, now)
            };
            let planned = planned.expect("a plan");
            let kinds = [EntryKind::OrderChallenge, EntryKind::ActivityChallenge];
            let entries = planned.entries.iter().filter(|it| kinds.contains(&it.kind));
            given.push(entries.map(|entry| entry.points.get()).sum::<i64>());
            member = planned.snapshot;
        }
        let now = doing.told_at.map_or(now, |at| instant(Some(&at)));
        let progress = program.challenges_at(&member, now);
        let progress: BTreeMap<_, _> = progress
            .map(|(challenge, (done, of))| (challenge.id.as_str(), [done, of]))
            .collect();
        let none = ChallengeProgress::default();
        let badges = program.challenges().iter().flat_map(|challenge| {
            let mut hers = member.challenges.iter();
            let hers = hers.find(|it| it.challenge == challenge.id);
            challenge.badges(hers.unwrap_or(&none))
        });
        let badges: Vec<_> = badges.collect();
        json!({ "points": given, "progress": progress, "badges": badges })
    });
}
