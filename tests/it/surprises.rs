//! Surprises: drawn by a seed that nobody knows, given once and within their budget, and repeated by whoever is
//! told the seed afterwards.
//!
//! The fairground is the shop of these scenarios alone. Its program is the whole shop's, so they take turns.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use earnest_core::surprise::{Commitment, draw, is_drawn};
use serde_json::{Value, json};

use crate::edge::{Answer, at_once, told};
use crate::shop::{Member, Shop, cart, fresh, fresh_email, points, shop};

fn fairground() -> &'static Shop {
    shop("fairground")
}

/// The turn of a scenario, with the version of the shop's program that is its own.
struct Turn(MutexGuard<'static, i64>);

impl Turn {
    fn wait() -> Self {
        static NEWEST: Mutex<i64> = Mutex::new(1);
        Self(NEWEST.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Publishes a program with this besides, as its next version.
    fn publish(&mut self, more: &str) -> Answer {
        *self.0 += 1;
        let source = format!(
            "version = {}\nname = \"The fairground's club\"\npoints = {{ one = \"ticket\", other = \"tickets\" }}\n\
             earn = {{ per_unit = {{ EUR = 1 }} }}\n{more}",
            self.0
        );
        fairground().publish("", &source).send()
    }
}

/// A seed that the edge has drawn: the commitment to it.
fn seed() -> String {
    let made = fairground().post("/v1/seeds", &json!({})).send();
    let told = made.expect(201);
    assert_eq!(told["status"], "in_use");
    assert!(told["seed"].is_null(), "{made}");
    told["commitment"]
        .as_str()
        .expect("a commitment")
        .to_owned()
}

fn reveal(commitment: &str) -> Answer {
    let path = format!("/v1/seeds/{}/reveal", commitment.replace(':', "%3A"));
    fairground().post(&path, &json!({})).send()
}

/// A surprise of a program: `more` says what it gives, and how much.
fn surprise(id: &str, one_in: u32, commitment: &str, more: &str) -> String {
    format!(
        "[[surprises]]\nid = \"{id}\"\nlabel = \"A little extra\"\none_in = {one_in}\n\
         commitment = \"{commitment}\"\n{more}\n"
    )
}

/// Her entries but for those that she joined with: kind, points and rules, oldest first.
fn entries(member: &Member) -> Vec<(String, i64, Value)> {
    let entries = member.sound_entries();
    let told = |it: &Value| {
        let kind = it["kind"].as_str().expect("a kind").to_owned();
        (kind, points(&it["points"]), it["rules"].clone())
    };
    entries.iter().rev().map(told).collect()
}

fn redemptions(member: &Member) -> Vec<Value> {
    let listed = member.get("/redemptions").expect(200);
    listed["redemptions"].as_array().expect("a list").clone()
}

/// An order of hers that is paid with these redemptions.
fn paid(member: &Member, redemptions: &[&Value]) -> Answer {
    let customer = json!({ "member_id": member.id });
    let order = json!({ "id": fresh("order"), "customer": customer, "cart": cart("10.00"),
        "redemptions": redemptions });
    fairground().post("/v1/orders", &order).deliver()
}

fn refund(order_id: &str, lines: &Value) -> Value {
    let mut document = json!({ "id": fresh("refund"), "order_id": order_id });
    if !lines.is_null() {
        document["lines"] = lines.clone();
    }
    fairground()
        .post("/v1/refunds", &document)
        .deliver()
        .expect(201)
}

#[test]
fn a_drawn_order_is_given_its_surprise_once_however_often_it_is_delivered() {
    let mut turn = Turn::wait();
    let id = fresh("extra");
    let more = "gives = { points = 50 }\nbudget = 120";
    turn.publish(&surprise(&id, 1, &seed(), more)).expect(201);
    let member = fairground().enrol();
    let order = fresh("order");
    let first = member.order(&order, &cart("10.00"));
    let told = first.expect(201);
    let given = json!([{ "by": id, "label": "A little extra", "points": 50 }]);
    assert_eq!((&told["points"], &told["surprises"]), (&json!(10), &given));
    assert_eq!(told["balance_points"], 60);
    for again in at_once([(); 3], |()| {
        member.order_request(&order, &cart("10.00")).deliver()
    }) {
        assert_eq!((again.status, &again.body), (200, &first.body));
    }
    let booked = [
        ("earn".to_owned(), 10, json!([])),
        ("surprise".to_owned(), 50, json!([id])),
    ];
    assert_eq!(entries(&member), booked);

    // What is left of the budget is less than one of them.
    assert_eq!(paid(&member, &[]).expect(201)["surprises"], given);
    assert_eq!(paid(&member, &[]).expect(201)["surprises"], Value::Null);
    assert_eq!(member.balance(), 3 * 10 + 2 * 50);

    let feed = fairground().get("/v1/events?limit=100").send().expect(200);
    let events = feed["events"].as_array().expect("events").iter();
    let hers: Vec<_> = events.filter(|it| it["member_id"] == member.id).collect();
    assert_eq!(hers.len(), 2, "one for each that was given: {feed}");
    assert_eq!(hers[0]["type"], "gift.given");
    let data = json!({ "kind": "surprise", "source": order, "by": id, "label": "A little extra", "points": 50 });
    assert_eq!(hers[0]["data"], data);
}

#[test]
fn orders_that_come_at_once_do_not_overspend_the_budget() {
    let mut turn = Turn::wait();
    let more = "gives = { points = 50 }\nbudget = 200";
    turn.publish(&surprise(&fresh("rush"), 1, &seed(), more))
        .expect(201);
    let members: Vec<Member> = (0..10).map(|_| fairground().enrol()).collect();
    let given = at_once(&members, |member| {
        let answer = member
            .order_request(&fresh("order"), &cart("10.00"))
            .deliver();
        let told = answer.expect(201);
        (
            !told["surprises"].is_null(),
            points(&told["balance_points"]),
        )
    });
    assert_eq!(
        given.iter().filter(|(was_given, _)| *was_given).count(),
        4,
        "{given:?}"
    );
    for (member, (was_given, balance)) in members.iter().zip(&given) {
        assert_eq!(*balance, if *was_given { 60 } else { 10 });
        assert_eq!(member.balance(), *balance);
    }
}

#[test]
fn who_is_told_the_seed_can_repeat_every_draw_and_from_then_on_there_are_none() {
    let mut turn = Turn::wait();
    let (id, commitment) = (fresh("fair"), seed());
    turn.publish(&surprise(&id, 3, &commitment, "gives = { points = 5 }"))
        .expect(201);
    let member = fairground().enrol();
    let drawn: Vec<(String, bool)> = (0..24)
        .map(|_| {
            let order = fresh("order");
            let told = member.order(&order, &cart("10.00")).expect(201);
            (order, !told["surprises"].is_null())
        })
        .collect();
    let path = format!("/v1/seeds/{commitment}");
    let before = fairground().get(&path).send().expect(200);
    assert_eq!(
        (&before["status"], &before["seed"]),
        (&json!("in_use"), &Value::Null)
    );

    let told = reveal(&commitment);
    assert_eq!(
        reveal(&commitment).body,
        told.body,
        "asked again it answers the same"
    );
    assert_eq!(fairground().get(&path).send().body, told.body);
    let told = told.expect(200);
    assert_eq!(told["status"], "revealed");
    let seed = bytes(told["seed"].as_str().expect("a seed"));
    assert_eq!(Commitment::to(&seed).to_string(), commitment);
    for (order, was_given) in &drawn {
        assert_eq!(is_drawn(draw(&seed, &id, order), 3), *was_given, "{order}");
    }
    let wins = drawn.iter().filter(|(_, was_given)| *was_given).count();
    assert!((1..24).contains(&wins), "a third of 24 is {wins}");

    // Whoever knows the seed knows which ids win.
    let winner = (0..).map(|nth| format!("{id}-{nth}"));
    let mut winners = winner.filter(|order| is_drawn(draw(&seed, &id, order), 3));
    let late = winners.next().expect("a winner");
    let answer = member.order(&late, &cart("10.00")).expect(201);
    assert_eq!(answer["surprises"], Value::Null);
    let mine = json!({ "seed": told["seed"] });
    let again = fairground().post("/v1/seeds", &mine).send();
    again.expect_problem_at(409, "seed_revealed", "/seed");
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&String::from_iter(pair), 16).expect("digits");
    digits.chunks(2).map(byte).collect()
}

#[test]
fn a_program_that_draws_with_a_seed_that_is_not_there_is_not_published() {
    let mut turn = Turn::wait();
    let nobodys = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9";
    let more = "gives = { points = 5 }";
    let refused = turn.publish(&surprise("never", 2, nobodys, more));
    let problem = refused.expect_problem(422, "seed_missing");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(
        detail.contains("\"never\"") && detail.contains(nobodys),
        "{detail}"
    );
    let theirs = shop("press")
        .post("/v1/seeds", &json!({}))
        .send()
        .expect(201);
    let theirs = theirs["commitment"].as_str().expect("a commitment");
    turn.publish(&surprise("never", 2, theirs, more))
        .expect_problem(422, "seed_missing");
    fairground()
        .get(&format!("/v1/seeds/{theirs}"))
        .send()
        .expect_problem(404, "seed_not_found");
    let ended = seed();
    reveal(&ended).expect(200);
    let refused = turn.publish(&surprise("never", 2, &ended, more));
    let problem = refused.expect_problem(422, "seed_missing");
    assert!(
        problem["detail"]
            .as_str()
            .expect("a detail")
            .contains("has been revealed"),
        "{problem}"
    );
    turn.publish(&surprise("ever", 2, &seed(), more))
        .expect(201);
}

#[test]
fn a_seed_is_drawn_once_under_the_key_of_its_request() {
    let ask = |key: &str, body: Value| {
        let request = fairground().post("/v1/seeds", &body);
        request.with("idempotency-key", key).send()
    };
    let key = fresh("seed");
    let drawn = at_once(0..5, |_| ask(&key, json!({})));
    let new = drawn.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(new, 1, "{drawn:?}");
    let commitment = |answer: &Answer| answer.expect(answer.status)["commitment"].clone();
    assert!(
        drawn
            .iter()
            .all(|it| commitment(it) == commitment(&drawn[0]))
    );
    let own = json!({ "seed": hex_seed() });
    let other = ask(&fresh("seed"), own.clone());
    assert_ne!(commitment(&other), commitment(&drawn[0]));
    ask(&key, own).expect_problem(422, "idempotency_key_reused");
    ask("cl\u{e9}", json!({})).expect_problem(400, "idempotency_key_invalid");
    // They are ended, so that the shop may draw others.
    for answer in [&drawn[0], &other] {
        let commitment = commitment(answer);
        reveal(commitment.as_str().expect("a commitment")).expect(200);
    }
}

#[test]
fn a_seed_of_the_shops_own_is_in_no_answer_and_in_no_log() {
    let mut turn = Turn::wait();
    let (id, own) = (fresh("own"), hex_seed());
    let post = |seed: &str| {
        fairground()
            .post("/v1/seeds", &json!({ "seed": seed }))
            .send()
    };
    let made = post(&own);
    let commitment = made.expect(201)["commitment"]
        .as_str()
        .expect("a commitment")
        .to_owned();
    assert_eq!(Commitment::to(&bytes(&own)).to_string(), commitment);
    let again = post(&own.to_uppercase());
    again.expect(200);
    let published = turn.publish(&surprise(&id, 1, &commitment, "gives = { points = 5 }"));
    let member = fairground().enrol();
    let order = member.order(&fresh("order"), &cart("10.00"));
    assert_eq!(order.expect(201)["surprises"][0]["points"], 5);
    let short = post(&own[2..]);
    short.expect_problem_at(422, "field_invalid", "/seed");
    let odd = post(&own.replace('a', "x"));
    let wrong = fairground()
        .post("/v1/seeds", &json!({ "seeds": own }))
        .send();
    wrong.expect_problem(422, "field_unknown");
    let read = |path: &str| fairground().get(path).send();
    let paths = [
        "/v1/events?limit=100",
        "/v1/programs?limit=10",
        &format!("/v1/seeds/{commitment}"),
    ];
    let read: Vec<Answer> = paths.iter().map(|path| read(path)).collect();
    let mut answers = vec![
        made,
        again,
        published,
        order,
        short,
        odd,
        wrong,
        member.get("/snapshot"),
    ];
    answers.extend(read);
    let log = Path::new(&told("EARNEST_SHOPS")).with_file_name("wrangler.log");
    let log = std::fs::read_to_string(log).expect("the log of the edge");
    assert!(
        !log.is_empty() && !log.contains(&own),
        "the log has the seed"
    );
    for answer in &answers {
        let body = answer.body.to_lowercase();
        assert!(!body.contains(&own[2..]), "{answer}");
    }
    assert!(
        reveal(&commitment).body.contains(&own),
        "now it may be told"
    );
}

/// A seed that nobody drew, and that is another each time.
fn hex_seed() -> String {
    let name = fresh("seed");
    let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex:a<64}")
}

#[test]
fn a_reward_that_is_given_pays_an_order_once_and_goes_back_with_its_own() {
    let mut turn = Turn::wait();
    let id = fresh("ride");
    let more = format!(
        "[[rewards]]\nid = \"ride\"\nname = \"A ride\"\ngives = {{ product = \"ride\" }}\nstock = 2\nvalid_days = 30\n{}",
        surprise(&id, 1, &seed(), "gives = { reward = \"ride\" }")
    );
    turn.publish(&more).expect(201);
    let member = fairground().enrol();
    let orders = [fresh("order"), fresh("order"), fresh("order")];
    let given: Vec<Value> = orders
        .iter()
        .map(|order| member.order(order, &cart("10.00")).expect(201)["surprises"][0].clone())
        .collect();
    assert_eq!(
        (&given[0]["reward"], &given[0]["name"]),
        (&json!("ride"), &json!("A ride"))
    );
    assert_eq!(given[2], Value::Null, "two is all there are");
    assert_ne!(given[0]["code"], given[1]["code"]);
    let listed = redemptions(&member);
    assert_eq!(listed.len(), 2);
    for (listed, given) in listed.iter().rev().zip(&given) {
        assert_eq!(
            (&listed["redemption_id"], &listed["code"]),
            (&given["redemption_id"], &given["code"])
        );
        assert_eq!(
            (&listed["status"], &listed["points"]),
            (&json!("given"), &json!(0))
        );
        assert_eq!(
            listed["rewards"][0]["code_expires_at"],
            given["code_expires_at"]
        );
    }
    assert_eq!(
        listed[1]["given"],
        json!({ "kind": "surprise", "source": orders[0], "by": id })
    );

    let first = &given[0]["redemption_id"];
    let answers = at_once([(); 4], |()| paid(&member, &[first]).status);
    assert_eq!(
        answers.iter().filter(|status| **status == 201).count(),
        1,
        "{answers:?}"
    );
    paid(&member, &[first]).expect_problem(409, "redemption_spent");
    let other = fairground().enrol();
    let second = &given[1]["redemption_id"];
    paid(&other, &[second]).expect_problem_at(422, "redemption_unknown", "/redemptions/0");

    // A part of its order does not end it, all of it does; what was used before stays used.
    let half = json!([{ "id": "l1", "quantity": 0, "amount": "5.00" }]);
    refund(&orders[1], &half);
    assert_eq!(
        redemptions(&member)
            .iter()
            .filter(|it| it["status"] == "given")
            .count(),
        1
    );
    refund(&orders[1], &Value::Null);
    refund(&orders[0], &Value::Null);
    let states: Vec<Value> = redemptions(&member)
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert_eq!(states, ["over", "spent"]);
    paid(&member, &[second]).expect_problem(409, "gift_over");
    let path = format!("/v1/redemptions/{}/commit", second.as_str().expect("an id"));
    fairground()
        .post(&path, &json!({}))
        .send()
        .expect_problem(409, "gift_over");
}

#[test]
fn who_buys_and_sends_back_keeps_no_points_and_who_keeps_half_keeps_half() {
    let mut turn = Turn::wait();
    let more = "gives = { points = 50 }";
    turn.publish(&surprise(&fresh("back"), 1, &seed(), more))
        .expect(201);
    let member = fairground().enrol();
    let order = fresh("order");
    assert_eq!(
        member.order(&order, &cart("10.00")).expect(201)["balance_points"],
        60
    );
    let half = json!([{ "id": "l1", "quantity": 0, "amount": "5.00" }]);
    let told = refund(&order, &half);
    assert_eq!(
        (&told["points"], &told["taken_points"]),
        (&json!(5), &json!(30))
    );
    let told = refund(&order, &Value::Null);
    assert_eq!(
        (&told["taken_points"], &told["balance_points"]),
        (&json!(30), &json!(0))
    );

    // A refund that comes first takes it back at once.
    let order = fresh("order");
    assert_eq!(refund(&order, &Value::Null)["status"], "waiting");
    let told = member.order(&order, &cart("10.00")).expect(201);
    assert_eq!(told["balance_points"], 0);
    assert_eq!(member.balance(), 0);
}

#[test]
fn a_guests_order_is_drawn_when_it_is_credited_to_her() {
    let mut turn = Turn::wait();
    let (id, commitment) = (fresh("guest"), seed());
    turn.publish(&surprise(&id, 1, &commitment, "gives = { points = 50 }"))
        .expect(201);
    let customer = |email: &str| json!({ "email": email });
    let email = fresh_email();
    let order = fairground().order(&fresh("order"), &customer(&email), &cart("10.00"));
    let told = order.send().expect(201);
    assert_eq!(
        (&told["status"], &told["surprises"]),
        (&json!("guest"), &Value::Null)
    );
    let member = fairground().enrol_as(email, &json!({}));
    let booked = [
        ("earn".to_owned(), 10, json!([])),
        ("surprise".to_owned(), 50, json!([id])),
    ];
    assert_eq!(entries(&member), booked);

    // And not once the seed is told: then her order is credited without.
    let email = fresh_email();
    let order = fairground().order(&fresh("order"), &customer(&email), &cart("10.00"));
    order.send().expect(201);
    reveal(&commitment).expect(200);
    assert_eq!(fairground().enrol_as(email, &json!({})).balance(), 10);
}
