//! Joining: once per e-mail, with the terms accepted, and without telling a page who is known.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{Member, fresh, fresh_email, shop};

/// What a page sends for somebody who ticked the terms.
fn joins(email: &str, marketing: bool) -> Value {
    json!({ "email": email, "consent": { "terms": true, "marketing": marketing } })
}

fn page(email: &str) -> Answer {
    shop("bakery")
        .page_post("/v1/members", &joins(email, false))
        .send()
}

fn server(body: &Value) -> Answer {
    shop("bakery").post("/v1/members", body).send()
}

/// The member that an e-mail finds.
fn known(email: &str) -> Value {
    server(&joins(email, false)).expect(200)
}

/// Everything about an answer that a page could look at, less the clock's.
fn visible(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (answer.status, answer.body.clone(), headers.collect())
}

#[test]
fn a_page_is_answered_the_same_whether_or_not_the_e_mail_is_known() {
    let email = fresh_email();
    let first = page(&email);
    let accepted = json!({ "status": "accepted", "welcome_points": 100 });
    assert_eq!(first.expect(202), accepted);
    let again = page(&email);
    let others = page(&shop("bakery").enrol().email);
    assert_eq!(visible(&first), visible(&again));
    assert_eq!(visible(&first), visible(&others));
}

#[test]
fn a_page_changes_nothing_of_a_member_that_there_is() {
    let more = json!({ "customer_id": fresh("customer") });
    let member = shop("bakery").enrol_as(fresh_email(), &more);
    let before = (member.document(), member.sound_entries());
    let consents_more = joins(&member.email, true);
    shop("bakery")
        .page_post("/v1/members", &consents_more)
        .send()
        .expect(202);
    assert_eq!((member.document(), member.sound_entries()), before);
    assert_eq!(before.0["consent"]["marketing"], false);
}

#[test]
fn nobody_joins_without_accepting_the_terms() {
    let email = fresh_email();
    let body = json!({ "email": email, "consent": { "terms": false, "marketing": true } });
    let bakery = shop("bakery");
    for refused in [
        bakery.page_post("/v1/members", &body),
        bakery.post("/v1/members", &body),
    ] {
        refused
            .send()
            .expect_problem_at(422, "terms_not_accepted", "/consent/terms");
    }
    // She is not there: the server enrols her as new.
    server(&joins(&email, false)).expect(201);
}

#[test]
fn an_e_mail_is_the_same_in_any_case_and_with_spaces_around() {
    let name = fresh("ada");
    let member = shop("bakery").enrol_as(format!("{name}@example.com"), &json!({}));
    for written in [
        format!("{}@EXAMPLE.com", name.to_uppercase()),
        format!("  {name}@example.com\t"),
        format!("{name}@Example.Com "),
    ] {
        assert_eq!(known(&written)["id"], member.id, "{written:?}");
        page(&written).expect(202);
    }
    assert_eq!(member.sound_entries().len(), 1);
    // A tag or a dot is the mailbox's own business: another address.
    server(&joins(&format!("{name}+shop@example.com"), false)).expect(201);
}

#[test]
fn what_is_no_e_mail_is_refused() {
    for email in [
        "",
        "bea",
        "@example.net",
        "bea@",
        "bea@localhost",
        "b a@example.net",
        "bea@@example.net",
        "bea@127.0.0.1",
        "<bea@example.net>",
        "bea@example.net,cleo@example.net",
    ] {
        let problem = page(email).expect_problem_at(422, "email_invalid", "/email");
        // Messages get logged; an address does not belong there.
        let detail = problem["detail"].to_string();
        assert!(email.is_empty() || !detail.contains(email), "{detail}");
    }
    let long = format!("{}@example.com", "a".repeat(300));
    page(&long).expect_problem_at(422, "email_invalid", "/email");
}

#[test]
fn twenty_pages_at_once_enrol_her_once() {
    let email = fresh_email();
    let answers = at_once(0..20, |_| page(&email));
    for answer in &answers {
        assert_eq!(visible(answer), visible(&answers[0]));
    }
    welcomed_once(&email);
}

#[test]
fn twenty_servers_at_once_enrol_her_once() {
    let email = fresh_email();
    let answers = at_once(0..20, |_| server(&joins(&email, false)));
    let new = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(new, 1, "{answers:?}");
    let id = known(&email)["id"].clone();
    for answer in &answers {
        assert_eq!(answer.expect(answer.status)["id"], id);
    }
    welcomed_once(&email);
}

fn welcomed_once(email: &str) {
    let member = known(email);
    assert_eq!(member["balance_points"], 100);
    let id = member["id"].as_str().expect("an id");
    let page = shop("bakery")
        .get(&format!("/v1/members/{id}/entries"))
        .send()
        .expect(200);
    let entries = page["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(
        (&entries[0]["kind"], &entries[0]["points"]),
        (&json!("welcome"), &json!(100))
    );
}

#[test]
fn a_program_without_a_welcome_books_nothing_for_joining() {
    let bookshop = shop("bookshop");
    let email = fresh_email();
    let answer = bookshop
        .page_post("/v1/members", &joins(&email, false))
        .send();
    assert_eq!(
        answer.expect(202),
        json!({ "status": "accepted", "welcome_points": 0 })
    );
    assert!(bookshop.enrol().sound_entries().is_empty());
}

#[test]
fn a_server_is_told_the_member_and_what_she_agreed_to() {
    let customer = fresh("customer");
    let mut body = joins(&fresh_email(), true);
    body["customer_id"] = json!(customer);
    let new = server(&body).expect(201);
    assert_eq!(new["customer_id"], customer);
    assert_eq!(new["tier"], Value::Null);
    assert_eq!(
        (&new["balance_points"], &new["earned_points"]),
        (&json!(100), &json!(0))
    );
    let consent = &new["consent"];
    assert_eq!(
        (&consent["terms"], &consent["marketing"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(consent["terms_at"], new["enrolled_at"]);
    assert_eq!(consent["marketing_at"], new["enrolled_at"]);
    let enrolled_at = new["enrolled_at"].as_str().expect("an instant");
    enrolled_at
        .parse::<jiff::Timestamp>()
        .expect("an instant in RFC 3339");
    assert_eq!(server(&body).expect(200), new);
    // No e-mail and no hash of one: the shop knows it anyway.
    assert!(!new.to_string().contains("example.com"), "{new}");
    assert!(!new.to_string().contains("hash"), "{new}");
}

#[test]
fn consent_to_marketing_is_recorded_when_it_is_given_and_not_before() {
    let email = fresh_email();
    let without = server(&joins(&email, false)).expect(201);
    assert_eq!(without["consent"]["marketing"], false);
    assert_eq!(without["consent"]["marketing_at"], Value::Null);
    let given = server(&joins(&email, true)).expect(200);
    assert_eq!(given["consent"]["marketing"], true);
    // What she agreed to once is not taken back by a form that does not ask again.
    assert_eq!(server(&joins(&email, false)).expect(200), given);
}

#[test]
fn only_the_shops_server_says_which_customer_she_is() {
    let mut body = joins(&fresh_email(), false);
    body["customer_id"] = json!(fresh("customer"));
    let refused = shop("bakery").page_post("/v1/members", &body).send();
    refused.expect_problem_at(403, "secret_key_needed", "/customer_id");
    server(&body).expect(201);
}

#[test]
fn a_customer_id_is_added_to_a_member_who_had_none() {
    let member = shop("bakery").enrol();
    let customer = fresh("customer");
    let linked = server(&naming(&member.email, &customer)).expect(200);
    assert_eq!(
        (&linked["id"], &linked["customer_id"]),
        (&json!(member.id), &json!(customer))
    );
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn an_e_mail_and_a_customer_id_of_two_members_are_not_made_one() {
    let (one, other) = (customer(), customer());
    let before = (one.0.document(), other.0.document());
    for body in [
        naming(&one.0.email, &other.1),
        naming(&one.0.email, &fresh("customer")),
        naming(&fresh_email(), &one.1),
    ] {
        server(&body).expect_problem(409, "another_member");
    }
    assert_eq!((one.0.document(), other.0.document()), before);
}

/// A member and the shop's own name for her.
fn customer() -> (Member, String) {
    let id = fresh("customer");
    let member = shop("bakery").enrol_as(fresh_email(), &json!({ "customer_id": id }));
    (member, id)
}

fn naming(email: &str, customer: &str) -> Value {
    let mut body = joins(email, false);
    body["customer_id"] = json!(customer);
    body
}

#[test]
fn where_an_account_is_a_membership_a_first_order_makes_her_a_member_or_is_refused_and_makes_nobody_one()
 {
    let shop = shop("preset-automatic-membership");
    let (customer, email) = (fresh("customer"), fresh_email());
    let account = json!({ "id": customer, "email": email });
    let paid = json!({ "currency": "GBP", "lines": [
        { "id": "a", "product": "leggings", "quantity": 1, "unit_price": "40.00" }
    ]});
    let mut refused = json!({ "id": fresh("order"), "customer": account, "cart": paid });
    refused["redemptions"] = json!([fresh("nobodys")]);
    shop.post("/v1/orders", &refused)
        .send()
        .expect_problem(422, "redemption_unknown");
    // Nobody is there: who types the e-mail at the page joins as new.
    let joined = shop.enrol_as(email.clone(), &json!({}));
    let booked = shop
        .order(&fresh("order"), &account, &paid)
        .send()
        .expect(201);
    assert_eq!(
        (&booked["status"], &booked["member_id"]),
        (&json!("booked"), &json!(joined.id))
    );
    assert_eq!(joined.document()["customer_id"], customer);
    // And whom nobody knows joins by what she buys, once.
    let account = json!({ "id": fresh("customer"), "email": fresh_email() });
    let answers = crate::edge::at_once(0..8, |_| {
        shop.order(&fresh("order"), &account, &paid).send()
    });
    let first = answers[0].expect(201)["member_id"].clone();
    assert!(
        first.as_str().is_some_and(|id| id.starts_with("mem_")),
        "{first}"
    );
    for answer in &answers {
        assert_eq!(answer.expect(201)["member_id"], first);
    }
}
