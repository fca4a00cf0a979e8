//! Settling: what time alone does is told at once, and booked when a cron comes round.
//!
//! Nobody can move the edge's clock, so the orchard begins with members of whom nobody has taken care for a while;
//! `crates/xtask/src/edge.rs` says what they did. Its invariant: no cron runs before what they read was looked at.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::edge::{Answer, Request};
use crate::shop::{Member, cart, fresh, points, shop};

/// The rows that maturing may write for each lot.
const ROWS_A_LOT: i64 = 4;

/// One lot of 20 that has matured.
const RIPE: &str = "mem_00000000000000000000000072697065";
/// Three lots of 10, 11 and 12 that have.
const LOTS: &str = "mem_0000000000000000000000006c6f7473";
/// 70 points that are over, and the tier that she had with them.
const FELL: &str = "mem_00000000000000000000000066656c6c";

/// What is known of a member: what her shop and she read, her entries, and what her shop hears of her.
#[derive(Debug, PartialEq)]
struct Known {
    document: Value,
    outlook: Value,
    entries: Vec<Value>,
    events: Vec<Value>,
}

/// The orchard's members before a cron, after it, and after the next one, with what the first one did.
struct Story {
    before: BTreeMap<&'static str, Known>,
    after: BTreeMap<&'static str, Known>,
    again: BTreeMap<&'static str, Known>,
    rounds: [Answer; 2],
}

static STORY: LazyLock<Story> = LazyLock::new(|| {
    let before = all();
    let first = settle();
    let after = all();
    let second = settle();
    Story {
        before,
        after,
        again: all(),
        rounds: [first, second],
    }
});

fn all() -> BTreeMap<&'static str, Known> {
    [RIPE, LOTS, FELL].map(|id| (id, known(id))).into()
}

fn known(id: &str) -> Known {
    let member = shop("orchard").member(id);
    let document = member.document();
    Known {
        document,
        outlook: member.snapshot()["outlook"].take(),
        entries: member.entries(),
        events: events(&member),
    }
}

/// Whose shop hears of her.
fn events(member: &Member) -> Vec<Value> {
    let feed = shop("orchard").get("/v1/events?limit=100").send();
    let mut feed = feed.expect(200);
    let all = feed["events"].take();
    let all = all.as_array().expect("events").iter();
    all.filter(|it| it["member_id"] == *member.id)
        .cloned()
        .collect()
}

/// A round of the cron that another scenario asks for: once it was seen what nobody had settled.
pub(crate) fn round() -> Answer {
    LazyLock::force(&STORY);
    settle()
}

/// A round of the cron. One at a time, so that none meets another.
fn settle() -> Answer {
    let _turn = turn();
    come_by()
}

/// While somebody has it, no cron comes by but hers.
pub(crate) struct Turn {
    _held: MutexGuard<'static, ()>,
}

/// The turn of another scenario: once it was seen what nobody had settled.
pub(crate) fn next_turn() -> Turn {
    LazyLock::force(&STORY);
    turn()
}

fn turn() -> Turn {
    static TURN: Mutex<()> = Mutex::new(());
    Turn {
        _held: TURN.lock().unwrap_or_else(PoisonError::into_inner),
    }
}

/// The cron comes by, in somebody's turn.
pub(crate) fn come_by() -> Answer {
    let answer = Request::new("POST", "/demo/settle").json(&json!({})).send();
    answer.expect(200);
    answer
}

fn told(events: &[Value]) -> Vec<String> {
    let told = events.iter().map(|it| {
        let kind = it["type"].as_str().expect("a type");
        format!("{kind} {}", it["data"])
    });
    told.collect()
}

#[test]
fn what_is_read_is_right_before_a_cron_has_run_and_the_same_after_it() {
    let Story { before, after, .. } = &*STORY;
    let sums = |id: &str| {
        let document = &before[id].document;
        ["balance", "available", "pending", "reserved", "owed"]
            .map(|name| points(&document[format!("{name}_points")]))
    };
    assert_eq!(sums(RIPE), [20, 20, 0, 0, 0]);
    assert_eq!(sums(LOTS), [33, 33, 0, 0, 0]);
    assert_eq!(sums(FELL), [0, 0, 0, 0, 0]);
    assert_eq!(before[FELL].document["tier"], Value::Null);
    assert_eq!(before[RIPE].document["expiring"]["points"], 20);
    assert_eq!(before[LOTS].document["expiring"]["points"], 10);
    assert_eq!(before[FELL].document["expiring"], Value::Null);
    assert_eq!(before[LOTS].outlook["available"], 33);
    for id in [RIPE, LOTS, FELL] {
        assert_eq!(before[id].document, after[id].document);
        assert_eq!(before[id].outlook, after[id].outlook);
    }
}

#[test]
fn a_cron_books_what_time_has_done_and_tells_of_it() {
    let Story { before, after, .. } = &*STORY;
    for id in [RIPE, LOTS] {
        assert_eq!(
            before[id].entries, after[id].entries,
            "maturing is no entry"
        );
        assert_eq!(before[id].events, Vec::<Value>::new());
    }
    assert_eq!(
        told(&after[RIPE].events),
        ["points.matured {\"points\":20}"]
    );
    let matured = [10, 11, 12].map(|points| format!("points.matured {{\"points\":{points}}}"));
    assert_eq!(told(&after[LOTS].events), matured);

    assert_eq!(
        told(&before[FELL].events),
        ["tier.changed {\"to\":\"picker\"}"]
    );
    let since = &after[FELL].events[1..];
    let expected = [
        "points.matured {\"points\":70}",
        "tier.changed {\"from\":\"picker\"}",
        "points.expired {\"points\":70}",
    ];
    assert_eq!(told(since), expected);
    let fell_at = since[1]["happened_at"].as_str().expect("an instant");
    assert!(fell_at.ends_with("-01-01T00:00:00.000Z"), "{fell_at}");
    assert!(since[1]["booked_at"].as_str() > Some(fell_at));

    assert_eq!(before[FELL].entries.len(), 1);
    let [expired, earned] = &after[FELL].entries[..] else {
        panic!("{:?}", after[FELL].entries)
    };
    assert_eq!(*earned, before[FELL].entries[0]);
    let facts = ["kind", "points", "balance_points"].map(|name| &expired[name]);
    assert_eq!(facts, [&json!("expire"), &json!(-70), &json!(0)]);
}

#[test]
fn a_second_cron_finds_nothing_to_do() {
    let Story {
        after,
        again,
        rounds,
        ..
    } = &*STORY;
    assert_eq!(after, again);
    let settled = &rounds[1].json()["settled"];
    for id in [RIPE, LOTS, FELL] {
        assert_eq!(settled[id], Value::Null, "{settled}");
    }
}

#[test]
fn maturing_writes_at_most_four_rows_a_lot() {
    let settled = &STORY.rounds[0].json()["settled"];
    for (id, lots) in [(RIPE, 1), (LOTS, 3)] {
        let rows = points(&settled[id]);
        println!("maturing {lots} lots wrote {rows} rows");
        assert!((1..=lots * ROWS_A_LOT).contains(&rows), "{settled}");
    }
}

#[test]
fn points_that_were_over_when_they_came_are_never_to_be_spent() {
    let _ = &*STORY;
    let member = shop("orchard").enrol();
    let long_ago = json!({
        "id": fresh("order"), "customer": { "member_id": member.id }, "cart": cart("5.00"),
        "placed_at": "2019-05-01T10:00:00Z"
    });
    let booked = shop("orchard")
        .post("/v1/orders", &long_ago)
        .send()
        .expect(201);
    assert_eq!(booked["points"], 5);
    assert_eq!((member.balance(), member.entries().len()), (0, 1));
    settle();
    let kinds = member.sound_entries();
    let kinds: Vec<&Value> = kinds.iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["expire", "earn"]);
}

#[test]
fn the_feed_of_events_is_read_by_number_and_misses_none() {
    let _ = &*STORY;
    let orchard = shop("orchard");
    let page = |after: i64, limit: usize| {
        let path = format!("/v1/events?after={after}&limit={limit}");
        let page = orchard.get(&path).send().expect(200);
        let events = page["events"].as_array().expect("events").clone();
        (events, points(&page["next_after"]))
    };
    let (first, last) = page(0, 8);
    assert_eq!((first.len(), last), (8, 8));
    for (nth, event) in first.iter().enumerate() {
        assert_eq!(event["seq"], nth + 1);
    }
    let (mut walked, mut after) = (Vec::new(), 0);
    while walked.len() < 8 {
        let (events, next_after) = page(after, 3);
        walked.extend(events);
        after = next_after;
    }
    assert_eq!(walked[..8], first);
    assert_eq!(
        page(9_007_199_254_740_991, 1),
        (Vec::new(), 9_007_199_254_740_991)
    );
    let elsewhere = shop("bookshop").get("/v1/events").send().expect(200);
    assert_eq!(elsewhere, json!({ "events": [], "next_after": 0 }));
}

#[test]
fn a_feed_without_the_secret_key_or_from_no_number_is_refused() {
    let orchard = shop("orchard");
    for (query, parameter) in [
        ("?after=-1", "after"),
        ("?after=9007199254740992", "after"),
        ("?after=last", "after"),
        ("?limit=0", "limit"),
        ("?limit=101", "limit"),
    ] {
        let refused = orchard.get(&format!("/v1/events{query}")).send();
        let problem = refused.expect_problem(400, "parameter_invalid");
        assert_eq!(problem["parameter"], parameter, "{query}");
    }
    let of_page = Request::new("GET", "/v1/events").with(
        "authorization",
        format!("Bearer {}", orchard.publishable_key),
    );
    assert_eq!(of_page.send().status, 403);
    assert_eq!(Request::new("GET", "/v1/events").send().status, 401);
}
