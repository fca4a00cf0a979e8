//! The lives of points through the Worker: each step of a story is what a shop's server sends, at the step's time.
//!
//! `vectors.rs` runs the same stories natively, so its invariant is that native core and edge agree on every entry,
//! event, gift and balance. The edge is a demo, which is told what time it is; no cron comes by meanwhile but for whom
//! a step settles. Where the API answers otherwise than the core refuses, `OTHERWISE` says so, and no more than that.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use earnest_vectors::life::{Act, Expected, OrderAct, RefundAct, Step, Story, Vectors};
use earnest_vectors::{instant, parsed};
use serde_json::{Map, Value, json};

use crate::edge::{Answer, Request, at_once};
use crate::settling::{come_by, next_turn};
use crate::shop::{Member, Shop, fresh_email, points, shop};
use crate::vectors::{names, text};

/// Stories that are told at the same time.
const THREADS: usize = 4;

/// A step that the core refuses, and that the API answers otherwise, since it knows what was done before. In both
/// nothing comes of it.
struct Otherwise {
    file: &'static str,
    story: &'static str,
    step: usize,
    /// What the API refuses it with; nothing, where it is answered.
    refused: Option<&'static str>,
    why: &'static str,
}

const SPENT_TWICE: &str = "What is held cannot be spent twice, and is hers until it is spent";

const OTHERWISE: &[Otherwise] = &[
    Otherwise {
        file: "redemptions",
        story: SPENT_TWICE,
        step: 2,
        refused: None,
        why: "the same redemption, asked for again, is answered as it was",
    },
    Otherwise {
        file: "redemptions",
        story: SPENT_TWICE,
        step: 4,
        refused: None,
        why: "a redemption that is spent, committed again, is told as it is",
    },
    Otherwise {
        file: "redemptions",
        story: SPENT_TWICE,
        step: 5,
        refused: Some("redemption_spent"),
        why: "of what was spent it is told that it was, not only that it is held no more",
    },
];

/// Files whose stories are of several members, and where the Worker is asked for what they tell: a shop of a story has
/// one member, whose entries and events are told.
const ELSEWHERE: &[(&str, &str)] = &[
    ("life/merges", "it/merges.rs"),
    ("life/transfers", "it/transfers.rs"),
];

#[test]
fn every_story_is_lived_at_the_edge_as_worked_out_by_hand() {
    let mut files = names("life/");
    for (file, place) in ELSEWHERE {
        let known = files.iter().position(|it| it == file);
        let known = known.unwrap_or_else(|| panic!("there is no {file}: see {place}"));
        files.remove(known);
    }
    let vectors: Vec<Vectors> = files.iter().map(|file| parsed(&text(file))).collect();
    let stories = files.iter().zip(&vectors).flat_map(|(file, vectors)| {
        let file = file.trim_start_matches("life/");
        let stories = vectors.stories.iter().enumerate();
        stories.map(move |(nth, story)| (file, nth, story))
    });
    let stories: Vec<(&str, usize, &Story)> = stories.collect();
    assert!(stories.len() >= 38, "hardly any stories");
    let used = Mutex::new(BTreeSet::new());

    let turn = next_turn();
    let failed = at_once(stories.chunks(stories.len().div_ceil(THREADS)), |stories| {
        let fails = |(file, nth, story): &(&str, usize, &Story)| {
            let told = || live(file, *nth, story, &used);
            catch_unwind(AssertUnwindSafe(told)).is_err()
        };
        let failed = stories.iter().filter(|story| fails(story));
        failed
            .map(|(file, _, story)| format!("{file}: {}", story.name))
            .collect::<Vec<_>>()
    });
    // They lived in other years: what is due of them by now is settled before anybody else's cron comes by.
    while come_by().json()["settled"] != json!({}) {}
    drop(turn);

    let failed = failed.concat();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let used = used.into_inner().expect("nobody failed");
    let unused = OTHERWISE.iter().enumerate();
    let unused = unused.filter(|(nth, _)| !used.contains(nth));
    let unused: Vec<_> = unused.map(|(_, it)| (it.story, it.step)).collect();
    assert!(unused.is_empty(), "no such steps: {unused:?}");
}

/// Tells a story, and holds each step against what was worked out. Marks the exceptions that it meets.
fn live(file: &str, nth: usize, story: &Story, used: &Mutex<BTreeSet<usize>>) {
    let mut life = Life::new(shop(&format!("{file}-{nth}")), &story.steps[0].at);
    for (nth, step) in story.steps.iter().enumerate() {
        let mut found = life.step(step);
        let mut exceptions = OTHERWISE.iter();
        let exception = exceptions
            .position(|it| (it.file, it.story, it.step) == (file, story.name.as_str(), nth));
        if let Some(exception) = exception {
            let Otherwise { refused, why, .. } = &OTHERWISE[exception];
            assert!(
                step.expect.refused.is_some(),
                "the core does not refuse it: {why}"
            );
            assert_ne!(
                step.expect.refused.as_deref(),
                *refused,
                "it is no exception: {why}"
            );
            assert_eq!(found.refused.as_deref(), *refused, "{why}");
            assert_eq!((found.entries.len(), found.events.len()), (0, 0), "{why}");
            used.lock().expect("nobody failed").insert(exception);
            found = step.expect.clone();
        }
        let (name, why, at) = (&story.name, &story.why, &step.at);
        assert_eq!(
            found, step.expect,
            "{name}\n  by hand: {why}\n  step {nth} at {at}"
        );
    }
    life.member_at(&story.steps[story.steps.len() - 1].at)
        .sound_entries();
}

/// Somebody who joined a moment before her story began, in a shop of her own.
struct Life {
    shop: &'static Shop,
    member: Member,
    entries: usize,
    /// The last event that was seen.
    after: u64,
}

impl Life {
    fn new(shop: &'static Shop, begins_at: &str) -> Self {
        let before = instant(begins_at).as_millis() - 1;
        let before = jiff::Timestamp::from_millisecond(before).expect("an instant");
        let body = json!({ "email": fresh_email(), "consent": { "terms": true } });
        let joining = shop.post("/v1/members", &body);
        let joined = joining.at(&before.to_string()).send().expect(201);
        let member = shop.member(joined["id"].as_str().expect("an id"));
        let mut life = Self {
            shop,
            member,
            entries: 0,
            after: 0,
        };
        life.new_entries();
        life.new_events();
        life
    }

    /// Her, as she is at an instant.
    fn member_at(&self, instant: &str) -> Member {
        self.member.clone().at(instant)
    }

    fn step(&mut self, step: &Step) -> Expected {
        let told = self.request(&step.act).at(&step.at).deliver();
        if told.status >= 400 {
            let code = told.json()["code"].as_str().expect("a code").to_owned();
            told.expect_problem(told.status, &code);
            assert_eq!(self.new_entries(), [] as [String; 0], "{told}");
            return Expected {
                refused: Some(code),
                ..Expected::default()
            };
        }
        let her = self.member_at(&step.at);
        let document = her.document();
        let sum = |name: &str| points(&document[format!("{name}_points")]);
        let credit = step.expect.credit.map(|_| {
            let credits = &her.snapshot()["credits"];
            credits[0][1].as_i64().unwrap_or(0)
        });
        Expected {
            refused: None,
            entries: self.new_entries(),
            events: self.new_events(),
            gifts: gifts(&told),
            free: sum("available"),
            pending: sum("pending"),
            held: sum("reserved"),
            owed: sum("owed"),
            tier: document["tier"].as_str().map(str::to_owned),
            credit,
            other: None,
        }
    }

    /// What her shop's server sends.
    fn request(&self, act: &Act) -> Request {
        let customer = json!({ "member_id": self.member.id });
        match act {
            Act::Order(order) => self.order(order, &customer),
            Act::Refund(refund) => self.refund(refund),
            Act::Activity(done) => {
                let body = json!({ "id": done.id, "kind": done.kind, "quantity": done.quantity,
                    "customer": customer });
                self.shop.post("/v1/activities", &body)
            }
            Act::Redeem(asked) => {
                let wishes = asked.rewards.iter().map(|wish| {
                    let mut told = json!({ "id": wish.id });
                    if let Some(points) = wish.points {
                        told["points"] = points.into();
                    }
                    told
                });
                let wishes: Vec<Value> = wishes.collect();
                let body = json!({ "id": asked.id, "customer": customer, "rewards": wishes });
                self.shop.post("/v1/redemptions", &body)
            }
            Act::Commit(id) => self.end(id, "commit"),
            Act::Release(id) => self.end(id, "release"),
            Act::Adjust { key, points } => {
                let body = json!({ "points": points, "reason": "as the story says" });
                let adjusting = self.member.adjustment(&body);
                adjusting.with("idempotency-key", key)
            }
            Act::Transfer(_) | Act::Merge { .. } => panic!("a story of several members"),
            Act::Settle(()) => {
                let (shop, member) = (&self.shop.id, &self.member.id);
                let path = format!("/demo/settle?shop={shop}&member={member}");
                Request::new("POST", path)
            }
        }
    }

    fn order(&self, order: &OrderAct, customer: &Value) -> Request {
        let mut body = json!({ "id": order.id, "customer": customer, "cart": order.cart });
        if let Some(placed_at) = &order.placed_at {
            body["placed_at"] = json!(placed_at);
        }
        if !order.redemptions.is_empty() {
            body["redemptions"] = json!(order.redemptions);
        }
        self.shop.post("/v1/orders", &body)
    }

    fn refund(&self, refund: &RefundAct) -> Request {
        let mut body = json!({ "id": refund.id, "order_id": refund.order });
        if let Some(lines) = &refund.lines {
            let lines = lines.iter().map(|line| {
                let mut told = Map::new();
                told.insert("id".to_owned(), json!(line.id));
                told.insert("quantity".to_owned(), json!(line.quantity));
                if let Some(amount) = &line.amount {
                    told.insert("amount".to_owned(), json!(amount));
                }
                Value::from(told)
            });
            body["lines"] = lines.collect();
        }
        self.shop.post("/v1/refunds", &body)
    }

    fn end(&self, redemption: &str, how: &str) -> Request {
        let path = format!("/v1/redemptions/{redemption}/{how}");
        self.shop.post(&path, &json!({}))
    }

    /// What was booked since this was last asked.
    fn new_entries(&mut self) -> Vec<String> {
        let mut all = self.member.entries();
        all.reverse();
        let told = all.iter().skip(self.entries).map(|entry| {
            let kind = entry["kind"].as_str().expect("a kind");
            format!("{kind} {}", entry["points"])
        });
        let told = told.collect();
        self.entries = all.len();
        told
    }

    /// What her shop, which has no other members, hears since this was last asked. A gift's is told by its answer.
    fn new_events(&mut self) -> Vec<String> {
        let path = format!("/v1/events?limit=100&after={}", self.after);
        let feed = self.shop.get(&path).send().expect(200);
        self.after = feed["next_after"].as_u64().expect("a number");
        let events = feed["events"].as_array().expect("events").iter();
        let kinds = events.map(|event| event["type"].as_str().expect("a type"));
        let kinds = kinds.filter(|kind| *kind != "gift.given");
        kinds.map(str::to_owned).collect()
    }
}

/// The gifts that an answer tells of, as a story does.
fn gifts(answer: &Answer) -> Vec<String> {
    let told = &answer.json()["gifts"];
    let gifts = told.as_array().into_iter().flatten();
    let gifts = gifts.map(|gift| {
        let text = |name: &str| gift[name].as_str().map(str::to_owned);
        let money = || Some(format!("{} {}", text("amount")?, text("currency")?));
        let what = text("reward")
            .or_else(money)
            .or_else(|| Some(gift["points"].to_string()));
        format!("{} {}", text("by").expect("a giver"), what.expect("a gift"))
    });
    gifts.collect()
}
