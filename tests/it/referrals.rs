//! Friends who are brought: by a code that tells a page nothing, with something for both, once, and nothing for who
//! refers herself.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::settling::round;
use crate::shop::{Member, Shop, cart, fresh, fresh_email, shop};

fn garden() -> &'static Shop {
    shop("garden")
}

fn code_of(member: &Member) -> String {
    let answer = garden().post(&member.path("/referral_code"), &json!({}));
    let told = answer.deliver();
    told.expect(told.status.clamp(200, 201))["referral_code"]
        .as_str()
        .expect("a code")
        .to_owned()
}

/// What a server or a page sends for somebody who comes by a code.
fn comes(email: &str, code: &str) -> Value {
    json!({ "email": email, "consent": { "terms": true }, "referral_code": code })
}

/// Somebody whom a member brought, and what her shop was told of that.
fn friend_of(advocate: &Member, more: &Value) -> (Member, Value) {
    let email = fresh_email();
    let mut body = comes(&email, &code_of(advocate));
    for (name, value) in more.as_object().expect("further fields") {
        body[name] = value.clone();
    }
    let told = garden().post("/v1/members", &body).send().expect(201);
    let mut member = garden().member(told["id"].as_str().expect("an id"));
    member.email = email;
    (member, told["referral"].clone())
}

fn referrals(member: &Member) -> Vec<Value> {
    let page = member.get("/referrals").expect(200);
    page["referrals"].as_array().expect("a list").clone()
}

fn kinds(member: &Member) -> Vec<String> {
    let entries = member.sound_entries();
    let told = |entry: &Value| {
        format!(
            "{} {}",
            entry["kind"].as_str().expect("a kind"),
            entry["points"]
        )
    };
    entries.iter().rev().map(told).collect()
}

#[test]
fn a_code_is_made_once_and_shown_to_servers() {
    let ada = garden().enrol();
    assert_eq!(ada.document()["referral_code"], Value::Null);
    let codes = at_once(0..5, |_| code_of(&ada));
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    assert_eq!(codes[0].replace('-', "").len(), 17);
    assert_eq!(ada.document()["referral_code"], codes[0]);
    let nobody = garden().post("/v1/members/nobody/referral_code", &json!({}));
    nobody.send().expect_problem(404, "member_not_found");
}

#[test]
fn both_are_given_what_is_theirs_the_friend_at_once_and_the_other_with_the_order() {
    let ada = garden().enrol();
    let (bea, joined) = friend_of(&ada, &json!({}));
    assert_eq!(joined, json!({ "friend": { "reward": "pot" } }));
    let given = bea.get("/redemptions").expect(200);
    assert_eq!(given["redemptions"][0]["status"], "given", "{given}");
    let id = fresh("order");
    let answer = bea.order(&id, &cart("10.00"));
    assert_eq!(
        answer.expect(201)["referral"],
        json!({ "advocate": { "points": 50 } })
    );
    assert_eq!(kinds(&ada), ["welcome 100", "referral 50"]);
    // A second delivery has the same answer, and gives nothing more.
    let again = bea.order(&id, &cart("10.00"));
    assert_eq!((again.status, &again.body), (200, &answer.body));
    let next = bea.order(&fresh("order"), &cart("10.00")).expect(201);
    assert_eq!(next["referral"], Value::Null);
    assert_eq!(ada.balance(), 150);

    let [friend] = &referrals(&ada)[..] else {
        panic!("she brought one");
    };
    assert_eq!(friend["member_id"], bea.id);
    assert_eq!(friend["joined"], json!({ "friend": { "reward": "pot" } }));
    assert_eq!(friend["ordered"], json!({ "advocate": { "points": 50 } }));
    assert_eq!(friend["order_id"], id);
}

#[test]
fn a_small_first_order_gives_nothing_and_is_the_first_all_the_same() {
    let ada = garden().enrol();
    let (bea, _) = friend_of(&ada, &json!({}));
    let first = bea.order(&fresh("order"), &cart("9.99")).expect(201);
    assert_eq!(
        first["referral"],
        json!({ "refused": "order_below_minimum" })
    );
    let second = bea.order(&fresh("order"), &cart("50.00")).expect(201);
    assert_eq!(second["referral"], Value::Null);
    assert_eq!(ada.balance(), 100);
}

#[test]
fn a_page_learns_nothing_of_a_code_and_a_server_does() {
    let ada = garden().enrol();
    let code = code_of(&ada);
    let known = garden().enrol().email;
    let wrong = "0000-0000-0000-00000";
    let page = |email: &str, code: &str| {
        let answer = garden()
            .page_post("/v1/members", &comes(email, code))
            .send();
        answer.expect(202);
        (answer.body.clone(), answer.headers.len())
    };
    let told = page(&fresh_email(), &code);
    for (email, code) in [
        (fresh_email(), wrong),
        (fresh_email(), "no code at all"),
        (known.clone(), &code),
        (known.clone(), wrong),
    ] {
        assert_eq!(page(&email, code), told);
    }
    let email = fresh_email();
    for code in [wrong, "no code at all", ""] {
        let refused = garden().post("/v1/members", &comes(&email, code)).send();
        refused.expect_problem_at(422, "referral_code_unknown", "/referral_code");
    }
    // Nobody joined. Typed otherwise it is the same code.
    let typed = code.replace('-', " ").to_lowercase();
    let joined = garden().post("/v1/members", &comes(&email, &typed)).send();
    assert_eq!(joined.expect(201)["referral"]["friend"]["reward"], "pot");
    // Who is here already was brought by nobody.
    let here = garden().post("/v1/members", &comes(&known, &code)).send();
    let refused = json!({ "refused": "referral_friend_known" });
    assert_eq!(here.expect(200)["referral"], refused);
}

#[test]
fn who_joins_at_a_page_is_given_hers_by_the_cron() {
    let ada = garden().enrol();
    let email = fresh_email();
    let body = comes(&email, &code_of(&ada));
    garden().page_post("/v1/members", &body).send().expect(202);
    for _ in 0..10 {
        round().expect(200);
        if referrals(&ada)[0]["joined"] != Value::Null {
            break;
        }
    }
    let expected = json!({ "friend": { "reward": "pot" } });
    assert_eq!(referrals(&ada)[0]["joined"], expected);
    let answer = garden().order(&fresh("order"), &json!({ "email": email }), &cart("20.00"));
    let told = answer.send().expect(201);
    assert_eq!(told["referral"], json!({ "advocate": { "points": 50 } }));
    assert_eq!(ada.balance(), 150);
}

#[test]
fn who_refers_herself_is_found_out_by_mailbox_card_and_address() {
    let name = fresh("eve");
    let signs = json!({
        "payment_fingerprint": fresh("card"), "address": format!("12 {name} Street, Berlin"),
    });
    let eve = garden().enrol_as(format!("{name}@gmail.com"), &signs);
    let code = code_of(&eve);
    for (field, value, refusal) in [
        (
            "email",
            format!("{name}+2@googlemail.com"),
            "referral_same_email",
        ),
        (
            "payment_fingerprint",
            signs["payment_fingerprint"]
                .as_str()
                .expect("a card")
                .to_owned(),
            "referral_same_payment",
        ),
        (
            "address",
            format!("12, {name} STREET BERLIN"),
            "referral_same_address",
        ),
    ] {
        let mut body = comes(&fresh_email(), &code);
        body[field] = value.into();
        let told = garden().post("/v1/members", &body).send().expect(201);
        assert_eq!(told["referral"], json!({ "refused": refusal }), "{field}");
    }
    // An order tells, too.
    let (friend, _) = friend_of(&eve, &json!({}));
    let order = json!({
        "id": fresh("order"), "customer": { "member_id": friend.id }, "cart": cart("20.00"),
        "payment_fingerprint": signs["payment_fingerprint"],
    });
    let told = garden().post("/v1/orders", &order).send().expect(201);
    assert_eq!(
        told["referral"],
        json!({ "refused": "referral_same_payment" })
    );
    assert_eq!(eve.balance(), 100);
}

#[test]
fn a_page_may_not_say_what_somebody_pays_with_or_where_she_lives() {
    for (field, pointer) in [
        ("payment_fingerprint", "/payment_fingerprint"),
        ("address", "/address"),
    ] {
        let mut body = json!({ "email": fresh_email(), "consent": { "terms": true } });
        body[field] = "12 Main Street".into();
        let refused = garden().page_post("/v1/members", &body).send();
        refused.expect_problem_at(403, "secret_key_needed", pointer);
    }
}

#[test]
fn of_six_friends_who_order_at_once_three_count() {
    let ada = garden().enrol();
    let friends: Vec<Member> = (0..6).map(|_| friend_of(&ada, &json!({})).0).collect();
    let told: Vec<Value> = at_once(&friends, |friend| {
        let request = friend.order_request(&fresh("order"), &cart("20.00"));
        let answer: Answer = request.deliver();
        answer.expect(201)["referral"].clone()
    });
    let gave = |it: &&Value| it["advocate"]["points"] == 50;
    assert_eq!(told.iter().filter(gave).count(), 3, "{told:?}");
    let refused = json!({ "refused": "referral_limit_reached" });
    assert!(
        told.iter().all(|it| gave(&it) || *it == refused),
        "{told:?}"
    );
    assert_eq!(ada.balance(), 250);
    ada.sound_entries();
}

#[test]
fn a_first_order_that_is_sent_back_takes_along_what_it_gave() {
    let ada = garden().enrol();
    let (bea, _) = friend_of(&ada, &json!({}));
    let id = fresh("order");
    bea.order(&id, &cart("20.00")).expect(201);
    assert_eq!(ada.balance(), 150);
    let refund = json!({ "id": fresh("refund"), "order_id": id });
    let told = garden().post("/v1/refunds", &refund).send().expect(201);
    assert_eq!(told["referral"], json!({ "advocate": { "points": 50 } }));
    assert_eq!(kinds(&ada), ["welcome 100", "referral 50", "clawback -50"]);
    assert!(referrals(&ada)[0]["taken_back_at"].is_string());
}

#[test]
fn friends_are_listed_by_pages_the_latest_first() {
    let ada = garden().enrol();
    let friends: Vec<String> = (0..5).map(|_| friend_of(&ada, &json!({})).0.id).collect();
    let mut listed = Vec::new();
    let mut rest = "/referrals?limit=2".to_owned();
    for _ in 0..3 {
        let page = ada.get(&rest).expect(200);
        let page_of = page["referrals"].as_array().expect("a list").iter();
        listed.extend(page_of.map(|it| it["member_id"].as_str().expect("an id").to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => rest = format!("/referrals?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    listed.reverse();
    let mut expected = friends.clone();
    // Two who joined within a millisecond are in the order of their ids.
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected);
    let refused = ada.get("/referrals?cursor=e1.2");
    refused.expect_problem(400, "parameter_invalid");
}
