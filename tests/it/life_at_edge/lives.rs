//! The members of a story at the edge: what their shop's server sends, and what it reads of them then.
//!
//! Its invariants: a story has a shop of its own, and what a step does to nobody whom it names is nothing; and when it is
//! over, the statement of each passes the check that needs nobody.

use std::collections::BTreeMap;

use earnest_core::statement::verify;
use earnest_core::wire::StatementDocument;
use earnest_vectors::instant;
use earnest_vectors::life::{Act, Expected, QuotedBy, Step, Story, quote_told};
use serde_json::Value;

use crate::edge::Answer;
use crate::shop::{Member, Shop, fresh_email, points};

/// The members of a story by name.
pub(super) struct Lives<'a> {
    pub(super) shop: &'static Shop,
    /// Those that the shop may publish, by name.
    pub(super) programs: &'a BTreeMap<String, String>,
    /// The quotes that it was given, by their ids in the story.
    pub(super) quotes: BTreeMap<String, String>,
    begins_at: String,
    by_name: BTreeMap<String, Life>,
    /// The last event that was seen.
    after: u64,
}

/// One of them, and what of hers was not told yet.
pub(super) struct Life {
    pub(super) member: Member,
    /// The entries that were seen.
    entries: usize,
    /// The events that were not told yet.
    heard: Vec<String>,
}

impl<'a> Lives<'a> {
    /// Nobody yet: who is named joined a moment before.
    pub(super) fn new(
        shop: &'static Shop,
        programs: &'a BTreeMap<String, String>,
        story: &Story,
    ) -> Self {
        Self {
            shop,
            programs,
            quotes: BTreeMap::new(),
            begins_at: story.steps[0].at.clone(),
            by_name: BTreeMap::new(),
            after: 0,
        }
    }

    /// Does a step, and tells what came of it as the story does.
    pub(super) fn step(&mut self, step: &Step) -> Expected {
        let request = self.request(&step.who, &step.act);
        let told = request.at(&step.at).deliver();
        if told.status >= 400 {
            let code = told.json()["code"].as_str().expect("a code").to_owned();
            told.expect_problem(told.status, &code);
            self.check_nothing_else();
            return Expected::refused(&code);
        }
        self.meet(step, &told);
        if let Some(found) = self.of_nobody(&step.act, &told) {
            self.check_nothing_else();
            return found;
        }
        self.hear();
        let mut found = self.found(&step.who, step, &step.expect);
        found.gifts = gifts(&told);
        found.quote = quote_told(&told.json()["quote"]);
        if let Some(other) = step.act.other() {
            let expect = step.expect.other.as_deref().cloned().unwrap_or_default();
            let theirs = self.found(other, step, &expect);
            found.other = Some(Box::new(theirs));
        }
        self.check_nothing_else();
        found
    }

    /// What is so of somebody after a step.
    fn found(&mut self, who: &str, step: &Step, expect: &Expected) -> Expected {
        let life = self.of(who);
        let her = life.member.clone().at(&step.at);
        let document = her.document();
        let sum = |name: &str| points(&document[format!("{name}_points")]);
        Expected {
            entries: life.new_entries(),
            events: std::mem::take(&mut life.heard),
            free: sum("available"),
            pending: sum("pending"),
            held: sum("reserved"),
            owed: sum("owed"),
            tier: document["tier"].as_str().map(str::to_owned),
            credit: expect
                .credit
                .map(|_| minor(&document["credits"][0]["amount"])),
            household: expect.household.map(|_| pooled(&her)),
            ..Expected::default()
        }
    }

    /// Settles everybody, and holds of each ledger that nothing in it is odd.
    pub(super) fn check_ledgers(&self, at: &str) {
        for life in self.by_name.values() {
            self.settling(&life.member).at(at).send().expect(200);
            let her = life.member.clone().at(at);
            let entries = her.sound_entries();
            let told = her.get("/statement").expect(200);
            let told: StatementDocument = serde_json::from_value(told).expect("a statement");
            let found = verify(&told).unwrap_or_else(|found| panic!("{found}: {told:?}"));
            assert_eq!(found.entries, entries.len());
            assert_eq!(found.balance, told.closing.balance_points);
        }
    }

    /// Somebody of the story.
    pub(super) fn of(&mut self, name: &str) -> &mut Life {
        if !self.by_name.contains_key(name) {
            let before = instant(&self.begins_at).as_millis() - 1;
            let before = jiff::Timestamp::from_millisecond(before).expect("an instant");
            let joining = self.joining(&fresh_email(), None).at(&before.to_string());
            self.welcome(name, &joining.send());
            let life = self.by_name.get_mut(name).expect("she has joined");
            life.new_entries();
            self.hear();
            self.of(name).heard.clear();
        }
        self.by_name.get_mut(name).expect("she has joined")
    }

    /// Somebody may have joined by a step.
    fn meet(&mut self, step: &Step, told: &Answer) {
        match &step.act {
            Act::Enrol { .. } => self.welcome(&step.who, told),
            Act::Order(order) if order.customer.is_some() => {
                let id = told.json()["member_id"]
                    .as_str()
                    .expect("a member")
                    .to_owned();
                self.know(&step.who, &id);
            }
            _ => {}
        }
    }

    /// Somebody has joined, or had before.
    fn welcome(&mut self, name: &str, told: &Answer) {
        let is_known = self.by_name.contains_key(name);
        let joined = told.expect(if is_known { 200 } else { 201 });
        self.know(name, joined["id"].as_str().expect("an id"));
    }

    /// Somebody has this id.
    fn know(&mut self, name: &str, id: &str) {
        let member = self.shop.member(id);
        let life = Life {
            member,
            entries: 0,
            heard: Vec::new(),
        };
        let known = self.by_name.entry(name.to_owned()).or_insert(life);
        assert_eq!(known.member.id, id);
    }

    /// What is told of a step that is no member's: of an order or a refund of a guest, of a quote, of a program.
    fn of_nobody(&mut self, act: &Act, told: &Answer) -> Option<Expected> {
        let document = told.json();
        let points = || points(&document["points"]);
        let status = document["status"].as_str().unwrap_or_default();
        match act {
            Act::Order(_) | Act::Refund(_) if ["guest", "waiting"].contains(&status) => {
                Some(Expected {
                    quote: quote_told(&document["quote"]),
                    ..Expected::told(format!("{status} {}", points()))
                })
            }
            Act::Quote(asked) => {
                let quote = document["quote"].as_str().expect("a quote");
                self.quotes.insert(asked.id.clone(), quote.to_owned());
                Some(Expected::told(match asked.by {
                    QuotedBy::Elsewhere => "quoted elsewhere".to_owned(),
                    _ => format!("quoted {}", points()),
                }))
            }
            Act::Publish(_) => Some(Expected::default()),
            _ => None,
        }
    }

    /// What the shop hears since this was last asked. A gift's is told by its answer.
    fn hear(&mut self) {
        let path = format!("/v1/events?limit=100&after={}", self.after);
        let feed = self.shop.get(&path).send().expect(200);
        self.after = feed["next_after"].as_u64().expect("a number");
        for event in feed["events"].as_array().expect("events") {
            let kind = event["type"].as_str().expect("a type");
            let mut lives = self.by_name.values_mut();
            let of = lives.find(|life| event["member_id"] == *life.member.id);
            if kind != "gift.given" {
                of.expect("a member of the story")
                    .heard
                    .push(kind.to_owned());
            }
        }
    }

    /// What a step was told of was all.
    fn check_nothing_else(&mut self) {
        self.hear();
        for (name, life) in &mut self.by_name {
            let more = (life.new_entries(), std::mem::take(&mut life.heard));
            assert_eq!(more, (vec![], vec![]), "{name}");
        }
    }
}

impl Life {
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
}

/// What all of her household may spend.
fn pooled(her: &Member) -> i64 {
    let told = her.get("/household").expect(200);
    let living = told["members"].as_array().expect("members").iter();
    living.map(|it| points(&it["available_points"])).sum()
}

/// The minor units of an amount, 0 where there is none.
fn minor(amount: &Value) -> i64 {
    let digits = amount.as_str().unwrap_or("0").replace('.', "");
    digits.parse().expect("an amount")
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
