//! Activities: what members do other than to buy earns what the rules for it give, once.

use serde_json::{Value, json};

use crate::edge::{Answer, Request, at_once};
use crate::shop::{Member, Shop, cart, fresh, fresh_email, shop};

fn gym() -> &'static Shop {
    shop("gym")
}

fn report(id: &str, kind: &str, customer: &Value, more: &Value) -> Request {
    let mut activity = json!({ "id": id, "kind": kind, "customer": customer });
    for (name, value) in more.as_object().expect("further fields") {
        activity[name] = value.clone();
    }
    gym().post("/v1/activities", &activity)
}

/// What a member did, under a new id.
fn act(member: &Member, kind: &str, more: &Value) -> Answer {
    let customer = json!({ "member_id": member.id });
    report(&fresh("act"), kind, &customer, more).send()
}

/// The points of a new activity.
fn earned(member: &Member, kind: &str, more: &Value) -> Value {
    act(member, kind, more).expect(201)["points"].clone()
}

#[test]
fn an_activity_earns_what_its_rules_give_and_its_entry_names_them() {
    let member = gym().enrol();
    let id = fresh("act");
    let customer = json!({ "member_id": member.id });
    let photo = json!({ "tags": ["photo"] });
    let answer = report(&id, "review", &customer, &photo).send().expect(201);
    assert_eq!(answer["activity_id"], id);
    assert_eq!(answer["member_id"], member.id);
    assert_eq!(
        (&answer["points"], &answer["balance_points"]),
        (&json!(50), &json!(75))
    );
    let reasons = answer["earning"]["reasons"].as_array().expect("reasons");
    let rules: Vec<&Value> = reasons.iter().map(|reason| &reason["rule"]).collect();
    assert_eq!(rules, [&json!("review"), &json!("photo")]);

    let entry = &member.sound_entries()[0];
    assert_eq!(
        (&entry["kind"], &entry["source"]),
        (&json!("activity"), &json!(id))
    );
    assert_eq!(entry["rules"], json!(["review", "photo"]));
    assert_eq!(entry["program"], answer["earning"]["program"]);
    assert_eq!(entry["booked_at"], answer["booked_at"]);

    assert_eq!(earned(&member, "review", &json!({})), 20);
    assert_eq!(earned(&member, "workout", &json!({ "quantity": 3 })), 6);
    assert_eq!(earned(&member, "workout", &json!({})), 2);
    assert_eq!(member.balance(), 25 + 50 + 20 + 6 + 2);
    // What she does is no order: it moves no tier.
    assert_eq!(member.document()["earned_points"], 0);
    assert_eq!(member.document()["orders"], 0);
}

#[test]
fn who_joins_earns_what_the_rules_for_it_give() {
    let member = gym().enrol();
    let entries = member.sound_entries();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let entry = &entries[0];
    assert_eq!(
        (&entry["kind"], &entry["points"], &entry["source"]),
        (
            &json!("activity"),
            &json!(25),
            &json!(format!("account-created:{}", member.id))
        )
    );
    assert_eq!(entry["rules"], json!(["joined"]));
    // What a shop reports under the member's own id is another activity.
    let customer = json!({ "member_id": member.id });
    let answer = report(&member.id, "review", &customer, &json!({})).send();
    assert_eq!(answer.expect(201)["balance_points"], 45);
    // A page enrols to the same effect, and is told nothing.
    let email = fresh_email();
    let joins = json!({ "email": email, "consent": { "terms": true } });
    gym().page_post("/v1/members", &joins).send().expect(202);
    let known = gym().post("/v1/members", &joins).send().expect(200);
    assert_eq!(known["balance_points"], 25);
}

#[test]
fn twenty_reports_of_an_activity_at_once_book_it_once() {
    let member = gym().enrol();
    let id = fresh("act");
    let customer = json!({ "member_id": member.id });
    let answers = at_once(0..20, |_| {
        report(&id, "review", &customer, &json!({})).deliver()
    });
    let first = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(first, 1, "{answers:?}");
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 201), "{answer}");
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(member.sound_entries().len(), 2);
    assert_eq!(member.balance(), 45);
}

#[test]
fn the_same_id_with_another_content_is_refused_and_told_where() {
    let member = gym().enrol();
    let id = fresh("act");
    let customer = json!({ "member_id": member.id });
    let photo = json!({ "tags": ["photo", "long"] });
    let first = report(&id, "review", &customer, &photo).send();
    first.expect(201);
    // The order of tags means nothing, nor does a default that is said.
    let same = json!({ "tags": ["long", "photo", "long"], "quantity": 1, "occurred_at": null });
    let again = report(&id, "review", &customer, &same).send();
    assert_eq!((again.status, &again.body), (200, &first.body));
    for (kind, more, pointer) in [
        ("workout", photo.clone(), "/kind"),
        ("review", json!({}), "/tags/0"),
        (
            "review",
            json!({ "tags": ["long", "photo"], "quantity": 2 }),
            "/quantity",
        ),
    ] {
        let refused = report(&id, kind, &customer, &more).send();
        let problem = refused.expect_problem_at(409, "activity_differs", pointer);
        assert_eq!(problem["differs"][0], pointer);
    }
    // An order may have the id of an activity, and an activity in another shop too.
    member.order(&id, &cart("10.00")).expect(201);
    assert_eq!(member.sound_entries().len(), 3);
}

#[test]
fn limits_hold_over_all_that_a_member_does() {
    let member = gym().enrol();
    assert_eq!(earned(&member, "newsletter", &json!({})), 15);
    let again = act(&member, "newsletter", &json!({})).expect(201);
    assert_eq!(again["points"], 0);
    assert_eq!(again["earning"]["reasons"][0]["code"], "limit_reached");
    assert_eq!(earned(&gym().enrol(), "newsletter", &json!({})), 15);

    let on = |day: &str| json!({ "occurred_at": format!("2026-03-{day}T12:00:00Z") });
    assert_eq!(earned(&member, "check-in", &on("02")), 5);
    assert_eq!(earned(&member, "check-in", &on("02")), 0);
    assert_eq!(earned(&member, "check-in", &on("03")), 5);
    // What is reported late opens no day anew.
    assert_eq!(earned(&member, "check-in", &on("01")), 0);
    assert_eq!(member.balance(), 25 + 15 + 5 + 5);
    member.sound_entries();
}

#[test]
fn visits_that_are_reported_at_once_count_against_one_limit() {
    let member = gym().enrol();
    let answers = at_once(0..8, |_| {
        let customer = json!({ "member_id": member.id });
        let at = json!({ "occurred_at": "2026-03-02T12:00:00Z" });
        report(&fresh("act"), "check-in", &customer, &at).deliver()
    });
    let points: i64 = answers
        .iter()
        .map(|answer| crate::shop::points(&answer.expect(201)["points"]))
        .sum();
    assert_eq!(points, 5);
    assert_eq!(member.balance(), 30);
}

#[test]
fn a_kind_that_the_program_has_no_rules_for_is_told_with_those_that_it_has() {
    let member = gym().enrol();
    let refused = act(&member, "reveiw", &json!({}));
    let problem = refused.expect_problem_at(422, "activity_kind_unknown", "/kind");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(
        detail.contains("check-in, newsletter, review, run, survey, workout"),
        "{detail}"
    );
    for kind in ["account-created", "order"] {
        let refused = act(&member, kind, &json!({}));
        refused.expect_problem_at(422, "activity_kind_unknown", "/kind");
    }
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn an_activity_is_of_a_member_who_is_found_as_for_an_order() {
    let customer = fresh("customer");
    let member = gym().enrol_as(fresh_email(), &json!({ "customer_id": customer }));
    for trace in [
        json!({ "member_id": member.id }),
        json!({ "id": customer }),
        json!({ "email": member.email.to_uppercase() }),
    ] {
        let answer = report(&fresh("act"), "workout", &trace, &json!({})).send();
        assert_eq!(answer.expect(201)["member_id"], member.id, "{trace}");
    }
    let id = fresh("act");
    let bea = shop("bakery").enrol();
    for nobody in [
        json!({}),
        json!({ "id": "nobody" }),
        json!({ "email": fresh_email() }),
        json!({ "member_id": bea.id }),
    ] {
        let refused = report(&id, "workout", &nobody, &json!({})).send();
        refused.expect_problem_at(422, "member_unknown", "/customer");
    }
    // Nothing was kept of it.
    let known = json!({ "member_id": member.id });
    report(&id, "workout", &known, &json!({}))
        .send()
        .expect(201);
}

#[test]
fn an_activity_that_cannot_be_used_is_refused_at_the_field() {
    let member = gym().enrol();
    let long = "x".repeat(129);
    let sound = json!({
        "id": fresh("act"), "kind": "review", "customer": { "member_id": member.id }
    });
    for (code, pointer, field, value) in [
        ("text_empty", "/id", "id", json!("")),
        ("text_too_long", "/id", "id", json!(long)),
        ("text_empty", "/kind", "kind", json!("")),
        ("text_too_long", "/kind", "kind", json!(long)),
        ("field_invalid", "/customer", "customer", json!([])),
        ("field_invalid", "/customer", "customer", Value::Null),
        ("text_empty", "/tags/1", "tags", json!(["a", ""])),
        ("field_invalid", "/tags", "tags", json!("photo")),
        ("quantity_out_of_range", "/quantity", "quantity", json!(0)),
        ("field_invalid", "/quantity", "quantity", json!(1.5)),
        (
            "instant_malformed",
            "/occurred_at",
            "occurred_at",
            json!("today"),
        ),
        (
            "placed_in_future",
            "/occurred_at",
            "occurred_at",
            json!("2999-01-01T00:00:00Z"),
        ),
        ("field_unknown", "/points", "points", json!(1000)),
    ] {
        let mut spoilt = sound.clone();
        spoilt[field] = value;
        let refused = gym().post("/v1/activities", &spoilt).send();
        refused.expect_problem_at(422, code, pointer);
    }
    let labels: Vec<String> = (0..51).map(|nth| nth.to_string()).collect();
    let mut spoilt = sound.clone();
    spoilt["tags"] = json!(labels);
    let refused = gym().post("/v1/activities", &spoilt).send();
    refused.expect_problem_at(422, "activity_tags_unusable", "/tags");
    for field in ["id", "kind", "customer"] {
        let mut spoilt = sound.clone();
        spoilt.as_object_mut().expect("an activity").remove(field);
        let refused = gym().post("/v1/activities", &spoilt).send();
        refused.expect_problem_at(422, "field_missing", &format!("/{field}"));
    }
    gym().post("/v1/activities", &sound).send().expect(201);
}

#[test]
fn activities_complete_a_challenge_once() {
    let member = gym().enrol();
    let run = |id: &str, quantity: u32| {
        let customer = json!({ "member_id": member.id });
        let more = json!({ "quantity": quantity });
        report(id, "run", &customer, &more).send()
    };
    let first = run(&fresh("act"), 2).expect(201);
    assert_eq!(
        (&first["points"], &first["balance_points"]),
        (&json!(0), &json!(25))
    );
    let told = |member: &Member| member.document()["challenges"].clone();
    let way = json!([{ "id": "three-sets", "label": "3 runs", "open": true, "done": 2, "of": 3 }]);
    assert_eq!(told(&member), way);
    let id = fresh("act");
    let last = run(&id, 1);
    assert_eq!(last.expect(201)["balance_points"], 65);
    assert_eq!(run(&id, 1).body, last.body);
    run(&fresh("act"), 3).expect(201);
    let entries = member.sound_entries();
    assert_eq!(entries.len(), 2, "{entries:?}");
    let entry = &entries[0];
    assert_eq!(
        (&entry["kind"], &entry["points"], &entry["source"]),
        (&json!("activity-challenge"), &json!(40), &json!(id))
    );
    assert_eq!(entry["rules"], json!(["three-sets"]));

    let done = &told(&member)[0];
    assert_eq!(
        (&done["done"], &done["badges"]),
        (&json!(3), &json!(["Runner"]))
    );
    assert_eq!(member.snapshot()["outlook"]["challenges"][0], *done);
    let mut feed = gym().get("/v1/events?limit=100").send().expect(200);
    let all = feed["events"].take();
    let mut hers = all.as_array().expect("events").iter();
    let hers = hers.find(|it| it["member_id"] == *member.id && it["type"] == "badge.given");
    let badge = json!({ "challenge": "three-sets", "badge": "Runner" });
    assert_eq!(hers.map(|it| &it["data"]), Some(&badge));
}

#[test]
fn an_activity_may_give_store_credit() {
    let member = gym().enrol();
    let answer = act(&member, "survey", &json!({})).expect(201);
    assert_eq!(answer["points"], 0);
    let credit = &answer["earning"]["credits"][0];
    assert_eq!(
        (&credit["balance"], &credit["amount"], &credit["currency"]),
        (&json!("credit"), &json!("1.50"), &json!("EUR"))
    );
    act(&member, "survey", &json!({})).expect(201);
    assert_eq!(member.snapshot()["credits"], json!([["credit", 300]]));
}
