//! Trials: a member has the paid membership for some days, for nothing, once.

use serde_json::{Value, json};

use crate::edge::{Answer, Request, at_once};
use crate::shop::{Member, Shop, cart, fresh, shop};

/// 30 days to try it, and twice the points meanwhile.
fn plus() -> &'static Shop {
    shop("preset-paid-membership")
}

fn trial(member: &Member) -> Request {
    member.shop().post(&member.path("/trial"), &json!({}))
}

fn start(member: &Member) -> Answer {
    trial(member).send()
}

/// What an order of 10.00 USD earns her; now, where there is no instant.
fn earns(member: &Member, at: Option<&str>) -> Value {
    let mut cart = cart("10.00");
    cart["currency"] = json!("USD");
    let order = member.order_request(&fresh("order"), &cart);
    let order = match at {
        Some(at) => order.at(at),
        None => order,
    };
    order.send().expect(201)["points"].clone()
}

/// What is told of her trial, and how many perks she has.
fn told(member: &Member) -> (Value, Value, usize) {
    let document = member.document();
    let perks = document["perks"].as_array().expect("perks").len();
    let of = |name: &str| document[name].clone();
    (of("trial_until"), of("trial_available"), perks)
}

/// Her history, the newest first.
fn history(member: &Member) -> Vec<String> {
    let page = member.get("/events").expect(200);
    let events = page["events"].as_array().expect("events").iter();
    events
        .map(|event| event["type"].as_str().expect("a type").to_owned())
        .collect()
}

fn before(instant: &str) -> String {
    let instant: jiff::Timestamp = instant.parse().expect("an instant");
    (instant - jiff::SignedDuration::from_millis(1)).to_string()
}

#[test]
fn a_trial_is_a_membership_up_to_its_second_and_her_points_stay() {
    let member = plus().enrol();
    assert_eq!(told(&member), (Value::Null, json!(true), 0));
    assert_eq!(earns(&member, None), 10);
    let answers = at_once(0..8, |_| start(&member));
    for answer in &answers {
        answer.expect(answer.status.clamp(200, 201));
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(answers.iter().filter(|it| it.status == 201).count(), 1);
    let answer = start(&member).expect(200);
    assert_eq!(answer["member_id"], member.id);
    let until = answer["trial_until"].as_str().expect("an instant");
    assert_eq!(told(&member), (json!(until), json!(false), 3));
    assert_eq!(member.document()["profile"]["paid_until"], until);
    assert_eq!(history(&member), ["trial.started"]);
    assert_eq!(earns(&member, None), 20);

    let last = before(until);
    assert_eq!(told(&member.clone().at(&last)).2, 3);
    assert_eq!(earns(&member, Some(&last)), 20);
    let over = member.clone().at(until);
    assert_eq!(told(&over), (json!(until), json!(false), 0));
    trial(&member)
        .at(until)
        .send()
        .expect_problem(422, "trial_taken");
    assert_eq!(earns(&member, Some(until)), 10);
    assert_eq!(over.document()["balance_points"], 60);
    assert_eq!(history(&over), ["trial.lapsed", "trial.started"]);
    over.sound_entries();
}

#[test]
fn who_pays_goes_on_and_who_has_paid_has_nothing_to_try() {
    let tell = |member: &Member, paid_until: &str| {
        let profile = json!({ "paid_until": paid_until });
        let told = plus().post(&member.path("/profile"), &profile).send();
        told.expect(200)
    };
    let member = plus().enrol();
    let started = start(&member).expect(201);
    let until = started["trial_until"].as_str().expect("an instant");
    tell(&member, "2090-01-01T00:00:00Z");
    assert_eq!(start(&member).expect(200), started);
    let later = member.clone().at(until);
    assert_eq!(told(&later), (json!(until), json!(false), 3));
    assert_eq!(earns(&member, Some(until)), 20);
    assert_eq!(history(&later), ["trial.started"]);
    trial(&member)
        .at(until)
        .send()
        .expect_problem(422, "trial_taken");

    let paid = plus().enrol();
    tell(&paid, "2090-01-01T00:00:00Z");
    assert_eq!(told(&paid), (Value::Null, json!(false), 3));
    start(&paid).expect_problem(422, "membership_active");
    // What has lapsed may be tried.
    tell(&paid, "2020-01-01T00:00:00Z");
    assert_eq!(told(&paid), (Value::Null, json!(true), 0));
    start(&paid).expect(201);
}

#[test]
fn a_trial_that_either_of_two_took_is_taken_and_goes_with_her() {
    let (ada, bea) = (plus().enrol(), plus().enrol());
    let started = start(&ada).expect(201);
    let merge = json!({ "into": bea.id });
    let merged = plus().post(&ada.path("/merges"), &merge).deliver();
    merged.expect(201);
    assert_eq!(
        told(&bea),
        (started["trial_until"].clone(), json!(false), 3)
    );
    assert_eq!(told(&ada), (Value::Null, json!(false), 0));
    start(&ada).expect_problem(409, "member_merged");
    let until = started["trial_until"].as_str().expect("an instant");
    trial(&bea)
        .at(until)
        .send()
        .expect_problem(422, "trial_taken");
}

#[test]
fn a_trial_is_refused_where_none_is_offered_and_to_nobody() {
    let market = shop("market").enrol();
    assert_eq!(told(&market).1, false);
    start(&market).expect_problem(422, "trial_not_offered");
    start(&plus().member("mem_nobody")).expect_problem(404, "member_not_found");
    let page = plus().page_post(&plus().enrol().path("/trial"), &json!({}));
    page.send().expect_problem(403, "secret_key_needed");
}
